"""`GET /event/`: thirty days of what happened, newest first.

Any thread, under FakeClose's lock.
"""

from datetime import timedelta

from close_notes_gui.sandbox import fields
from close_notes_gui.sandbox.exchange import Json, refuse, refuse_fields
from close_notes_gui.sandbox.world import Event, World, iso

_KEPT = timedelta(days=30)
_MAX_LIMIT = 50
_BOUNDS = tuple(f"date_updated__{operator}" for operator in ("gt", "gte", "lt", "lte"))
# Close takes only some combinations of filters; anything else is refused.
_COMBINATIONS: tuple[set[str], ...] = (
    set(),
    {"object_type"},
    {"object_type", "action"},
    {"lead_id"},
    {"lead_id", "object_type"},
    {"lead_id", "object_type", "action"},
    {"object_id"},
    {"user_id"},
    {"user_id", "object_type", "action"},
)


def list_events(world: World, params: fields.Params, *, offset_hours: float) -> Json:
    """One page of the log, with cursors to the older and newer one."""
    fields.only_known(
        params,
        {"object_type", "action", "lead_id", "object_id", "user_id", "_cursor", "_limit", *_BOUNDS},
    )
    filters = {
        name: value
        for name, value in params.items()
        if not name.startswith("_") and name not in _BOUNDS
    }
    if set(filters) not in _COMBINATIONS:
        raise refuse(
            400, f"This combination of filters is not supported: {', '.join(sorted(filters))}"
        )
    bounds = list(fields.moment_filters(params, "date_updated", offset_hours=offset_hours))
    oldest_at = world.now() - _KEPT
    found = [
        event
        for event in reversed(world.events)
        if event.created_at >= oldest_at
        and all(getattr(event, name) == value for name, value in filters.items())
        and all(fields.compare(event.created_at, operator, bound) for operator, bound in bounds)
    ]
    limit = fields.whole_number(params, "_limit", _MAX_LIMIT, most=_MAX_LIMIT)
    start = _place(found, params.get("_cursor"))
    shown = found[start : start + limit]
    has_older = len(found) > start + limit
    return {
        "data": [_shown(world, event) for event in shown],
        "cursor_next": shown[-1].id if shown and has_older else None,
        "cursor_previous": found[start - limit - 1].id if start > limit else None,
    }


def _place(found: list[Event], cursor: str | None) -> int:
    """The place after the event that a cursor names; what is newer cannot shift it."""
    if not cursor:
        return 0
    for place, event in enumerate(found):
        if event.id == cursor:
            return place + 1
    raise refuse_fields({"_cursor": "Invalid cursor."})


def _shown(world: World, event: Event) -> Json:
    return {
        "id": event.id,
        "object_type": event.object_type,
        "action": event.action,
        "object_id": event.object_id,
        "lead_id": event.lead_id,
        "user_id": event.user_id,
        "organization_id": world.organization_id,
        "date_created": iso(event.created_at),
        "date_updated": iso(event.created_at),
        "changed_fields": list(event.changed_fields),
        "data": event.after,
        "previous_data": event.before,
        "meta": event.meta,
        "request_id": None,
    }

"""Reading what a client sent: bodies, parameters, moments, pages. Strict.

Any thread. Everything unknown is refused, so that a typing error in a client
shows in its tests and not at the real Close.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeVar

from close_notes_gui.sandbox.exchange import Json, Request, refuse, refuse_fields
from close_notes_gui.sandbox.world import to_ms

Params = Mapping[str, str]
Thing = TypeVar("Thing")
DEFAULT_LIMIT = 100
MAX_LIMIT = 200
MAX_BODY_BYTES = 20 * 1024 * 1024


def body_object(request: Request) -> Json:
    """The JSON object in the body; refused if it is anything else."""
    if not isinstance(request.body, bytes):
        raise refuse(413, "Request body too large.")
    kind = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise refuse(415, "Content-Type must be application/json.")
    try:
        value = json.loads(request.body)
    except ValueError:
        raise refuse(400, "The request body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise refuse(400, "The request body must be a JSON object.")
    return value


def only_known(body: Mapping[str, object], known: Collection[str]) -> None:
    """Refuse properties that the call does not have."""
    if unknown := [name for name in body if name not in known]:
        raise refuse_fields(dict.fromkeys(unknown, "This field is not accepted."))


def only_known_params(params: Params, known: Collection[str]) -> None:
    """Refuse query parameters that the list does not have."""
    only_known(params, {*known, "_limit", "_skip", "_fields"})


def text(body: Mapping[str, object], name: str) -> str | None:
    """A text or null."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise refuse_fields({name: "Not a valid string."})
    return value


def moment(value: object, name: str, *, offset_h: float = 0.0) -> datetime:
    """An ISO 8601 moment as aware UTC; ``offset_h`` is the zone of naive ones."""
    if not isinstance(value, str):
        raise refuse_fields({name: "Not a valid datetime."})
    try:
        parsed = datetime.fromisoformat(value)
        if parsed.tzinfo is None:
            parsed = parsed.replace(tzinfo=timezone(timedelta(hours=offset_h)))
        return parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        raise refuse_fields({name: "Not a valid datetime."}) from None


def offset_h(request: Request) -> float:
    """The hours in ``X-TZ-Offset``; 0 if absent."""
    try:
        hours = float(request.header("X-TZ-Offset") or 0)
    except ValueError:
        raise refuse(400, "X-TZ-Offset must be a number of hours.") from None
    if not -24 < hours < 24:
        raise refuse(400, "X-TZ-Offset is out of range.")
    return hours


def moment_filters(
    params: Params, name: str, *, offset_hours: float
) -> Iterator[tuple[str, datetime]]:
    """The (operator, moment) pairs of ``name__gt``, ``__gte``, ``__lt``, ``__lte``."""
    for operator in ("gt", "gte", "lt", "lte"):
        key = f"{name}__{operator}"
        if key in params:
            # A "+" that was not percent-encoded arrives as a space, as at any server: refused.
            yield operator, moment(params[key], key, offset_h=offset_hours)


def compare(value: datetime, operator: str, bound: datetime) -> bool:
    """Whether ``value`` lies on the asked side of ``bound``."""
    match operator:
        case "gt":
            return value > bound
        case "gte":
            return value >= bound
        case "lt":
            return value < bound
        case _:
            return value <= bound


def whole_number(params: Params, name: str, default: int, *, most: int) -> int:
    """A count from the query, at most ``most``."""
    try:
        value = int(params.get(name, default))
    except ValueError:
        raise refuse_fields({name: "Not a valid integer."}) from None
    if not 0 <= value <= most:
        raise refuse_fields({name: f"Must be between 0 and {most}."})
    return value


def window(
    things: Sequence[Thing], params: Params, *, max_skip: int = 10_000
) -> tuple[Sequence[Thing], bool]:
    """The stretch of ``things`` that ``_limit`` and ``_skip`` ask for, and whether more follow."""
    limit = whole_number(params, "_limit", DEFAULT_LIMIT, most=MAX_LIMIT)
    skip = whole_number(params, "_skip", 0, most=max_skip)
    return things[skip : skip + limit], len(things) > skip + limit


def page(things: Sequence[Json], params: Params) -> Json:
    """The page of ``things`` that ``_limit``, ``_skip`` and ``_fields`` ask for."""
    shown, has_more = window(things, params)
    return {"data": list(cut(shown, params.get("_fields"))), "has_more": has_more}


def cut(things: Iterable[Json], wanted: str | None) -> Iterator[Json]:
    """``things`` with only the fields of a ``_fields`` list, if there is one."""
    if wanted is None:
        yield from things
        return
    keep = {name.strip() for name in wanted.split(",")}
    for thing in things:
        yield {name: value for name, value in thing.items() if name in keep}


def cut_one(thing: Json, params: Params) -> Json:
    """One thing with only the fields asked for."""
    only_known(params, {"_fields"})
    return next(cut([thing], params.get("_fields")))


def stored_activity_at(asked: datetime, now: datetime, precision: str) -> datetime:
    """What the server keeps of a client's ``activity_at``."""
    match precision:
        case "us":
            return asked
        case "ms":
            return to_ms(asked)
        case "s":
            return asked.replace(microsecond=0)
        case _:
            return to_ms(now)

"""`POST /data/search/` and the deprecated `GET /lead/`: find leads and contacts.

Any thread, under FakeClose's lock. A cursor holds the whole result, so pages
never shift; it dies 30 s after it was handed out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from close_notes_gui.sandbox import fields
from close_notes_gui.sandbox.exchange import Json, refuse, refuse_fields
from close_notes_gui.sandbox.leads import LeadBook
from close_notes_gui.sandbox.query import Compiler, Test, bad_query, text_test
from close_notes_gui.sandbox.rows import FIELDS, ContactRow, LeadScan
from close_notes_gui.sandbox.sample import Sample
from close_notes_gui.sandbox.world import World

CURSOR_LIFE = timedelta(seconds=30)
MOST_OBJECTS = 10_000
MOST_PER_PAGE = 200
_MAX_SKIP = 35_000
_KEYS = frozenset(
    {"query", "_fields", "sort", "_limit", "cursor", "results_limit", "include_counts"}
)


@dataclass(frozen=True, slots=True)
class _Cursor:
    ids: tuple[str, ...]
    start: int
    expires_at: datetime
    subject: str
    total: int


class Search:
    """Invariant: one search hands out at most MOST_OBJECTS objects, however it is paged."""

    def __init__(self, world: World, book: LeadBook, sample: Sample) -> None:
        self._world = world
        self._book = book
        self._scan = LeadScan(world, book, sample)
        self._cursors: dict[str, _Cursor] = {}

    def answer(self, body: Json, *, offset_hours: float) -> Json:
        """The answer of ``POST /data/search/``."""
        fields.only_known(body, _KEYS)
        limit = body.get("_limit", 100)
        if not isinstance(limit, int) or isinstance(limit, bool) or not 0 < limit <= MOST_PER_PAGE:
            raise refuse_fields({"_limit": f"Must be between 1 and {MOST_PER_PAGE}."})
        shown_fields = _checked_fields(body.get("_fields"))
        token = body.get("cursor")
        cursor = (
            self._fresh(body, offset_hours=offset_hours) if token is None else self._resumed(token)
        )
        ids = cursor.ids[cursor.start : cursor.start + limit]
        rows = [self._row(one, cursor.subject, shown_fields) for one in ids]
        answer: Json = {
            "data": [row for row in rows if row is not None],
            "cursor": self._continued(cursor, cursor.start + limit),
        }
        if body.get("include_counts"):
            answer["count"] = {"limited": len(cursor.ids), "total": cursor.total}
        return answer

    def list_leads(self, params: fields.Params) -> Json:
        """The answer of ``GET /lead/``, with words, or ``name:"…"``, as the query."""
        fields.only_known_params(params, {"query", "_order_by"})
        asked = params.get("query", "").strip()
        test: Test = lambda _: True  # noqa: E731 (one of three tests)
        if asked.startswith("name:"):
            test = text_test(
                "full_words",
                asked.removeprefix("name:").strip('" '),
                lambda row: (row.text("name"),),
            )
        elif asked:
            test = text_test("full_words", asked, lambda row: (row.everything(),))
        found = [self._book.at(place) for place in self._matching_leads(test)]
        leads = [lead for lead in found if lead is not None]
        shown, has_more = fields.window(leads, params, max_skip=_MAX_SKIP)
        return {
            "data": list(fields.cut(map(self._book.shown, shown), params.get("_fields"))),
            "has_more": has_more,
            "total_results": len(leads),
        }

    def _fresh(self, body: Json, *, offset_hours: float) -> _Cursor:
        query = body.get("query")
        subject = _subject(query)
        test = Compiler(self._world.now(), offset_hours).compile(query, subject)
        order = _checked_sort(body.get("sort"), subject)
        ids = self._found(test, subject, order)
        most = body.get("results_limit", MOST_OBJECTS)
        if not isinstance(most, int) or isinstance(most, bool) or most < 1:
            raise refuse_fields({"results_limit": "Not a valid integer."})
        expires_at = self._world.now() + CURSOR_LIFE
        return _Cursor(tuple(ids[: min(most, MOST_OBJECTS)]), 0, expires_at, subject, len(ids))

    def _resumed(self, token: object) -> _Cursor:
        cursor = self._cursors.get(token) if isinstance(token, str) else None
        if cursor is None or cursor.expires_at <= self._world.now():
            raise refuse(400, "The cursor is invalid or has expired.")
        return cursor

    def _continued(self, cursor: _Cursor, start: int) -> str | None:
        now = self._world.now()
        self._cursors = {token: one for token, one in self._cursors.items() if one.expires_at > now}
        if start >= len(cursor.ids):
            return None
        token = self._world.token()
        self._cursors[token] = _Cursor(
            cursor.ids, start, now + CURSOR_LIFE, cursor.subject, cursor.total
        )
        return token

    def _found(self, test: Test, subject: str, order: list[tuple[str, bool]]) -> list[str]:
        if subject == "contact":
            contacts = [row for row in self._contact_rows() if test(row)]
            for name, descending in reversed(order):
                contacts.sort(key=lambda row: _key(row, "contact", name), reverse=descending)
            return [row.text("id") for row in contacts]
        places = self._matching_leads(test)
        for name, descending in reversed(order):
            places.sort(key=lambda place: self._lead_key(place, name), reverse=descending)
        if len(places) > MOST_OBJECTS:
            # Only the first can ever be handed out; the length still tells the total.
            head = [self._id(place) for place in places[:MOST_OBJECTS]]
            return head + [""] * (len(places) - MOST_OBJECTS)
        return [self._id(place) for place in places]

    def _matching_leads(self, test: Test) -> list[int]:
        scan = self._scan
        scan.refresh()
        found: list[int] = []
        for place in self._book.places():
            scan.move(place)
            if test(scan):
                found.append(place)
        return found

    def _contact_rows(self) -> Iterator[ContactRow]:
        for place in self._book.places():
            lead = self._book.at(place)
            yield from (ContactRow(contact) for contact in (lead.contacts if lead else ()))

    def _lead_key(self, place: int, name: str) -> Any:
        self._scan.move(place)
        return _key(self._scan, "lead", name)

    def _id(self, place: int) -> str:
        self._scan.move(place)
        return self._scan.text("id")

    def _row(self, any_id: str, subject: str, shown_fields: dict[str, list[str]]) -> Json | None:
        """One row of the answer; None if the thing went away while the cursor lived."""
        wanted = shown_fields.get(subject)
        row: Json = {"__object_type": subject, "id": any_id}
        if subject == "lead":
            if self._book.place_of(any_id) is None:
                return None
            whole = self._book.shown(self._book.get(any_id)) if wanted else {}
        else:
            home, contact = self._book.home_of(any_id)
            whole = self._book.shown_contact(contact, home.id) if wanted else {}
        return row | {name: whole[name] for name in wanted or () if name in whole}


def _key(row: Any, subject: str, name: str) -> Any:
    return row.moment(name) if FIELDS[subject][name] == "moment" else row.text(name)


def _subject(query: object) -> str:
    """The object type that a query asks for, at its top or in its topmost "and"."""
    if isinstance(query, dict):
        candidates = query.get("queries") if query.get("type") == "and" else [query]
        for one in candidates if isinstance(candidates, list) else ():
            if (
                isinstance(one, dict)
                and one.get("type") == "object_type"
                and one.get("object_type") in ("lead", "contact")
            ):
                return str(one["object_type"])
    raise bad_query("an object_type query is required at the top")


def _checked_fields(shown: object) -> dict[str, list[str]]:
    if shown is None:
        return {}
    if not isinstance(shown, dict) or not set(shown) <= {"lead", "contact"}:
        raise refuse_fields({"_fields": "Must name fields by object type."})
    if not all(
        isinstance(names, list) and all(isinstance(name, str) for name in names)
        for names in shown.values()
    ):
        raise refuse_fields({"_fields": "Must be lists of field names."})
    return shown


def _checked_sort(sort: object, subject: str) -> list[tuple[str, bool]]:
    if sort is None:
        return []
    if not isinstance(sort, list):
        raise refuse_fields({"sort": "Must be a list."})
    order: list[tuple[str, bool]] = []
    for one in sort:
        field = (
            one.get("field")
            if isinstance(one, dict) and set(one) == {"direction", "field"}
            else None
        )
        if not isinstance(field, dict) or one["direction"] not in ("asc", "desc"):
            raise refuse_fields({"sort": "Each needs a direction and a field."})
        if field.get("type") != "regular_field" or field.get("object_type") != subject:
            raise refuse_fields({"sort": "No such field."})
        if field.get("field_name") not in FIELDS[subject]:
            raise refuse_fields({"sort": f"Cannot sort by {field.get('field_name')}."})
        order.append((str(field["field_name"]), one["direction"] == "desc"))
    return order

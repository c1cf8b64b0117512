"""Advanced Filtering: a JSON query becomes a yes/no test of a lead or contact.

Any thread. Grammar: and, or, object_type, match_all, text, field_condition,
has_related, each with ``negate``. Anything else is refused with 400.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from close_notes_gui.sandbox import fields
from close_notes_gui.sandbox.exchange import Json, Refusal, refuse
from close_notes_gui.sandbox.rows import FIELDS, RELATED, Row

Test = Callable[[Row], bool]

_SHAPES: dict[str, frozenset[str]] = {
    "and": frozenset({"queries"}),
    "or": frozenset({"queries"}),
    "object_type": frozenset({"object_type"}),
    "match_all": frozenset(),
    "text": frozenset({"mode", "value"}),
    "field_condition": frozenset({"field", "condition"}),
    "has_related": frozenset({"this_object_type", "related_object_type", "related_query"}),
}
_MODES = ("full_words", "beginning_of_words", "phrase", "exact_value")


def words(text: str) -> list[str]:
    """The words of ``text``, case folded."""
    return re.findall(r"\w+", text.casefold())


def bad_query(why: str) -> Refusal:
    """The refusal of a query."""
    return refuse(400, f"Invalid query: {why}")


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles queries as of one instant; ``offset_h`` is the client's zone."""

    now: datetime
    offset_h: float = 0.0

    def compile(self, query: object, subject: str) -> Test:
        """The test of rows of type ``subject`` that ``query`` describes."""
        kind = _checked(query)
        assert isinstance(query, dict)
        test = self._positive(kind, query, subject)
        negate = query.get("negate", False)
        if not isinstance(negate, bool):
            raise bad_query("negate must be true or false")
        return (lambda row: not test(row)) if negate else test

    def _positive(self, kind: str, query: Json, subject: str) -> Test:
        match kind:
            case "and" | "or":
                return self._combined(kind, query, subject)
            case "object_type":
                wanted = query["object_type"]
                return lambda row: row.kind == wanted
            case "match_all":
                return lambda _: True
            case "text":
                return text_test(query["mode"], query["value"], lambda row: (row.everything(),))
            case "field_condition":
                return self._field_condition(query, subject)
            case _:
                return self._has_related(query, subject)

    def _combined(self, kind: str, query: Json, subject: str) -> Test:
        queries = query["queries"]
        if not isinstance(queries, list) or not queries:
            raise bad_query("queries must be a list that is not empty")
        tests = [self.compile(one, subject) for one in queries]
        if kind == "and":
            return lambda row: all(test(row) for test in tests)
        return lambda row: any(test(row) for test in tests)

    def _has_related(self, query: Json, subject: str) -> Test:
        this, other = query["this_object_type"], query["related_object_type"]
        if this != subject:
            raise bad_query(f"this_object_type is {this!r}, expected {subject!r}")
        if other not in RELATED.get(this, ()):
            raise bad_query(f"{this} has no related {other}")
        test = self.compile(query["related_query"], other)
        return lambda row: any(test(relative) for relative in row.related(other))

    def _field_condition(self, query: Json, subject: str) -> Test:
        field, condition = query["field"], query["condition"]
        if not isinstance(field, dict) or set(field) != {"type", "object_type", "field_name"}:
            raise bad_query("a field has exactly type, object_type, field_name")
        if field["type"] != "regular_field" or field["object_type"] != subject:
            raise bad_query(f"no such field of {subject}")
        name = field["field_name"]
        nature = FIELDS.get(subject, {}).get(name)
        if nature is None:
            raise bad_query(f"{subject} has no field {name}")
        if not isinstance(condition, dict):
            raise bad_query("a condition is an object")
        return self._condition(condition, name, nature)

    def _condition(self, condition: Json, name: str, nature: str) -> Test:
        kind = condition.get("type")
        match kind, nature:
            case "text", "text":
                _exactly(condition, {"type", "mode", "value"})
                return text_test(
                    condition["mode"], condition["value"], lambda row: (row.text(name),)
                )
            case "term", "text" | "id":
                _exactly(condition, {"type", "values"})
                values = frozenset(_strings(condition["values"]))
                return lambda row: row.text(name) in values
            case "reference", "id":
                _exactly(condition, {"type", "reference_type", "object_ids"})
                ids = frozenset(_strings(condition["object_ids"]))
                return lambda row: row.text(name) in ids
            case "exists", _:
                _exactly(condition, {"type"})
                return lambda row: bool(row.moment(name) if nature == "moment" else row.text(name))
            case "moment_range", "moment":
                return self._moment_range(condition, name)
            case _:
                raise bad_query(f"condition {kind} does not fit the field {name}")

    def _moment_range(self, condition: Json, name: str) -> Test:
        if not set(condition) <= {"type", "on_or_after", "before"}:
            raise bad_query("a moment_range has on_or_after and before")
        first, end = self._bound(condition.get("on_or_after")), self._bound(condition.get("before"))
        if first is None and end is None:
            raise bad_query("a moment_range needs a bound")

        def within(row: Row) -> bool:
            value = row.moment(name)
            return (first is None or value >= first) and (end is None or value < end)

        return within

    def _bound(self, bound: Any) -> datetime | None:
        if bound is None:
            return None
        if not isinstance(bound, dict):
            raise bad_query("a bound is an object or null")
        match bound.get("type"):
            case "now":
                return self.now
            case "fixed_utc":
                _exactly(bound, {"type", "value"})
                return fields.moment(bound["value"], "value")
            case "fixed_local_date":
                _exactly(bound, {"type", "value", "which"})
                day = fields.moment(bound["value"], "value", offset_h=self.offset_h)
                return day + timedelta(days=1) if bound["which"] == "end" else day
            case "offset":
                span = {
                    unit: bound["offset"].get(unit, 0)
                    for unit in ("weeks", "days", "hours", "minutes", "seconds")
                }
                past = bound.get("direction") == "past"
                return (
                    self.now - timedelta(**span) if past else self.now + timedelta(**span)
                ).astimezone(UTC)
            case other:
                raise bad_query(f"no such bound: {other}")


def text_test(mode: object, value: object, texts: Callable[[Row], tuple[str, ...]]) -> Test:
    """Whether any of a row's (case folded) texts fits ``value`` in ``mode``."""
    if mode not in _MODES:
        raise bad_query(f"no such text mode: {mode}")
    if not isinstance(value, str) or not value.strip():
        raise bad_query("a text value must not be empty")
    if mode == "exact_value":
        folded = value.casefold()
        return lambda row: folded in texts(row)
    wanted = words(value)
    if not wanted:
        return lambda _: False
    if mode == "phrase":
        pattern = re.compile(r"(?<!\w)" + r"\W+".join(map(re.escape, wanted)) + r"(?!\w)")
        return lambda row: any(pattern.search(text) for text in texts(row))
    ending = r"(?!\w)" if mode == "full_words" else ""
    patterns = [re.compile(r"(?<!\w)" + re.escape(word) + ending) for word in wanted]

    def every_word(row: Row) -> bool:
        for text in texts(row):
            # The plain containment test comes first: it is fast and rejects nearly all.
            if all(word in text for word in wanted) and all(
                pattern.search(text) for pattern in patterns
            ):
                return True
        return False

    return every_word


def _checked(query: object) -> str:
    if not isinstance(query, dict):
        raise bad_query("a query is an object")
    kind = query.get("type")
    shape = _SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None or not isinstance(kind, str):
        raise bad_query(f"no such type of query: {kind!r}")
    if set(query) - {"negate"} != shape | {"type"}:
        raise bad_query(f"{kind} takes exactly {sorted(shape)}")
    if kind == "object_type" and query["object_type"] not in ("lead", "contact"):
        raise bad_query(f"cannot search for {query['object_type']!r}")
    return kind


def _exactly(thing: Json, keys: set[str]) -> None:
    if set(thing) != keys:
        raise bad_query(f"expected exactly {sorted(keys)}")


def _strings(values: object) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise bad_query("expected a list of strings")
    return values

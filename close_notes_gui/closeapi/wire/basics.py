"""Single parts of an answer, whatever their type turns out to be. Any thread; pure."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TypeVar

from close_notes_gui.closeapi.errors import BadAnswer

Read = TypeVar("Read")

_ID = re.compile(r"[A-Za-z0-9_\-]{1,100}")
_SURROGATE = re.compile("[\ud800-\udfff]")


def field(value: object, name: str) -> object:
    """A member of an object; None where it is missing or `value` is no object."""
    return value.get(name) if isinstance(value, dict) else None


def part(value: object, name: str) -> dict[str, object]:
    """A member that is an object itself; an empty one where it is not."""
    inner = field(value, name)
    return inner if isinstance(inner, dict) else {}


def items(value: object, name: str) -> list[object]:
    """A member that is a list; an empty one where it is not."""
    inner = field(value, name)
    return inner if isinstance(inner, list) else []


def text(value: object) -> str:
    """Text that can be stored and shown: lone surrogates replaced, numbers spelt, else empty."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def identifier(value: object) -> str | None:
    """An id that can stand in a path; None where it is none."""
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def flag(value: object) -> bool:
    """Only a true true."""
    return value is True


def whole(value: object) -> int | None:
    """A whole number that is not negative, else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() and 0 <= value < 2**63 else None
    return value if isinstance(value, int) and 0 <= value < 2**63 else None


def moment(value: object) -> datetime | None:
    """An ISO 8601 time as aware UTC (a time without zone is UTC); None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value.strip())
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def moment_out(value: datetime) -> str:
    """A time as Close keeps it: UTC, milliseconds. Raise ValueError where it has no zone."""
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return value.astimezone(UTC).isoformat(timespec="milliseconds")


def rows(answer: object) -> list[object]:
    """The `data` of a list answer. Raise BadAnswer where there is none."""
    found = field(answer, "data")
    if not isinstance(found, list):
        raise BadAnswer("no list in the answer")
    return found


def has_more(answer: object) -> bool:
    """Whether a list goes on."""
    return flag(field(answer, "has_more"))


def cursor(answer: object) -> str | None:
    """Where a search goes on; None where it ends."""
    return text(field(answer, "cursor")) or None


def total(answer: object) -> int | None:
    """How many things a search found in all, where it tells."""
    return whole(field(part(answer, "count"), "total"))


def each(values: Iterable[object], read: Callable[[object], Read | None]) -> tuple[Read, ...]:
    """All that can be read, in order."""
    return tuple(made for made in map(read, values) if made is not None)


def demand(value: Read | None, what: str) -> Read:
    """The value; BadAnswer where the answer did not hold one."""
    if value is None:
        raise BadAnswer(f"not {what}")
    return value

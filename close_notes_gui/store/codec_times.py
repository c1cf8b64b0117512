"""Times ↔ whole microseconds since 1970 UTC. Pure; any thread."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def from_time(at: datetime | None) -> int | None:
    """Whole microseconds since 1970 UTC. Raises ValueError for a time without a zone."""
    if at is None:
        return None
    return micros(at)


def micros(at: datetime) -> int:
    """As `from_time`, of a time that is there."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return (at - _EPOCH) // _MICROSECOND


def to_time(value: int | None) -> datetime | None:
    """The aware UTC time."""
    return None if value is None else _EPOCH + timedelta(microseconds=value)

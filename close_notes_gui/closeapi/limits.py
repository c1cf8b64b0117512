"""How long each endpoint group of Close wants to be left alone.

Engine thread. Close counts requests per endpoint group and key, and tells in `RateLimit`
(`limit=100, remaining=0, reset=5`) and perhaps `Retry-After` how long to wait; sometimes not.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from close_notes_gui.closeapi.clock import Clock

LONGEST_WAIT_S = 300.0
SHORTEST_WAIT_S = 0.05
_UNTOLD_WAIT_S = 2.0
_LONGEST_UNTOLD_WAIT_S = 60.0
_ID = re.compile(r"[a-z]+_[A-Za-z0-9_\-]+")
_PAIR = re.compile(r"([a-z]+)\s*=\s*\"?([0-9.]{1,20})\"?")


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The parsed header; None where a part is missing or nonsense."""

    limit: float | None = None
    remaining: float | None = None
    reset_s: float | None = None


def parse_rate_limit(value: str) -> RateLimit:
    """Read `limit=100, remaining=0, reset=5`; in any order, split by `,` or `;`, decimals too."""
    parts: dict[str, float] = {}
    for part in re.split(r"[,;]", value.lower()[:500]):
        pair = _PAIR.fullmatch(part.strip())
        if pair:
            number = _number(pair[2])
            if number is not None:
                parts[pair[1]] = number
    return RateLimit(parts.get("limit"), parts.get("remaining"), parts.get("reset"))


def parse_retry_after(value: str, *, answered_at: datetime) -> float | None:
    """Seconds to wait, from seconds or an HTTP date; `answered_at` is the server's own time."""
    number = _number(value.strip())
    if number is not None:
        return number
    moment = http_date(value)
    return max(0.0, (moment - answered_at).total_seconds()) if moment else None


def http_date(value: str) -> datetime | None:
    """An HTTP date as aware UTC, None where it is none."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None


def group_of(path: str) -> str:
    """The endpoint group of a path below the base: the path without ids."""
    parts = [part for part in path.split("/") if part and not _ID.fullmatch(part)]
    return "/".join(parts)


class RateLimits:
    """What is known of each group. Invariant: a group is blocked for LONGEST_WAIT_S at most."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._blocked_until: dict[str, float] = {}
        self._untold: dict[str, int] = {}

    def delay_s(self, path: str) -> float:
        """Seconds until this path's group may be asked again; 0 where it may now."""
        until = self._blocked_until.get(group_of(path), 0.0)
        return max(0.0, until - self._clock.monotonic())

    def learn(self, path: str, *, status: int, headers: Mapping[str, str]) -> float:
        """Take note of an answer; return the seconds to wait before the next to its group."""
        group = group_of(path)
        told = parse_rate_limit(headers.get("ratelimit", ""))
        if status != 429:
            self._untold.pop(group, None)
            spent = told.remaining == 0 and told.reset_s is not None
            return self._block(group, told.reset_s or 0.0) if spent else 0.0
        answered_at = http_date(headers.get("date", "")) or self._clock.now()
        retry_after_s = parse_retry_after(headers.get("retry-after", ""), answered_at=answered_at)
        waits = [wait for wait in (told.reset_s, retry_after_s) if wait is not None]
        if waits:
            self._untold.pop(group, None)
            return self._block(group, max(*waits, SHORTEST_WAIT_S))
        times_before = self._untold.get(group, 0)
        self._untold[group] = times_before + 1
        wait_s = _UNTOLD_WAIT_S * 2 ** min(times_before, 10)
        return self._block(group, min(wait_s, _LONGEST_UNTOLD_WAIT_S))

    def _block(self, group: str, wait_s: float) -> float:
        wait_s = min(wait_s, LONGEST_WAIT_S)
        until = self._clock.monotonic() + wait_s
        self._blocked_until[group] = max(until, self._blocked_until.get(group, 0.0))
        return wait_s


def _number(text: str) -> float | None:
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{0,9})?|\.[0-9]{1,9}", text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None

"""Dates as people type them: "yesterday 15:30", "-20m", "mon 9", "12.11. 14:00". Pure.

Own, because the libraries that read such words bring megabytes along or guess the locale.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TypeVar

from close_notes_gui.model.values import dataclass

T = TypeVar("T")

DAY = timedelta(days=1)
_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), timedelta(seconds=1)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days"), DAY),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), 7 * DAY),
}
_DAYS = {"today": 0, "yesterday": -1, "yday": -1, "tomorrow": 1, "tmr": 1}
_TIMES = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_FILLERS = re.compile(r"\b(?:at|on|the|of|about|around|uhr)\b|[,@]")
_AGO = re.compile(
    r"(?P<sign>[-+]|in )?\s*"
    r"(?P<parts>(?:(?:\d+(?:\.\d+)?\s*|(?:half )?an? )[a-z]+\s*)+)(?P<ago>ago)?"
)
_PART = re.compile(r"(\d+(?:\.\d+)?|(?:half )?an?(?= ))\s*([a-z]+)")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2})(?::(\d{2}))?|h)?\s*([ap])?\.?(?:m\.?)?")
_FOUR = re.compile(r"([01]\d|2[0-3])([0-5]\d)")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:t(?=\d))?")
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d{2}))?\.?(?=\s|$)")
_NAMED = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th|\.)?\s*)?([^\W\d_]{3,})\.?(?:\s+(.*))?")
_FIRST_YEAR, _LAST_YEAR = 1970, 2199


@dataclass(frozen=True, slots=True)
class Customs:
    """How dates are written where the rep lives. `day_first`: 12/11 is the 12th of November.
    `zone` None is the system's. `months`, `weekdays`: their names there, from 1 and from 0
    (Monday), in small letters; English ones are known anyway.
    """

    day_first: bool = True
    has_am_pm: bool = False
    zone: tzinfo | None = None
    months: Mapping[str, int] = field(default_factory=dict)
    weekdays: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Reader:
    now: datetime  # on the rep's own clock, without a zone
    customs: Customs

    def read(self, text: str) -> datetime | None:
        """A time on the rep's own clock."""
        if text in {"", "now"}:
            return self.now if text else None
        found = self._dated_text(text)
        if found is not None:
            return self._at(*found)
        words = text.split()
        for number in range(1, min(3, len(words))):  # the time first: 15:30 yesterday
            clock, found = self._clock(" ".join(words[:number])), None
            if clock is not None:
                found = self._dated_text(" ".join(words[number:]))
            if clock is not None and found is not None and not found[1].strip():
                return datetime.combine(found[0], clock)
        return self._at(self.now.date(), text)

    def _dated_text(self, text: str) -> tuple[date, str] | None:
        """The day that the text begins with, and what comes after it."""
        forms = self._day_ago, self._named_day, self._iso, self._numbers, self._named_month
        return next((found for form in forms if (found := form(text)) is not None), None)

    def _at(self, day: date, rest: str) -> datetime | None:
        """The day at the time that the rest says, or at this time of day."""
        if not rest.strip():
            return datetime.combine(day, self.now.time().replace(microsecond=0))
        clock = self._clock(rest.strip())
        return None if clock is None else datetime.combine(day, clock)

    def _clock(self, text: str) -> time | None:
        if text in _TIMES:
            return _TIMES[text]
        four = _FOUR.fullmatch(text)
        if four:
            return time(int(four[1]), int(four[2]))
        found = _CLOCK.fullmatch(text)
        if found is None:
            return None
        hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
        if found[4]:
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if found[4] == "p" else 0)
        elif self.customs.has_am_pm and found[2] is None and 1 <= hour <= 6:
            hour += 12  # nobody calls a customer at 3 in the morning
        return _made(lambda: time(hour, minute, second))

    def _day_ago(self, text: str) -> tuple[date, str] | None:
        """2 days ago 15:30, last week."""
        found = re.match(r"(\d+|an?)\s*(d|days?|w|wks?|weeks?)\s+ago\b\s*(.*)", text)
        if found:
            number = int(found[1]) if found[1].isdigit() else 1
            return _moved(self.now.date(), -number * _UNITS[found[2]], found[3])
        found = re.match(r"(last|next)\s+week\b\s*(.*)", text)
        if found:
            return _moved(self.now.date(), (-7 if found[1] == "last" else 7) * DAY, found[2])
        return None

    def _named_day(self, text: str) -> tuple[date, str] | None:
        word, _, rest = text.partition(" ")
        if word in _DAYS:
            return _moved(self.now.date(), _DAYS[word] * DAY, rest)
        wanted = word
        if word in {"last", "next", "this"}:
            wanted, _, rest = rest.partition(" ")
        weekday = self._weekday(wanted.rstrip("."))
        if weekday is None:
            return None
        back = (self.now.weekday() - weekday) % 7
        if word == "next":
            return _moved(self.now.date(), (7 - back) * DAY, rest)
        if back == 0 and (word == "last" or self._is_ahead(rest)):
            back = 7
        return _moved(self.now.date(), -back * DAY, rest)

    def _is_ahead(self, rest: str) -> bool:
        at = self._at(self.now.date(), rest)
        return at is not None and at > self.now

    def _weekday(self, word: str) -> int | None:
        if word in self.customs.weekdays:
            return self.customs.weekdays[word]
        return _place(word, _WEEKDAYS)

    def _iso(self, text: str) -> tuple[date, str] | None:
        found = _ISO.match(text)
        if found is None:
            return None
        day = _day(int(found[1]), int(found[2]), int(found[3]))
        return None if day is None else (day, text[found.end() :])

    def _numbers(self, text: str) -> tuple[date, str] | None:
        """12.11. is a day everywhere; 12/11 and 12-11 go by custom; 15.30 is no day, so a time."""
        found = _NUMBERS.match(text)
        if found is None:
            return None
        first, second = int(found[1]), int(found[3])
        is_day_first = self.customs.day_first or found[2] == "." or first > 12
        if found[2] != "." and first <= 12 < second:
            is_day_first = False  # 11/30 is the 30th of November anywhere
        month, day = (second, first) if is_day_first else (first, second)
        dated = self._dated(day, month, found[4])
        return None if dated is None else (dated, text[found.end() :])

    def _named_month(self, text: str) -> tuple[date, str] | None:
        """12 nov, 12. November 2025, nov 12."""
        found = _NAMED.match(text)
        month = self._month(found[2]) if found else None
        if found is None or month is None:
            return None
        day, rest = found[1], found[3] or ""
        if day is None:
            first = re.match(r"(\d{1,2})(?:st|nd|rd|th|\.)?(?=\s|$)\s*(.*)", rest)
            if first is None:
                return None
            day, rest = first[1], first[2]
        year = re.match(r"((?:19|2[01])\d\d)(?=\s|$)\s*(.*)", rest)
        if year and not (_FOUR.fullmatch(year[1]) and not year[2] and self._is_clock_likely(year)):
            dated, rest = self._dated(int(day), month, year[1]), year[2]
        else:
            dated = self._dated(int(day), month, None)
        return None if dated is None else (dated, rest)

    def _is_clock_likely(self, year: re.Match[str]) -> bool:
        """Whether 2015 is a quarter past eight: where the year would be far off."""
        return abs(int(year[1]) - self.now.year) > 30

    def _month(self, word: str) -> int | None:
        if word in self.customs.months:
            return self.customs.months[word]
        place = _place(word, _MONTHS)
        return None if place is None else place + 1

    def _dated(self, day: int, month: int, year: str | None) -> date | None:
        """The day; where no year is said, the last one that was (today included)."""
        if year is not None:
            century = 2000 if len(year) == 2 else 0
            return _day(century + int(year), month, day)
        for back in range(9):  # the 29th of February is up to eight years ago
            found = _day(self.now.year - back, month, day)
            if found is not None and found <= self.now.date():
                return found
        return None


def read_date(text: str, now: datetime, customs: Customs) -> datetime | None:
    """The instant meant, aware, in UTC, or None where the words say none. `now` is aware.

    A day without a time means this time of day; a weekday or a day without a year the last one.
    """
    words = _FILLERS.sub(" ", " ".join(text.casefold().split()))
    words = " ".join(words.split())
    ago = _ago(words, now, customs.zone)
    if ago is not None:
        return ago
    local = now.astimezone(customs.zone)
    wall = _made(lambda: _Reader(local.replace(tzinfo=None), customs).read(words))
    if wall is None or not _FIRST_YEAR <= wall.year <= _LAST_YEAR:
        return None
    return _instant(wall, customs.zone)


def _ago(words: str, now: datetime, zone: tzinfo | None) -> datetime | None:
    """-20m, 1h 30m ago, half an hour ago, in 2 hours, 2 days ago."""
    found = _AGO.fullmatch(words)
    if found is None or not (found["sign"] or found["ago"]):
        return None
    days, rest = timedelta(), timedelta()
    for number, unit in _PART.findall(found["parts"]):
        moved = _times(number, unit)
        if moved is None:
            return None
        if _UNITS[unit] >= DAY:
            days += moved
        else:
            rest += moved
    is_ahead = found["sign"] in {"+", "in "} and not found["ago"]
    return _made(lambda: _shifted(now, days, rest, 1 if is_ahead else -1, zone))


def _times(number: str, unit: str) -> timedelta | None:
    if unit not in _UNITS:
        return None
    times = 0.5 if number.startswith("half") else 1.0 if number.startswith("a") else float(number)
    return _made(lambda: times * _UNITS[unit])


def _shifted(
    now: datetime, days: timedelta, rest: timedelta, way: int, zone: tzinfo | None
) -> datetime | None:
    """Days by the calendar, hours by a clock that never jumps."""
    at = now.astimezone(UTC)
    if days:
        wall = now.astimezone(zone).replace(tzinfo=None) + way * days
        if not _FIRST_YEAR <= wall.year <= _LAST_YEAR:
            return None
        at = _instant(wall, zone)
    at += way * rest
    return at if _FIRST_YEAR <= at.year <= _LAST_YEAR else None


def _instant(wall: datetime, zone: tzinfo | None) -> datetime:
    """A time on the rep's clock as an instant. One that the clocks skip or have twice is read
    as before the change.
    """
    return (wall.replace(tzinfo=zone) if zone is not None else wall).astimezone(UTC)


def _place(word: str, names: list[str] | tuple[str, ...]) -> int | None:
    """Where the one name is that begins with the word (three letters or more)."""
    if len(word) < 3:
        return None
    places = [place for place, name in enumerate(names) if name.startswith(word)]
    return places[0] if len(places) == 1 else None


def _day(year: int, month: int, day: int) -> date | None:
    return _made(lambda: date(year, month, day))


def _moved(day: date, by: timedelta, rest: str) -> tuple[date, str] | None:
    moved = _made(lambda: day + by)
    return None if moved is None else (moved, rest)


def _made(make: Callable[[], T]) -> T | None:
    """What is made, None where there is no such day or time."""
    try:
        return make()
    except (ValueError, OverflowError):
        return None

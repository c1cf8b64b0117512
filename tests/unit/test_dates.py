"""Dates as people type them, read as they mean them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from close_notes_gui.present.dates import Customs, read_date

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 14, 5, 30, tzinfo=BERLIN)  # a Monday
GERMAN = Customs(
    day_first=True,
    zone=BERLIN,
    months={"märz": 3, "mai": 5, "okt": 10},
    weekdays={"mo": 0, "mi": 2},
)
AMERICAN = Customs(day_first=False, has_am_pm=True, zone=BERLIN)


def wall(text: str, customs: Customs = GERMAN, now: datetime = NOW) -> str:
    """The time read, on the rep's clock; "" where none was understood."""
    at = read_date(text, now, customs)
    return "" if at is None else at.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("now", "2026-11-23 14:05:30"),
        # time alone: today
        ("15:30", "2026-11-23 15:30:00"),
        ("9", "2026-11-23 09:00:00"),
        ("9am", "2026-11-23 09:00:00"),
        ("9:15 pm", "2026-11-23 21:15:00"),
        ("12 am", "2026-11-23 00:00:00"),
        ("12pm", "2026-11-23 12:00:00"),
        ("1530", "2026-11-23 15:30:00"),
        ("15h", "2026-11-23 15:00:00"),
        ("15h30", "2026-11-23 15:30:00"),
        ("15.30", "2026-11-23 15:30:00"),
        ("9.30", "2026-11-23 09:30:00"),
        ("15:30:20", "2026-11-23 15:30:20"),
        ("at noon", "2026-11-23 12:00:00"),
        ("14 Uhr", "2026-11-23 14:00:00"),
        # ago
        ("-20m", "2026-11-23 13:45:30"),
        ("- 20 min", "2026-11-23 13:45:30"),
        ("20 min ago", "2026-11-23 13:45:30"),
        ("-1h30m", "2026-11-23 12:35:30"),
        ("1.5 hours ago", "2026-11-23 12:35:30"),
        ("an hour ago", "2026-11-23 13:05:30"),
        ("half an hour ago", "2026-11-23 13:35:30"),
        ("in 2 hours", "2026-11-23 16:05:30"),
        ("+10m", "2026-11-23 14:15:30"),
        ("2 days ago", "2026-11-21 14:05:30"),
        ("2 days ago 15:30", "2026-11-21 15:30:00"),
        ("-2d", "2026-11-21 14:05:30"),
        ("a week ago at 9", "2026-11-16 09:00:00"),
        ("last week", "2026-11-16 14:05:30"),
        # days by name
        ("today 9", "2026-11-23 09:00:00"),
        ("yesterday 15:30", "2026-11-22 15:30:00"),
        ("Yesterday, at 3 pm", "2026-11-22 15:00:00"),
        ("15:30 yesterday", "2026-11-22 15:30:00"),
        ("yesterday", "2026-11-22 14:05:30"),
        ("tomorrow 8", "2026-11-24 08:00:00"),
        ("mon 9", "2026-11-23 09:00:00"),
        ("mon 16", "2026-11-16 16:00:00"),
        ("last mon 9", "2026-11-16 09:00:00"),
        ("tue", "2026-11-17 14:05:30"),
        ("friday 17:00", "2026-11-20 17:00:00"),
        ("3 pm fri", "2026-11-20 15:00:00"),
        ("next fri 9", "2026-11-27 09:00:00"),
        ("Mi 10", "2026-11-18 10:00:00"),
        # dates
        ("12.11. 14:00", "2026-11-12 14:00:00"),
        ("12.11.", "2026-11-12 14:05:30"),
        ("12.11.2025 8:05", "2025-11-12 08:05:00"),
        ("12.11.25", "2025-11-12 14:05:30"),
        ("24.12. 10", "2025-12-24 10:00:00"),
        ("12/11 14:00", "2026-11-12 14:00:00"),
        ("11/30", "2025-11-30 14:05:30"),
        ("2026-11-12", "2026-11-12 14:05:30"),
        ("2026-11-12T09:30", "2026-11-12 09:30:00"),
        ("12 nov 9", "2026-11-12 09:00:00"),
        ("nov 12 9:00", "2026-11-12 09:00:00"),
        ("12th of November 2025, 9:00", "2025-11-12 09:00:00"),
        ("12 nov 1530", "2026-11-12 15:30:00"),
        ("5. März 9", "2026-03-05 09:00:00"),
        ("29.2.", "2024-02-29 14:05:30"),
    ],
)
def test_what_is_typed_is_what_is_meant(text: str, meant: str):
    assert wall(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("11/12 2pm", "2026-11-12 14:00:00"),
        ("12/11", "2025-12-11 14:05:30"),
        ("11/12/25 9:00", "2025-11-12 09:00:00"),
        ("mon 3", "2026-11-16 15:00:00"),
        ("30/11", "2025-11-30 14:05:30"),
    ],
)
def test_where_the_month_comes_first(text: str, meant: str):
    assert wall(text, AMERICAN) == meant


@pytest.mark.parametrize(
    "text",
    ["", " ", "soon", "25:00", "9:60", "32.1.", "30.2.2026", "13/13", "-5 apples", "m", "ago",
     "yesterday soon", "99999999999999999999d ago", "9" * 400, "0000-00-00", "13 pm"],
)  # fmt: skip
def test_what_says_no_time_is_none(text: str):
    assert wall(text) == ""


def test_days_are_counted_by_the_calendar_and_hours_by_the_clock():
    after = datetime(2026, 10, 25, 12, 0, tzinfo=BERLIN)  # the clocks went back that night
    assert wall("yesterday", now=after) == "2026-10-24 12:00:00"
    assert wall("1 day ago", now=after) == "2026-10-24 12:00:00"
    assert wall("24 hours ago", now=after) == "2026-10-24 13:00:00"


def test_a_time_that_the_clocks_skip_is_still_an_instant():
    after = datetime(2026, 3, 29, 12, 0, tzinfo=BERLIN)
    assert read_date("2:30", after, GERMAN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@given(st.text(max_size=60))
def test_no_text_upsets_it(text: str):
    at = read_date(text, NOW, GERMAN)
    assert at is None or (at.tzinfo is UTC and 1969 <= at.year <= 2200)


MOMENTS = st.datetimes(datetime(1990, 1, 2), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - a wall
    lambda at: at.replace(microsecond=0)
)


@given(MOMENTS)
def test_a_date_in_full_is_read_as_written(at: datetime):
    meant = at.replace(tzinfo=BERLIN).astimezone(UTC)
    forms = {
        "%Y-%m-%d %H:%M:%S": GERMAN,
        "%d.%m.%Y %H:%M:%S": GERMAN,
        "%d/%m/%Y, %H:%M:%S": GERMAN,
        "%m/%d/%Y %I:%M:%S %p": AMERICAN,
        "%d %b %Y %H:%M:%S": GERMAN,
        "%B %d %Y at %H:%M:%S": AMERICAN,
    }
    for form, customs in forms.items():
        assert read_date(at.strftime(form), NOW, customs) == meant, form


@given(st.integers(0, 5000))
def test_minutes_ago(minutes: int):
    assert read_date(f"-{minutes}m", NOW, GERMAN) == NOW.astimezone(UTC) - timedelta(
        minutes=minutes
    )

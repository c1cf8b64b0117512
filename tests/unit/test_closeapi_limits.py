"""Waiting as told, and sanely where told nonsense or nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from close_notes_gui.closeapi.limits import (
    LONGEST_WAIT_S,
    RateLimit,
    RateLimits,
    group_of,
    http_date,
    parse_rate_limit,
    parse_retry_after,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Watch:
    """A clock set by hand."""

    def __init__(self) -> None:
        self.elapsed_s = 1000.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.elapsed_s - 1000.0)

    def monotonic(self) -> float:
        return self.elapsed_s

    async def sleep(self, seconds: float) -> None:
        self.elapsed_s += seconds


@pytest.mark.parametrize(
    ("header", "parsed"),
    [
        ("limit=100, remaining=0, reset=5", RateLimit(100, 0, 5)),
        ("limit=100; remaining=0; reset=5", RateLimit(100, 0, 5)),
        ("reset=0.25;remaining=12,limit=100", RateLimit(100, 12, 0.25)),
        ('LIMIT="60", Remaining = 3 , RESET=1.', RateLimit(60, 3, 1)),
        ("reset=-5", RateLimit()),
        ("reset=nan, remaining=inf", RateLimit()),
        ("reset=1e9", RateLimit()),
        ("reset", RateLimit()),
        ("", RateLimit()),
        ("=,;=;a=b", RateLimit()),
    ],
)
def test_rate_limit_header(header: str, parsed: RateLimit) -> None:
    assert parse_rate_limit(header) == parsed


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        ("7", 7.0), ("1.5", 1.5), ("Mon, 02 Mar 2026 12:00:30 GMT", 30.0),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0.0), ("", None), ("soon", None), ("-3", None),
        ("1" * 40, None), ("Mon, 99 Mar 2026 12:00:30 GMT", None),
    ],
)  # fmt: skip
def test_retry_after(header: str, wait_s: float | None) -> None:
    assert parse_retry_after(header, answered_at=NOON) == wait_s


def test_retry_date_counts_by_the_servers_clock() -> None:
    limits = RateLimits(Watch())
    headers = {
        "retry-after": "Mon, 02 Mar 2026 15:00:10 GMT",
        "date": "Mon, 02 Mar 2026 15:00:00 GMT",
    }
    assert limits.learn("activity/note/", status=429, headers=headers) == 10.0


def test_each_group_waits_for_itself() -> None:
    watch = Watch()
    limits = RateLimits(watch)
    limits.learn("activity/note/acti_9/", status=429, headers={"ratelimit": "remaining=0, reset=5"})
    assert limits.delay_s("activity/note/") == 5.0
    assert limits.delay_s("data/search/") == 0.0
    watch.elapsed_s += 4.5
    assert limits.delay_s("activity/note/") == pytest.approx(0.5)
    watch.elapsed_s += 1
    assert limits.delay_s("activity/note/") == 0.0


def test_a_refusal_counts_though_some_remain() -> None:
    limits = RateLimits(Watch())
    limits.learn("me/", status=429, headers={"ratelimit": "limit=100, remaining=40, reset=3"})
    assert limits.delay_s("me/") == 3.0


def test_the_longer_of_two_headers_counts() -> None:
    limits = RateLimits(Watch())
    headers = {"ratelimit": "remaining=0, reset=3", "retry-after": "8"}
    assert limits.learn("me/", status=429, headers=headers) == 8.0


def test_a_spent_limit_is_respected_before_it_is_refused() -> None:
    limits = RateLimits(Watch())
    limits.learn("me/", status=200, headers={"ratelimit": "limit=100, remaining=0, reset=2"})
    assert limits.delay_s("me/") == 2.0
    limits.learn("user/", status=200, headers={"ratelimit": "limit=100, remaining=1, reset=2"})
    assert limits.delay_s("user/") == 0.0


def test_untold_waits_grow_and_start_anew_after_an_answer() -> None:
    limits = RateLimits(Watch())
    waits = [limits.learn("me/", status=429, headers={}) for _ in range(8)]
    assert waits == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]
    limits.learn("me/", status=200, headers={})
    assert limits.learn("me/", status=429, headers={}) == 2.0


def test_no_wait_is_endless_and_no_refusal_is_free() -> None:
    limits = RateLimits(Watch())
    assert (
        limits.learn("me/", status=429, headers={"ratelimit": "reset=99999999"}) == LONGEST_WAIT_S
    )
    assert limits.learn("user/", status=429, headers={"retry-after": "0"}) > 0


def test_groups_leave_ids_out() -> None:
    assert group_of("activity/note/acti_x9Y/") == group_of("activity/note/") == "activity/note"
    assert group_of("lead/lead_abc/") == "lead"
    assert group_of("status/lead/") == "status/lead"


@given(st.text(), st.text())
def test_any_header_gives_a_bounded_wait(rate_limit: str, retry_after: str) -> None:
    headers = {"ratelimit": rate_limit, "retry-after": retry_after, "date": retry_after}
    wait_s = RateLimits(Watch()).learn("me/", status=429, headers=headers)
    assert 0 < wait_s <= LONGEST_WAIT_S


@given(st.text())
def test_any_text_is_a_date_or_none(text: str) -> None:
    moment = http_date(text)
    assert moment is None or moment.tzinfo is UTC

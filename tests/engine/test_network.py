"""Online or not: told when it changes, found out gently, and soon when someone knows better."""

import asyncio
import gc
import sys

import pytest

from close_notes_gui.closeapi import errors as close
from close_notes_gui.engine import smoothness
from close_notes_gui.engine.aside import aside
from close_notes_gui.engine.jobs import Jobs
from close_notes_gui.engine.network import Network
from close_notes_gui.engine.retrying import Retrying
from close_notes_gui.model.events import Event, NetworkChanged, TroubleArose
from close_notes_gui.model.ids import AttachmentId
from tests.engine.fakes import FakeClock, settle

pytestmark = pytest.mark.anyio
KEY = AttachmentId("a")


class Watched:
    """A network whose probes are counted, and fail for as long as `down`."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.events: list[Event] = []
        self.probes = 0
        self.down: close.CloseError | None = None
        self.network = Network(clock=self.clock, emit=self.events.append)
        self._task = asyncio.ensure_future(self.network.watch(self._probe))

    async def _probe(self) -> None:
        self.probes += 1
        if self.down is not None:
            raise self.down

    @property
    def told(self) -> list[bool]:
        return [event.is_online for event in self.events if isinstance(event, NetworkChanged)]

    async def end(self) -> None:
        self._task.cancel()
        await asyncio.wait({self._task})


@pytest.fixture
async def watched():
    watched = Watched()
    await settle()
    yield watched
    await watched.end()


async def test_online_nothing_is_probed(watched):
    await watched.clock.advance(600)
    assert watched.probes == 0


async def test_offline_it_probes_ever_more_gently(watched):
    watched.down = close.Offline()
    watched.network.heard(close.Offline())
    await watched.clock.advance(2 + 4 + 8 + 16 + 32)
    assert watched.probes == 5
    await watched.clock.advance(120)
    assert watched.probes == 7
    assert watched.told == [False]


async def test_back_online_it_says_so_once_and_wakes_who_waits(watched):
    woken = []
    watched.network.on_return(lambda: woken.append(1))
    watched.network.heard(close.Offline())
    waiting = asyncio.ensure_future(watched.network.wait_online())
    await watched.clock.advance(2)
    await waiting
    assert (watched.told, woken) == ([False, True], [1])
    watched.network.heard(None)
    assert watched.told == [False, True]


async def test_a_word_from_the_system_is_tried_at_once(watched):
    watched.down = close.Offline()
    watched.network.heard(close.Offline())
    await watched.clock.advance(100)
    watched.down = None
    watched.network.check_now()
    await settle()
    assert watched.told == [False, True]


async def test_a_strange_answer_is_looked_into(watched):
    watched.network.heard(close.BadAnswer())
    await settle()
    assert (watched.probes, watched.told) == (1, [])
    watched.down = close.BadAnswer()
    watched.network.heard(close.BadAnswer())
    await settle()
    assert watched.told == [False]


@pytest.mark.parametrize("error", [close.NotAuthorized(), close.Gone(), close.ServerTrouble()])
async def test_a_refusal_is_an_answer(watched, error):
    watched.network.heard(close.Offline())
    watched.down = error
    await watched.clock.advance(2)
    assert watched.told == [False, True]


async def test_trying_goes_on_until_it_is_settled_and_waits_longer_each_time():
    clock, tries = FakeClock(), []

    async def attempt(key):
        tries.append(clock.monotonic())
        return len(tries) == 4

    retrying = Retrying(attempt, clock=clock, jobs=Jobs(lambda _: None))
    retrying.want(KEY)
    await clock.advance(100)
    assert tries == [0, 2, 6, 14]


async def test_wanted_again_it_is_tried_at_once_even_while_it_ends():
    clock, tries = FakeClock(), []

    async def attempt(key):
        tries.append(clock.monotonic())
        if len(tries) == 1:
            retrying.want(KEY)
        return True

    retrying = Retrying(attempt, clock=clock, jobs=Jobs(lambda _: None))
    retrying.want(KEY)
    await clock.advance(0)
    assert tries == [0, 0]


async def test_dropped_it_is_not_tried_again():
    clock, tries = FakeClock(), []

    async def attempt(key):
        tries.append(key)
        return False

    retrying = Retrying(attempt, clock=clock, jobs=Jobs(lambda _: None))
    retrying.want(KEY)
    await clock.advance(0)
    retrying.drop(KEY)
    await clock.advance(500)
    assert tries == [KEY]


async def test_a_bug_in_a_job_ends_that_job_alone(caplog):
    events: list[Event] = []
    jobs = Jobs(events.append)

    async def broken():
        raise ValueError("what the rep wrote")

    jobs.start(broken(), name="breaking")
    await settle()
    assert isinstance(events[0], TroubleArose)
    assert "ValueError during breaking" in caplog.text
    assert "what the rep wrote" not in caplog.text


async def test_jobs_that_do_not_end_are_left_behind():
    jobs, hold = Jobs(lambda _: None), asyncio.Event()

    async def stubborn():
        while not hold.is_set():
            try:
                await hold.wait()
            except asyncio.CancelledError:
                continue

    task = jobs.start(stubborn(), name="stubborn")
    await settle()
    await jobs.stop(within_s=0.01)
    assert task is not None
    assert not task.done()
    assert jobs.start(stubborn(), name="late") is None
    hold.set()
    await task


async def test_what_runs_aside_gives_its_result_or_its_error():
    assert await aside(lambda: 7, name="test") == 7
    with pytest.raises(ZeroDivisionError):
        await aside(lambda: 1 // 0, name="test")


def test_the_recipe_for_smoothness_is_applied():
    before = sys.getswitchinterval()
    try:
        smoothness.settle()
        assert sys.getswitchinterval() == pytest.approx(0.001)
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        sys.setswitchinterval(before)

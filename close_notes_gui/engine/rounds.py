"""Goes round what waits on disk, and takes in hand what is due: each thing by one task at a time.

Engine thread. Knows nothing of what is done; all waiting is on the monotonic clock, so that a
jump of the wall clock neither hastens nor stretches it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from close_notes_gui.engine.desk import Desk, disk_problem
from close_notes_gui.engine.jobs import report_bug
from close_notes_gui.model.events import TroubleArose
from close_notes_gui.store.errors import StoreError

log = logging.getLogger(__name__)

Key = TypeVar("Key", bound=str)
#: One step of one thing: how long until its next, None where there is no such wait.
Step = Callable[[], Awaitable[float | None]]

_BUG_WAIT_S: Final = 60.0


class Rounds(Generic[Key]):
    """Invariant: a thing is in the hands of at most one task, and of at most `most_at_once` things
    at a time; while the desk is paused none is taken up.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        name: str,
        waiting: Callable[[], Mapping[Key, Step | None]],
        put_down: Callable[[Key], None],
    ) -> None:
        """`waiting`: what may be taken up, in order, None for what is not to be now; it may raise
        StoreError. `put_down`: after a bug, from a rung on which nobody would take it up again.
        """
        self._desk = desk
        self._name = name
        self._waiting = waiting
        self._put_down = put_down
        self._due_s: dict[Key, float] = {}
        self._held_until_s: dict[Key, float] = {}
        self._in_hand: dict[Key, asyncio.Task[None]] = {}
        self._loop: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._is_disk_told = False

    def start(self) -> None:
        """Begin; needs the running loop."""
        self._loop = start_task(without_end(self._desk, self._run, name=self._name), self._name)

    def nudge(self) -> None:
        """Something has changed on disk: look again."""
        self._woken.set()

    def wake(self) -> None:
        """Try what waits for its next try, now; what is held for undo stays held."""
        self._due_s.clear()
        self._woken.set()

    def hold(self, key: Key, *, until: datetime | None) -> None:
        """The time for undo, `longest_undo_s` at most."""
        assert until is not None
        left_s = (until - self._desk.clock.now()).total_seconds()
        left_s = min(max(left_s, 0.0), self._desk.timings.longest_undo_s)
        self._held_until_s[key] = self._desk.clock.monotonic() + left_s

    def at_once(self, key: Key) -> None:
        """Neither held nor waiting for its next try."""
        self._due_s.pop(key, None)
        self._held_until_s.pop(key, None)

    def let_go(self, key: Key) -> None:
        """It is gone: call off what is done about it."""
        self.at_once(key)
        task = self._in_hand.get(key)
        if task is not None:
            task.cancel()
        self._woken.set()

    async def stop(self) -> None:
        """End all tasks, those in hand after `stop_grace_s`."""
        tasks = list(self._in_hand.values())
        if self._loop is not None:
            self._loop.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=self._desk.timings.stop_grace_s)
        for task in tasks:
            task.cancel()
        loops = [] if self._loop is None else [self._loop]
        await asyncio.gather(*tasks, *loops, return_exceptions=True)
        self._loop = None

    # --- within

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            pause_s: float | None = self._desk.timings.disk_retry_s
            try:
                pause_s = self._take_in_hand()
            except StoreError as error:
                self._tell_disk(error)
            await self._wait(pause_s)

    def _tell_disk(self, error: StoreError) -> None:
        """Once, until a step has gone well again."""
        if not self._is_disk_told:
            self._is_disk_told = True
            log.warning("the outbox cannot be used now: %s", type(error).__name__)
            self._desk.emit(TroubleArose(disk_problem(error)))

    def _take_in_hand(self) -> float | None:
        """Start what is due; how long until something else will be, None where nothing waits."""
        if self._desk.is_paused:
            return None
        now_s = self._desk.clock.monotonic()
        later: list[float] = []
        for key, step in self._waiting().items():
            wait_s = self._due_at_s(key) - now_s
            if wait_s > 0:
                later.append(wait_s)
            elif (
                step is not None
                and key not in self._in_hand
                and len(self._in_hand) < self._desk.timings.most_at_once
            ):
                self._in_hand[key] = start_task(self._take(key, step), f"{self._name}: one step")
        return min(later) if later else None

    def _due_at_s(self, key: Key) -> float:
        return max(self._due_s.get(key, 0.0), self._held_until_s.get(key, 0.0))

    async def _wait(self, pause_s: float | None) -> None:
        waits: list[asyncio.Task[Any]] = [start_task(self._until_woken(), f"{self._name} waits")]
        if pause_s is not None:
            waits.append(start_task(self._desk.clock.sleep(pause_s), f"{self._name} sleeps"))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _until_woken(self) -> None:
        await self._woken.wait()

    async def _take(self, key: Key, step: Step) -> None:
        wait_s: float | None = None
        try:
            wait_s = await step()
            self._is_disk_told = False
        except StoreError as error:
            self._tell_disk(error)
            wait_s = self._desk.timings.disk_retry_s
        except Exception as error:  # noqa: BLE001 - a bug stops this attempt, not the others
            report_bug(error, during=self._name, emit=self._desk.emit)
            await self._desk.keep(lambda: self._put_down(key))
            wait_s = _BUG_WAIT_S
        finally:
            self._in_hand.pop(key, None)
            self._woken.set()
        self.at_once(key)
        if wait_s:
            self._due_s[key] = self._desk.clock.monotonic() + wait_s


async def without_end(desk: Desk, work: Callable[[], Awaitable[None]], *, name: str) -> None:
    """Do it for ever: a bug of ours must not end delivery for the rest of the day."""
    while True:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - told, and gone on with later
            report_bug(error, during=name, emit=desk.emit)
        await desk.clock.sleep(_BUG_WAIT_S)


def start_task(work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
    """A task on the running loop."""
    return asyncio.get_running_loop().create_task(work, name=name)

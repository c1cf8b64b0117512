"""A clock that moves only when told, for tests of everything that waits.

Event loop thread. Never sleeps for real: sleepers wake in the order of their times.
"""

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta

START_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class FakeClock:
    """Invariant: time goes on only in `advance` (and in `jump`, for the wall clock alone)."""

    def __init__(self, start_at: datetime = START_AT) -> None:
        self._wall = start_at
        self._elapsed_s = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._wall

    def monotonic(self) -> float:
        return self._elapsed_s

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed_s + seconds, next(self._order), woken))
        await woken

    @property
    def sleeper_count(self) -> int:
        """How many wait for the clock now."""
        return sum(1 for _, _, woken in self._sleepers if not woken.done())

    def jump(self, delta: timedelta) -> None:
        """Set the wall clock forward or back, as a rep or a time server might."""
        self._wall += delta

    async def advance(self, seconds: float) -> None:
        """Let time pass: wake each sleeper at its time, and let what it does run before the next."""
        end_s = self._elapsed_s + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end_s:
            due_s, _, woken = heapq.heappop(self._sleepers)
            self._pass(max(0.0, due_s - self._elapsed_s))
            if not woken.done():
                woken.set_result(None)
                await settle()
        self._pass(end_s - self._elapsed_s)
        await settle()

    def _pass(self, seconds: float) -> None:
        self._elapsed_s += seconds
        self._wall += timedelta(seconds=seconds)


async def settle(rounds: int = 25) -> None:
    """Let everything that is ready on the loop run."""
    for _ in range(rounds):
        await asyncio.sleep(0)

"""Tries something again and again for as long as waiting helps, sooner when there is reason to.

Engine thread. Knows nothing of what is tried.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.jobs import Jobs
from close_notes_gui.model.ids import AttachmentId

FIRST_RETRY_S: Final = 2.0
LONGEST_RETRY_S: Final = 120.0
_MOST_DOUBLINGS: Final = 16


@dataclass(eq=False)
class _Effort:
    tries: int = 0
    is_wanted_again: bool = False
    soon: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class Retrying:
    """Invariant: at most one effort for a thing. `attempt` tells whether it is settled: done, or
    not to be tried again.
    """

    def __init__(
        self, attempt: Callable[[AttachmentId], Awaitable[bool]], *, clock: Clock, jobs: Jobs
    ) -> None:
        self._attempt = attempt
        self._clock = clock
        self._jobs = jobs
        self._efforts: dict[AttachmentId, _Effort] = {}

    def want(self, key: AttachmentId) -> None:
        """Try now, and go on until it is settled."""
        effort = self._efforts.get(key)
        if effort is not None:
            effort.is_wanted_again = True
            effort.soon.set()
            return
        effort = self._efforts[key] = _Effort()
        effort.task = self._jobs.start(self._go_on(key, effort), name="upload")

    def wake(self) -> None:
        """Wait no longer: what was in the way may be gone."""
        for effort in self._efforts.values():
            effort.tries = 0
            effort.soon.set()

    def drop(self, key: AttachmentId) -> None:
        """Try no more; unknown ones do no harm."""
        effort = self._efforts.pop(key, None)
        if effort is not None and effort.task is not None:
            effort.task.cancel()

    def drop_all(self) -> None:
        """Try nothing more."""
        for key in tuple(self._efforts):
            self.drop(key)

    async def _go_on(self, key: AttachmentId, effort: _Effort) -> None:
        try:
            while not await self._attempt(key) or effort.is_wanted_again:
                effort.is_wanted_again = False
                await self._pause(effort)
        finally:
            if self._efforts.get(key) is effort:
                del self._efforts[key]

    async def _pause(self, effort: _Effort) -> None:
        wait_s = min(FIRST_RETRY_S * 2**effort.tries, LONGEST_RETRY_S)
        effort.tries = min(effort.tries + 1, _MOST_DOUBLINGS)
        loop = asyncio.get_running_loop()
        waits = {
            loop.create_task(self._clock.sleep(wait_s)),
            loop.create_task(_until(effort.soon)),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        effort.soon.clear()


async def _until(event: asyncio.Event) -> None:
    await event.wait()

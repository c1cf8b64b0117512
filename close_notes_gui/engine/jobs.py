"""Tasks that run beside the taking of commands, and what becomes of their bugs.

Engine thread. A job's unexpected error is logged by its type and place, told as a Problem, and
ends that job alone.
"""

import asyncio
import logging
import traceback
from collections.abc import Callable, Coroutine
from typing import Any

from close_notes_gui.model.events import Event, TroubleArose
from close_notes_gui.model.problem import Problem, ProblemKind

log = logging.getLogger(__name__)


def report_bug(error: BaseException, *, during: str, emit: Callable[[Event], None]) -> None:
    """Log where `error` arose and tell of it.

    Its message is left out: it may quote what the rep wrote.
    """
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{f.name}:{f.lineno}" for f in reversed(frames[-6:]))
    log.error("unexpected %s during %s at %s", type(error).__name__, during, places)
    emit(TroubleArose(Problem(ProblemKind.BUG, detail=f"{type(error).__name__} ({during})")))


class Jobs:
    """Invariant: every job that was started and has not ended is known, and can be called off."""

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        self._running: set[asyncio.Task[None]] = set()
        self._is_closed = False

    def start(self, work: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None] | None:
        """Run `work` as a task; None where the jobs have been called off already."""
        if self._is_closed:
            work.close()
            return None
        task = asyncio.get_running_loop().create_task(self._guarded(work, name), name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(lambda _: work.close())  # cancelled before it ran: never awaited
        return task

    async def _guarded(self, work: Coroutine[Any, Any, None], name: str) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 (a bug ends its job, never the engine)
            report_bug(error, during=name, emit=self._emit)

    async def stop(self, *, within_s: float) -> None:
        """Call everything off and wait a little for it. What hangs is left behind."""
        self._is_closed = True
        own = asyncio.current_task()
        tasks = tuple(task for task in self._running if task is not own)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=within_s)

"""The one crossing between the window's thread and the engine's.

Commands go over by `call_soon_threadsafe`, events come back by one queued signal.
Starts and stops the thread; knows nothing of what is in either.
"""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    import asyncio

    from close_notes_gui.model.commands import Command
    from close_notes_gui.model.events import Event

log = logging.getLogger(__name__)

STOP_WAIT_S = 3.0  # the engine has promised to stop within 2
LATE_WAIT_S = 30.0  # where it is not even made yet, by a slow disk or a busy machine


class RunsOnLoop(Protocol):
    """What the bridge needs of the engine."""

    async def run(self) -> None:
        """Until `Stop` was carried out."""

    def post(self, command: "Command") -> None:
        """Take a command; called on the engine's thread."""


class Bridge(QObject):
    """Invariant: a command posted before the engine stands waits for it, in order.

    `happened` carries every event; connect it to a slot of an object that lives on the window's
    thread. `make_engine(emit)` is called on the engine's thread, so that its imports do not hold
    up the first paint.
    """

    happened = Signal(object)

    def __init__(self, make_engine: Callable[[Callable[["Event"], None]], RunsOnLoop]) -> None:
        super().__init__()
        self._make_engine = make_engine
        self._lock = threading.Lock()
        self._early: list[Command] = []
        self._deliver: Callable[[Command], None] | None = None
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Start the engine's thread; once started, nothing more. Window thread."""
        if self._thread.ident is None:
            self._thread.start()

    def post(self, command: "Command") -> None:
        """Hand a command over and return at once. Any thread; after the end it is dropped."""
        with self._lock:
            if self._deliver is None:
                self._early.append(command)
                return
            self._deliver(command)

    def stop(self) -> bool:
        """Ask the engine to stop and wait for it; False if it did not in time. Window thread.

        What was posted to an engine that is still being made is carried out first: it may be all
        that the rep has written.
        """
        if not self._thread.is_alive():
            return True
        from close_notes_gui.model.commands import Stop  # noqa: PLC0415 (as in `_run`)

        self.post(Stop())
        self._thread.join(STOP_WAIT_S)
        if self._deliver is None:
            self._thread.join(LATE_WAIT_S)
        return not self._thread.is_alive()

    def _run(self) -> None:
        # They take 100 ms that the first paint does not wait for.
        import asyncio  # noqa: PLC0415

        from close_notes_gui.model.events import Stopped  # noqa: PLC0415
        from close_notes_gui.model.problem import Problem, ProblemKind  # noqa: PLC0415

        problems: tuple[Problem, ...] = ()
        try:
            asyncio.run(self._serve())
        except Exception:
            log.exception("the engine ended by an error")
            problems = (Problem(ProblemKind.ENGINE_STOPPED),)
            raise
        finally:
            with self._lock:
                self._deliver = lambda _command: None
            self.happened.emit(Stopped(problems))

    async def _serve(self) -> None:
        from asyncio import get_running_loop  # noqa: PLC0415 (see above)

        loop = get_running_loop()
        engine = self._make_engine(self.happened.emit)
        with self._lock:
            for command in self._early:
                engine.post(command)
            self._early.clear()
            self._deliver = lambda command: self._to_loop(loop, engine, command)
        await engine.run()

    def _to_loop(
        self, loop: "asyncio.AbstractEventLoop", engine: RunsOnLoop, command: "Command"
    ) -> None:
        try:
            loop.call_soon_threadsafe(engine.post, command)
        except RuntimeError:  # the loop has just been closed
            log.info("dropped %s after the end", type(command).__name__)

"""Whether Close can be reached, learned from what requests met with.

Engine thread. Makes no requests but a gentle probe while offline (2 s growing to 60 s).
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from close_notes_gui.closeapi import errors as close
from close_notes_gui.engine.clock import Clock
from close_notes_gui.model.events import Event, NetworkChanged

FIRST_PROBE_S: Final = 2.0
LONGEST_PROBE_S: Final = 60.0

_UNREACHABLE: Final = (close.Offline, close.TimedOut, close.TlsFailed, close.BadAnswer)


class Network:
    """Invariant: `NetworkChanged` is told exactly when `is_online` changes.

    Online until a request says otherwise: nobody waits for a probe at the start.
    """

    def __init__(self, *, clock: Clock, emit: Callable[[Event], None]) -> None:
        self._clock = clock
        self._emit = emit
        self._is_online = True
        self._came_back = asyncio.Event()
        self._came_back.set()
        self._check = asyncio.Event()
        self._on_return: list[Callable[[], None]] = []

    @property
    def is_online(self) -> bool:
        """Whether the last request reached Close."""
        return self._is_online

    def succeeded(self) -> None:
        """A request was answered by Close, whatever the answer was."""
        if self._is_online:
            return
        self._is_online = True
        self._came_back.set()
        self._emit(NetworkChanged(is_online=True))
        for wake in tuple(self._on_return):
            wake()

    def failed(self, error: BaseException) -> None:
        """A request failed: offline where `error` says that Close was not reached."""
        if isinstance(error, close.AnswerLost) and error.status is None:
            unreachable = True
        else:
            unreachable = isinstance(error, _UNREACHABLE)
        if not unreachable:
            if isinstance(error, close.CloseError):
                self.succeeded()
            return
        if self._is_online:
            self._is_online = False
            self._came_back.clear()
            self._emit(NetworkChanged(is_online=False))

    def on_return(self, wake: Callable[[], None]) -> None:
        """Call `wake` on the loop whenever the network is back. Must not raise."""
        self._on_return.append(wake)

    async def wait_online(self) -> None:
        """Return as soon as Close can be reached (at once where it can)."""
        await self._came_back.wait()

    def check_now(self) -> None:
        """Do not wait for the next probe."""
        self._check.set()

    async def watch(self, probe: Callable[[], Awaitable[None]]) -> None:
        """Probe while offline, for ever; `probe` raises CloseError where Close is not reached."""
        raise NotImplementedError

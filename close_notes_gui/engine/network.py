"""Whether Close can be reached, learned from what requests met with.

Engine thread. Makes no requests but a gentle probe while offline (2 s growing to 60 s), and one
where an answer was strange.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from close_notes_gui.closeapi import errors as close
from close_notes_gui.engine.clock import Clock
from close_notes_gui.model.events import Event, NetworkChanged

FIRST_PROBE_S: Final = 2.0
LONGEST_PROBE_S: Final = 60.0

_UNREACHED: Final = (close.Offline, close.TlsFailed)
_STRANGE: Final = (close.TimedOut, close.BadAnswer)


class Network:
    """Invariant: `NetworkChanged` is told exactly when `is_online` changes.

    Online until a request says otherwise: nobody waits for a probe at the start.
    """

    def __init__(self, *, clock: Clock, emit: Callable[[Event], None]) -> None:
        self._clock = clock
        self._emit = emit
        self._is_online = True
        self._is_back = asyncio.Event()
        self._is_back.set()
        self._stirred = asyncio.Event()
        self._is_probe_due = False
        self._on_return: list[Callable[[], None]] = []

    @property
    def is_online(self) -> bool:
        """Whether the last request reached Close."""
        return self._is_online

    def heard(self, error: BaseException | None, *, is_plain: bool = False) -> None:
        """A request to Close ended: with its error, or None where it was answered.

        `is_plain`: it was so simple that a strange answer to it can only come from elsewhere.
        """
        if error is None:
            self._reached()
        elif isinstance(error, _UNREACHED) or (is_plain and isinstance(error, _STRANGE)):
            self._lost()
        elif isinstance(error, _STRANGE) or (
            isinstance(error, close.AnswerLost) and error.status is None
        ):
            self.check_now()  # a captive portal, a line that died, or Close being slow: ask
        elif isinstance(error, close.CloseError):
            self._reached()

    def on_return(self, wake: Callable[[], None]) -> None:
        """Call `wake` on the loop whenever the network is back. Must not raise."""
        self._on_return.append(wake)

    def drop_wakes(self) -> None:
        """Forget all that `on_return` was given."""
        self._on_return.clear()

    async def wait_online(self) -> None:
        """Return as soon as Close can be reached (at once where it can)."""
        await self._is_back.wait()

    def check_now(self) -> None:
        """Do not wait for the next probe."""
        self._is_probe_due = True
        self._stirred.set()

    async def watch(self, probe: Callable[[], Awaitable[None]]) -> None:
        """Probe when due, for ever. `probe` asks something plain, and raises its CloseError."""
        wait_s = FIRST_PROBE_S
        while True:
            await self._pause(None if self._is_online else wait_s)
            if self._is_online and not self._is_probe_due:
                wait_s = FIRST_PROBE_S
                continue
            was_online, self._is_probe_due = self._is_online, False
            await self._probe(probe)
            wait_s = FIRST_PROBE_S if was_online else min(wait_s * 2, LONGEST_PROBE_S)

    async def _probe(self, probe: Callable[[], Awaitable[None]]) -> None:
        try:
            await probe()
        except close.CloseError as error:
            self.heard(error, is_plain=True)
        else:
            self.heard(None)

    async def _pause(self, seconds: float | None) -> None:
        """Until the time is over or a probe is due; while online, until something stirs."""
        while not self._is_probe_due:
            self._stirred.clear()
            if seconds is None:
                await self._stirred.wait()
                return
            if await self._slept(seconds):
                return

    async def _slept(self, seconds: float) -> bool:
        """Whether the time is over; False where something stirred."""
        loop = asyncio.get_running_loop()
        sleep = loop.create_task(self._clock.sleep(seconds))
        stir = loop.create_task(self._until_stirred())
        try:
            await asyncio.wait({sleep, stir}, return_when=asyncio.FIRST_COMPLETED)
            return sleep.done()
        finally:
            sleep.cancel()
            stir.cancel()

    async def _until_stirred(self) -> None:
        await self._stirred.wait()

    def _reached(self) -> None:
        if self._is_online:
            return
        self._is_online = True
        self._is_back.set()
        self._stirred.set()
        self._emit(NetworkChanged(is_online=True))
        for wake in tuple(self._on_return):
            wake()

    def _lost(self) -> None:
        if not self._is_online:
            return
        self._is_online = False
        self._is_back.clear()
        self._stirred.set()
        self._emit(NetworkChanged(is_online=False))

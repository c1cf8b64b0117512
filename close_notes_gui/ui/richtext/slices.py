"""Long work in slices, so that the window stays awake.

UI thread, by the event loop alone: the room has no threads, and what takes long here is the
document, which only this thread may touch.
"""

from collections.abc import Callable, Iterator
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal, Slot

SLICE_S = 0.025


class Slices(QObject):
    """Runs one generator at a time, a slice for each turn of the event loop. Invariant: each
    `yield` leaves the document in order, with no edit block open.
    """

    started = Signal()
    """The work did not end within the first slice."""
    finished = Signal()
    """What `started` told of has ended, or was dropped."""
    done = Signal()
    """Work has ended, however short it was."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: Iterator[None] | None = None
        self._then: Callable[[], None] | None = None
        self._is_running = False
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def is_busy(self) -> bool:
        return self._work is not None

    def run(self, work: Iterator[None], *, then: Callable[[], None] | None = None) -> None:
        """Begin, after finishing what was begun; the first slice runs at once."""
        self.drain()
        self._work, self._then = work, then
        if self._slice(SLICE_S):
            self._end()
        else:
            self.started.emit()
            self._timer.start()

    def drain(self) -> None:
        """Do all that is left now, however long it takes. From within the work: nothing."""
        if self._work is not None and not self._is_running:
            self._timer.stop()
            self._slice(None)
            self._end(was_long=True)

    def drop(self) -> None:
        """Leave undone what is left."""
        if self._work is not None and not self._is_running:
            self._timer.stop()
            self._work = self._then = None
            self.finished.emit()

    @Slot()
    def _on_timer_timeout(self) -> None:
        if self._work is None:
            return
        if self._slice(SLICE_S):
            self._end(was_long=True)
        else:
            self._timer.start()

    def _slice(self, seconds: float | None) -> bool:
        """Work for so long; whether all is done."""
        assert self._work is not None
        until = perf_counter() + seconds if seconds is not None else None
        self._is_running = True
        try:
            while next(self._work, self) is not self:
                if until is not None and perf_counter() >= until:
                    return False
        finally:
            self._is_running = False
        return True

    def _end(self, *, was_long: bool = False) -> None:
        then, self._work, self._then = self._then, None, None
        if then is not None:
            then()
        if was_long:
            self.finished.emit()
        self.done.emit()

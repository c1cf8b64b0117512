"""When unsaved text goes to the state: 400 ms after the first change, 2 s at most.

Window thread. Knows nothing of what is saved; it only keeps the time.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

REST_MS = 400
LONGEST_MS = 2000


class Autosave(QObject):
    """Invariant: after `touch()`, `save` is called within LONGEST_MS, unless `flush()` came first.

    A pause of REST_MS in the typing saves sooner.
    """

    def __init__(self, save: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._save = save
        self._is_due = False
        self._rest = self._timer(REST_MS)
        self._longest = self._timer(LONGEST_MS)

    @property
    def is_due(self) -> bool:
        """Whether there is something that was not saved yet."""
        return self._is_due

    def touch(self) -> None:
        """Something changed."""
        self._is_due = True
        self._rest.start()
        if not self._longest.isActive():
            self._longest.start()

    def flush(self) -> None:
        """Save now what is not saved yet."""
        self._rest.stop()
        self._longest.stop()
        if self._is_due:
            self._is_due = False
            self._save()

    def forget(self) -> None:
        """Nothing is due any more: the text was replaced from outside."""
        self._is_due = False
        self._rest.stop()
        self._longest.stop()

    def _timer(self, interval_ms: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(self.flush)
        return timer

"""A press of the left button that may become a drag. Window thread."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication


class Press:
    """Invariant: once pulled it stays so until `end`; a click is a press that was not pulled."""

    def __init__(self) -> None:
        self._at: QPointF | None = None
        self._is_pulled = False

    @property
    def is_pulled(self) -> bool:
        """Whether the pointer has gone further than a hand shakes."""
        return self._is_pulled

    @property
    def is_click(self) -> bool:
        """Whether the button is down, and the pointer still where it was."""
        return self._at is not None and not self._is_pulled

    def begin(self, event: QMouseEvent) -> None:
        """The button went down."""
        self._at = event.globalPosition()
        self._is_pulled = False

    def is_pull(self, event: QMouseEvent) -> bool:
        """Whether this move is part of a drag."""
        if self._at is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return False
        far = (event.globalPosition() - self._at).manhattanLength()
        self._is_pulled = self._is_pulled or far >= QApplication.startDragDistance()
        return self._is_pulled

    def end(self) -> None:
        """The button is up, or the drag has gone its own way."""
        self._at = None
        self._is_pulled = False

"""A small box near the cursor that takes no more room than its content.

UI thread. A child of the editor, not a window: it moves and closes with it.
"""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from close_notes_gui.ui import theme

_GAP = 4


class Popup(QFrame):
    """Invariant: wholly within its parent, below the anchor or else above it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setObjectName("notePopup")
        self.setAutoFillBackground(True)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key that no field of ours took must not go on to the text."""
        event.accept()

    def show_at(self, anchor: QRect) -> None:
        """Show below (or above) a rectangle of the parent."""
        tokens = theme.now()
        self.setStyleSheet(
            f"#notePopup {{ background: {tokens.surface}; border: 1px solid {tokens.edge};"
            " border-radius: 8px; }"
        )
        self.adjustSize()
        room = self._room.rect()
        width, height = min(self.width(), room.width() - 2 * _GAP), self.height()
        self.resize(width, height)
        x = max(_GAP, min(anchor.left(), room.width() - width - _GAP))
        y = anchor.bottom() + _GAP
        if y + height > room.height() - _GAP:
            above = anchor.top() - height - _GAP
            y = above if above >= _GAP else max(_GAP, room.height() - height - _GAP)
        self.move(QPoint(x, y))
        self.show()
        self.raise_()

"""The sheet that covers the window while files are dragged over it, and takes the drop.

Window thread.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QEnterEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from close_notes_gui.ui import icons, theme
from close_notes_gui.ui.drops import brings_files
from close_notes_gui.ui.labels import label

_MARGIN = 8


class DropOverlay(QFrame):
    """Invariant: shown only while files hover over the window; covers all of it."""

    dropped = Signal(object)  # QMimeData, good for the time of the call only

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("drop")
        self.setAcceptDrops(True)
        self._over = over
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = label("Drop to attach to this note", "heading")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self._icon)
        column.addWidget(words)
        column.addStretch(1)
        self.hide()

    def watch(self, *widgets: QWidget) -> None:
        """Come up when files are dragged onto one of these (those that take drops themselves)."""
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QDragEnterEvent) or not brings_files(event.mimeData()):
            return False
        self._cover()
        event.acceptProposedAction()
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(event.mimeData())

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer moves freely again: the drag is over, however it ended."""
        super().enterEvent(event)
        self.hide()

    def _cover(self) -> None:
        color = theme.now().accent_text
        self._icon.setPixmap(icons.pixmap("drop", color, 40, self.devicePixelRatioF()))
        inside = self._over.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        self.setGeometry(inside)
        self.show()
        self.raise_()

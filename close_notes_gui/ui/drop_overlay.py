"""The sheet that covers the window while files are dragged over it, and takes the drop.

Window thread.
"""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from close_notes_gui.ui import icons, theme
from close_notes_gui.ui.drag_out import chip_of
from close_notes_gui.ui.drops import brings_files
from close_notes_gui.ui.labels import label

_MARGIN = 8
_GRACE_MS = 50


class DropOverlay(QFrame):
    """Invariant: shown only while files hover over the window; covers all of it."""

    dropped = Signal(object)  # QMimeData, good for the time of the call only

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("drop")
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self._over = over
        self._is_entered = False
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
        if isinstance(event, QDragLeaveEvent):
            QTimer.singleShot(_GRACE_MS, self._leave)
        elif isinstance(event, QDragEnterEvent) and chip_of(event.mimeData()):
            event.ignore()  # it is on this note already
            return True
        elif isinstance(event, QDragEnterEvent) and brings_files(event.mimeData()):
            self._cover()
            event.acceptProposedAction()
            return True
        elif isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            return self._take_unmoved(event)
        return False

    def _take_unmoved(self, event: QDropEvent) -> bool:
        """Let go without a move since the drag came in: it is still the other widget's."""
        if self.isHidden():
            return False
        self.dropEvent(event)
        return True

    def _leave(self) -> None:
        """The drag left the widget that was watched: for the sheet itself, or altogether."""
        if not self._is_entered:
            self.hide()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._is_entered = True
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._is_entered = False
        self.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(event.mimeData())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The pointer moves freely again: the drag is over, however it ended."""
        super().mouseMoveEvent(event)
        self.hide()

    def _cover(self) -> None:
        self._is_entered = False
        color = theme.now().accent_text
        self._icon.setPixmap(icons.pixmap("drop", color, 40, self.devicePixelRatioF()))
        inside = self._over.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        self.setGeometry(inside)
        self.show()
        self.raise_()

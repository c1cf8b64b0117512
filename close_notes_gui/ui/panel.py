"""A panel that slides over the right side of the window: outbox, settings, keys.

Window thread. Not modal: Esc, its cross, or going on elsewhere closes it.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.labels import label

_WIDTH = 400
_MARGIN = 8


class Panel(QFrame):
    """Invariant: while open it lies on top, within the widget that it was made for."""

    closed = Signal()

    def __init__(self, over: QWidget, title: str, content: QWidget, *, width: int = _WIDTH) -> None:
        super().__init__(over)
        self.setObjectName("panel")
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._over = over
        self._width = width
        self.content = content
        self._cross = IconButton("close", f"Close {title.lower()}", key="Esc")
        self._cross.clicked.connect(self.shut)
        head = QHBoxLayout()
        head.addWidget(label(title, "heading"), 1)
        head.addWidget(self._cross)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setObjectName("scrolled")
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 0, 8, 8)
        body.addWidget(content)
        body.addStretch(1)
        scroll.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 8, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(scroll, 1)
        self.hide()
        over.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]

    def open(self) -> None:
        """Show it and take the focus."""
        self._place()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def shut(self) -> None:
        """Hide it."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def toggle(self) -> None:
        """Open it where it is shut, shut it where it is open."""
        if self.isHidden():
            self.open()
        else:
            self.shut()

    def focusNextPrevChild(self, is_next: bool, /) -> bool:
        """Tab goes round within the panel: outside it would shut it."""
        own: list[QWidget] = []
        widget = self.nextInFocusChain()
        while widget is not None and widget is not self:
            is_stop = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            if is_stop and self.isAncestorOf(widget) and widget.isVisible() and widget.isEnabled():
                own.append(widget)
            widget = widget.nextInFocusChain()
        if not own:
            return False
        focused = QApplication.focusWidget()
        before = own.index(focused) if focused in own else -1 if is_next else 0
        reason = Qt.FocusReason.TabFocusReason if is_next else Qt.FocusReason.BacktabFocusReason
        own[(before + (1 if is_next else -1)) % len(own)].setFocus(reason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        """The rep has gone on to something else in this window."""
        is_elsewhere = new is not None and new is not self and not self.isAncestorOf(new)
        if new is not None and is_elsewhere and new.window() is self.window():
            self.hide()

    def _place(self) -> None:
        width = min(self._width, self._over.width() - 2 * _MARGIN)
        self.setGeometry(
            self._over.width() - width - _MARGIN, _MARGIN, width, self._over.height() - 2 * _MARGIN
        )

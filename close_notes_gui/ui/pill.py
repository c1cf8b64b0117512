"""A small named thing that can be taken off: a further lead, a file that an edit keeps.

Window thread.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from close_notes_gui.ui import icons, theme
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.labels import ElidedLabel

_WIDEST = 260
_BESIDE_NAME = 64  # icon, cross and margins


class Pill(QFrame):
    """Invariant: shows one thing; off, it is struck out and its button puts it back."""

    toggled = Signal(bool)  # whether it shall be on

    def __init__(
        self, icon_name: str, text: str, *, named: str, parent: QWidget | None = None
    ) -> None:
        """`named` is what it is for screen readers: the text, and what kind of thing."""
        super().__init__(parent)
        self.setObjectName("chip")
        self.setAccessibleName(named)
        self._named = named
        self._is_on = True
        self._icon_name = icon_name
        self._icon = QLabel()
        self._text = ElidedLabel(text, mode=Qt.TextElideMode.ElideMiddle)
        self._cross = IconButton("close", f"Remove {named}")
        self._cross.setObjectName("cross")
        self._cross.setFixedSize(20, 20)
        self._cross.clicked.connect(self._on_cross_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 4, 3)
        row.setSpacing(6)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._cross)
        self.show_on(is_on=True)

    def show_on(self, *, is_on: bool) -> None:
        """Draw it on, or taken off."""
        self._is_on = is_on
        font = self._text.font()
        font.setStrikeOut(not is_on)
        self._text.setFont(font)
        self._text.setObjectName("" if is_on else "quiet")
        self._text.style().polish(self._text)
        words = f"Remove {self._named}" if is_on else f"Put {self._named} back"
        self._cross.set_icon("close" if is_on else "undo")
        self._cross.setAccessibleName(words)
        self._cross.setToolTip("Remove" if is_on else "Put it back")
        self.refresh()

    def refresh(self) -> None:
        """The theme changed."""
        scale = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap(self._icon_name, theme.now().quiet, 16, scale))

    def sizeHint(self) -> QSize:
        wanted = self._text.fontMetrics().horizontalAdvance(self._text.text())
        return QSize(min(wanted + _BESIDE_NAME, _WIDEST), super().sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._on_cross_clicked()
        else:
            super().keyPressEvent(event)

    def _on_cross_clicked(self) -> None:
        self.toggled.emit(not self._is_on)

"""A quiet line at the foot of the editor that offers one thing and goes away by itself.

UI thread.
"""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from close_notes_gui.ui import theme

_GAP = 8


class OfferBar(QFrame):
    """Invariant: never takes the focus from the text."""

    accepted = Signal()
    takesHeight = Signal(int)
    """Pixels at the foot of the parent that the line covers, 0 once it is gone."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setObjectName("offerBar")
        self._words = QLabel(self)
        self._yes = QPushButton(self, flat=True)
        self._no = QToolButton(self)
        self._no.setText("×")
        self._no.setAutoRaise(True)
        self._no.setAccessibleName("Dismiss")
        for button in (self._yes, self._no):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 4, 4)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self._yes)
        row.addWidget(self._no)
        self._yes.clicked.connect(self._on_yes_clicked)
        self._no.clicked.connect(self.hide)
        self.hide()

    def offer(self, words: str, choice: str) -> None:
        """Show the line at the foot of the parent."""
        tokens = theme.now()
        self.setStyleSheet(
            f"#offerBar {{ background: {tokens.accent_soft}; border-radius: 8px; }}"
            f"#offerBar QLabel {{ color: {tokens.text}; background: transparent; }}"
            f"#offerBar QPushButton {{ color: {tokens.accent_text}; background: transparent;"
            " border: none; font-weight: 600; padding: 4px 8px; }"
            f"#offerBar QToolButton {{ color: {tokens.quiet}; background: transparent;"
            " border: none; }"
        )
        self._words.setText(words)
        self._words.setAccessibleName(words)
        self._yes.setText(choice)
        self._yes.setAccessibleName(choice)
        self.place()
        self.show()
        self.raise_()
        self.takesHeight.emit(self.height() + 2 * _GAP)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.takesHeight.emit(0)

    def place(self) -> None:
        """Stay at the foot of the parent."""
        room = self._room.rect()
        height = self.sizeHint().height()
        top = room.height() - height - _GAP
        self.setGeometry(_GAP, top, room.width() - 2 * _GAP, height)

    @Slot()
    def _on_yes_clicked(self) -> None:
        self.hide()
        self.accepted.emit()

"""A quiet line at the foot of the editor that offers one thing and goes away by itself.

UI thread.
"""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from close_notes_gui.ui import theme


class OfferBar(QFrame):
    """Invariant: never takes the focus from the text."""

    accepted = Signal()

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

    def place(self) -> None:
        """Stay at the foot of the parent."""
        room = self._room.rect()
        height = self.sizeHint().height()
        self.setGeometry(8, room.height() - height - 8, room.width() - 16, height)

    @Slot()
    def _on_yes_clicked(self) -> None:
        self.hide()
        self.accepted.emit()

"""The title of a note. Empty, it offers the first heading of the text; the rep takes it or not.

Window thread.
"""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from close_notes_gui.ui import icons

_TAKING = {Qt.Key.Key_Right, Qt.Key.Key_End}


class TitleField(QLineEdit):
    """Invariant: what it offers never becomes the title by itself. Taking it is an edit like
    typing: `textEdited` is told.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offered = ""
        self.setObjectName("title")
        self.setAccessibleName("Note title")
        self.setMaxLength(1000)
        self._take = self.addAction(icons.icon("check"), QLineEdit.ActionPosition.TrailingPosition)
        self._take.setToolTip("Take the heading as the title")
        self._take.triggered.connect(self.take_offered)
        self.textChanged.connect(self._on_text_changed)
        self.offer("")

    def offer(self, title: str) -> None:
        """What it could be; empty offers nothing."""
        self._offered = title
        self.setPlaceholderText(f"Title: “{title}”?" if title else "Title (optional)")
        self.setAccessibleDescription(f"Right arrow takes “{title}”" if title else "")
        self._take.setVisible(bool(title) and not self.text())

    def take_offered(self) -> None:
        """It is the title now."""
        if self._offered and not self.text():
            self.setText(self._offered)
            self.textEdited.emit(self._offered)
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_free = not self.text() and not self.isReadOnly()
        if event.key() in _TAKING and not event.modifiers() and self._offered and is_free:
            self.take_offered()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_take"):
            self._take.setIcon(icons.icon("check"))

    def _on_text_changed(self, text: str) -> None:
        self._take.setVisible(bool(self._offered) and not text)
        weight = QFont.Weight.DemiBold if text else QFont.Weight.Normal
        font = self.font()
        if font.weight() != weight:
            font.setWeight(weight)
            self.setFont(font)

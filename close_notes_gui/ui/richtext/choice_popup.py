"""A list that opens at the cursor while something is typed; keys stay with the editor.

UI thread.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from close_notes_gui.ui.richtext.popup import Popup

_ROW = 28
_WIDTH = 300
_FRAME = 4


class ChoicePopup(Popup):
    """Invariant: visible only with at least one choice in it, one of them current."""

    chosen = Signal(str)
    """The key of the choice."""

    def __init__(self, parent: QWidget, name: str) -> None:
        """`name` is what a screen reader calls the list."""
        super().__init__(parent)
        self._list = QListWidget(self)
        self._list.setAccessibleName(name)
        self._list.setFrameShape(QListWidget.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setUniformItemSizes(True)
        self._list.itemClicked.connect(self._choose)
        box = QVBoxLayout(self)
        box.setContentsMargins(_FRAME, _FRAME, _FRAME, _FRAME)
        box.addWidget(self._list)

    def fill(self, choices: Sequence[tuple[str, str]]) -> bool:
        """Offer these (key, words); False where there are none, and the list goes."""
        self._list.clear()
        for key, words in choices:
            item = QListWidgetItem(words)
            item.setSizeHint(QSize(_WIDTH, _ROW))
            item.setData(Qt.ItemDataRole.UserRole, key)
            self._list.addItem(item)
        if not choices:
            self.hide()
            return False
        self._list.setCurrentRow(0)
        self._list.setFixedSize(_WIDTH, _ROW * len(choices))
        self.setFixedSize(_WIDTH + 2 * _FRAME, _ROW * len(choices) + 2 * _FRAME)
        return True

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the key was for the list."""
        key = event.key()
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            step = 1 if key == Qt.Key.Key_Down else -1
            self._list.setCurrentRow((self._list.currentRow() + step) % self._list.count())
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab} and not event.modifiers():
            self._choose(self._list.currentItem())
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return False
        return True

    def _choose(self, item: QListWidgetItem) -> None:
        self.hide()
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))

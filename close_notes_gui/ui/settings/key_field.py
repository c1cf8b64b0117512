"""A field that takes a key by its being pressed. Window thread."""

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from close_notes_gui.ui.keytable import native

_WAITING = "Press a key…"
_WIDTH = 148
_ALONE = frozenset(
    {
        Qt.Key.Key_Control,
        Qt.Key.Key_Shift,
        Qt.Key.Key_Alt,
        Qt.Key.Key_Meta,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_unknown,
    }
)
_TAKE_AWAY = frozenset({Qt.Key.Key_Backspace, Qt.Key.Key_Delete})


class KeyField(QPushButton):
    """Invariant: shows the key last given; while it waits, the next key pressed is the wish.

    Tab and Esc are never taken: they lead on and back.
    """

    wished = Signal(str)  # as Qt writes it portably; "" for none

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._key = ""
        self._is_changed = False
        self._is_waiting = False
        self.setObjectName("key")
        self.setFixedWidth(_WIDTH)
        self.clicked.connect(self._on_clicked)

    def show_key(self, key: str, *, is_changed: bool) -> None:
        """Draw the key; set off where the rep has changed it."""
        self._key, self._is_changed = key, is_changed
        self._draw()

    def event(self, event: QEvent) -> bool:
        """While it waits, no shortcut takes the key first."""
        if self._is_waiting and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        if not self._is_waiting or key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Escape:
            self._wait(is_waiting=False)
        elif key in _TAKE_AWAY and not modifiers:
            self._tell("")
        elif key not in _ALONE:
            self._tell(_portable(event))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._wait(is_waiting=False)
        super().focusOutEvent(event)

    def _tell(self, key: str) -> None:
        self._wait(is_waiting=False)
        self.wished.emit(key)

    def _wait(self, *, is_waiting: bool) -> None:
        self._is_waiting = is_waiting
        self._draw()

    def _draw(self) -> None:
        key = native(self._key)
        self.setText(_WAITING if self._is_waiting else key or "None")
        self.setAccessibleName(f"Key for {self._words}: {key or 'none'}")
        font = self.font()
        if font.bold() != self._is_changed:
            font.setBold(self._is_changed)
            self.setFont(font)

    def _on_clicked(self) -> None:
        self._wait(is_waiting=not self._is_waiting)


def _portable(event: QKeyEvent) -> str:
    """The key that was pressed, as Qt writes it."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    combination = QKeyCombination(modifiers, Qt.Key(event.key()))
    return QKeySequence(combination).toString(QKeySequence.SequenceFormat.PortableText)

"""A field that takes a key by its being pressed. Window thread."""

import sys

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from close_notes_gui.ui.keytable import native
from close_notes_gui.ui.labels import no_mnemonic

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
_FIRST_NO_SIGN = 0x1000000  # keys from here on type nothing
#: The row of figures by where its keys are, which no layout changes.
_CODES = {
    "linux": range(10, 20),
    "win32": range(2, 12),
    "darwin": (18, 19, 20, 21, 23, 22, 26, 28, 25, 29),
}
_FIGURES = dict(zip(_CODES.get(sys.platform, ()), "1234567890", strict=False))
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
        self.setText(_WAITING if self._is_waiting else no_mnemonic(key) or "None")
        self.setAccessibleName(f"Key for {self._words}: {key or 'none'}")
        font = self.font()
        if font.bold() != self._is_changed:
            font.setBold(self._is_changed)
            self.setFont(font)

    def _on_clicked(self) -> None:
        self._wait(is_waiting=not self._is_waiting)


def _portable(event: QKeyEvent) -> str:
    """The key that was pressed, as Qt writes it and finds it again.

    With Shift a key tells the sign above it, under which Qt would not find it: in the row of
    figures the figure is meant, elsewhere the sign without Shift, as `QKeySequenceEdit` has it.
    """
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = event.key()
    is_sign = key < _FIRST_NO_SIGN and not chr(key).isalnum() and not chr(key).isspace()
    if is_sign and modifiers & Qt.KeyboardModifier.ShiftModifier:
        figure = _FIGURES.get(event.nativeScanCode())
        if figure is None:
            modifiers &= ~Qt.KeyboardModifier.ShiftModifier
        else:
            key = ord(figure)
    combination = QKeyCombination(modifiers, Qt.Key(key))
    return QKeySequence(combination).toString(QKeySequence.SequenceFormat.PortableText)

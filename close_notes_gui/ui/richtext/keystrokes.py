"""Enter, Tab, Backspace, Delete and the arrows of a text box, led to `keys`.

UI thread.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QTextEdit

from close_notes_gui.ui.richtext import formats, keys, typing_aids
from close_notes_gui.ui.richtext.blocks import one_step
from close_notes_gui.ui.richtext.editing import paragraph_below
from close_notes_gui.ui.richtext.places import CODE_BLOCK, RULE, place_of

_NONE = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CHORD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier


class Keystrokes:
    """Invariant: a key that it takes is one undo step, and the caret is in sight after it."""

    def __init__(self, box: QTextEdit) -> None:
        self._box = box
        self.markdown_on = True

    def take(self, event: QKeyEvent) -> bool:
        """Whether the key was one of those, and did something."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        cursor = self._box.textCursor()
        if modifiers == _NONE and key in {Qt.Key.Key_Right, Qt.Key.Key_Down}:
            return self._arrow(cursor, is_down=key == Qt.Key.Key_Down)
        if not self._edit(cursor, key, modifiers):
            return False
        char_format = cursor.charFormat()
        self._box.setTextCursor(cursor)
        if not cursor.hasSelection() and self._box.currentCharFormat() != char_format:
            self._box.setCurrentCharFormat(char_format)
        self._box.ensureCursorVisible()
        return True

    def _edit(self, cursor: QTextCursor, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and modifiers == _NONE:
            if not (self.markdown_on and typing_aids.before_enter(cursor)):
                keys.enter(cursor)
            return True
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and modifiers == _SHIFT:
            return self._line_break(cursor)
        if key == Qt.Key.Key_Tab and modifiers == _NONE:
            keys.tab(cursor)
            return True
        if key == Qt.Key.Key_Backtab:
            return keys.backtab(cursor) or self._focus_back()
        if key == Qt.Key.Key_Backspace and modifiers in {_NONE, _SHIFT}:
            return keys.backspace(cursor)
        return key == Qt.Key.Key_Delete and modifiers == _NONE and keys.delete(cursor)

    def _line_break(self, cursor: QTextCursor) -> bool:
        if place_of(cursor.block()).kind in {CODE_BLOCK, RULE}:
            keys.enter(cursor)
            return True
        with one_step(cursor):
            if cursor.hasSelection():
                keys.delete_selection(cursor)
            marks = formats.marks_of(cursor.charFormat())
            cursor.insertText(formats.BREAK, formats.char_format(marks))
        return True

    def _focus_back(self) -> bool:
        """Outside lists and code, Shift+Tab goes back to the field before."""
        self._box.setTabChangesFocus(True)
        self._box.focusNextPrevChild(False)
        self._box.setTabChangesFocus(False)
        return True

    def _arrow(self, cursor: QTextCursor, *, is_down: bool) -> bool:
        """Right leaves code at the end of a line; down leaves a block that ends the note."""
        block = cursor.block()
        if cursor.hasSelection() or not cursor.atBlockEnd():
            return False
        if is_down:
            if block.next().isValid() or place_of(block).kind not in {CODE_BLOCK, RULE}:
                return False
            path = tuple(entry for entry in place_of(block).path if entry[0] == "q")
            paragraph_below(cursor, path)
            self._box.setTextCursor(cursor)
            return True
        if formats.marks_of(cursor.charFormat()).code and not block.next().isValid():
            self._box.setCurrentCharFormat(formats.char_format())
            return True
        return False


def typed_text(event: QKeyEvent) -> str:
    """The character that a key types, "" where it is a command."""
    text, modifiers = event.text(), event.modifiers()
    if not text or not text.isprintable():
        return ""
    # AltGr is Ctrl+Alt on Windows.
    is_chord = modifiers not in {_NONE, _SHIFT} and bool(modifiers & _CHORD)
    return "" if is_chord and not modifiers & Qt.KeyboardModifier.AltModifier else text

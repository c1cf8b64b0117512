"""Documents made as people make them: typing, formats, splitting, joining, nesting, pasting, undo.

Each move is a key press, a command or a paste on a real editor; a seed gives the same document.
"""

import random

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from close_notes_gui.ui.richtext.editor import NoteEditor
from close_notes_gui.ui.richtext.selection import selected_tree

Key = Qt.Key
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier

WORDS = (
    "a", "word ", " two  spaces ", "<&>", "שלום ", "مرحبا", "漢字", "👩‍💻", "e\u0301", "\u00a0", "**b**", "*i* ",
    "`c`", "~~s~~", "# ", "- ", "1. ", "> ", "---", "[t](https://e.com/x)", "https://e.com/a ", "[ ] ", "```",
    "x@y.example ", "@", "_u_ ", "3) ",
)  # fmt: skip
PASTES = (
    "<p>one</p><p>two <b>bold</b></p>",
    "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
    "<ol start=4><li>n</li></ol>tail",
    "<h2>head</h2>text",
    "<blockquote><p>q</p><ul><li>in</li></ul></blockquote>",
    "<pre>x = 1\n  y</pre>",
    "<b>inline</b> <a href='https://e.com'>link</a>",
    "<table><tr><td>a</td><td>b</td></tr></table>",
    "x<hr>y",
)
TEXTS = ("plain", "two\nlines", "# md\n\n- a\n- b", "tab\there", "https://e.com/p", "")
MARKS = ("bold", "italic", "underline", "strike", "code")


class Moves:
    """Random moves on one editor."""

    def __init__(self, editor: NoteEditor, seed: int) -> None:
        self.editor = editor
        self.random = random.Random(seed)
        self._moves = (
            (self.type, 8), (self.enter, 4), (self.delete, 4), (self.nest, 3), (self.wander, 5), (self.select, 4),
            (self.mark, 3), (self.block, 4), (self.paste, 3), (self.undo, 2), (self.compose, 1), (self.move_text, 1),
        )  # fmt: skip

    def step(self) -> str:
        """Make one move; its name."""
        moves, weights = zip(*self._moves, strict=True)
        move = self.random.choices(moves, weights)[0]
        move()
        return str(move.__name__)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(self.editor, key, modifiers)

    def type(self) -> None:
        for character in self.random.choice(WORDS):
            if character.isascii():
                QTest.keyClicks(self.editor, character)
            else:
                self.commit(character)

    def commit(self, text: str) -> None:
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(self.editor, event)

    def compose(self) -> None:
        QApplication.sendEvent(self.editor, QInputMethodEvent("にほ", []))
        self.commit(self.random.choice(("日本", "", "# ")))

    def enter(self) -> None:
        self.press(
            Key.Key_Return, self.random.choice((Qt.KeyboardModifier.NoModifier,) * 4 + (SHIFT,))
        )

    def delete(self) -> None:
        for _ in range(self.random.choice((1, 1, 2, 6))):
            self.press(self.random.choice((Key.Key_Backspace, Key.Key_Backspace, Key.Key_Delete)))

    def nest(self) -> None:
        if self.random.random() < 0.6:
            self.press(Key.Key_Tab)
        else:
            self.press(Key.Key_Backtab, SHIFT)

    def wander(self) -> None:
        keys = (Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End)
        for _ in range(self.random.randint(1, 4)):
            self.press(self.random.choice(keys))

    def select(self) -> None:
        cursor = self.editor.textCursor()
        last = self.editor.document().characterCount() - 1
        cursor.setPosition(self.random.randint(0, last))
        span = self.random.choice((2, 10, last))
        cursor.setPosition(min(last, cursor.position() + span), QTextCursor.MoveMode.KeepAnchor)
        self.editor.setTextCursor(cursor)

    def mark(self) -> None:
        do = self.editor.commands
        if self.random.random() < 0.2:
            do.set_color(self.random.choice(("#d23b3b", "#2f72d6", None)))
        else:
            do.toggle(self.random.choice(MARKS))

    def block(self) -> None:
        do = self.editor.commands
        self.random.choice(
            (
                lambda: do.set_heading(self.random.randint(0, 6)),
                lambda: do.toggle_list(numbered=False),
                lambda: do.toggle_list(numbered=True),
                do.toggle_quote,
                do.toggle_code_block,
                do.insert_rule,
                do.clear_marks,
            )
        )()

    def paste(self) -> None:
        mime = QMimeData()
        if self.random.random() < 0.5:
            mime.setHtml(self.random.choice(PASTES))
            mime.setText("as text")
        else:
            mime.setText(self.random.choice(TEXTS))
        self.editor.insertFromMimeData(mime)

    def undo(self) -> None:
        act = self.random.choice((self.editor.undo, self.editor.undo, self.editor.redo))
        for _ in range(self.random.randint(1, 3)):
            act()

    def move_text(self) -> None:
        """Copy what is selected to somewhere else, as a drag does."""
        tree = selected_tree(self.editor.textCursor())
        mime = QMimeData()
        self.select()
        from close_notes_gui.ui.richtext import paste

        paste.fill_mime(mime, tree)
        self.editor.insertFromMimeData(mime)

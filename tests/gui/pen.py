"""A pen for tests: keys on a real editor, offscreen."""

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from close_notes_gui.model.ids import GroupId, UserId
from close_notes_gui.model.lead import Directory, Group, User
from close_notes_gui.ui.richtext.editor import NoteEditor

NONE, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
_KEYS = {
    "Enter": Qt.Key.Key_Return, "Tab": Qt.Key.Key_Tab, "Backtab": Qt.Key.Key_Backtab, "Back": Qt.Key.Key_Backspace,
    "Del": Qt.Key.Key_Delete, "Left": Qt.Key.Key_Left, "Right": Qt.Key.Key_Right, "Up": Qt.Key.Key_Up,
    "Down": Qt.Key.Key_Down, "Home": Qt.Key.Key_Home, "End": Qt.Key.Key_End, "Esc": Qt.Key.Key_Escape,
}  # fmt: skip

PEOPLE = Directory(
    users=(
        User(UserId("user_1"), "Jo Doe", "jo@acme.example"),
        User(UserId("user_2"), "Zoë Smith", "zs@acme.example"),
    ),
    groups=(Group(GroupId("group_1"), "Sales"),),
)


def new_pen(qtbot: QtBot) -> "Pen":
    """A pen for a new editor, shown offscreen."""
    editor = NoteEditor()
    qtbot.addWidget(editor)
    editor.resize(600, 400)
    editor.set_people(PEOPLE)
    editor.show()
    editor.setFocus()
    return Pen(editor)


class Pen:
    """Writes into one editor."""

    def __init__(self, editor: NoteEditor) -> None:
        self.editor = editor

    def write(self, script: str) -> "Pen":
        """Type text; `<Enter>`, `<Shift+Enter>`, `<Ctrl+B>`, `<Back*3>` are keys."""
        while script:
            begin = script.find("<")
            end = script.find(">", begin)
            if (
                begin < 0
                or not script[begin + 1 : end].partition("*")[0].partition("+")[0].istitle()
            ):
                self._type(script)
                break
            self._type(script[:begin])
            self._press(script[begin + 1 : end])
            script = script[end + 1 :]
        return self

    def _type(self, text: str) -> None:
        for character in text:
            if character.isascii():
                QTest.keyClicks(self.editor, character)
            else:
                self.commit(character)

    def _press(self, name: str) -> None:
        name, _, times = name.partition("*")
        parts = name.split("+")
        modifiers = NONE
        for part in parts[:-1]:
            modifiers |= {"Shift": SHIFT, "Ctrl": CONTROL}[part]
        key = _KEYS.get(parts[-1]) or Qt.Key(ord(parts[-1]))
        for _ in range(int(times or 1)):
            QTest.keyClick(
                self.editor, key, modifiers | (SHIFT if key == Qt.Key.Key_Backtab else NONE)
            )

    def commit(self, text: str) -> None:
        """What an input method commits."""
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(self.editor, event)

    def compose(self, text: str) -> None:
        """What an input method shows before it commits."""
        QApplication.sendEvent(self.editor, QInputMethodEvent(text, []))

    def load(self, note_html: str, position: int = 0) -> "Pen":
        self.editor.load_note_html(f"<body>{note_html}</body>", position)
        return self

    def select(self, start: int, end: int) -> "Pen":
        cursor = self.editor.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.editor.setTextCursor(cursor)
        return self

    def paste(self, *, html: str = "", text: str = "") -> "Pen":
        mime = QMimeData()
        if html:
            mime.setHtml(html)
        if text:
            mime.setText(text)
        self.editor.insertFromMimeData(mime)
        return self

    @property
    def note(self) -> str:
        """The note without its `body`; the incremental and the full walk must agree."""
        note_html = self.editor.note_html()
        assert note_html == self.editor.note_html(fresh=True)
        return note_html.removeprefix("<body>").removesuffix("</body>")

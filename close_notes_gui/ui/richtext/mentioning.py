"""`@`: the list of people, and the mention that replaces what was typed.

UI thread.
"""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QTextEdit

from close_notes_gui.markup import normalize_inlines
from close_notes_gui.model.lead import Directory
from close_notes_gui.model.richtext import Mention, Text
from close_notes_gui.ui.richtext.blocks import one_step, seal
from close_notes_gui.ui.richtext.document import insert_inlines
from close_notes_gui.ui.richtext.editing import typing_marks
from close_notes_gui.ui.richtext.formats import char_format
from close_notes_gui.ui.richtext.mention_popup import MentionPopup, query_before
from close_notes_gui.ui.richtext.places import CODE_BLOCK, place_of

_NOWHERE = (-1, -1, -1)


class Mentioning(QObject):
    """Invariant: the list is open only while the cursor stands behind `@` and letters; it
    comes back when wrong letters are taken away, until Escape.
    """

    def __init__(self, box: QTextEdit) -> None:
        super().__init__(box)
        self._box = box
        self._is_looking = False
        self._after_space = _NOWHERE
        self._popup = MentionPopup(box)
        self._popup.chosen.connect(self._on_popup_chosen)

    def set_people(self, directory: Directory) -> None:
        self._popup.set_people(directory)

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the key was for the open list, or is a space that is there already."""
        if self._popup.isVisible():
            took = self._popup.take_key(event)
            self._is_looking = self._popup.isVisible()
            return took
        if event.key() == Qt.Key.Key_Escape:
            self._is_looking = False
        is_there = event.text() == " " and self._after_space == self._here()
        self._after_space = _NOWHERE
        return is_there

    def typed(self, text: str) -> None:
        """Open the list after `@`; narrow it while letters follow."""
        if text.endswith("@"):
            self._is_looking = True
        self.follow()

    @Slot()
    def follow(self) -> None:
        """The cursor moved: narrow, widen or close the list."""
        if self._is_looking:
            self._show()

    def _show(self) -> None:
        cursor = self._box.textCursor()
        query = query_before(cursor)
        is_code = place_of(cursor.block()).kind == CODE_BLOCK or typing_marks(cursor).code
        self._is_looking = query is not None and not is_code
        if query is None or is_code or not self._popup.filter(query):
            self._popup.hide()
            return
        start = QTextCursor(cursor)
        start.setPosition(cursor.position() - len(query) - 1)
        self._popup.show_at(self._box.cursorRect(start))

    @Slot(str, str)
    def _on_popup_chosen(self, person_id: str, name: str) -> None:
        cursor = self._box.textCursor()
        query = query_before(cursor)
        if query is None:
            return
        marks = typing_marks(cursor)
        mention = normalize_inlines((Mention(person_id, name, marks),))
        with one_step(cursor):
            start = cursor.position() - len(query) - 1
            cursor.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
            insert_inlines(cursor, (*mention, Text(" ", marks)))
            seal(cursor)
        self._box.setTextCursor(cursor)
        self._box.setCurrentCharFormat(char_format(marks))
        self._after_space = self._here()

    def _here(self) -> tuple[int, int, int]:
        cursor = self._box.textCursor()
        return cursor.position(), cursor.anchor(), self._box.document().revision()

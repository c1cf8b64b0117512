"""`@`: the list of people, and the mention that replaces what was typed.

UI thread.
"""

from PySide6.QtCore import QObject, Slot
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


class Mentioning(QObject):
    """Invariant: the list is open only while the cursor stands behind `@` and letters."""

    def __init__(self, box: QTextEdit) -> None:
        super().__init__(box)
        self._box = box
        self._popup = MentionPopup(box)
        self._popup.chosen.connect(self._on_popup_chosen)

    def set_people(self, directory: Directory) -> None:
        self._popup.set_people(directory)

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the key was for the open list."""
        return self._popup.isVisible() and self._popup.take_key(event)

    def typed(self, text: str) -> None:
        """Open the list after `@`; narrow it while letters follow."""
        if text.endswith("@") or self._popup.isVisible():
            self._show()

    @Slot()
    def follow(self) -> None:
        """The cursor moved: narrow, widen or close the list."""
        if self._popup.isVisible():
            self._show()

    def _show(self) -> None:
        cursor = self._box.textCursor()
        query = query_before(cursor)
        is_code = place_of(cursor.block()).kind == CODE_BLOCK or typing_marks(cursor).code
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

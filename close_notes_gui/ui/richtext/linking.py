"""Ctrl+K: the popup, and the link or selection that it speaks of.

UI thread.
"""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QTextEdit

from close_notes_gui.ui.richtext import links
from close_notes_gui.ui.richtext.link_popup import LinkPopup
from close_notes_gui.ui.richtext.places import CODE_BLOCK, place_of


class Linking(QObject):
    """Invariant: while the popup is open, `_cursor` selects what it edits."""

    def __init__(self, box: QTextEdit) -> None:
        super().__init__(box)
        self._box = box
        self._cursor = QTextCursor()
        self._popup: LinkPopup | None = None

    def open(self) -> None:
        """Edit the link around the cursor, link the selection, or insert a link."""
        cursor = self._box.textCursor()
        if place_of(cursor.block()).kind == CODE_BLOCK or self._box.isReadOnly():
            return
        address = links.select_link(cursor)
        selected = cursor.selectedText()
        self._cursor = cursor
        popup = self._popup or self._make_popup()
        guess = address or links.as_address(selected) or ""
        popup.edit(guess, selected, is_link=address is not None)
        popup.show_at(self._box.cursorRect(cursor))
        popup.focus_address()

    def _make_popup(self) -> LinkPopup:
        self._popup = popup = LinkPopup(self._box)
        popup.chosen.connect(self._on_popup_chosen)
        popup.removed.connect(self._on_popup_removed)
        popup.closed.connect(self._box.setFocus)
        return popup

    @Slot(str, str)
    def _on_popup_chosen(self, address: str, text: str) -> None:
        links.set_link(self._cursor, address, text=text)
        self._box.setTextCursor(self._cursor)
        self._box.setFocus()

    @Slot()
    def _on_popup_removed(self) -> None:
        links.remove_link(self._cursor)
        self._box.setFocus()

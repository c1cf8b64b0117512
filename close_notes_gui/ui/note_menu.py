"""What can be done with a note: one table for the menu and for the keys on a card.

Window thread.
"""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QKeyCombination, QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from close_notes_gui.present.views import NoteItem
from close_notes_gui.ui.file_menu import Entry, open_menu


class NoteDeed(Enum):
    """A thing to do with a note; the value is its words in the menu."""

    EDIT = "Edit"
    PIN = "Pin to the top"
    UNPIN = "Unpin"
    COMMENTS = "Comments"
    DUPLICATE = "Duplicate"
    COPY_TEXT = "Copy as text"
    COPY_MARKDOWN = "Copy as Markdown"
    COPY_HTML = "Copy as HTML"
    COPY_LINK = "Copy link to the lead"
    OPEN = "Open in Close"
    DELETE = "Delete"


#: Keys while a card has the focus; shown in the menu and on the sheet of keys.
KEYS: dict[NoteDeed, str] = {
    NoteDeed.EDIT: "F2",
    NoteDeed.PIN: "P",
    NoteDeed.UNPIN: "P",
    NoteDeed.COMMENTS: "C",
    NoteDeed.DUPLICATE: "D",
    NoteDeed.COPY_TEXT: "Ctrl+C",
    NoteDeed.DELETE: "Del",
}
_GROUPS = (
    (NoteDeed.EDIT, NoteDeed.PIN, NoteDeed.UNPIN, NoteDeed.COMMENTS, NoteDeed.DUPLICATE),
    (NoteDeed.COPY_TEXT, NoteDeed.COPY_MARKDOWN, NoteDeed.COPY_HTML, NoteDeed.COPY_LINK),
    (NoteDeed.OPEN,),
    (NoteDeed.DELETE,),
)
_BARE = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_COPIES = {NoteDeed.COPY_TEXT, NoteDeed.COPY_MARKDOWN, NoteDeed.COPY_HTML}


def deeds_for(item: NoteItem) -> frozenset[NoteDeed]:
    """What can be done with this one: a note that is not in Close yet can only be copied."""
    if item.is_deleted:
        return frozenset()
    if item.note_id is None:
        return frozenset(_COPIES)
    return frozenset(NoteDeed) - {NoteDeed.PIN if item.pinned else NoteDeed.UNPIN}


def deed_of(key: QKeyCombination, item: NoteItem) -> NoteDeed | None:
    """What the key does to this note."""
    pressed = QKeySequence(key)
    able = deeds_for(item)
    if key.key() in {Qt.Key.Key_Enter, Qt.Key.Key_Return} and key.keyboardModifiers() in _BARE:
        pressed = QKeySequence(KEYS[NoteDeed.EDIT])
    return next((d for d, k in KEYS.items() if d in able and QKeySequence(k) == pressed), None)


def open_note_menu(
    parent: QWidget, item: NoteItem, do: Callable[[NoteDeed], None], at: QPoint
) -> QMenu:
    """Show the menu of the note at this place of the screen."""
    able = deeds_for(item)
    entries: list[Entry] = []
    for group in _GROUPS:
        shown = [deed for deed in group if deed in able]
        if shown and entries:
            entries.append(("", lambda: None, False))
        entries += [(_words(deed), _doing(deed, do), True) for deed in shown]
    return open_menu(parent, entries, at)


def _words(deed: NoteDeed) -> str:
    key = KEYS.get(deed)
    if key is None:
        return deed.value
    return f"{deed.value}\t{QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)}"


def _doing(deed: NoteDeed, do: Callable[[NoteDeed], None]) -> Callable[[], None]:
    return lambda: do(deed)

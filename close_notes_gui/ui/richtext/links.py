"""Addresses that are typed or pasted become links; and where a link begins and ends.

UI thread. Takes a cursor, never a widget; what is no address fit for Close stays text.
"""

import re

from PySide6.QtGui import QTextCursor

from close_notes_gui.markup.characters import address
from close_notes_gui.model.richtext import PLAIN, Text
from close_notes_gui.ui.richtext import formats
from close_notes_gui.ui.richtext.blocks import one_step, seal, utf16
from close_notes_gui.ui.richtext.document import insert_inlines
from close_notes_gui.ui.richtext.editing import change_marks, linked
from close_notes_gui.ui.richtext.places import CODE_BLOCK, place_of

_LOOK_BACK = 2_000
_WORD = re.compile(r"[^\s\u2028\ufffc<>\"]+$")
_WITH_SCHEME = re.compile(r"(?:https?://|mailto:|tel:)\S+", re.IGNORECASE)
_WWW = re.compile(r"www\.[\w-]+(?:\.[\w-]+)+(?:[/?#:]\S*)?", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_AFTER = ".,;:!?'*_~"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def as_address(text: str, *, bare: bool = False) -> str | None:
    """The address that a text stands for: with a scheme, `www.…` or a mail address. With
    `bare`, `acme.com/x` is one too.
    """
    text = text.strip()
    if _WITH_SCHEME.fullmatch(text):
        return address(text)
    if _MAIL.fullmatch(text):
        return address(f"mailto:{text}")
    if _WWW.fullmatch(text) or (bare and re.fullmatch(r"[\w-]+(\.[\w-]+)+([/?#:]\S*)?", text)):
        return address(f"https://{text}")
    return None


def link_before(cursor: QTextCursor, *, behind: int = 0) -> bool:
    """Make a link of the address that ends `behind` characters before the cursor. One undo
    step. Whether there was one.
    """
    block = cursor.block()
    if place_of(block).kind == CODE_BLOCK:
        return False
    before = utf16(block.text())[: cursor.positionInBlock() - behind][-_LOOK_BACK:]
    match = _WORD.search(before)
    if match is None:
        return False
    word = _trimmed(match[0].lstrip("([{'"))
    to = as_address(word)
    if to is None:
        return False
    start = block.position() + cursor.positionInBlock() - behind - len(before) + before.rindex(word)
    brush = QTextCursor(cursor)
    brush.setPosition(start)
    brush.setPosition(start + len(word), QTextCursor.MoveMode.KeepAnchor)
    if _is_taken(brush):
        return False
    change_marks(brush, linked(to))
    return True


def _trimmed(word: str) -> str:
    """Without the punctuation that ends a sentence, or a bracket that the word did not open."""
    while word:
        last = word[-1]
        if last in _AFTER or (last in _BRACKETS and word.count(last) > word.count(_BRACKETS[last])):
            word = word[:-1]
        else:
            break
    return word


def _is_taken(brush: QTextCursor) -> bool:
    """Whether part of the selection is code or a link already."""
    probe = QTextCursor(brush)
    for position in (brush.selectionStart() + 1, brush.selectionEnd()):
        probe.setPosition(position)
        marks = formats.marks_of(probe.charFormat())
        if marks.code or marks.link:
            return True
    return False


def select_link(cursor: QTextCursor) -> str | None:
    """Select the whole link around the cursor; its address, or None where there is none."""
    probe = QTextCursor(cursor)
    block = cursor.document().findBlock(cursor.selectionStart())
    to = _link_at(probe, cursor.selectionEnd()) or _link_at(probe, cursor.selectionStart() + 1)
    if to is None:
        return None
    start = end = cursor.selectionStart()
    last = block.position() + block.length() - 1
    while start > block.position() and _link_at(probe, start) == to:
        start -= 1
    while end < last and _link_at(probe, end + 1) == to:
        end += 1
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return to


def _link_at(probe: QTextCursor, position: int) -> str | None:
    """The link of the character before a position."""
    if position > probe.document().characterCount() - 1:
        return None
    probe.setPosition(position)
    if probe.atBlockStart():
        return None
    return formats.marks_of(probe.charFormat()).link


def set_link(cursor: QTextCursor, to: str, *, text: str = "") -> None:
    """Link the selection, or insert `text` as a link. The cursor ends up behind it."""
    with one_step(cursor):
        selected = cursor.selectedText()
        if cursor.hasSelection() and (not text or text == selected):
            change_marks(cursor, linked(to))
            cursor.setPosition(cursor.selectionEnd())
        else:
            marks = formats.marks_of(cursor.charFormat()) if cursor.hasSelection() else PLAIN
            insert_inlines(cursor, (Text(text or to, linked(to)(marks)),))
            seal(cursor)


def remove_link(cursor: QTextCursor) -> None:
    """Make the selection text without a link."""
    change_marks(cursor, linked(None))

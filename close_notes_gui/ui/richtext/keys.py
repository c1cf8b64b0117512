"""Enter, Tab, Backspace and Delete as people know them from other composers.

UI thread. Takes a cursor, never a widget; each answers whether it did what the key stands
for (False: the text box's own behaviour is right). One undo step each.
"""

import re
from dataclasses import replace

from PySide6.QtGui import QTextBlock, QTextCursor

from close_notes_gui.ui.richtext import formats, places
from close_notes_gui.ui.richtext.blocks import (
    blocks_in,
    following,
    is_empty,
    move,
    one_step,
    opens_item,
    put_below,
    repair,
    split_code,
    utf16,
)
from close_notes_gui.ui.richtext.editing import clean_format, paragraph_below, typing_marks, unquote
from close_notes_gui.ui.richtext.lists import indent, outdent
from close_notes_gui.ui.richtext.places import CODE_BLOCK, PARAGRAPH, RULE, Place, place_of

_NBSP_TAB = "\u00a0" * 4
# Enter at the second blank line at the end leaves the code (lines keep their indentation).
_TWO_BLANK_LINES = re.compile("(?:\u2028[ \t\u00a0]*){2}$")
_END = QTextCursor.MoveOperation.EndOfBlock


def enter(cursor: QTextCursor) -> None:
    """A new paragraph, item or line of code; leaves list, quote or code when asked twice."""
    with one_step(cursor):
        if cursor.hasSelection():
            cursor.removeSelectedText()
            repair(cursor.block())
        block = cursor.block()
        place = place_of(block)
        if place.kind == CODE_BLOCK:
            _enter_in_code(cursor, place)
        elif place.kind == RULE:
            paragraph_below(cursor, place.path)
        elif is_empty(block) and place.path:
            _enter_in_empty(cursor, block, place)
        else:
            split_block(cursor, place)


def _enter_in_code(cursor: QTextCursor, place: Place) -> None:
    text = utf16(cursor.block().text())
    blank = _TWO_BLANK_LINES.search(text)
    if cursor.atBlockEnd() and blank is not None:
        end = QTextCursor.MoveMode.KeepAnchor
        cursor.setPosition(cursor.block().position() + blank.start(), end)
        cursor.removeSelectedText()
        paragraph_below(cursor, place.path)
        return
    line = text[: cursor.positionInBlock()].rpartition(formats.BREAK)[2]
    indentation = line[: len(line) - len(line.lstrip())]
    cursor.insertText(formats.BREAK + indentation, clean_format(cursor, typing_marks(cursor)))


def _enter_in_empty(cursor: QTextCursor, block: QTextBlock, place: Place) -> None:
    if place.path[-1][0] == "q":
        unquote(block)
        repair(block)
    elif opens_item(block):
        outdent(cursor)
    else:
        _new_item(block, place)


def _new_item(block: QTextBlock, place: Place) -> None:
    """Make a block, and what follows in its item, an item of its own."""
    old = place.path[: place.item + 1]
    new = (*old[:-1], places.new_item())
    followers = list(following(block, old))
    move(block, place.at(*new))
    put_below(followers, old, new)


def split_block(cursor: QTextCursor, place: Place) -> None:
    """Split the block at the cursor, which comes to stand in the second part."""
    block = cursor.block()
    marks = replace(typing_marks(cursor), link=None, code=False)
    if place.is_heading and cursor.atBlockStart() and not cursor.atBlockEnd():
        cursor.insertBlock(places.block_format(place))
        move(cursor.block().previous(), place.plain())
        return
    new = place.plain() if place.is_heading and cursor.atBlockEnd() else place
    old = place.path[: place.item + 1]
    if place.item >= 0 and place.path[-1][0] == "i":
        new = Place((*old[:-1], places.new_item()))
        followers = list(following(block, old))
        put_below(followers, old, new.path)
    base = cursor.document().defaultFont()
    cursor.insertBlock(
        places.block_format(new), formats.block_char_format(new, base=base, marks=marks)
    )
    if cursor.atBlockEnd():
        cursor.setCharFormat(clean_format(cursor, marks))


def tab(cursor: QTextCursor) -> None:
    """Nest an item, indent code, or four spaces that no one folds."""
    place = place_of(cursor.block())
    if place.kind == CODE_BLOCK:
        _indent_code(cursor)
    elif place.item >= 0 or len(blocks_in(cursor)) > 1:
        indent(cursor)
    else:
        cursor.insertText(_NBSP_TAB, clean_format(cursor, typing_marks(cursor)))


def backtab(cursor: QTextCursor) -> bool:
    """Lift an item or take indentation from code. False elsewhere: the focus goes back."""
    place = place_of(cursor.block())
    if place.kind == CODE_BLOCK:
        _outdent_code(cursor)
        return True
    return outdent(cursor)


def _line_starts(cursor: QTextCursor) -> list[int]:
    """Positions of the starts of the lines of code that the selection touches."""
    block = cursor.document().findBlock(cursor.selectionStart())
    units, offset = utf16(block.text()), block.position()
    first = cursor.selectionStart() - offset
    last = min(cursor.selectionEnd() - offset, len(units))
    starts = [units.rfind(formats.BREAK, 0, first) + 1]
    while (found := units.find(formats.BREAK, starts[-1], last)) >= 0:
        starts.append(found + 1)
    return [offset + start for start in starts]


def _indent_code(cursor: QTextCursor) -> None:
    char_format = clean_format(cursor, typing_marks(cursor))
    if not cursor.hasSelection():
        cursor.insertText("    ", char_format)
        return
    with one_step(cursor):
        brush = QTextCursor(cursor)
        for start in reversed(_line_starts(cursor)):
            brush.setPosition(start)
            brush.insertText("    ", char_format)


def _outdent_code(cursor: QTextCursor) -> None:
    with one_step(cursor):
        brush = QTextCursor(cursor)
        for start in reversed(_line_starts(cursor)):
            for _ in range(4):
                brush.setPosition(start)
                if cursor.document().characterAt(start) not in {" ", "\u00a0"}:
                    break
                brush.deleteChar()


def backspace(cursor: QTextCursor) -> bool:
    """At the start of a block: take one thing off it (heading, code, item, quote), then join."""
    if cursor.hasSelection():
        return delete_selection(cursor)
    if not cursor.atBlockStart():
        return False
    block = cursor.block()
    place = place_of(block)
    above = block.previous()
    with one_step(cursor):
        if place.is_heading or place.kind == RULE:
            move(block, place.plain())
        elif place.kind == CODE_BLOCK:
            split_code(block)
        elif opens_item(block):
            outdent(cursor)
        elif place.path and place.path[-1][0] == "q" and _opens_quote(block, place):
            unquote(block)
        elif above.isValid() and place_of(above).kind == RULE:
            _remove_block(above)
        elif above.isValid():
            cursor.deletePreviousChar()
            repair(cursor.block())
    return True


def _opens_quote(block: QTextBlock, place: Place) -> bool:
    above = block.previous()
    return not above.isValid() or place_of(above).path[: len(place.path)] != place.path


def _remove_block(block: QTextBlock) -> None:
    brush = QTextCursor(block)
    brush.movePosition(_END)
    below = place_of(block.next())
    brush.deleteChar()
    move(brush.block(), below)


def delete(cursor: QTextCursor) -> bool:
    """Delete a selection, or at the end of a block join the one below."""
    if cursor.hasSelection():
        return delete_selection(cursor)
    if not cursor.atBlockEnd() or not cursor.block().next().isValid():
        return False
    with one_step(cursor):
        below = cursor.block().next()
        if place_of(below).kind == RULE:
            brush = QTextCursor(below)
            brush.deletePreviousChar()
        elif is_empty(cursor.block()) and place_of(cursor.block()).kind in {PARAGRAPH, RULE}:
            _remove_block(cursor.block())
        else:
            cursor.deleteChar()
        repair(cursor.block())
    return True


def delete_selection(cursor: QTextCursor) -> bool:
    """Delete what is selected; what is left stays a list that lists can be."""
    with one_step(cursor):
        cursor.removeSelectedText()
        repair(cursor.block())
    return True

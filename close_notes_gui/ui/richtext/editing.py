"""Kinds of blocks and marks on a cursor: headings, quotes, code, rules, bold and the rest.

UI thread. Every function is one undo step. Takes a cursor, never a widget.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextCursor

from close_notes_gui.model.richtext import PLAIN, Marks, Mention
from close_notes_gui.ui.richtext import formats, places
from close_notes_gui.ui.richtext.blocks import (
    blocks_in,
    container_end,
    following,
    is_empty,
    join_code,
    move,
    one_step,
    opens_item,
    put_below,
    repair,
    split_code,
)
from close_notes_gui.ui.richtext.lists import leave_lists
from close_notes_gui.ui.richtext.places import CODE_BLOCK, PARAGRAPH, RULE, Place, place_of

# ------------------------------------------------------------------ kinds of blocks


def set_heading(cursor: QTextCursor, level: int) -> None:
    """Make the selected blocks headings of `level` (1 to 6), or paragraphs (0). A heading
    cannot open an item, so it leaves the list.
    """
    with one_step(cursor):
        blocks = blocks_in(cursor)
        for block in blocks:
            if place_of(block).kind == CODE_BLOCK:
                for line in split_code(block):
                    move(line, replace(place_of(line), kind=level))
                continue
            if place_of(block).kind == RULE:
                continue
            if level and opens_item(block):
                leave_lists([block])
            move(block, replace(place_of(block), kind=level, code=""))


def toggle_heading(cursor: QTextCursor, level: int) -> None:
    """`set_heading`, back to paragraphs where all are that heading already."""
    is_all = all(place_of(block).kind == level for block in blocks_in(cursor))
    set_heading(cursor, PARAGRAPH if is_all else level)


def in_quote(block: QTextBlock) -> bool:
    """Whether a quote stands around the block."""
    return any(entry[0] == "q" for entry in place_of(block).path)


def toggle_quote(cursor: QTextCursor) -> None:
    """Put a quote around the selected blocks and the lists they belong to, or take the
    innermost one away from them.
    """
    with one_step(cursor):
        blocks = blocks_in(cursor)
        if all(in_quote(block) for block in blocks):
            for block in blocks:
                unquote(block)
            repair(blocks[0], last=container_end(blocks[-1]))
            return
        quote = places.new_quote()
        for block in _whole_containers(blocks):
            place = place_of(block)
            move(block, place.at(quote, *place.path))


def unquote(block: QTextBlock) -> None:
    """Take a block out of its innermost quote; what follows in it becomes a quote of its own."""
    place = place_of(block)
    index = max(i for i, entry in enumerate(place.path) if entry[0] == "q")
    old = place.path[: index + 1]
    followers = list(following(block, old))
    move(block, place.at(*place.path[:index], *place.path[index + 1 :]))
    if followers:
        put_below(followers, old, (*old[:-1], places.new_quote()))


def _whole_containers(blocks: list[QTextBlock]) -> list[QTextBlock]:
    """The blocks, and all others in the top-level containers that the first and last are in."""
    out = list(blocks)
    for entry in place_of(out[0]).path[:1]:
        while (above := out[0].previous()).isValid() and entry in place_of(above).path[:1]:
            out.insert(0, above)
    out.extend(following(out[-1], place_of(out[-1]).path[:1]) if place_of(out[-1]).path else ())
    return out


def toggle_code_block(cursor: QTextCursor) -> None:
    """Make the selected blocks one block of code, or its lines paragraphs again."""
    with one_step(cursor):
        blocks = blocks_in(cursor)
        if all(place_of(block).kind == CODE_BLOCK for block in blocks):
            for block in blocks:
                split_code(block)
            return
        make_code_block(blocks)


def make_code_block(blocks: list[QTextBlock], *, language: str = "") -> QTextBlock:
    """Join blocks into one block of code where the first of them stands."""
    if opens_item(blocks[0]):
        leave_lists(blocks[:1])
    place = Place(place_of(blocks[0]).path, CODE_BLOCK, places.new_code(language))
    block = join_code(blocks, place)
    repair(block.next())
    return block


def insert_rule(cursor: QTextCursor) -> None:
    """A rule at the cursor, and the cursor in a paragraph below it."""
    with one_step(cursor):
        cursor.removeSelectedText()
        block = cursor.block()
        path = tuple(entry for entry in place_of(block).path if entry[0] == "q")
        if is_empty(block):
            if place_of(block).path != path:
                leave_lists([block])
            move(block, Place(path, RULE))
        else:
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            cursor.insertBlock(places.block_format(Place(path, RULE)), formats.char_format())
        paragraph_below(cursor, path)


def paragraph_below(cursor: QTextCursor, path: tuple[str, ...]) -> None:
    """An empty paragraph right below the cursor's block, and the cursor in it."""
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    cursor.insertBlock(places.block_format(Place(path)), formats.char_format())
    repair(cursor.block().next())


# ------------------------------------------------------------------ marks


def clean_format(cursor: QTextCursor, marks: Marks) -> QTextCharFormat:
    """The format for text with these marks where the cursor stands: none in a block of code."""
    if place_of(cursor.block()).kind == CODE_BLOCK:
        marks = PLAIN
    return formats.char_format(marks)


def typing_marks(cursor: QTextCursor) -> Marks:
    """The marks that text typed at the cursor gets: those of its left neighbour, but a link
    does not grow at its end.
    """
    marks = formats.marks_of(cursor.charFormat())
    if marks.link and not _goes_on(cursor, marks):
        marks = replace(marks, link=None)
    return marks


def _goes_on(cursor: QTextCursor, marks: Marks) -> bool:
    if cursor.atBlockEnd():
        return False
    after = QTextCursor(cursor)
    after.setPosition(cursor.position() + 1)
    return formats.marks_of(after.charFormat()).link == marks.link


def change_marks(cursor: QTextCursor, change: Callable[[Marks], Marks]) -> None:
    """Apply `change` to the marks of each selected run, mentions and pictures included."""
    with one_step(cursor):
        brush = QTextCursor(cursor)
        for start, end, char_format in _runs(cursor):
            old = formats.marks_of(char_format)
            new = change(old)
            if new == old:
                continue
            brush.setPosition(start)
            brush.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            atom = formats.atom_of(char_format)
            if atom is None:
                brush.setCharFormat(formats.char_format(new))
            elif isinstance(atom, Mention):
                brush.setCharFormat(formats.mention_format(replace(atom, marks=new)))
            else:
                brush.setCharFormat(formats.image_format(replace(atom, marks=new)))


def _runs(cursor: QTextCursor) -> list[tuple[int, int, QTextCharFormat]]:
    """Start, end and format of each run in the selection, code blocks left out."""
    first, last = cursor.selectionStart(), cursor.selectionEnd()
    out: list[tuple[int, int, QTextCharFormat]] = []
    for block in blocks_in(cursor):
        if place_of(block).kind == CODE_BLOCK:
            continue
        iterator = block.begin()
        while not iterator.atEnd():
            fragment = iterator.fragment()
            start = max(first, fragment.position())
            end = min(last, fragment.position() + fragment.length())
            if start < end:
                out.append((start, end, fragment.charFormat()))
            iterator += 1
    return out


def common_marks(cursor: QTextCursor) -> Marks:
    """The marks that all of the selection has; without one, those that typing would give."""
    if not cursor.hasSelection():
        return typing_marks(cursor)
    found = [formats.marks_of(char_format) for _, _, char_format in _runs(cursor)]
    if not found:
        return PLAIN
    first = found[0]
    return Marks(
        bold=all(marks.bold for marks in found),
        italic=all(marks.italic for marks in found),
        underline=all(marks.underline for marks in found),
        strike=all(marks.strike for marks in found),
        code=all(marks.code for marks in found),
        color=first.color if all(marks.color == first.color for marks in found) else None,
        link=first.link if all(marks.link == first.link for marks in found) else None,
    )


def toggled(name: str, *, on: bool) -> Callable[[Marks], Marks]:
    """The change that sets a mark (`bold`, `code` …) on or off. Code stands alone."""
    fields: dict[str, Any] = {name: on}

    def change(marks: Marks) -> Marks:
        if name == "code":
            return Marks(code=True) if on else replace(marks, code=False)
        return marks if marks.code else replace(marks, **fields)

    return change


def colored(color: str | None) -> Callable[[Marks], Marks]:
    """The change that sets or clears the text colour (`#rrggbb`)."""
    return lambda marks: marks if marks.code else replace(marks, color=color)


def linked(address: str | None) -> Callable[[Marks], Marks]:
    """The change that sets or clears the link. Code that becomes a link is code no more."""
    return lambda marks: replace(PLAIN if marks.code and address else marks, link=address)


def clear_marks(cursor: QTextCursor) -> None:
    """Drop all marks but links from the selection."""
    change_marks(cursor, lambda marks: Marks(link=marks.link))

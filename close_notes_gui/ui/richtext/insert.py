"""Bring a tree into a document: as its whole content, or where a cursor stands.

UI thread. Generators: each `yield` is a place to pause, with no edit block open. What is
inserted at a cursor is one undo step, however often it paused.
"""

from collections.abc import Iterator

from PySide6.QtGui import QFont, QTextCursor, QTextDocument

from close_notes_gui.model.richtext import Paragraph, RichText
from close_notes_gui.ui.richtext import formats, places
from close_notes_gui.ui.richtext.blocks import is_empty, move, repair, seal, text_of_tree
from close_notes_gui.ui.richtext.document import Leaf, Writer, insert_inlines, leaves_in, prepare
from close_notes_gui.ui.richtext.editing import clean_format, typing_marks
from close_notes_gui.ui.richtext.keys import split_block
from close_notes_gui.ui.richtext.places import CODE_BLOCK, PARAGRAPH, RULE, Place, place_of

_BATCH = 12  # blocks between two places to pause: about 3 ms


def fill(document: QTextDocument, trees: Iterator[RichText | None]) -> Iterator[None]:
    """Replace the content by that of the trees, one after the other; None is a place to pause.
    Resets undo.
    """
    prepare(document)
    document.setUndoRedoEnabled(False)
    document.clear()
    cursor = QTextCursor(document)
    writer = Writer(cursor, base=document.defaultFont())
    for tree in trees:
        if tree is None:
            yield
            continue
        batch: list[Leaf] = []
        for leaf in leaves_in(tree.blocks):
            batch.append(leaf)
            if len(batch) == _BATCH:
                _write(cursor, writer, batch)
                batch = []
                yield
        _write(cursor, writer, batch)
        yield
    document.setUndoRedoEnabled(True)
    document.setModified(False)


def _write(cursor: QTextCursor, writer: Writer, batch: list[Leaf]) -> None:
    cursor.beginEditBlock()
    for leaf in batch:
        writer.write(leaf)
    cursor.endEditBlock()


def insert_tree(cursor: QTextCursor, tree: RichText) -> None:
    """Insert a tree at the cursor at once; the cursor ends up behind it."""
    for _ in insert(cursor, tree):
        pass


def insert(cursor: QTextCursor, tree: RichText) -> Iterator[None]:
    """Insert a tree at the cursor, replacing its selection; the cursor ends up behind it.

    A single paragraph goes into the line. Paragraphs pasted into a list become items, items
    join it. In a block of code everything is text.
    """
    cursor.beginEditBlock()
    if cursor.hasSelection():
        cursor.removeSelectedText()
        repair(cursor.block())
    place = place_of(cursor.block())
    if place.kind == CODE_BLOCK:
        code = formats.whole(text_of_tree(tree).replace("\n", formats.BREAK))
        cursor.insertText(code, clean_format(cursor, typing_marks(cursor)))
        seal(cursor)
        cursor.endEditBlock()
        return
    first = tree.blocks[0]
    if len(tree.blocks) == 1 and isinstance(first, Paragraph) and place.kind != RULE:
        insert_inlines(cursor, first.inlines)
        seal(cursor)
        cursor.endEditBlock()
        return
    yield from _insert_blocks(cursor, tree)


def _insert_blocks(cursor: QTextCursor, tree: RichText) -> Iterator[None]:
    """The part of `insert` for more than one line; begins within an open edit block."""
    has_tail = _part_tail(cursor)
    head = cursor.block()
    context = _Context(place_of(head), base=cursor.document().defaultFont())
    number = 0
    leaf = Leaf(Place())
    for number, leaf in enumerate(leaves_in(tree.blocks)):
        if number == 0:
            context.write_first(cursor, leaf)
        else:
            context.write(cursor, leaf)
        if number % _BATCH == _BATCH - 1:
            cursor.endEditBlock()
            yield
            cursor.joinPreviousEditBlock()
    if has_tail and leaf.place == Place():
        _join_tail(cursor)
    repair(head)
    repair(cursor.block())
    seal(cursor)
    cursor.endEditBlock()


def _part_tail(cursor: QTextCursor) -> bool:
    """Split the block at the cursor, which stays before; whether there is text behind it."""
    if place_of(cursor.block()).kind == RULE:
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        return False
    if cursor.atBlockEnd():
        return False
    at = cursor.position()
    split_block(cursor, place_of(cursor.block()))
    cursor.setPosition(at)
    return True


def _join_tail(cursor: QTextCursor) -> None:
    end = cursor.position()
    brush = QTextCursor(cursor)
    brush.deleteChar()
    cursor.setPosition(end)


class _Context:
    """Where pasted blocks go. Invariant: `_path` is the place of the last one written."""

    def __init__(self, place: Place, *, base: QFont) -> None:
        self._head = place
        self._base = base
        self._is_in_item = place.item >= 0 and place.item == len(place.path) - 1
        self._path = place.path
        self._last: Place | None = None

    def write_first(self, cursor: QTextCursor, leaf: Leaf) -> None:
        """The first pasted block goes into the line at hand, if that is empty or it can."""
        if self._head.kind == RULE or (not is_empty(cursor.block()) and leaf.place != Place()):
            self.write(cursor, leaf)
            return
        if leaf.place != Place():
            move(cursor.block(), self._placed(leaf.place))
        self._fill(cursor, leaf)

    def write(self, cursor: QTextCursor, leaf: Leaf) -> None:
        """Append one pasted block below the cursor's."""
        place = self._placed(leaf.place)
        joins = place.kind == CODE_BLOCK and place == self._last
        char_format = formats.block_char_format(place, base=self._base)
        cursor.insertBlock(places.block_format(place, joins_code_above=joins), char_format)
        self._last = place
        self._fill(cursor, leaf)

    def _fill(self, cursor: QTextCursor, leaf: Leaf) -> None:
        if leaf.place.kind == CODE_BLOCK:
            text = formats.whole(leaf.text.replace("\n", formats.BREAK))
            cursor.insertText(text, clean_format(cursor, typing_marks(cursor)))
        else:
            insert_inlines(cursor, leaf.inlines)

    def _placed(self, place: Place) -> Place:
        """Where a pasted place comes to stand."""
        if not self._is_in_item:
            return place.at(*self._head.path, *place.path)
        outer, entry = self._head.path[:-2], self._head.path[-2]
        if place.path and places.is_list(place.path[0]):
            self._path = (*outer, entry, place.path[1])
            return place.at(*self._path, *place.path[2:])
        if not place.path and place.kind == PARAGRAPH:
            self._path = (*outer, entry, places.new_item())
            return place.at(*self._path)
        return place.at(*self._path, *place.path)

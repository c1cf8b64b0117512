"""Small steps that all editing is made of: which blocks, where to, in one undo step.

UI thread. Works on a cursor, never on a widget.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QTextBlock, QTextCursor

from close_notes_gui.model.richtext import Inline, LineBreak, Mention, RichText, Text
from close_notes_gui.ui.richtext import formats, places
from close_notes_gui.ui.richtext.document import Reader, leaves_in
from close_notes_gui.ui.richtext.places import CODE_BLOCK, PARAGRAPH, Place, place_of


@contextmanager
def one_step(cursor: QTextCursor) -> Iterator[None]:
    """What happens within is one undo step."""
    cursor.beginEditBlock()
    try:
        yield
    finally:
        cursor.endEditBlock()


def seal(cursor: QTextCursor) -> None:
    """End a step so that what is typed next is a step of its own: Qt joins an insertion to one
    right before it, even to the last of an edit block.
    """
    cursor.setBlockFormat(cursor.blockFormat())


def blocks_in(cursor: QTextCursor) -> list[QTextBlock]:
    """The blocks that a selection touches; one whose very start ends it is not among them."""
    document = cursor.document()
    start, end = cursor.selectionStart(), cursor.selectionEnd()
    block = document.findBlock(start)
    out = [block]
    block = block.next()
    while block.isValid() and block.position() < end:
        out.append(block)
        block = block.next()
    return out


def move(block: QTextBlock, place: Place) -> None:
    """Move a block to a place, or make it the kind of block that the place says."""
    old = place_of(block)
    if old == place:
        return
    cursor = QTextCursor(block)
    cursor.setBlockFormat(places.block_format(place))
    if old.kind != place.kind:
        base = block.document().defaultFont()
        cursor.setBlockCharFormat(formats.block_char_format(place, base=base))


def is_empty(block: QTextBlock) -> bool:
    """No character in the block."""
    return block.length() <= 1


def opens_item(block: QTextBlock) -> bool:
    """Whether the block is the first of its item."""
    place = place_of(block)
    above = block.previous()
    if place.item < 0:
        return False
    return (
        not above.isValid()
        or place_of(above).path[: place.item + 1] != place.path[: place.item + 1]
    )


def following(block: QTextBlock, prefix: tuple[str, ...]) -> Iterator[QTextBlock]:
    """Blocks after `block`, as long as they stand within the containers of `prefix`."""
    after = block.next()
    while after.isValid() and place_of(after).path[: len(prefix)] == prefix:
        yield after
        after = after.next()


def with_followers(block: QTextBlock, prefix: tuple[str, ...]) -> list[QTextBlock]:
    """`block` and those after it within `prefix`."""
    return [block, *following(block, prefix)]


def put_below(blocks: list[QTextBlock], old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """Move blocks from the containers `old` to `new`, each with what it has below them."""
    for block in blocks:
        place = place_of(block)
        move(block, place.at(*new, *place.path[len(old) :]))


def utf16(text: str) -> str:
    """`text` with one character for each UTF-16 unit, so that Qt's positions index it."""
    if text.isascii():
        return text
    return "".join(map(chr, memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")))


def text_of(block: QTextBlock) -> str:
    """The block's text, mentions as `@label`."""
    return "".join(_inline_text(inline) for inline in Reader().inlines(block))


def _inline_text(inline: Inline) -> str:
    if isinstance(inline, Text):
        return inline.text
    if isinstance(inline, Mention):
        return f"@{inline.label}"
    return formats.BREAK if isinstance(inline, LineBreak) else inline.alt


def text_of_tree(tree: RichText) -> str:
    """The tree's text, a line for each block."""
    lines = (
        leaf.text
        or "".join(_inline_text(inline) for inline in leaf.inlines).replace(formats.BREAK, "\n")
        for leaf in leaves_in(tree.blocks)
    )
    return "\n".join(lines)


def split_code(block: QTextBlock) -> list[QTextBlock]:
    """Make each line of a block of code a paragraph; answers these."""
    place = place_of(block)
    lines = block.text().split(formats.BREAK)
    cursor = QTextCursor(block)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(formats.whole(lines[0]), formats.char_format())
    move(block, place.plain())
    out = [block]
    for line in lines[1:]:
        cursor.insertBlock(places.block_format(place.plain()), formats.char_format())
        cursor.insertText(formats.whole(line), formats.char_format())
        out.append(cursor.block())
    return out


def join_code(blocks: list[QTextBlock], place: Place) -> QTextBlock:
    """Make one block of code of several blocks."""
    text = formats.BREAK.join(text_of(block) for block in blocks)
    first, last = blocks[0], blocks[-1]
    cursor = QTextCursor(first)
    cursor.setPosition(last.position() + last.length() - 1, QTextCursor.MoveMode.KeepAnchor)
    base = first.document().defaultFont()
    code = Place(place.path, CODE_BLOCK, place.code or places.new_code())
    cursor.insertText(formats.whole(text), formats.block_char_format(code, base=base))
    block = cursor.block()
    move(block, code)
    return block


# ------------------------------------------------------------------ after a deletion


def mended(leaf_places: list[Place]) -> list[Place]:
    """Places in a row, as `repair` would leave them."""
    out: list[Place] = []
    above: tuple[str, ...] = ()
    for place in leaf_places:
        above = _mended(place, above)
        out.append(place.at(*above))
    return out


def needs_repair(block: QTextBlock) -> bool:
    """Whether the block or the next stands where no item can."""
    for _ in range(2):
        if block.isValid():
            above = block.previous()
            path = place_of(above).path if above.isValid() else ()
            if _mended(place_of(block), path) != place_of(block).path:
                return True
            block = block.next()
    return False


def repair(first: QTextBlock, *, last: QTextBlock | None = None) -> None:
    """Bring the blocks from `first` to `last` (changed, or beside a change) back to what a list
    can hold, and those below on which that tells: an item opens with a paragraph of its own.
    Deleting that paragraph leaves the rest of its item without a head.
    """
    block = first
    checked = (last or first).blockNumber() + 1
    while block.isValid():
        place = place_of(block)
        above = block.previous()
        path = _mended(place, place_of(above).path if above.isValid() else ())
        if path != place.path:
            move(block, place.at(*path))
        elif block.blockNumber() > checked:
            return
        block = block.next()


def container_end(block: QTextBlock) -> QTextBlock:
    """The last block from this one on that stands in a list or quote without interruption."""
    while block.next().isValid() and place_of(block.next()).path:
        block = block.next()
    return block


def _mended(place: Place, above: tuple[str, ...]) -> tuple[str, ...]:
    path = place.path
    while True:
        kept = places.shared(path, above)
        if kept and places.is_list(path[kept - 1]) and kept == len(path):
            return path
        items = [index for index in range(kept, len(path)) if path[index][0] == "i"]
        if not items:
            return path
        if len(items) == 1 and items[0] == len(path) - 1 and place.kind == PARAGRAPH:
            return path
        path = _without_item(path, items[0], list_is_open=items[0] == kept)


def _without_item(path: tuple[str, ...], index: int, *, list_is_open: bool) -> tuple[str, ...]:
    """Drop an item that has no head: the next item below takes its place in the open list,
    or else the list goes too.
    """
    below = path[index + 1 :]
    if list_is_open and below and places.is_list(below[0]):
        return path[:index] + below[1:]
    return path[: index - 1] + below

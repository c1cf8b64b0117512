"""What a selection holds, as a tree: for the clipboard.

UI thread. Reads only.
"""

from PySide6.QtGui import QTextBlock, QTextCursor

from close_notes_gui.markup.normal import normalize
from close_notes_gui.model.richtext import RichText, Text
from close_notes_gui.ui.richtext.blocks import blocks_in, mended
from close_notes_gui.ui.richtext.document import Leaf, Reader, code_text, nested
from close_notes_gui.ui.richtext.places import CODE_BLOCK, Place, place_of


def selected_tree(cursor: QTextCursor) -> RichText:
    """The tree of what a cursor selects. Part of one block is text in a line, whatever kind of
    block it stands in; a whole block, or more, keeps its kind and its lists.
    """
    reader = Reader()
    start, end = cursor.selectionStart(), cursor.selectionEnd()
    blocks = blocks_in(cursor)
    leaves = [_clipped(reader, block, start, end) for block in blocks]
    only = blocks[0]
    if len(leaves) == 1 and (start > only.position() or end < only.position() + only.length() - 1):
        inlines = (Text(leaves[0].text),) if leaves[0].text else leaves[0].inlines
        leaves = [Leaf(Place(), inlines)]
    places = mended([leaf.place for leaf in leaves])
    leaves = [
        Leaf(place, leaf.inlines, leaf.text) for place, leaf in zip(places, leaves, strict=True)
    ]
    return normalize(RichText(nested(leaves)))


def _clipped(reader: Reader, block: QTextBlock, start: int, end: int) -> Leaf:
    place = place_of(block)
    first, last = max(0, start - block.position()), max(0, end - block.position())
    inlines = tuple(reader.inlines(block, first, last))
    if place.kind == CODE_BLOCK:
        return Leaf(place, text="".join(code_text(inline) for inline in inlines))
    return Leaf(place, inlines)

"""QTextDocument to the rich-text tree and back, as functions of a document.

UI thread. Lossless for all that the tree can hold. No widget, no layout needed; text, marks
and places are set with a cursor, never through Qt's HTML or Markdown readers.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QFont, QTextBlock, QTextCursor, QTextDocument, QTextFragment

from close_notes_gui.markup.normal import normalize, normalize_inlines
from close_notes_gui.model.richtext import (
    PLAIN,
    Block,
    BulletList,
    CodeBlock,
    Heading,
    Inline,
    LineBreak,
    ListItem,
    Marks,
    Mention,
    NumberedList,
    Paragraph,
    Quote,
    RichText,
    Rule,
    Text,
)
from close_notes_gui.ui.richtext import formats, places
from close_notes_gui.ui.richtext.places import CODE_BLOCK, RULE, Place

_CODE_PIECE = 2_000  # characters of code in one QTextBlock: a longer one is laid out slowly


@dataclass(frozen=True, slots=True)
class Leaf:
    """What one QTextBlock holds. `inlines` are in normal form; `text` is that of code lines."""

    place: Place
    inlines: tuple[Inline, ...] = ()
    text: str = ""


# ------------------------------------------------------------------ document -> tree


class Reader:
    """Reads blocks of one document. Invariant: a format index means what it meant before, so
    it holds until the document is cleared.
    """

    def __init__(self) -> None:
        self._formats: dict[int, tuple[Marks, Inline | None]] = {}

    def leaf(self, block: QTextBlock) -> Leaf:
        """What a block holds, in normal form."""
        place = places.place_of(block)
        if place.kind == CODE_BLOCK:
            inlines = self.inlines(block)
            return Leaf(place, text="".join(code_text(inline) for inline in inlines))
        return Leaf(place, inlines=normalize_inlines(tuple(self.inlines(block))))

    def inlines(
        self, block: QTextBlock, start: int = 0, end: int | None = None
    ) -> Iterator[Inline]:
        """The content of a block from `start` to `end` (UTF-16 units in the block), raw."""
        iterator = block.begin()
        while not iterator.atEnd():
            fragment = iterator.fragment()
            text = fragment.text()
            marks, atom = self._meaning(fragment)
            if start or end is not None:
                text = _cut(text, fragment.position() - block.position(), start, end)
            if atom is None:
                if text:
                    yield Text(text, marks)
            else:
                for character in text:
                    yield atom if character == formats.OBJECT else Text(character, marks)
            iterator += 1

    def _meaning(self, fragment: QTextFragment) -> tuple[Marks, Inline | None]:
        index = fragment.charFormatIndex()
        meaning = self._formats.get(index)
        if meaning is None:
            char_format = fragment.charFormat()
            meaning = (formats.marks_of(char_format), formats.atom_of(char_format))
            self._formats[index] = meaning
        return meaning


def _cut(text: str, offset: int, start: int, end: int | None) -> str:
    """The part of a fragment at `offset` that lies between two positions of its block."""
    if text.isascii():
        stop = len(text) if end is None else max(0, end - offset)
        return text[max(0, start - offset) : stop]
    units = text.encode("utf-16-le", "surrogatepass")
    stop = len(units) if end is None else max(0, end - offset) * 2
    return units[max(0, start - offset) * 2 : stop].decode("utf-16-le", "replace")


def code_text(inline: Inline) -> str:
    """What an inline is as text in a block of code."""
    if isinstance(inline, Text):
        return inline.text.replace(formats.BREAK, "\n")
    return f"@{inline.label}" if isinstance(inline, Mention) else ""


def leaves_of(document: QTextDocument) -> Iterator[Leaf]:
    """Every block of a document, in order."""
    reader = Reader()
    block = document.begin()
    while block.isValid():
        yield reader.leaf(block)
        block = block.next()


def document_to_tree(document: QTextDocument) -> RichText:
    """The tree of a document, in normal form."""
    return normalize(RichText(nested(list(leaves_of(document)))), inlines=lambda inlines: inlines)


def nested(leaves: list[Leaf], depth: int = 0) -> tuple[Block, ...]:
    """Blocks of the tree from leaves that share the first `depth` containers."""
    out: list[Block] = []
    index = 0
    while index < len(leaves):
        leaf = leaves[index]
        end = index + 1
        if len(leaf.place.path) <= depth:
            if leaf.place.kind == CODE_BLOCK:
                while end < len(leaves) and leaves[end].place == leaf.place:
                    end += 1
            out.extend(_blocks(leaves[index:end]))
        else:
            entry = leaf.place.path[depth]
            while end < len(leaves) and leaves[end].place.path[depth : depth + 1] == (entry,):
                end += 1
            out.append(_container(entry, leaves[index:end], depth + 1))
        index = end
    return tuple(out)


def _container(entry: str, leaves: list[Leaf], depth: int) -> Block:
    if not places.is_list(entry):
        return Quote(nested(leaves, depth))
    items: list[ListItem] = []
    start = 0
    for index in range(1, len(leaves) + 1):
        if index == len(leaves) or _entry(leaves[index], depth) != _entry(leaves[start], depth):
            items.append(ListItem(nested(leaves[start:index], depth + 1)))
            start = index
    if entry[0] == "u":
        return BulletList(tuple(items))
    return NumberedList(tuple(items), places.list_start(entry))


def _entry(leaf: Leaf, depth: int) -> str:
    return leaf.place.path[depth] if depth < len(leaf.place.path) else ""


def _blocks(leaves: list[Leaf]) -> tuple[Block, ...]:
    """One block of the tree (more where text stands in a rule) from a leaf or lines of code."""
    first = leaves[0]
    kind = first.place.kind
    if kind == CODE_BLOCK:
        language = first.place.code.partition(".")[2]
        return (CodeBlock("\n".join(leaf.text for leaf in leaves), language),)
    if kind == RULE:
        return (Rule(), Paragraph(first.inlines)) if first.inlines else (Rule(),)
    if first.place.is_heading:
        return (Heading(kind, first.inlines),)
    return (Paragraph(first.inlines),)


# ------------------------------------------------------------------ tree -> document


def leaves_in(blocks: tuple[Block, ...], path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """One leaf for each QTextBlock that the blocks need, below `path`."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield Leaf(Place(path), block.inlines)
        elif isinstance(block, Heading):
            yield Leaf(Place(path, block.level), block.inlines)
        elif isinstance(block, CodeBlock):
            place = Place(path, CODE_BLOCK, places.new_code(block.language))
            for piece in _pieces(block.text):
                yield Leaf(place, text=piece)
        elif isinstance(block, Rule):
            yield Leaf(Place(path, RULE))
        elif isinstance(block, Quote):
            yield from leaves_in(block.blocks, (*path, places.new_quote()))
        else:
            numbered = isinstance(block, NumberedList)
            start = block.start if isinstance(block, NumberedList) else 1
            entry = places.new_list(numbered=numbered, start=start)
            for item in block.items:
                yield from leaves_in(item.blocks, (*path, entry, places.new_item()))


def _pieces(code: str) -> Iterator[str]:
    """Code cut at line ends into parts short enough for one block each."""
    start = 0
    while len(code) - start > _CODE_PIECE:
        cut = code.rfind("\n", start, start + _CODE_PIECE)
        if cut < 0:
            cut = code.find("\n", start)
        if cut < 0:
            break
        yield code[start:cut]
        start = cut + 1
    yield code[start:]


class Writer:
    """Writes leaves at a cursor, each as a block. Invariant: the first leaf takes over the
    block that the cursor stands in, which must be empty.
    """

    def __init__(self, cursor: QTextCursor, *, base: QFont) -> None:
        self._cursor = cursor
        self._base = base
        self._last: Place | None = None

    def write(self, leaf: Leaf) -> None:
        """Append one block."""
        place = leaf.place
        joins = place.kind == CODE_BLOCK and place == self._last
        block_format = places.block_format(place, joins_code_above=joins)
        char_format = formats.block_char_format(place, base=self._base)
        if self._last is None:
            self._cursor.setBlockFormat(block_format)
            self._cursor.setBlockCharFormat(char_format)
            self._cursor.setCharFormat(char_format)
        else:
            if joins:
                self._join_below()
            self._cursor.insertBlock(block_format, char_format)
        self._last = place
        if place.kind == CODE_BLOCK:
            text = formats.whole(leaf.text.replace("\n", formats.BREAK))
            self._cursor.insertText(text, char_format)
        else:
            insert_inlines(self._cursor, leaf.inlines)

    def _join_below(self) -> None:
        """Close the gap between two blocks that are one block of code."""
        current = self._cursor.blockFormat()
        current.setBottomMargin(0)
        self._cursor.setBlockFormat(current)


def insert_inlines(cursor: QTextCursor, inlines: tuple[Inline, ...]) -> None:
    """Insert runs, breaks and atoms at a cursor, with their marks and no others."""
    marks = PLAIN
    for inline in inlines:
        if isinstance(inline, Text):
            marks = inline.marks
            cursor.insertText(formats.whole(inline.text), formats.char_format(marks))
        elif isinstance(inline, LineBreak):
            cursor.insertText(formats.BREAK, formats.char_format(marks))
        elif isinstance(inline, Mention):
            cursor.insertText(formats.OBJECT, formats.mention_format(inline))
        else:
            cursor.insertText(formats.OBJECT, formats.image_format(inline))


def prepare(document: QTextDocument) -> None:
    """Set what every document of notes shares: indents in pixels."""
    document.setIndentWidth(1)


def fill_document(document: QTextDocument, tree: RichText) -> None:
    """Replace the content of a document. Resets undo."""
    prepare(document)
    document.setUndoRedoEnabled(False)
    document.clear()
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    writer = Writer(cursor, base=document.defaultFont())
    for leaf in leaves_in(tree.blocks):
        writer.write(leaf)
    cursor.endEditBlock()
    document.setUndoRedoEnabled(True)
    document.setModified(False)

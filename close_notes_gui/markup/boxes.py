"""The blocks of a note as they are being read: lists, quotes and table rows that are still open.

Any thread. Takes whatever order foreign HTML brings (items outside lists, lists inside
lists, rows inside cells) and closes each box into a frozen block; never recurses.
"""

from dataclasses import dataclass, field

from close_notes_gui.markup.normal import leaves
from close_notes_gui.markup.policy import MAX_DEPTH
from close_notes_gui.model.richtext import (
    Block,
    BulletList,
    CodeBlock,
    Heading,
    Image,
    Inline,
    ListItem,
    Marks,
    Mention,
    NumberedList,
    Paragraph,
    Quote,
    Text,
)

_LISTS = ("ul", "ol")
_DEEPEST_TABLE = 6
_LONGEST_REOPENED = 1000
_CELL_GAP = Text(" | ")


@dataclass(slots=True)
class WordItem:
    """A paragraph that Word says is item of list `name` at `level` (1 to 9)."""

    name: str
    level: int
    numbered: bool
    start: int
    block: Paragraph


@dataclass(slots=True)
class _Box:
    """An open container. `guessed`: no element stands for it, so that it closes by itself."""

    kind: str
    start: int = 1
    guessed: bool = False
    blocks: list[Block] = field(default_factory=list)
    items: list[ListItem] = field(default_factory=list)
    cells: list[list[Block]] = field(default_factory=list)
    word: list[WordItem] = field(default_factory=list)


class Boxes:
    """A stack of open containers. Invariant: the lowest is the body, and at most MAX_DEPTH
    lists and quotes are open.
    """

    def __init__(self) -> None:
        self._stack = [_Box("body")]
        self._depth = 0
        self._tables = 0
        self.added = 0

    @property
    def height(self) -> int:
        """How many containers are open; give it to `close_to` later."""
        return len(self._stack)

    def add(self, block: Block) -> None:
        """Put a finished block into the container that is open now."""
        self.added += 1
        self._receiver().blocks.append(block)

    def add_word_item(self, item: WordItem) -> None:
        """Put a list paragraph of Word; neighbours become one list."""
        self.added += 1
        self._receiver(settle=False).word.append(item)

    def open_quote(self) -> None:
        """A block quote begins."""
        self._open_deep("quote")

    def open_list(self, kind: str, *, start: int = 1, indent: int | None = None) -> None:
        """`ul` or `ol` begins; `indent` is how deep Slack says it is (its lists never nest)."""
        if indent is not None and self._reopen(kind, indent):
            return
        top = self._stack[-1]
        if top.kind in _LISTS and not top.guessed and not top.items:
            return
        self._open_deep(kind, start=start)

    def open_item(self) -> None:
        """`li` begins; without a list around it, one is guessed."""
        if self._stack[-1].kind == "li" and self._stack[-1].guessed:
            self._close()
        if self._stack[-1].kind not in _LISTS and not self._open_deep("ul", guessed=True):
            return
        self._stack.append(_Box("li"))

    def open_row(self) -> None:
        """A row of a table begins."""
        self._receiver()
        if self._tables < _DEEPEST_TABLE:
            self._tables += 1
            self._stack.append(_Box("row"))

    def open_cell(self) -> None:
        """A cell begins; outside of a row it is nothing special."""
        if self._stack[-1].kind == "cell" and self._stack[-1].guessed:
            self._close()
        if self._stack[-1].kind == "row":
            self._stack.append(_Box("cell"))

    def close_to(self, height: int, *, keep_guess: bool = False) -> None:
        """Close every container opened since `height` was asked; with `keep_guess` not a
        guessed list right there, which the next item may go on with.
        """
        while len(self._stack) > height:
            top = self._stack[-1]
            if keep_guess and len(self._stack) == height + 1 and top.guessed:
                break
            self._close()

    def finish(self) -> tuple[Block, ...]:
        """Close everything and hand out the blocks of the note."""
        self.close_to(1)
        _settle(self._stack[0])
        return tuple(self._stack[0].blocks)

    def _open_deep(self, kind: str, *, start: int = 1, guessed: bool = False) -> bool:
        self._receiver()
        if self._depth >= MAX_DEPTH:
            return False
        self._depth += 1
        self._stack.append(_Box(kind, start, guessed))
        return True

    def _receiver(self, *, settle: bool = True) -> _Box:
        """The container that takes a block now."""
        top = self._stack[-1]
        if top.kind in _LISTS and top.guessed:
            self._close()
            top = self._stack[-1]
        if top.kind in _LISTS:
            inside = list(top.items.pop().blocks) if top.items else []
            top = _Box("li", guessed=True, blocks=inside)
            self._stack.append(top)
        elif top.kind == "row":
            top = _Box("cell", guessed=True)
            self._stack.append(top)
        if settle:
            _settle(top)
        return top

    def _reopen(self, kind: str, indent: int) -> bool:
        """Go on with the list just closed, `indent` levels down its last items."""
        blocks = self._receiver().blocks
        for level in range(min(indent, 9) + 1):
            last = blocks[-1] if blocks else None
            if (
                not isinstance(last, (BulletList, NumberedList))
                or len(last.items) > _LONGEST_REOPENED
            ):
                return False if level == 0 else self._open_deep(kind)
            if level == indent and isinstance(last, BulletList) != (kind == "ul"):
                return self._open_deep(kind)
            if self._depth >= MAX_DEPTH:
                return False
            blocks.pop()
            self._depth += 1
            start = 1 if isinstance(last, BulletList) else last.start
            box = _Box(
                "ul" if isinstance(last, BulletList) else "ol", start, items=list(last.items)
            )
            self._stack.append(box)
            if level < indent:
                blocks = self._receiver().blocks
        return True

    def _close(self) -> None:
        box = self._stack.pop()
        _settle(box)
        outer = self._stack[-1]
        if box.kind == "li":
            outer.items.append(ListItem(tuple(box.blocks) or (Paragraph(),)))
        elif box.kind == "cell":
            outer.cells.append(box.blocks)
        elif box.kind == "row":
            self._tables -= 1
            outer.blocks.extend(_row(box.cells))
        else:
            self._depth -= 1
            if box.kind == "quote" and box.blocks:
                outer.blocks.append(Quote(tuple(box.blocks)))
            elif box.kind == "ul" and box.items:
                outer.blocks.append(BulletList(tuple(box.items)))
            elif box.kind == "ol" and box.items:
                outer.blocks.append(NumberedList(tuple(box.items), box.start))


def _settle(box: _Box) -> None:
    """Turn the list paragraphs of Word gathered so far into lists."""
    if not box.word:
        return
    found, box.word = box.word, []
    open_lists: list[tuple[WordItem, list[list[Block]]]] = []

    def close_list() -> None:
        first, items = open_lists.pop()
        frozen = tuple(ListItem(tuple(blocks)) for blocks in items)
        made = NumberedList(frozen, first.start) if first.numbered else BulletList(frozen)
        (open_lists[-1][1][-1] if open_lists else box.blocks).append(made)

    for item in found:
        while open_lists and _leaves_list(open_lists[-1][0], item):
            close_list()
        if not open_lists or open_lists[-1][0].level < item.level:
            open_lists.append((item, []))
        open_lists[-1][1].append([item.block])
    while open_lists:
        close_list()


def _leaves_list(first: WordItem, item: WordItem) -> bool:
    if first.level != item.level:
        return first.level > item.level
    return (first.name, first.numbered) != (item.name, item.numbered)


def _row(cells: list[list[Block]]) -> list[Block]:
    """A row as one line, cells apart; the blocks of a cell that stands alone stay as they are."""
    while cells and not any(map(_says_something, cells[-1])):
        cells = cells[:-1]
    if not cells:
        return []
    full = [cell for cell in cells if any(map(_says_something, cell))]
    if len(cells) == 1 or (
        len(full) == 1 and (len(full[0]) > 1 or not isinstance(full[0][0], Paragraph))
    ):
        return full[0]
    inlines: list[Inline] = []
    for index, cell in enumerate(cells):
        if index:
            inlines.append(_CELL_GAP)
        inlines.extend(_flat(cell))
    return [Paragraph(tuple(inlines))]


def _says_something(block: Block) -> bool:
    return not isinstance(block, Paragraph) or bool(block.inlines)


def _flat(cell: list[Block]) -> list[Inline]:
    out: list[Inline] = []
    for block in cell:
        for leaf in leaves(block):
            if out:
                out.append(Text(" "))
            if isinstance(leaf, (Paragraph, Heading)):
                out.extend(_without_breaks(leaf.inlines))
            elif isinstance(leaf, CodeBlock):
                out.append(Text(leaf.text, Marks(code=True)))
    return out


def _without_breaks(inlines: tuple[Inline, ...]) -> list[Inline]:
    """A row is one line: breaks inside a cell become spaces."""
    return [
        inline if isinstance(inline, (Text, Mention, Image)) else Text(" ") for inline in inlines
    ]

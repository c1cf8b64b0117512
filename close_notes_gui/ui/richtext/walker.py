"""The document's `note_html`, kept up to date at the cost of what changed.

UI thread. One row for each block of the document; `contentsChange` voids the rows that an
edit touched. Neither block revisions (undo hands old ones out again) nor user data (lost on
split) can be trusted for that.
"""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QTextBlock, QTextDocument

from close_notes_gui.markup.normal import as_they_are, normalize
from close_notes_gui.markup.xhtml import to_note_html
from close_notes_gui.model.richtext import RichText
from close_notes_gui.ui.richtext import places
from close_notes_gui.ui.richtext.document import Leaf, Reader, nested
from close_notes_gui.ui.richtext.places import CODE_BLOCK, Place

_BODY = len("<body>")
_BODY_END = -len("</body>")
_LIST_END = len("</ul></body>")
_QUOTE, _QUOTE_END = "<body><blockquote>", "</blockquote></body>"
_AT_A_TIME = 40  # blocks read between two places to pause: 2 to 4 ms


class Row:
    """What one block holds and the XHTML made of it. Never changed once made, but for the
    caches; two rows are equal only if they are the same.
    """

    __slots__ = ("group", "group_html", "leaf", "part", "part_html", "top")

    def __init__(self, leaf: Leaf) -> None:
        self.leaf = leaf
        path = leaf.place.path
        # What rows of one top-level block have in common; "" for a block on its own.
        self.top = path[0] if path else leaf.place.code if leaf.place.kind == CODE_BLOCK else ""
        self.group: tuple[Row, ...] = ()
        self.group_html = ""
        self.part: tuple[Row, ...] = ()
        self.part_html = ""


class Walker(QObject):
    """Invariant: after `_on_document_contents_change` there is one row or None for each block,
    and a row is what its block holds.
    """

    def __init__(
        self,
        document: QTextDocument,
        *,
        changed: Callable[[QTextBlock, QTextBlock], None] | None = None,
    ) -> None:
        """`changed(first, last)` is called with the blocks that an edit touched, before they
        are laid out.
        """
        super().__init__(document)
        self._document = document
        self._changed = changed
        self._reader = Reader()
        self._rows: list[Row | None] = [None] * document.blockCount()
        self._ordinals: dict[tuple[int, int], int] = {}
        document.documentLayout()  # without a layout there is no contentsChange
        document.contentsChange.connect(self._on_document_contents_change)

    # -------------------------------------------------------------- what changed

    def forget(self) -> None:
        """Read all anew: the document was cleared, its format numbers mean something else."""
        self._reader = Reader()
        self._rows = [None] * self._document.blockCount()
        self._ordinals.clear()

    @Slot(int, int, int)
    def _on_document_contents_change(self, position: int, removed: int, added: int) -> None:  # noqa: ARG002
        document = self._document
        first = document.findBlock(max(0, position - 1))
        last = document.findBlock(position + added + 1)
        if not last.isValid():
            last = document.lastBlock()
        start, stop = first.blockNumber(), last.blockNumber() + 1
        grown = document.blockCount() - len(self._rows)
        old = self._rows[start : max(start, stop - grown)]
        self._rows[start : max(start, stop - grown)] = [None] * (stop - start)
        if len(self._rows) != document.blockCount():
            self.forget()
        elif grown or stop - start > 3 or self._moved(first, old):
            self._ordinals.clear()
        if self._changed is not None:
            self._changed(first, last)

    def _moved(self, first: QTextBlock, old: list[Row | None]) -> bool:
        """Whether one of the changed blocks stands in another place than before."""
        block = first
        for row in old:
            if row is None or row.leaf.place != places.place_of(block):
                return True
            block = block.next()
        return False

    # -------------------------------------------------------------- what it holds

    def place(self, number: int) -> Place:
        """The place of the block of that number."""
        row = self._rows[number]
        if row is not None:
            return row.leaf.place
        return places.place_of(self._document.findBlockByNumber(number))

    def opens_item(self, number: int) -> bool:
        """Whether the block is the first of its item, hence shows a bullet or number."""
        path = self.place(number).path
        item = self.place(number).item
        return item >= 0 and (
            number == 0 or self.place(number - 1).path[: item + 1] != path[: item + 1]
        )

    def ordinal(self, number: int) -> int:
        """Which item of its list a block belongs to, the first being 0."""
        path = self.place(number).path
        item = self.place(number).item
        seen: list[int] = []
        result = -1
        index = number
        while index >= 0:
            here = self.place(index).path
            if here[:item] != path[:item]:
                break
            if (known := self._ordinals.get((index, item))) is not None:
                result = known
                break
            if index == 0 or self.place(index - 1).path[: item + 1] != here[: item + 1]:
                seen.append(index)
            index -= 1
        for opened in reversed(seen):
            result += 1
            self._ordinals[(opened, item)] = result
        return result

    def tree(self) -> RichText:
        """The whole note, in normal form."""
        return normalize(RichText(nested([row.leaf for row in self._all()])), inlines=as_they_are)

    def note_html(self) -> str:
        """Canonical `note_html`: the same as that of `tree()`, from what was kept."""
        rows = self._all()
        out = ["<body>"]
        for start, end in _groups(rows):
            row = rows[start]
            if not row.top and row.group_html:
                out.append(row.group_html)
            else:
                out.append(self._group(row, tuple(rows[start:end])))
        out.append("</body>")
        return "".join(out)

    def catch_up(self) -> Iterator[None]:
        """Read what a long load or paste brought, a little at a time, so that `note_html` has
        little left to do. Each `yield` is a place to pause.
        """
        for _ in self._read():
            yield
        rows = self._all()
        for count, (start, end) in enumerate(_groups(rows)):
            group = tuple(rows[start:end])
            if group[0].leaf.place.path:
                for _ in _warm_parts(group):
                    yield
            self._group(group[0], group)
            if count % _AT_A_TIME == 0:
                yield

    def _all(self) -> list[Row]:
        for _ in self._read():
            pass
        return self._rows  # type: ignore[return-value]  # no None is left

    def _read(self) -> Iterator[None]:
        """Read the blocks that have no row, a few between two places to pause."""
        number = 0
        while (number := _first_none(self._rows, number)) >= 0:
            block = self._document.findBlockByNumber(number)
            end = min(number + _AT_A_TIME, len(self._rows))
            while number < end and self._rows[number] is None:
                self._rows[number] = Row(self._reader.leaf(block))
                block = block.next()
                number += 1
            yield

    def _group(self, first: Row, group: tuple[Row, ...]) -> str:
        if first.group != group:
            first.group_html = _group_html(group)
            first.group = group
        return first.group_html


def _first_none(rows: list[Row | None], start: int) -> int:
    try:
        return rows.index(None, start)
    except ValueError:
        return -1


def _groups(rows: list[Row]) -> Iterator[tuple[int, int]]:
    """Start and end of the rows of each top-level block."""
    start = 0
    while start < len(rows):
        end = start + 1
        if top := rows[start].top:
            while end < len(rows) and rows[end].top == top:
                end += 1
        yield start, end
        start = end


def _group_html(rows: tuple[Row, ...]) -> str:
    if not rows[0].leaf.place.path:
        return _html(rows)[_BODY:_BODY_END]
    return _list_html(rows) if places.is_list(rows[0].top) else _quote_html(rows)


def _html(rows: tuple[Row, ...]) -> str:
    """A note of these rows alone. Normal form is local to a top-level block, so pieces of
    notes put together are the note of the whole.
    """
    tree = normalize(RichText(nested([row.leaf for row in rows])), inlines=as_they_are)
    return to_note_html(tree)


def _list_html(rows: tuple[Row, ...]) -> str:
    """A top-level list, item by item: a list can be the whole note."""
    out: list[str] = []
    for first in _parts(rows):
        opening = first.part_html.index("<li>")
        out.append(first.part_html[opening:-_LIST_END])
    whole = rows[0].part_html
    return whole[_BODY : whole.index("<li>")] + "".join(out) + whole[-_LIST_END:_BODY_END]


def _quote_html(rows: tuple[Row, ...]) -> str:
    """A top-level quote, block by block: a whole mail can be one."""
    inside = (first.part_html[len(_QUOTE) : -len(_QUOTE_END)] for first in _parts(rows))
    return _QUOTE[_BODY:] + "".join(inside) + _QUOTE_END[:_BODY_END]


def _parts(rows: tuple[Row, ...]) -> Iterator[Row]:
    """The first row of each item of a list or block of a quote, its `part_html` up to date."""
    start = 0
    for index in range(1, len(rows) + 1):
        if index < len(rows) and (key := _part_key(rows[start])) and key == _part_key(rows[index]):
            continue
        first, part = rows[start], rows[start:index]
        if first.part != part:
            first.part_html, first.part = _html(part), part
        yield first
        start = index


def _part_key(row: Row) -> str:
    """What rows of one part have in common; "" for a block on its own."""
    place = row.leaf.place
    if len(place.path) > 1:
        return place.path[1]
    return place.code if place.kind == CODE_BLOCK else ""


def _warm_parts(rows: tuple[Row, ...]) -> Iterator[None]:
    for count, _ in enumerate(_parts(rows)):
        if count % _AT_A_TIME == 0:
            yield

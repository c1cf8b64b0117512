"""The normal form of the rich-text tree: one tree for each thing a note can say.

Any thread. `normalize` is idempotent, drops no text and raises nothing; whatever is
written for Close passes through it. Invariants are in the docstrings of `model.richtext`.
"""

from collections.abc import Callable, Generator, Iterator
from functools import lru_cache

from close_notes_gui.markup.characters import (
    IMAGE_SCHEMES,
    NBSP,
    address,
    color,
    is_simple,
    legal,
    lines,
    one_line,
)
from close_notes_gui.markup.policy import LANGUAGE, MAX_DEPTH, MAX_START, MENTION_ID
from close_notes_gui.model.richtext import (
    PLAIN,
    Block,
    BulletList,
    CodeBlock,
    Heading,
    Image,
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

NormalInlines = Callable[[tuple[Inline, ...]], tuple[Inline, ...]]

_AT_A_TIME = 200  # blocks or items between two places to pause
_CODE = Marks(code=True)
_BREAK = LineBreak()


def normalize_inlines(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """The content of one paragraph or heading in normal form: runs joined, spaces made
    fold-proof (U+00A0 where HTML would drop a space), line ends as LineBreak.
    """
    return inlines if _are_fine(inlines) else tuple(_fold_proof(_joined(inlines)))


def _are_fine(inlines: tuple[Inline, ...]) -> bool:
    """Whether runs of text are normal for sure: a quick answer for most of what people write."""
    folds, before = True, None
    for run in inlines:
        if not isinstance(run, Text):
            return False
        text, marks = run.text, run.marks
        if (
            not text
            or "  " in text
            or (folds and text[0] == " ")
            or not is_simple(text)
            or (marks is not PLAIN and normal_marks(marks) is not marks)
            or marks == before
        ):
            return False
        folds, before = text[-1] == " ", marks
    return not folds or not inlines


def normalize(tree: RichText, *, inlines: NormalInlines = normalize_inlines) -> RichText:
    """`tree` in normal form.

    `inlines` normalises the content of each paragraph; pass `as_they_are` when every one
    of them is normal already (an editor that keeps them per paragraph).
    """
    return RichText(_blocks(tree.blocks, inlines, 0) or (Paragraph(),))


def normal_slices(blocks: tuple[Block, ...]) -> Generator[None, None, RichText]:
    """`normalize` with places to pause: each `yield` is one, the tree is what it returns. Normal
    form is local to a top-level block and, within its like, to an item of a list: the parts
    together are the whole.
    """
    out: list[Block] = []
    for start in range(0, len(blocks), _AT_A_TIME):
        for block in blocks[start : start + _AT_A_TIME]:
            if isinstance(block, (BulletList, NumberedList)) and len(block.items) > _AT_A_TIME:
                out.append((yield from _list_slices(block)))
            elif isinstance(block, Quote) and len(block.blocks) > _AT_A_TIME:
                out.extend((yield from _quote_slices(block)))
            else:
                out.extend(_blocks((block,), normalize_inlines, 0))
        yield
    return RichText(tuple(out) or (Paragraph(),))


def _list_slices(block: BulletList | NumberedList) -> Generator[None, None, Block]:
    items: list[ListItem] = []
    for start in range(0, len(block.items), _AT_A_TIME):
        part = block.items[start : start + _AT_A_TIME]
        items.extend(_item(item, normalize_inlines, 1) for item in part)
        yield
    return _with_items(block, tuple(items))


def _quote_slices(block: Quote) -> Generator[None, None, tuple[Block, ...]]:
    inner: list[Block] = []
    for start in range(0, len(block.blocks), _AT_A_TIME):
        inner.extend(_blocks(block.blocks[start : start + _AT_A_TIME], normalize_inlines, 1))
        yield
    return (Quote(tuple(inner)),) if inner else ()


def as_they_are(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """For `normalize(inlines=…)`: the caller vouches that each paragraph is normal."""
    return inlines


def is_normal(tree: RichText) -> bool:
    """Whether `tree` is in normal form."""
    return normalize(tree) == tree


@lru_cache(maxsize=1024)
def normal_marks(marks: Marks) -> Marks:
    """Marks in normal form: code alone, colour `#rrggbb`, an absolute address or none. The
    same object if they are it already.
    """
    normal = _normal_marks(marks)
    return marks if normal == marks else normal


def _normal_marks(marks: Marks) -> Marks:
    if marks.code:
        return _CODE
    return Marks(
        bold=bool(marks.bold),
        italic=bool(marks.italic),
        underline=bool(marks.underline),
        strike=bool(marks.strike),
        color=color(marks.color) if marks.color else None,
        link=address(marks.link) if marks.link else None,
    )


def _atom_marks(marks: Marks) -> Marks:
    return PLAIN if marks.code else normal_marks(marks)


def _joined(inlines: tuple[Inline, ...]) -> list[Inline]:
    """Runs with clean text, neighbours of the same marks joined, atoms that may leave."""
    join = _Join()
    for inline in inlines:
        atom = _atom(inline)
        if isinstance(atom, Text):
            join.text(atom)
        else:
            join.atom(atom)
    return join.finish()


class _Join:
    """Joins pieces of text. Invariant: `_pieces` are not empty and all carry `_marks`."""

    __slots__ = ("_marks", "_out", "_pieces")

    def __init__(self) -> None:
        self._out: list[Inline] = []
        self._pieces: list[str] = []
        self._marks = PLAIN

    def text(self, run: Text) -> None:
        marks = run.marks if run.marks is PLAIN else normal_marks(run.marks)
        if is_simple(run.text):  # the common case: no control character, no line end
            self._piece(run.text, marks)
            return
        for number, line in enumerate(lines(run.text)):
            if number:
                self.atom(_BREAK)
            self._piece(legal(line).replace("\t", NBSP * 4), marks)

    def atom(self, atom: Inline) -> None:
        self._end_run()
        self._out.append(atom)

    def finish(self) -> list[Inline]:
        self._end_run()
        return self._out

    def _piece(self, text: str, marks: Marks) -> None:
        if text:
            if marks is not self._marks and marks != self._marks:
                self._end_run()
                self._marks = marks
            self._pieces.append(text)

    def _end_run(self) -> None:
        if self._pieces:
            self._out.append(Text("".join(self._pieces), self._marks))
            self._pieces.clear()


def _atom(inline: Inline) -> Inline:
    """A mention or picture in normal form; as plain text where it cannot be one."""
    if isinstance(inline, Mention):
        label = one_line(inline.label) or inline.id
        if MENTION_ID.fullmatch(inline.id):
            return Mention(inline.id, label, _atom_marks(inline.marks))
        return Text(f"@{label}", inline.marks)
    if isinstance(inline, Image):
        alt = one_line(inline.alt)
        src = address(inline.src, schemes=IMAGE_SCHEMES)
        if src is None:
            return Text(alt, inline.marks)
        return Image(src, alt, Marks(link=_atom_marks(inline.marks).link))
    return inline


def _fold_proof(inlines: list[Inline]) -> Iterator[Inline]:
    """HTML folds a space after a space, at either end and beside a break: those become U+00A0."""
    folds = True
    last = len(inlines) - 1
    for index, inline in enumerate(inlines):
        if isinstance(inline, Text):
            text = inline.text
            if folds and text[0] == " ":
                text = NBSP + text[1:]
            if "  " in text:
                text = text.replace("  ", " " + NBSP)
            if text[-1] == " " and (index == last or isinstance(inlines[index + 1], LineBreak)):
                text = text[:-1] + NBSP
            folds = text[-1] == " "
            yield inline if text is inline.text else Text(text, inline.marks)
        else:
            folds = isinstance(inline, LineBreak)
            yield inline


def _blocks(blocks: tuple[Block, ...], inlines: NormalInlines, depth: int) -> tuple[Block, ...]:
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, (Quote, BulletList, NumberedList)):
            if depth >= MAX_DEPTH:
                out.extend(_leaf(leaf, inlines) for leaf in leaves(block))
            elif (container := _container(block, inlines, depth + 1)) is not None:
                out.append(container)
        else:
            out.append(_leaf(block, inlines))
    return tuple(out)


def _container(
    block: Quote | BulletList | NumberedList, inlines: NormalInlines, depth: int
) -> Block | None:
    if isinstance(block, Quote):
        inner = _blocks(block.blocks, inlines, depth)
        return Quote(inner) if inner else None
    items = tuple(_item(item, inlines, depth) for item in block.items)
    return _with_items(block, items) if items else None


def _with_items(block: BulletList | NumberedList, items: tuple[ListItem, ...]) -> Block:
    if isinstance(block, BulletList):
        return BulletList(items)
    return NumberedList(items, min(max(block.start, 1), MAX_START))


def _item(item: ListItem, inlines: NormalInlines, depth: int) -> ListItem:
    blocks = _blocks(item.blocks, inlines, depth)
    if blocks and isinstance(blocks[0], Paragraph):
        return ListItem(blocks)
    if blocks and isinstance(blocks[0], Heading):
        return ListItem((bold_paragraph(blocks[0]), *blocks[1:]))
    return ListItem((Paragraph(), *blocks))


def bold_paragraph(heading: Heading) -> Paragraph:
    """A heading where none may stand, as a normal paragraph in bold."""
    return Paragraph(normalize_inlines(tuple(_bold(inline) for inline in heading.inlines)))


def _bold(inline: Inline) -> Inline:
    if isinstance(inline, Text) and not inline.marks.code:
        marks = inline.marks
        return Text(
            inline.text,
            Marks(
                True,
                marks.italic,
                marks.underline,
                marks.strike,
                color=marks.color,
                link=marks.link,
            ),
        )
    return inline


def _leaf(block: Block, inlines: NormalInlines) -> Block:
    if isinstance(block, Paragraph):
        normal = inlines(block.inlines)
        return block if normal is block.inlines else Paragraph(normal)
    if isinstance(block, Heading):
        return Heading(min(max(block.level, 1), 6), inlines(block.inlines))
    if isinstance(block, CodeBlock):
        text = "\n".join(legal(line) for line in lines(block.text))
        return CodeBlock(text, block.language if LANGUAGE.fullmatch(block.language) else "")
    return Rule()


def leaves(block: Block) -> Iterator[Block]:
    """Paragraphs and other leaves of a container, in order, without recursion."""
    stack: list[Block] = [block]
    while stack:
        top = stack.pop()
        if isinstance(top, Quote):
            stack.extend(reversed(top.blocks))
        elif isinstance(top, (BulletList, NumberedList)):
            stack.extend(inner for item in reversed(top.items) for inner in reversed(item.blocks))
        else:
            yield top

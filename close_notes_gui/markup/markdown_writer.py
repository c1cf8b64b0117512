"""A rich-text tree as Markdown: for other programs to read, and for ours to read again.

Any thread. Pure and total. CommonMark with `~~strike~~`; underline is `<u>`, as in most
programs that write Markdown. Read by `markdown_to_tree`, it gives the same tree for all that
Markdown can say; of the rest no text is lost.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from operator import is_not

from close_notes_gui.markup.markdown_inlines import inline_markdown
from close_notes_gui.markup.normal import normalize, normalize_inlines
from close_notes_gui.markup.policy import MAX_START
from close_notes_gui.markup.xhtml import from_note_html
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
    Text,
)

_INDENT = re.compile("^[ \t]+")
_EMPTY_LINE = "&nbsp;"
_BOXES = {"☐ ": "[ ] ", "☑ ": "[x] "}


def note_html_to_markdown(note_html: str, *, exact: bool = False) -> str:
    """Markdown of a note. Never raises; see `tree_to_markdown`."""
    return tree_to_markdown(from_note_html(note_html), exact=exact)


def tree_to_markdown(tree: RichText, *, exact: bool = False) -> str:
    """Markdown of a tree, without a line end after it; "" for an empty one.

    Colours, mentions and empty paragraphs have no sign in Markdown: they become text, or
    nothing. With `exact` they are written in HTML, which `markdown_to_tree` reads back: for a
    file that is meant for this program.
    """
    return "\n".join(_Writer(exact=exact).blocks(normalize(tree).blocks, tight=False))


class _Writer:
    """Writes blocks as lines; each container puts its own sign before those of its inside."""

    def __init__(self, *, exact: bool) -> None:
        self._exact = exact

    def blocks(self, blocks: tuple[Block, ...], *, tight: bool) -> list[str]:
        """Lines of blocks, an empty one between two; `tight`: a list comes right after the
        first paragraph where it cannot be taken for a part of it.
        """
        out: list[str] = []
        before: Block | None = None
        other_sign = False
        for block in filter(self._shows, blocks):
            if before is not None and not (tight and _may_follow(before, block)):
                out.append("")
            # Of two lists side by side the second needs another sign to be one of its own.
            other_sign = type(block) is type(before) and not other_sign
            out.extend(self._block(block, other_sign=other_sign))
            before = block
        return out

    def _shows(self, block: Block) -> bool:
        """Whether there is anything in it to write."""
        if isinstance(block, Paragraph):
            return self._exact or not _is_blank(block.inlines)
        if isinstance(block, Heading):
            return not _is_blank(block.inlines)
        if isinstance(block, CodeBlock):
            return block.text != ""
        return not isinstance(block, Quote) or any(map(self._shows, block.blocks))

    def _block(self, block: Block, *, other_sign: bool) -> list[str]:
        if isinstance(block, Paragraph):
            return self._paragraph(block.inlines)
        if isinstance(block, Heading):
            return self._heading(block)
        if isinstance(block, CodeBlock):
            return _code(block)
        if isinstance(block, Quote):
            return _inside(self.blocks(block.blocks, tight=False), "> ")
        if isinstance(block, BulletList):
            sign = "* " if other_sign else "- "
            return [line for item in block.items for line in self._item(item, sign)]
        if isinstance(block, NumberedList):
            end = ") " if other_sign else ". "
            return [
                line
                for number, item in enumerate(block.items, block.start)
                for line in self._item(item, f"{min(number, MAX_START)}{end}")
            ]
        return ["---"]

    def _item(self, item: ListItem, sign: str) -> list[str]:
        first, *rest = item.blocks
        box = ""
        if isinstance(first, Paragraph):
            box, first = _box(first)
        if isinstance(first, Paragraph) and _is_blank(first.inlines):
            lines = ["", *self.blocks(tuple(rest), tight=False)]
            second = next(filter(self._shows, rest), None)
            if self._exact and isinstance(second, (Paragraph, Heading)):
                lines[:1] = [_EMPTY_LINE, ""]
        else:
            lines = self.blocks((first, *rest), tight=True)
        head = f"{sign}{box}{lines[0]}" if lines[0] else sign.rstrip()
        return [head, *_inside(lines[1:], " " * len(sign))]

    def _paragraph(self, inlines: tuple[Inline, ...]) -> list[str]:
        if _is_blank(inlines):
            return [_EMPTY_LINE]
        lines = inline_markdown(self._said(inlines))
        return [f"{line}  " for line in lines[:-1]] + lines[-1:]

    def _heading(self, block: Heading) -> list[str]:
        (text,) = inline_markdown(self._said(block.inlines), one_line=True)
        if text.endswith("#"):  # would be taken for the end of the sign
            text = f"{text[:-1]}\\#"
        return [f"{'#' * block.level} {text}"]

    def _said(self, inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
        """`inlines` without what cannot be said."""
        if self._exact:
            return inlines
        said = tuple(map(_sayable, inlines))
        if any(map(is_not, said, inlines)):
            said = normalize_inlines(said)
        if any(isinstance(inline, Text) and _has_loose_edge(inline) for inline in said):
            said = normalize_inlines(tuple(_with_tight_marks(said)))
        return said


def _sayable(inline: Inline) -> Inline:
    if isinstance(inline, Mention):
        return Text(f"@{inline.label}", replace(inline.marks, color=None))
    if isinstance(inline, Text) and inline.marks.color:
        return Text(inline.text, replace(inline.marks, color=None))
    return inline


def _has_loose_edge(text: Text) -> bool:
    """Whether a space at an end is set off, which Markdown has no sign for: `** a**` is text."""
    marks = text.marks
    return (marks.bold or marks.italic or marks.strike) and (
        text.text[0].isspace() or text.text[-1].isspace()
    )


def _with_tight_marks(inlines: tuple[Inline, ...]) -> Iterator[Inline]:
    """`inlines` with the marks that end there taken off white space at the ends of runs:
    nobody sees them.
    """
    for at, inline in enumerate(inlines):
        if isinstance(inline, Text) and _has_loose_edge(inline):
            text = inline.text.strip()
            before, _, after = inline.text.partition(text) if text else (inline.text, "", "")
            if before:
                yield Text(before, _shared(inline.marks, inlines[at - 1] if at else None))
            if text:
                yield Text(text, inline.marks)
            if after:
                last = at + 1 == len(inlines)
                yield Text(after, _shared(inline.marks, None if last else inlines[at + 1]))
        else:
            yield inline


def _shared(marks: Marks, beside: Inline | None) -> Marks:
    """`marks` of a space beside another run: emphasis only if it goes on there."""
    there = PLAIN if beside is None or isinstance(beside, LineBreak) else beside.marks
    return replace(
        marks,
        bold=marks.bold and there.bold,
        italic=marks.italic and there.italic,
        strike=marks.strike and there.strike,
    )


def _inside(lines: list[str], sign: str) -> list[str]:
    """`lines` of what is in a container after its sign. A tab there would be as wide as the
    sign leaves it: code that begins with tabs begins with spaces instead.
    """
    end = sign.rstrip()
    return [f"{sign}{_INDENT.sub(_spaces, line)}" if line else end for line in lines]


def _spaces(indent: re.Match[str]) -> str:
    return indent[0].replace("\t", "    ")


def _may_follow(before: Block, block: Block) -> bool:
    """Whether a list right after a paragraph is a list to every reader."""
    if not isinstance(before, Paragraph):
        return False
    if isinstance(block, NumberedList) and block.start != 1:
        return False
    if not isinstance(block, (BulletList, NumberedList)):
        return False
    first = block.items[0].blocks[0]
    return isinstance(first, Paragraph) and not _is_blank(first.inlines)


def _is_blank(inlines: tuple[Inline, ...]) -> bool:
    """Whether a page would show nothing of it but a line."""
    return all(
        isinstance(inline, LineBreak) or (isinstance(inline, Text) and not inline.text.strip())
        for inline in inlines
    )


def _box(paragraph: Paragraph) -> tuple[str, Paragraph]:
    """The box of a task at the beginning of an item, and the rest."""
    first = paragraph.inlines[0] if paragraph.inlines else LineBreak()
    if isinstance(first, Text) and len(first.text) > 2 and first.marks == PLAIN:
        box = _BOXES.get(first.text[:2], "")
        if box and not first.text[2].isspace():
            return box, Paragraph((Text(first.text[2:]), *paragraph.inlines[1:]))
    return "", paragraph


def _code(block: CodeBlock) -> list[str]:
    lines = block.text.split("\n")
    ticks = max((len(line) - len(line.lstrip("`")) for line in map(str.lstrip, lines)), default=0)
    fence = "`" * max(3, ticks + 1)
    return [fence + block.language, *lines, fence]

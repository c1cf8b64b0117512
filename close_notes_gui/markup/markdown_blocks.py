"""Blocks of Markdown, line by line as CommonMark reads them, in python-markdown's tree.

Any thread. Lists right after a paragraph, nesting by the width of the marker, fences and
paragraphs in items, tables, task boxes: what the original reader of blocks gets wrong.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown.blockparser import BlockParser
from markdown.util import AtomicString, code_escape

from close_notes_gui.markup.markdown_lines import (
    DEFINITION,
    FENCE,
    HEADING,
    MARKER,
    QUOTE,
    RULE,
    TABLE_RULE,
    UNDERLINE,
    dedent,
    ends_in_paragraph,
    html_block_end,
    indent_of,
    starts_block,
    table_cells,
    without_loose_brackets,
)

_DEEPEST = 20
_LONGEST_PARAGRAPH = 10_000
_BOX = re.compile(r"\[([ xX])\](?=\s)")
_CLOSING_SIGNS = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")
_HARD_BREAK = re.compile(r"(?<!\\)((?:\\\\)*)\\\n")


class LineParser(BlockParser):
    """Reads lines into elements. Invariant: each line is read once at each depth, and no
    deeper than _DEEPEST containers.
    """

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:  # type: ignore[type-arg, unused-ignore]  # noqa: N802
        root = Element(self.md.doc_tag)
        self._blocks([line.rstrip("\r") for line in lines], root, 0)
        return ElementTree(root)

    def _blocks(self, lines: list[str], parent: Element, depth: int) -> None:
        paragraph: list[str] = []
        at = 0
        while at < len(lines):
            after = self._try_block(lines, at, parent, depth, paragraph)
            if after is None:
                paragraph.append(lines[at].strip())
                at += 1
            else:
                at = after
        self._end_paragraph(paragraph, parent)

    def _try_block(
        self, lines: list[str], at: int, parent: Element, depth: int, paragraph: list[str]
    ) -> int | None:
        """Read the block that begins at this line; the line after it, or None for a paragraph."""
        line = lines[at]
        if not line.strip():
            self._end_paragraph(paragraph, parent)
            return at + 1
        if indent_of(line) >= 4:
            return None if paragraph else self._indented_code(lines, at, parent)
        if paragraph and (under := UNDERLINE.match(line)):
            self._end_paragraph(paragraph, parent, tag="h1" if under[1][0] == "=" else "h2")
            return at + 1
        if not starts_block(lines, at, in_paragraph=bool(paragraph)):
            return None
        self._end_paragraph(paragraph, parent)
        if depth >= _DEEPEST:
            self._text(SubElement(parent, "p"), line.strip())
            return at + 1
        return self._block(lines, at, parent, depth)

    def _block(self, lines: list[str], at: int, parent: Element, depth: int) -> int:
        line = lines[at]
        if fence := FENCE.match(line):
            return self._fence(lines, at, parent, fence)
        if heading := HEADING.match(line):
            text = _CLOSING_SIGNS.sub("", (heading[2] or "").strip())
            self._text(SubElement(parent, f"h{len(heading[1])}"), text)
            return at + 1
        if RULE.match(line):
            SubElement(parent, "hr")
            return at + 1
        if QUOTE.match(line):
            return self._quote(lines, at, parent, depth)
        if MARKER.match(line):
            return self._list(lines, at, parent, depth)
        if html_block_end(lines, at, in_paragraph=False) is not None:
            return self._raw_html(lines, at, parent)
        return self._table(lines, at, parent)

    def _end_paragraph(self, paragraph: list[str], parent: Element, *, tag: str = "p") -> None:
        """Write the paragraph gathered so far, without the definitions at its beginning."""
        while paragraph and (found := DEFINITION.match(paragraph[0])):
            name = " ".join(found[1].split()).lower()
            self.md.references.setdefault(name, (found[2].strip("<>"), ""))
            del paragraph[0]
        if paragraph:
            self._text(SubElement(parent, tag), "\n".join(paragraph))
            paragraph.clear()

    def _text(self, element: Element, text: str) -> None:
        if len(text) > _LONGEST_PARAGRAPH:
            self._literal(element, text)
        else:
            element.text = without_loose_brackets(_HARD_BREAK.sub(r"\1\n", text))

    def _literal(self, element: Element, text: str) -> None:
        """Text in which nothing is looked for any more."""
        element.text = AtomicString(code_escape(text))

    def _code(self, text: str, parent: Element, language: str = "") -> None:
        attributes = {"class": f"language-{language}"} if language else {}
        self._literal(SubElement(SubElement(parent, "pre"), "code", attributes), f"{text}\n")

    def _indented_code(self, lines: list[str], at: int, parent: Element) -> int:
        end = at
        while end < len(lines) and (indent_of(lines[end]) >= 4 or not lines[end].strip()):
            end += 1
        while not lines[end - 1].strip():
            end -= 1
        self._code("\n".join(dedent(line, 4) for line in lines[at:end]), parent)
        return end

    def _fence(self, lines: list[str], at: int, parent: Element, fence: re.Match[str]) -> int:
        closing = re.compile(rf" {{0,3}}{re.escape(fence[2][0])}{{{len(fence[2])},}}\s*$")
        end = at + 1
        while end < len(lines) and not closing.match(lines[end]):
            end += 1
        language = fence[3].split()[0] if fence[3].split() else ""
        text = "\n".join(dedent(line, len(fence[1])) for line in lines[at + 1 : end])
        self._code(text, parent, language)
        return end + 1

    def _quote(self, lines: list[str], at: int, parent: Element, depth: int) -> int:
        inside: list[str] = []
        while at < len(lines):
            line = lines[at]
            if QUOTE.match(line):
                rest = line.lstrip()[1:]
                inside.append(dedent(rest, 1))
            elif self._goes_on_lazily(lines, at, inside):
                inside.append(line.lstrip())
            else:
                break
            at += 1
        self._blocks(inside, SubElement(parent, "blockquote"), depth + 1)
        return at

    def _goes_on_lazily(self, lines: list[str], at: int, inside: list[str]) -> bool:
        return (
            bool(lines[at].strip())
            and ends_in_paragraph(inside)
            and not starts_block(lines, at, in_paragraph=True, inside=True)
        )

    def _list(self, lines: list[str], at: int, parent: Element, depth: int) -> int:
        first = MARKER.match(lines[at])
        sign = first[2] if first else "-"
        numbered = sign[0].isdigit()
        made = SubElement(parent, "ol" if numbered else "ul")
        if numbered and int(sign[:-1]) != 1:
            made.set("start", str(int(sign[:-1])))
        while at < len(lines):
            marker = MARKER.match(lines[at])
            same = marker is not None and marker[2][-1] == sign[-1] and not RULE.match(lines[at])
            if marker is None or not same or indent_of(lines[at]) >= 4:
                break
            inside, at = self._item_lines(lines, at, marker)
            self._item(inside, SubElement(made, "li"), depth)
            blank = at
            while blank < len(lines) and not lines[blank].strip():
                blank += 1
            if blank < len(lines) and MARKER.match(lines[blank]):
                at = blank
        return at

    def _item_lines(
        self, lines: list[str], at: int, marker: re.Match[str]
    ) -> tuple[list[str], int]:
        """The lines of one item without its indent, and the line after it."""
        spaces = len(marker[3] or "")
        blank_start = not marker[5].strip()
        width = len(marker[1]) + len(marker[2]) + (1 if blank_start or spaces > 4 else spaces)
        inside = [dedent((marker[3] or "") + marker[5], 1 if spaces > 4 else spaces)]
        at += 1
        if blank_start and at < len(lines) and not lines[at].strip():
            return inside, at
        while at < len(lines):
            line = lines[at]
            if not line.strip() or indent_of(line) >= width:
                inside.append(dedent(line, width))
            elif self._goes_on_lazily(lines, at, inside):
                inside.append(line.lstrip())
            else:
                break
            at += 1
        while len(inside) > 1 and not inside[-1].strip():
            inside.pop()
            at -= 1
        return inside, at

    def _item(self, inside: list[str], item: Element, depth: int) -> None:
        box = _BOX.match(inside[0])
        if box:
            inside[0] = ("☐" if box[1] == " " else "☑") + inside[0][box.end() :]
        self._blocks(inside, item, depth + 1)

    def _raw_html(self, lines: list[str], at: int, parent: Element) -> int:
        end = html_block_end(lines, at, in_paragraph=False) or at + 1
        element = SubElement(parent, "p")
        element.text = AtomicString(self.md.htmlStash.store("\n".join(lines[at:end])))
        return end

    def _table(self, lines: list[str], at: int, parent: Element) -> int:
        table = SubElement(parent, "table")
        columns = len(table_cells(lines[at]))
        self._row(table, "th", table_cells(lines[at]), columns)
        at += 2
        while (
            at < len(lines)
            and lines[at].strip()
            and not starts_block(lines, at, in_paragraph=True)
            and not TABLE_RULE.match(lines[at])
        ):
            self._row(table, "td", table_cells(lines[at]), columns)
            at += 1
        return at

    def _row(self, table: Element, tag: str, cells: list[str], columns: int) -> None:
        row = SubElement(table, "tr")
        for text in (cells + [""] * columns)[:columns]:
            self._text(SubElement(row, tag), text)

    def parseBlocks(self, parent: Element, blocks: Sequence[Any]) -> None:  # noqa: N802
        """For parts of python-markdown that ask for blocks: they get the same reading."""
        self._blocks("\n\n".join(map(str, blocks)).split("\n"), parent, 0)

"""Elements and text, one after another, into a rich-text tree.

Any thread. Takes events of a well-formed stream (of a note, or of what nh3 printed), so
that depth costs no recursion. Whatever it does not know is transparent; text is kept.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from close_notes_gui.markup.boxes import Boxes, WordItem
from close_notes_gui.markup.characters import NBSP
from close_notes_gui.markup.elements import BLOCK_TAGS, HEADINGS, Element, Elements
from close_notes_gui.markup.runs import CodeLines, Run
from close_notes_gui.markup.style import NO_STYLE, Style, marks_inside
from close_notes_gui.model.richtext import (
    PLAIN,
    Block,
    CodeBlock,
    Heading,
    Image,
    Inline,
    Marks,
    Mention,
    Paragraph,
    Rule,
    Text,
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a source means its HTML. `exact`: every paragraph and break counts, even if empty
    (notes); otherwise as browsers show it. `plain_looks`: page colours and link looks are noise.
    """

    exact: bool = False
    plain_looks: bool = False
    spoken_images: bool = True


NOTE: Final = Dialect(exact=True)
CLIPBOARD: Final = Dialect(plain_looks=True, spoken_images=False)
MARKDOWN: Final = Dialect()

_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|highlight-source)-(\S+)")
_NUMBER = re.compile(r"\(?(?:(\d{1,6})|[a-z]{1,2}|[ivxlcdm]{1,8})[.)]?(?:\d+\.?)*", re.IGNORECASE)
_EMOJI = re.compile(
    "[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff\ufe0f\u200d\u20e3#*0-9]{1,16}"
)
_BOLD_CELL = Style(bold=True)


@dataclass(slots=True)
class _Frame:
    """An open element: what holds inside, and how many boxes and blocks there were before."""

    tag: str
    marks: Marks
    space: str
    heading: int
    height: int
    added: int
    list_style: Style = NO_STYLE
    sign: bool = False


class Reader:
    """Builds one tree. Invariant: `start` and `end` come in pairs, as a parser gives them."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._boxes = Boxes()
        self._elements = Elements()
        self._frames = [_Frame("", PLAIN, "fold", 0, 1, 0)]
        self._run = Run(exact=dialect.exact)
        self._unseen = 0
        self._code: CodeLines | None = None
        self._code_frame: _Frame | None = None
        self._sign: list[str] = []

    def start(self, tag: str, attributes: list[str]) -> None:
        """An element begins; `attributes` are name, value, name, value and so on."""
        element = self._elements[(tag, *attributes)]
        if self._unseen or element.is_hidden:
            self._unseen += 1
            return
        outer = self._frames[-1]
        if element.is_transparent and self._code is None:
            self._frames.append(outer)
            return
        boxes = self._boxes
        frame = _Frame(
            tag,
            outer.marks,
            outer.space,
            element.heading or outer.heading,
            boxes.height,
            boxes.added,
        )
        frame.sign = outer.sign or element.style.list_sign
        self._frames.append(frame)
        if element.marks:
            frame.marks = element.marks_inside(outer.marks, plain_looks=self._dialect.plain_looks)
            frame.space = element.space or frame.space
        if self._code is not None:
            _start_in_code(self._code, tag, element.attributes)
        elif element.is_block:
            self._start_block(frame, element)
        elif element.is_inline:
            self._start_inline(frame, element)

    def end(self, tag: str) -> None:
        """The element that began last ends."""
        if self._unseen:
            self._unseen -= 1
            return
        frame = self._frames.pop()
        if self._code is not None:
            if tag in BLOCK_TAGS:
                self._code.end_line()
            if frame is self._code_frame:
                self._end_code(self._code)
        elif tag in BLOCK_TAGS:
            self._end_block(frame)
        elif tag == "q":
            self._run.keep("”", frame.marks)

    def text(self, text: str) -> None:
        """Characters between elements."""
        frame = self._frames[-1]
        if self._unseen:
            return
        if self._code is not None:
            self._code.add(text)
        elif frame.sign:
            self._sign.append(text)
        elif frame.space == "keep":
            self._run.keep(text, frame.marks)
        else:
            self._run.fold(text.replace(NBSP, " ") if frame.space == "apple" else text, frame.marks)

    def finish(self) -> tuple[Block, ...]:
        """The blocks of the tree, not yet in normal form."""
        self._flush(0)
        blocks = self._boxes.finish()
        if self._dialect.exact:
            return blocks
        first, last = 0, len(blocks)
        while last > first and blocks[last - 1] == Paragraph():
            last -= 1
        while first < last and blocks[first] == Paragraph():
            first += 1
        return blocks[first:last]

    def _start_block(self, frame: _Frame, element: Element) -> None:
        style, attributes = element.style, element.attributes
        if not self._run.is_task_box:
            self._flush(self._frames[-2].heading)
        frame.height, frame.added = self._boxes.height, self._boxes.added
        if frame.tag == "pre" or (style.space == "pre" and style.monospace):
            self._code, self._code_frame = CodeLines(_language(attributes)), frame
        elif frame.tag == "hr":
            self._boxes.add(Rule())
        elif style.list_level and frame.tag in ("p", "div"):
            frame.list_style = style
            self._sign = []
        else:
            self._open(frame, attributes)
        checked = attributes.get("aria-checked") or attributes.get("data-checked")
        if checked in ("true", "false"):
            self._run.task_box(checked == "true")
        elif "checkbox" in attributes.get("class", ""):
            self._run.task_box("checkbox-on" in attributes["class"])

    def _open(self, frame: _Frame, attributes: dict[str, str]) -> None:
        """Open the container, if any, that an element stands for."""
        tag = frame.tag
        if tag == "blockquote":
            self._boxes.open_quote()
        elif tag in ("ul", "ol"):
            start, indent = attributes.get("start", ""), attributes.get("data-indent", "")
            self._boxes.open_list(tag, start=_whole(start) or 1, indent=_whole(indent))
        elif tag == "li":
            self._boxes.open_item()
        elif tag == "tr":
            self._boxes.open_row()
        elif tag in ("td", "th"):
            self._boxes.open_cell()
            if tag == "th":
                frame.marks = marks_inside(
                    frame.marks, tag=tag, style=_BOLD_CELL, link=None, plain_looks=False
                )

    def _end_block(self, frame: _Frame) -> None:
        if frame.list_style is not NO_STYLE:
            self._end_word_item(frame.list_style)
            return
        if frame.tag == "li" or not self._run.is_task_box:
            self._flush(frame.heading)
        if self._dialect.exact and self._boxes.added == frame.added:
            if frame.tag == "p":
                self._boxes.add(Paragraph())
            elif frame.tag in HEADINGS:
                self._boxes.add(Heading(HEADINGS[frame.tag]))
        self._boxes.close_to(frame.height, keep_guess=frame.tag == "li")

    def _end_word_item(self, style: Style) -> None:
        sign = "".join(self._sign).replace(NBSP, " ").strip()
        start = _first_number(sign)
        block = Paragraph(self._run.taken() or ())
        self._boxes.add_word_item(
            WordItem(style.list_name, style.list_level, start is not None, start or 1, block)
        )

    def _start_inline(self, frame: _Frame, element: Element) -> None:
        attributes = element.attributes
        kind = attributes.get("class", "")
        if frame.tag == "br":
            if "Apple-interchange-newline" not in kind:
                self._run.line_break()
        elif frame.tag == "img":
            self._image(element.style, attributes, frame.marks)
        elif frame.tag == "input":
            if attributes.get("type", "").lower() == "checkbox":
                self._run.task_box("checked" in attributes)
        elif frame.tag == "q":
            self._run.keep("“", frame.marks)
        elif attributes.get("data-type") == "mention" and "data-id" in attributes:
            label = attributes.get("data-label", "")
            self._run.atom(Mention(attributes["data-id"], label, frame.marks))
            # Its text repeats the label: unseen to the end of the element.
            self._frames.pop()
            self._unseen += 1
        elif "Apple-converted-space" in kind:
            frame.space = "apple"  # Safari and Mail write plain spaces so

    def _image(self, style: Style, attributes: dict[str, str], marks: Marks) -> None:
        alt, src = attributes.get("alt", ""), attributes.get("src", "")
        if not self._dialect.exact:
            sizes = (attributes.get("width"), attributes.get("height"))
            if style.speck or "0" in sizes or "1" in sizes:
                return
            if alt and not alt.isascii() and _EMOJI.fullmatch(alt):
                self._run.keep(alt, marks)
                return
        if self._dialect.spoken_images or src.lower().startswith(("http://", "https://")):
            self._run.atom(Image(src, alt, marks))

    def _end_code(self, code: CodeLines) -> None:
        self._code = self._code_frame = None
        text = code.text()
        if not self._dialect.exact:
            text = text.removesuffix("\n")
        if text or self._dialect.exact:
            self._boxes.add(CodeBlock(text, code.language))

    def _flush(self, heading: int) -> None:
        """End the paragraph (or heading of that level) that the run so far belongs to."""
        inlines = self._run.taken()
        if inlines is None:
            return
        if not heading:
            self._boxes.add(Paragraph(inlines))
        elif inlines or self._dialect.exact:
            # Pages make headings bold by style: said once, by being a heading, is enough.
            plain = map(_not_bold, inlines) if self._dialect.plain_looks else inlines
            self._boxes.add(Heading(heading, tuple(plain)))


@lru_cache(maxsize=256)
def _first_number(sign: str) -> int | None:
    """The number that Word shows before an item (1 for a letter); None for a bullet."""
    number = None if sign.lower() == "o" else _NUMBER.fullmatch(sign)
    return int(number[1] or 1) if number else None


def _start_in_code(code: CodeLines, tag: str, attributes: dict[str, str]) -> None:
    if tag == "br":
        code.add("\n")
    elif tag == "img":
        code.add(attributes.get("alt", ""))
    elif tag in BLOCK_TAGS:
        code.end_line()
    code.language = code.language or _language(attributes)


def _not_bold(inline: Inline) -> Inline:
    if isinstance(inline, Text) and inline.marks.bold:
        return Text(inline.text, replace(inline.marks, bold=False))
    return inline


def _language(attributes: dict[str, str]) -> str:
    found = _LANGUAGE.search(attributes.get("class", ""))
    return found[1] if found else ""


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None

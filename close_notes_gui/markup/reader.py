"""Elements and text, one after another, into a rich-text tree.

Any thread. Takes events of a well-formed stream (of a note, or of what nh3 printed), so
that depth costs no recursion. Whatever it does not know is transparent; text is kept.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from close_notes_gui.markup.boxes import Boxes, WordItem
from close_notes_gui.markup.characters import NBSP
from close_notes_gui.markup.style import MARK_TAGS, NO_STYLE, Style, marks_inside, read_style
from close_notes_gui.model.richtext import (
    Block,
    PLAIN,
    CodeBlock,
    Heading,
    Image,
    Inline,
    LineBreak,
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

HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCK_TAGS = frozenset(
    "address article aside blockquote caption center dd details div dl dt fieldset figcaption figure footer form"
    " header hgroup hr legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
) | frozenset(HEADINGS)
INLINE_TAGS = MARK_TAGS | {"span", "br", "img", "input", "q"}
_DROPPED = frozenset(
    "script style title template noscript noembed noframes iframe object embed applet audio video canvas svg math"
    " xml head".split()
)
_WHITE = re.compile("[ \t\r\n\f]+")
_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|highlight-source)-(\S+)")
_NUMBER = re.compile(r"\(?(?:(\d{1,6})|[a-z]{1,2}|[ivxlcdm]{1,8})[.)]?(?:\d+\.?)*", re.IGNORECASE)
_EMOJI = re.compile(
    "[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff\ufe0f\u200d\u20e3#*0-9]{1,16}"
)


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
        self._frames = [_Frame("", PLAIN, "fold", 0, 1, 0)]
        self._run: list[Inline] = []
        self._after_space = True
        self._unseen = 0
        self._code: list[str] | None = None
        self._code_frame: _Frame | None = None
        self._line_ended = False
        self._language = ""
        self._sign: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        style = read_style(attributes["style"]) if "style" in attributes else NO_STYLE
        if self._unseen or tag in _DROPPED or style.hidden or "hidden" in attributes:
            self._unseen += 1
            return
        outer = self._frames[-1]
        heading = HEADINGS.get(tag, outer.heading)
        frame = _Frame(
            tag, outer.marks, outer.space, heading, self._boxes.height, self._boxes.added
        )
        frame.sign = outer.sign or style.list_sign
        self._frames.append(frame)
        if tag in MARK_TAGS or style is not NO_STYLE:
            self._emphasise(frame, style, attributes)
        if self._code is not None:
            self._start_in_code(tag, attributes)
        elif tag in BLOCK_TAGS:
            self._start_block(tag, attributes, style, frame)
        elif tag in INLINE_TAGS:
            self._start_inline(tag, attributes, style)

    def end(self, tag: str) -> None:
        """The element that began last ends."""
        if self._unseen:
            self._unseen -= 1
            return
        frame = self._frames.pop()
        if self._code is not None:
            self._line_ended = self._line_ended or tag in BLOCK_TAGS
            if frame is self._code_frame:
                self._end_code()
            return
        if tag == "q":
            self._put("”", self._frames[-1].marks)
        if tag in BLOCK_TAGS:
            self._end_block(frame)

    def text(self, text: str) -> None:
        """Characters between elements."""
        if self._unseen:
            return
        frame = self._frames[-1]
        if self._code is not None:
            self._add_code(text)
        elif frame.sign:
            self._sign.append(text)
        elif frame.space in ("fold", "apple"):
            folded = _WHITE.sub(" ", text if frame.space == "fold" else text.replace(NBSP, " "))
            if folded[:1] == " " and self._after_space:
                folded = folded[1:]
            self._put(folded, frame.marks)
        else:
            self._put(text, frame.marks)

    def finish(self) -> tuple[Block, ...]:
        """The blocks of the tree, not yet in normal form."""
        self._flush()
        blocks = list(self._boxes.finish())
        if not self._dialect.exact:
            while blocks and blocks[-1] == Paragraph():
                blocks.pop()
            while blocks and blocks[0] == Paragraph():
                del blocks[0]
        return tuple(blocks)

    # Elements

    def _emphasise(self, frame: _Frame, style: Style, attributes: dict[str, str]) -> None:
        tag = frame.tag
        if tag == "font" and "color" in attributes:
            style = read_style(f"color: {attributes['color'][:40]};{attributes.get('style', '')}")
        frame.marks = marks_inside(
            frame.marks,
            tag=tag,
            style=style,
            link=attributes.get("href"),
            plain_looks=self._dialect.plain_looks,
        )
        if style.space is not None:
            keeps = style.space in ("pre", "pre-wrap", "break-spaces")
            frame.space = "keep" if keeps else "lines" if style.space == "pre-line" else "fold"

    def _start_block(
        self, tag: str, attributes: dict[str, str], style: Style, frame: _Frame
    ) -> None:
        if not self._is_box():
            self._flush(self._frames[-2].heading)
        frame.height, frame.added = self._boxes.height, self._boxes.added
        if tag == "pre" or (style.space == "pre" and style.monospace):
            self._code, self._code_frame, self._line_ended = [], frame, False
            self._language = _language(attributes)
        elif tag == "blockquote":
            self._boxes.open_quote()
        elif tag in ("ul", "ol"):
            start, indent = attributes.get("start", ""), attributes.get("data-indent", "")
            self._boxes.open_list(tag, start=_whole(start) or 1, indent=_whole(indent))
        elif tag == "li":
            self._boxes.open_item()
            checked = attributes.get("aria-checked") or attributes.get("data-checked")
            if checked in ("true", "false"):
                self._put_box(checked == "true")
        elif tag == "tr":
            self._boxes.open_row()
        elif tag in ("td", "th"):
            self._boxes.open_cell()
            if tag == "th":
                frame.marks = marks_inside(
                    frame.marks, tag="b", style=NO_STYLE, link=None, plain_looks=False
                )
        elif tag == "hr":
            self._boxes.add(Rule())
        elif style.list_level and tag in ("p", "div"):
            frame.list_style = style
            self._sign = []
        if "checkbox" in attributes.get("class", ""):
            self._put_box("checkbox-on" in attributes["class"])

    def _end_block(self, frame: _Frame) -> None:
        if frame.list_style is not NO_STYLE:
            self._end_word_item(frame.list_style)
            return
        if frame.tag == "li" or not self._is_box():
            self._flush(frame.heading)
        if self._dialect.exact and self._boxes.added == frame.added:
            if frame.tag == "p":
                self._boxes.add(Paragraph())
            elif frame.tag in HEADINGS:
                self._boxes.add(Heading(HEADINGS[frame.tag]))
        self._boxes.close_to(frame.height, keep_guess=frame.tag == "li")

    def _end_word_item(self, style: Style) -> None:
        sign = "".join(self._sign).replace(NBSP, " ").strip()
        number = _NUMBER.fullmatch(sign)
        numbered = number is not None and sign.lower() != "o"
        start = int(number[1] or 1) if numbered and number is not None else 1
        block = Paragraph(tuple(self._taken() or ()))
        self._boxes.add_word_item(
            WordItem(style.list_name, style.list_level, numbered, start, block)
        )

    def _start_inline(self, tag: str, attributes: dict[str, str], style: Style) -> None:
        marks = self._frames[-1].marks
        if tag == "br":
            if "Apple-interchange-newline" not in attributes.get("class", ""):
                self._run.append(LineBreak())
                self._after_space = True
        elif tag == "img":
            self._image(attributes, style, marks)
        elif tag == "input":
            if attributes.get("type", "").lower() == "checkbox":
                self._put_box("checked" in attributes)
        elif tag == "q":
            self._put("“", marks)
        elif attributes.get("data-type") == "mention" and "data-id" in attributes:
            label = attributes.get("data-label", "")
            self._run.append(Mention(attributes["data-id"], label, marks))
            self._after_space = False
            self._frames.pop()
            self._unseen += 1
        elif "Apple-converted-space" in attributes.get("class", ""):
            self._frames[-1].space = "apple"  # Safari and Mail write plain spaces so

    def _image(self, attributes: dict[str, str], style: Style, marks: Marks) -> None:
        alt, src = attributes.get("alt", ""), attributes.get("src", "")
        if not self._dialect.exact:
            if (
                style.speck
                or attributes.get("width") in ("0", "1")
                or attributes.get("height") in ("0", "1")
            ):
                return
            if alt and not alt.isascii() and _EMOJI.fullmatch(alt):
                self._put(alt, marks)
                return
        image = Image(src, alt, marks)
        if self._dialect.spoken_images or src.lower().startswith(("http://", "https://")):
            self._run.append(image)
            self._after_space = False

    def _start_in_code(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "br":
            self._add_code("\n")
        elif tag == "img":
            self._add_code(attributes.get("alt", ""))
        elif tag in BLOCK_TAGS:
            self._line_ended = True
        self._language = self._language or _language(attributes)

    def _add_code(self, text: str) -> None:
        """Code, after a line end if elements (lines of an editor) came to an end before it."""
        if self._code is None or not text:
            return
        if self._line_ended and self._code and not self._code[-1].endswith("\n"):
            self._code.append("\n")
        self._line_ended = False
        self._code.append(text)

    def _end_code(self) -> None:
        text = "".join(self._code or ())
        self._code = self._code_frame = None
        if not self._dialect.exact and text.endswith("\n"):
            text = text[:-1]
        if text or self._dialect.exact:
            self._boxes.add(CodeBlock(text, self._language))

    # Runs

    def _put(self, text: str, marks: Marks) -> None:
        if text:
            self._run.append(Text(text, marks))
            self._after_space = text[-1] in " \n"

    def _is_box(self) -> bool:
        """Whether the run is but a task's box, which belongs to the text that comes next."""
        return len(self._run) == 1 and self._run[0] in (Text("☐ "), Text("☑ "))

    def _put_box(self, checked: bool) -> None:
        self._put("☑ " if checked else "☐ ", self._frames[-1].marks)

    def _taken(self) -> list[Inline] | None:
        """The run gathered so far, without what HTML does not show; None: nothing at all."""
        run, self._run, self._after_space = self._run, [], True
        seen = bool(run)
        while run and isinstance(run[-1], Text) and run[-1].text[-1] == " ":
            last = run.pop()
            if isinstance(last, Text) and (text := last.text.rstrip(" ")):
                run.append(Text(text, last.marks))
        if self._dialect.exact:
            return run or None
        blank = True
        for inline in run:
            if not isinstance(inline, LineBreak) and not (
                isinstance(inline, Text) and not inline.text.strip()
            ):
                blank = False
                break
        if blank:
            return [] if seen and any(_shows_line(inline) for inline in run) else None
        if isinstance(run[-1], LineBreak):
            run.pop()
        return run

    def _flush(self, heading: int = 0) -> None:
        """End the paragraph (or heading of that level) that the run so far belongs to."""
        run = self._taken() if self._run else None
        self._after_space = True
        if run is None:
            return
        if not heading:
            self._boxes.add(Paragraph(tuple(run)))
        elif run or self._dialect.exact:
            # Pages make headings bold by style: said once, by being a heading, is enough.
            plain = map(_not_bold, run) if self._dialect.plain_looks else run
            self._boxes.add(Heading(heading, tuple(plain)))


def _not_bold(inline: Inline) -> Inline:
    return (
        Text(inline.text, replace(inline.marks, bold=False)) if isinstance(inline, Text) else inline
    )


def _shows_line(inline: Inline) -> bool:
    return isinstance(inline, LineBreak) or (isinstance(inline, Text) and NBSP in inline.text)


def _language(attributes: dict[str, str]) -> str:
    found = _LANGUAGE.search(attributes.get("class", ""))
    return found[1] if found else ""


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None

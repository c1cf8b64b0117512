"""The content of one paragraph as Markdown: signs where CommonMark reads them, tags elsewhere.

Any thread. Pure. What is written means the same to every CommonMark reader; `**` and its like
stand only where they are sure to be read as marks, else HTML says it.
"""

import re
import unicodedata
from dataclasses import dataclass

from close_notes_gui.model.richtext import Image, Inline, LineBreak, Marks, Mention

_SIGNS = {"strike": "~~", "bold": "**", "italic": "*"}
_TAGS = {"strike": "s", "bold": "strong", "italic": "em", "underline": "u"}
_ORDER = ("strike", "bold", "italic", "underline")

_SPECIAL = re.compile(
    r"[\\`\[\]<]"
    r"|(?<! )\*|\*(?! )"  # a star between spaces is a star
    r"|(?<![^\W_])_|_(?![^\W_])"  # and an underscore within a word is one
    r"|~(?=~)|(?<=~)~|^~|~$"
)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BARE_ADDRESS = re.compile(r"(https?)(?=://)|(www)(?=\.)", re.IGNORECASE)
_PLAIN_ADDRESS = re.compile(r"[\w./:?&=#%+,;@~!$-]+")
_TICKS = re.compile("`+")
_PUNCTUATION = re.compile(r"[^\w\s]|_", re.ASCII)
_BLOCK_START = re.compile(r"#{1,6}(?= |$)|>|[-+](?= |$)|(?=[-=|: ]+$).|[0-9]{1,9}(?=[.)](?: |$))")


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One inline written; `marks` are those that hold around it, (kind, value)."""

    text: str
    marks: tuple[tuple[str, str], ...] = ()
    plain: str = ""


@dataclass(slots=True)
class _Span:
    """Leaves `begin` to `end` (not included) that have a mark in common."""

    mark: tuple[str, str]
    begin: int
    end: int
    start_text: str = ""
    end_text: str = ""


def inline_markdown(inlines: tuple[Inline, ...], *, one_line: bool = False) -> list[str]:
    """Lines of Markdown that say `inlines` (in normal form); `one_line` for a heading.
    Between two lines is a break.
    """
    leaves = _leaves(inlines, one_line=one_line)
    spans: list[_Span] = []
    _find_spans(leaves, 0, len(leaves), (), spans)
    text = _written(leaves, spans) if spans else "".join(leaf.text for leaf in leaves)
    return [_trimmed(text)] if one_line else [_line(line) for line in text.split("\n")]


def _written(leaves: list[_Leaf], spans: list[_Span]) -> str:
    opens: list[list[_Span]] = [[] for _ in range(len(leaves) + 1)]
    closes: list[list[_Span]] = [[] for _ in range(len(leaves) + 1)]
    for span in spans:
        opens[span.begin].append(span)
        closes[span.end].insert(0, span)
    for span in spans:
        _spell(span, leaves, opens, closes)
    out: list[str] = []
    for leaf, opened, closed in zip(leaves, opens, closes, strict=False):
        out.extend(span.end_text for span in closed)
        out.extend(span.start_text for span in opened)
        alone = any(span.start_text == "<" for span in opened)
        out.append(leaf.plain if alone else leaf.text)
    out.extend(span.end_text for span in closes[-1])
    return "".join(out)


def _line(line: str) -> str:
    """A line that no reader takes for the beginning of a block, or trims."""
    line = _trimmed(line)
    found = _BLOCK_START.match(line)
    if not found:
        return line
    at = found.end() if found[0].isdigit() else 0
    return f"{line[:at]}\\{line[at:]}"


def _trimmed(line: str) -> str:
    """`line` with white space at its ends spelled out."""
    if line[:1].isspace():
        line = f"&#{ord(line[0])};{line[1:]}"
    if line[-1:].isspace():
        line = f"{line[:-1]}&#{ord(line[-1])};"
    return line.replace("&#160;", "&nbsp;")


def _leaves(inlines: tuple[Inline, ...], *, one_line: bool) -> list[_Leaf]:
    last = len(inlines) - 1
    # "!" before a bracket would make it a picture.
    leaves = [_leaf(inline, last=at == last) for at, inline in enumerate(inlines)]
    while last >= 0 and isinstance(inlines[last], LineBreak):
        last -= 1
    for at, inline in enumerate(inlines):
        if not isinstance(inline, LineBreak):
            continue
        # An empty line in Markdown ends the paragraph, and HTML does not show a last break.
        ends_line = 0 < at <= last and not isinstance(inlines[at + 1], LineBreak)
        text = "\n" if ends_line and not one_line and _says_something(inlines[:at]) else "<br>"
        around = _shared(leaves, inlines, at) if at < last else ()
        leaves[at] = _Leaf(text, around)
    if last < len(inlines) - 1:
        leaves.append(_Leaf("<br>"))
    return leaves


def _says_something(inlines: tuple[Inline, ...]) -> bool:
    return not all(isinstance(inline, LineBreak) for inline in inlines)


def _shared(
    leaves: list[_Leaf], inlines: tuple[Inline, ...], at: int
) -> tuple[tuple[str, str], ...]:
    """The marks on both sides of a break, which may go on across it."""
    after = at + 1
    while after < len(inlines) and isinstance(inlines[after], LineBreak):
        after += 1
    if not at or after == len(inlines):
        return ()
    return tuple(mark for mark in leaves[at - 1].marks if mark in leaves[after].marks)


def _leaf(inline: Inline, *, last: bool) -> _Leaf:
    if isinstance(inline, LineBreak):
        return _Leaf("")
    marks = _marks(inline.marks)
    if isinstance(inline, Mention):
        attributes = f'data-type="mention" data-id="{inline.id}" data-label="{_hard(inline.label)}"'
        return _Leaf(f"<span {attributes}>@{escaped(inline.label)}</span>", marks)
    if isinstance(inline, Image):
        if not _is_bracketed(inline.src):
            return _Leaf(f"![{escaped(inline.alt)}]({_target(inline.src)})", marks)
        return _Leaf(f'<img src="{_hard(inline.src)}" alt="{_hard(inline.alt)}">', marks)
    if inline.marks.code:
        return _Leaf(_code(inline.text))
    text = escaped(inline.text)
    if not inline.marks.link or _is_bracketed(inline.marks.link):
        text = _BARE_ADDRESS.sub(r"\g<0>\\", text)
    if text[-1] == "!" and not last:
        text = f"{text[:-1]}\\!"
    return _Leaf(text, marks, inline.text)


def _marks(marks: Marks) -> tuple[tuple[str, str], ...]:
    found = [("link", marks.link)] if marks.link else []
    found += [(name, "") for name in _ORDER if getattr(marks, name)]
    if marks.color:
        found.append(("color", marks.color))
    return tuple(found)


def escaped(text: str) -> str:
    """`text` so that no sign in it is read as one."""
    return _ENTITY.sub("&amp;", _SPECIAL.sub(r"\\\g<0>", text))


def _hard(text: str) -> str:
    """`text` as the value of an attribute, nothing in it that Markdown knows."""
    return _PUNCTUATION.sub(lambda found: f"&#{ord(found[0])};", text)


def _is_bracketed(address: str) -> bool:
    """Whether brackets in an address could be taken for those of a link."""
    return "[" in address or "]" in address


def _target(address: str) -> str:
    """`address` as where a link leads; the characters that end it are none of an address."""
    shown = _ENTITY.sub("&amp;", address)
    return shown if _PLAIN_ADDRESS.fullmatch(shown) else f"<{shown}>"


def _code(text: str) -> str:
    if text[0].isspace() or text[-1].isspace():
        return f"<code>{escaped(text)}</code>"
    longest = max(map(len, _TICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _find_spans(
    leaves: list[_Leaf],
    begin: int,
    end: int,
    around: tuple[tuple[str, str], ...],
    spans: list[_Span],
) -> None:
    """Spans from the outside in: at each place the mark that goes on longest is outermost.
    Recursion is as deep as there are kinds of marks.
    """
    at = begin
    while at < end:
        marks = [mark for mark in leaves[at].marks if mark not in around]
        if not marks:
            at += 1
            continue
        reach = {mark: _reach(leaves, at, end, mark) for mark in marks}
        mark = max(marks, key=reach.__getitem__)
        spans.append(_Span(mark, at, reach[mark]))
        _find_spans(leaves, at, reach[mark], (*around, mark), spans)
        at = reach[mark]


def _reach(leaves: list[_Leaf], at: int, end: int, mark: tuple[str, str]) -> int:
    while at < end and mark in leaves[at].marks:
        at += 1
    return at


def _spell(
    span: _Span, leaves: list[_Leaf], opens: list[list[_Span]], closes: list[list[_Span]]
) -> None:
    """Choose what stands at both ends of a span."""
    kind, value = span.mark
    if kind == "link":
        _spell_link(span, leaves[span.begin], alone=span is opens[span.begin][-1])
    elif kind == "color":
        span.start_text, span.end_text = f'<span style="color: {value};">', "</span>"
    elif (
        kind in _SIGNS
        and _opens(span, leaves, opens, closes)
        and _ends(span, leaves, opens, closes)
    ):
        span.start_text = span.end_text = _SIGNS[kind]
    else:
        span.start_text, span.end_text = f"<{_TAGS[kind]}>", f"</{_TAGS[kind]}>"


def _spell_link(span: _Span, first: _Leaf, *, alone: bool) -> None:
    link = span.mark[1]
    if _is_bracketed(link):
        span.start_text, span.end_text = f'<a href="{_hard(link)}">', "</a>"
    elif (
        alone
        and span.end == span.begin + 1
        and first.plain == link
        and link.startswith("http")
        and not _ENTITY.search(link)
    ):
        span.start_text, span.end_text = "<", ">"
    else:
        span.start_text, span.end_text = "[", f"]({_target(link)})"


def _opens(
    span: _Span, leaves: list[_Leaf], opens: list[list[_Span]], closes: list[list[_Span]]
) -> bool:
    """Whether a sign here is sure to open (CommonMark: left-flanking), whatever its neighbours
    that open here, too, turn out to be.
    """
    here, ended = opens[span.begin], closes[span.begin]
    place = here.index(span)
    before = leaves[span.begin - 1].text[-1:] if span.begin else " "
    outside = _kind(before, ended + here[:place])
    inside = _kind(leaves[span.begin].text[:1], here[place + 1 :])
    return not _has_sign(ended) and _flanks(outside, inside, here[place + 1 :])


def _ends(
    span: _Span, leaves: list[_Leaf], opens: list[list[_Span]], closes: list[list[_Span]]
) -> bool:
    """Whether a sign here is sure to close; see `_opens`."""
    here, begun = closes[span.end], opens[span.end]
    place = here.index(span)
    after = leaves[span.end].text[:1] if span.end < len(leaves) else " "
    outside = _kind(after, here[place + 1 :] + begun)
    inside = _kind(leaves[span.end - 1].text[-1:], here[:place])
    return not _has_sign(begun) and _flanks(outside, inside, here[:place])


def _flanks(outside: str, inside: str, between: list[_Span]) -> bool:
    if between:
        return outside != "word"
    return inside == "word" or (inside == "punctuation" and outside != "word")


def _has_sign(spans: list[_Span]) -> bool:
    return any(span.mark[0] in _SIGNS for span in spans)


def _kind(character: str, between: list[_Span]) -> str:
    """What a sign sees on one side: the character, unless a bracket or tag stands between."""
    if any(span.mark[0] not in _SIGNS for span in between):
        return "punctuation"
    if character.isspace():
        return "space"
    return "punctuation" if unicodedata.category(character)[0] in "PS" else "word"

"""Any HTML to a rich-text tree: the clipboard of other programs, and notes that others wrote.

Any thread. Never raises, never fetches; linear in time on hostile input, by counting before
parsing. What is too large, too deep or absurd becomes its plain text.
"""

import re
from collections.abc import Callable, Generator
from typing import TypeVar
from xml.parsers import expat

from close_notes_gui.markup.characters import LINK_SCHEMES, NBSP, legal
from close_notes_gui.markup.elements import BLOCK_TAGS, DROPPED_TAGS, INLINE_TAGS
from close_notes_gui.markup.normal import normal_slices, normalize
from close_notes_gui.markup.plain import unescape
from close_notes_gui.markup.prescan import LARGEST, is_absurd, without_embedded
from close_notes_gui.markup.reader import CLIPBOARD, NOTE, Dialect, Reader
from close_notes_gui.markup.style import BASE_PROPERTIES
from close_notes_gui.markup.xhtml import ReadNote, to_note_html
from close_notes_gui.model.richtext import Paragraph, RichText, Text

_TAGS = set(BLOCK_TAGS | INLINE_TAGS)
_ATTRIBUTES: dict[str, set[str]] = {tag: {"style", "hidden"} for tag in _TAGS}
for _tag, _names in {
    "a": "href",
    "br": "class",
    "code": "class",
    "div": "class",
    "font": "color",
    "img": "src alt width height",
    "input": "type checked",
    "li": "aria-checked data-checked",
    "ol": "start data-indent",
    "pre": "class",
    "span": "class data-type data-id data-label",
    "ul": "data-indent",
}.items():
    _ATTRIBUTES[_tag] |= set(_names.split())

_VOID = re.compile(r'<(br|hr|img|input)((?: [\w-]+="[^"]*")*)>')
_RARE_PROPERTIES = (
    *(
        (re.compile(rf"{name}\s*:\s*0"), {"font-size", "opacity", "max-height"})
        for name in ("font-size", "opacity", "max-height")
    ),
    *(
        (re.compile(rf"{name}\s*:\s*[01](?!\d)"), {"width", "height"})
        for name in ("width", "height")
    ),
    (re.compile(r"white-space\s*:\s*pre\b(?!-)"), {"font-family"}),
)
_NOTE_NAMES = frozenset(
    "a b blockquote body br code del em h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre s span strike"
    " strong u ul".split()
)
_SILENT = frozenset({"class", "rel", "target", "data-mention-suggestion-char", "xmlns", "title"})
_KNOWN_ATTRIBUTES = (
    frozenset({"href", "src", "alt", "start", "data-type", "data-id", "data-label", "style"})
    | _SILENT
)
_OTHER_STYLE = re.compile(r"(?:^|;)\s*(?!color\s*:)[\w-]+\s*:")
_TAG_NAME = re.compile(r"<([A-Za-z][\w:-]{0,30})")
_SLICE = 16_000  # characters of XML between two places to pause
_PIECE = 100_000  # characters looked through in one go

Slices = Generator[None, None, RichText]
_Result = TypeVar("_Result")

_INVISIBLE_CONTENT = ("script", "style", "template", "title")


def foreign_to_tree(html: str) -> RichText:
    """The tree of any HTML, as a person would expect it pasted. Never raises."""
    return _to_tree(html, CLIPBOARD)


def sanitize_html(html: str) -> str:
    """Valid `note_html` of any HTML: the identity on what this room writes. Never raises."""
    return to_note_html(read(html).tree if html.startswith("<body>") else foreign_to_tree(html))


def rendered_to_tree(html: str, *, dialect: Dialect) -> RichText:
    """The tree of HTML that is meant in another dialect than the clipboard's. Never raises."""
    return _to_tree(html, dialect)


def read(note_html: str) -> ReadNote:
    """See `xhtml.read_note`: strict XML if it is that, else as forgiving as a browser."""
    return _drained(note_slices(note_html))


def note_slices(note_html: str) -> Generator[None, None, ReadNote]:
    """`read` with places to pause: each `yield` is one, the note is what it returns."""
    text = yield from _legal_slices(note_html)
    # The fixed start rules out any DOCTYPE, so no entity can be declared.
    if text.startswith("<body>") and text.endswith("</body>") and len(text) <= 5 * LARGEST:
        lost: dict[str, None] = {}
        tree = yield from _parse_slices(text, NOTE, lost)
        if tree is not None:
            return ReadNote(tree, tuple(lost))
    names = dict.fromkeys(name.lower() for name in _TAG_NAME.findall(text))
    dialect = NOTE if text.startswith("<body>") else CLIPBOARD
    tree = yield from _slices(text, dialect)
    return ReadNote(tree, tuple(name for name in names if name not in _NOTE_NAMES))


def foreign_slices(html: str) -> Slices:
    """`foreign_to_tree` with places to pause: each `yield` is one, the tree is what it returns.
    For a window that must stay awake; nothing in between takes longer than nh3 itself.
    """
    return _slices(html, CLIPBOARD)


def _to_tree(html: str, dialect: Dialect) -> RichText:
    return _drained(_slices(html, dialect))


def _drained(work: Generator[None, None, _Result]) -> _Result:
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: _Result = end.value
            return result


def _legal_slices(text: str) -> Generator[None, None, str]:
    out: list[str] = []
    for start in range(0, len(text), _PIECE):
        out.append(legal(text[start : start + _PIECE]))
        yield
    return "".join(out)


def _slices(html: str, dialect: Dialect) -> Slices:
    if html.startswith("Version:"):  # the header of Windows' clipboard format
        html = html[max(html.find("<"), 0) :]
    text = yield from _legal_slices(html)
    text = without_embedded(text)
    yield
    if len(text) > LARGEST or is_absurd(text):
        return _plain(text[: 2 * LARGEST])
    yield
    xml = _through_nh3(text)
    yield
    # nh3 resolves references to characters that may not leave.
    xml = yield from _legal_slices(xml)
    tree = yield from _parse_slices(xml, dialect, None)
    return _plain(text) if tree is None else tree


def _through_nh3(html: str) -> str:
    """`html` as XML with only elements that the reader knows. Attributes and styles are
    narrowed, not judged: the tree cannot hold more than a note may hold.
    """
    import nh3  # noqa: PLC0415 - deferred: see the room's docstring

    properties = set(BASE_PROPERTIES)
    for pattern, names in _RARE_PROPERTIES:
        if pattern.search(html):
            properties |= names
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=set(DROPPED_TAGS),
        attributes=_ATTRIBUTES,
        filter_style_properties=properties,
        url_schemes=set(LINK_SCHEMES),
        link_rel=None,
        strip_comments=True,
    )
    # nh3 prints balanced tags, quoted attributes and of HTML's entities only &nbsp;.
    xml = _VOID.sub(r"<\1\2/>", cleaned).replace("&nbsp;", NBSP)
    return f"<body>{xml}</body>"


def _parse_slices(
    xml: str, dialect: Dialect, lost: dict[str, None] | None
) -> Generator[None, None, RichText | None]:
    """The tree of well-formed XML without a DOCTYPE, or None if it is not well-formed."""
    reader = Reader(dialect)
    parser = expat.ParserCreate()
    parser.buffer_text = parser.ordered_attributes = True
    parser.buffer_size = 65_536
    parser.StartElementHandler = reader.start if lost is None else _noting(reader, lost)
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        for start in range(0, len(xml), _SLICE):
            parser.Parse(xml[start : start + _SLICE], False)
            yield
        parser.Parse("", True)
    except expat.ExpatError:
        return None
    blocks = reader.finish()
    yield
    tree = yield from normal_slices(blocks)
    return tree


def _noting(reader: Reader, lost: dict[str, None]) -> Callable[[str, list[str]], None]:
    """A start handler that also notes what the tree will not hold."""

    def start(tag: str, attributes: list[str]) -> None:
        if tag not in _NOTE_NAMES:
            lost[tag] = None
        for name, value in zip(attributes[::2], attributes[1::2], strict=True):
            if name not in _KNOWN_ATTRIBUTES:
                lost[name] = None
            elif name == "style" and _OTHER_STYLE.search(value):
                lost["style"] = None
        reader.start(tag, attributes)

    return start


def _plain(html: str) -> RichText:
    """The text of HTML that is not worth parsing, line by line. Linear, forgiving."""
    for name in _INVISIBLE_CONTENT:
        html = _without(html, f"<{name}", f"</{name}")
    html = _without(html, "<!--", "-->")
    text = unescape(
        re.sub(
            r"</?(?:p|div|br|li|tr|h[1-6]|pre|td|blockquote)\b", "\n<", html, flags=re.IGNORECASE
        )
    )
    text = re.sub("<[^<>]*>", "", text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return normalize(RichText(tuple(Paragraph((Text(line),)) for line in lines if line)))


def _without(text: str, begin: str, end: str) -> str:
    """`text` without what stands between marks, to the end if the second is missing."""
    lower = text.lower() if begin[1].isalpha() else text
    if len(lower) != len(text):  # a letter that grows in lower case would shift every place
        return text
    out, place = [], 0
    while (first := lower.find(begin, place)) >= 0:
        out.append(text[place:first])
        last = lower.find(end, first + len(begin))
        if last < 0:
            return "".join(out)
        place = last + len(end)
    out.append(text[place:])
    return "".join(out)

"""Close's rich text as the server sees it: check, plain text, mentions, rewriting.

Any thread. Uses only the standard library's XML parser, so that nothing is
shared with the program whose markup it judges.
"""

import re
import xml.etree.ElementTree as ET
from html import escape

from close_notes_gui.sandbox.exchange import refuse_fields

_BLOCKS = frozenset(
    {
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "hr",
        "blockquote",
        "pre",
        "div",
        "table",
        "tr",
    }
)
_VOID = frozenset({"br", "hr", "img"})


def checked(rich: str, field: str) -> ET.Element:
    """The parsed body of ``rich``; refused unless it is the XHTML that Close takes."""
    if "<!" in rich or "<?" in rich:
        raise refuse_fields({field: "Declarations are not allowed."})
    if not rich.startswith("<body>") or not rich.endswith("</body>"):
        raise refuse_fields({field: "Must begin with <body> and end with </body>."})
    try:
        body = ET.fromstring(rich)  # noqa: S314 (no declarations left, so no entities)
    except (ET.ParseError, ValueError) as fault:
        raise refuse_fields({field: f"Not well-formed XML: {fault}"}) from None
    if body.tag != "body" or len(body) == 0:
        raise refuse_fields({field: "The body must hold at least one element."})
    return body


def from_plain(plain: str) -> str:
    """``note_html`` that Close makes of a plain ``note``."""
    lines = escape(plain, quote=False).replace("\r\n", "\n").split("\n")
    return f"<body><p>{'<br />'.join(lines)}</p></body>"


def plain_of(body: ET.Element) -> str:
    """The plain ``note`` that Close makes of rich text: a line per block."""
    pieces: list[str] = []
    _collect(body, pieces)
    lines = [re.sub(r"[ \t\n]+", " ", line).strip() for line in "".join(pieces).split("\0")]
    return "\n".join(line for line in lines if line)


def _collect(element: ET.Element, pieces: list[str]) -> None:
    block = element.tag in _BLOCKS
    if block or element.tag == "br":
        pieces.append("\0")
    pieces.append(element.text or "")
    for child in element:
        _collect(child, pieces)
        pieces.append(child.tail or "")
    if block:
        pieces.append("\0")


def mentions(body: ET.Element) -> list[str]:
    """The ids mentioned, in order, each once."""
    found = (
        span.get("data-id") for span in body.iter("span") if span.get("data-type") == "mention"
    )
    return list(dict.fromkeys(one for one in found if one))


def without_undocumented(rich: str) -> str:
    """What is left where quotes are unwrapped and preformatted text becomes a paragraph."""
    rich = re.sub(r"</?blockquote[^>]*>", "", rich)
    return re.sub(r"(</?)pre(?=[\s>])[^>]*>", r"\1p>", rich)


def normalised(body: ET.Element) -> str:
    """The same rich text in another spelling, as a server with its own writer has it."""
    return _write(body).replace("<body>", "<body>\n", 1)


def _write(element: ET.Element) -> str:
    attributes = "".join(
        f' {name}="{escape(value)}"' for name, value in sorted(element.attrib.items(), reverse=True)
    )
    if element.tag in _VOID:
        return f"<{element.tag}{attributes}/>"
    inner = _folded(element.text) + "".join(
        _write(child) + _folded(child.tail) for child in element
    )
    line_end = "\n" if element.tag in _BLOCKS else ""
    return f"<{element.tag}{attributes}>{inner}</{element.tag}>{line_end}"


def _folded(text: str | None) -> str:
    """Escaped, non-breaking spaces as references, runs of other white space as one space."""
    folded = re.sub(r"[ \t\r\n]+", " ", text or "")
    return escape(folded, quote=False).replace("\u00a0", "&#160;")

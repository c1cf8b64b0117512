"""The last look at a note before it leaves for Close: bleach and strict XML must agree.

Engine thread. Reads only what `to_note_html` wrote, never foreign input (bleach is
quadratic on hostile HTML), and never alters: a difference is a bug that stops the note.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import ParseError, fromstring

from close_notes_gui.markup.characters import LINK_SCHEMES, legal
from close_notes_gui.markup.plain import unescape
from close_notes_gui.markup.policy import DEFAULT, Policy, allowed_tags, attribute_allowed

_PART = 4000
_TAG = re.compile(r"<(/?)[^>]*?(/?)>")
_VOID = frozenset({"br", "hr", "img"})
_COLOR = re.compile(r"color: #[0-9a-f]{6};")


class GateError(ValueError):
    """A note that may not leave. `reason` is for the log and for engineers: it names what was
    found and where, and quotes at most a few characters of the note.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check(note_html: str, *, policy: Policy = DEFAULT) -> None:
    """Pass in silence if `note_html` may leave, or raise GateError.

    Strict XML and the allow-list first; then bleach, with the same allow-list, must read the
    note and have nothing to change.
    """
    _check_xml(note_html, policy)
    for part in _parts(note_html[len("<body>") : -len("</body>")]):
        seen = _through_bleach(part, policy)
        if seen != part:
            raise GateError(_difference(part, seen))


def _parts(content: str) -> Iterator[str]:
    """Whole blocks, some thousand characters at a time: bleach takes quadratic time on what
    is long. Content is well-formed; a ">" inside an attribute, which we never write, would
    only cut in a wrong place, and so be seen as a difference.
    """
    start = depth = 0
    for tag in _TAG.finditer(content):
        if tag[1]:
            depth -= 1
        elif not tag[2]:
            depth += 1
        if not depth and tag.end() - start >= _PART:
            yield content[start : tag.end()]
            start = tag.end()
    if start < len(content):
        yield content[start:]


def _check_xml(note_html: str, policy: Policy) -> None:
    # The fixed start comes first: it rules out any DOCTYPE, so no entity can be declared.
    if not (note_html.startswith("<body>") and note_html.endswith("</body>")):
        raise GateError("does not begin with <body> and end with </body>")
    if legal(note_html) != note_html:
        raise GateError("a character that may not leave")
    try:
        root = fromstring(note_html)  # noqa: S314 - our own, and no DOCTYPE can be in it
    except ParseError as error:
        raise GateError(f"not well-formed XML: {error}") from None
    if len(root) == 0:
        raise GateError("nothing inside <body>")
    if (root.text or "").strip() or any((child.tail or "").strip() for child in root):
        raise GateError("text outside of any block")
    tags = allowed_tags(policy)
    for element in root.iter():
        if element.tag not in tags or (element.tag == "body" and element is not root):
            raise GateError(f"element {element.tag[:40]!r} is not allowed")
        for name, value in element.items():
            if element is root or not attribute_allowed(element.tag, name, value, policy=policy):
                raise GateError(
                    f"attribute {name[:40]!r} of {element.tag!r} is not allowed with this value"
                )


@lru_cache(maxsize=1)
def _bleach() -> SimpleNamespace:
    # Deferred: bleach takes 40 ms to import and is needed only when a note is sent.
    from bleach import html5lib_shim  # noqa: PLC0415
    from bleach.sanitizer import BleachSanitizerFilter, Cleaner  # noqa: PLC0415

    return SimpleNamespace(shim=html5lib_shim, filter=BleachSanitizerFilter, cleaner=Cleaner)


class _ColorOnly:
    """bleach's own CSS check looks at names only; here the value is in the allow-list, too."""

    def sanitize_css(self, style: str) -> str:
        return style if _COLOR.fullmatch(style) else ""


def _through_bleach(content: str, policy: Policy) -> str:
    """`content` as bleach would let it pass, written as XHTML from its token stream
    (bleach's own serialiser writes HTML, which Close does not read).
    """
    bleach = _bleach()

    def allowed(tag: str, name: str, value: str) -> bool:
        return attribute_allowed(tag, name, unescape(value), policy=policy)

    # A Cleaner is not safe to share between threads: one for each call.
    tags = allowed_tags(policy) - {"body"}
    cleaner = bleach.cleaner(tags=tags, attributes=allowed, protocols=LINK_SCHEMES, strip=True)
    tokens = bleach.filter(
        source=cleaner.walker(cleaner.parser.parseFragment(content)),
        allowed_tags=tags,
        attributes=allowed,
        allowed_protocols=LINK_SCHEMES,
        strip_disallowed_tags=True,
        strip_html_comments=True,
        css_sanitizer=_ColorOnly(),
    )
    return "".join(_token_xhtml(token, bleach.shim) for token in tokens)


def _token_xhtml(token: dict[str, Any], shim: Any) -> str:
    kind = token["type"]
    if kind in ("Characters", "SpaceCharacters"):
        return _escaped(token["data"])
    if kind == "Entity":
        return _escaped(shim.convert_entity(token["name"]) or f"&{token['name']};")
    if kind in ("StartTag", "EmptyTag"):
        attributes = "".join(
            f' {name}="{_quoted(shim.convert_entities(value))}"'
            for (_, name), value in token["data"].items()
        )
        return f"<{token['name']}{attributes}{' /' if token['name'] in _VOID else ''}>"
    if kind == "EndTag" and token["name"] not in _VOID:
        return f"</{token['name']}>"
    return ""


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(text: str) -> str:
    return _escaped(text).replace('"', "&quot;")


def _difference(wanted: str, seen: str) -> str:
    at = next(
        (i for i, (one, other) in enumerate(zip(wanted, seen, strict=False)) if one != other),
        len(seen),
    )
    return f"bleach reads it differently at character {at}: {wanted[at : at + 20]!r}"

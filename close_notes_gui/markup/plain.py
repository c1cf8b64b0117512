"""What a note says without its markup: plain text, recognition, previews.

Any thread. Reads `note_html` of any origin with patterns only: no parser, no exception.
"""

import html
import re

from close_notes_gui.markup.characters import NBSP
from close_notes_gui.model.composing import composed
from close_notes_gui.model.richtext import (
    Block,
    BulletList,
    CodeBlock,
    Heading,
    Image,
    Inline,
    LineBreak,
    ListItem,
    Mention,
    NumberedList,
    Paragraph,
    Quote,
    RichText,
)

_INLINE_TAG = re.compile(r"</?(?:a|b|code|del|em|i|s|span|strong|u)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_THING = re.compile(r"<(?:img|hr)[\s/>]|data-type=[\"']mention", re.IGNORECASE)
_HEADING = re.compile(r"<h[1-6]>(.*?)</h[1-6]>", re.DOTALL)
_HUGE_NUMBER = re.compile(r"&#x?[0-9a-f]{9,};?", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
_BULLETS = "•◦▪"


def unescape(text: str) -> str:
    """HTML entities as characters; absurd numbers, on which `html.unescape` raises, vanish."""
    return html.unescape(_HUGE_NUMBER.sub("", text)) if "&" in text else text


def canonical_text(note_html: str) -> str:
    """The text of a note for recognising it again: tags stripped, entities and white space
    folded, composed (NFC). The same for a note that a server has spelled in another way.
    """
    text = _TAG.sub(" ", _INLINE_TAG.sub("", note_html))
    return " ".join(composed(unescape(text)).split())


def has_content(note_html: str) -> bool:
    """Whether there is anything to send: a visible character, picture, rule or mention."""
    if _THING.search(note_html):
        return True
    return bool(_INVISIBLE.sub("", canonical_text(note_html)))


def first_line(note_html: str, *, limit: int = 120) -> str:
    """The first line that says something, at most `limit` characters, for a preview."""
    text = _INLINE_TAG.sub("", note_html)
    for piece in _TAG.split(text):
        line = " ".join(unescape(piece).split())
        if line:
            return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
    return ""


def first_heading(note_html: str, *, limit: int = 120) -> str:
    """The text of the first heading that says something; empty where there is none. The note is
    one of ours, or at least well-formed.
    """
    for heading in _HEADING.finditer(note_html):
        words = first_line(heading[1], limit=limit)
        if words:
            return words
    return ""


def to_text(tree: RichText) -> str:
    """Readable plain text: lists with bullets or numbers, quotes after "> ", links with
    their address, a blank line between blocks.
    """
    return "\n\n".join(_block(block, 0) for block in tree.blocks).rstrip("\n")


def _block(block: Block, depth: int) -> str:
    if isinstance(block, (Paragraph, Heading)):
        return _inlines(block.inlines)
    if isinstance(block, CodeBlock):
        return block.text
    if isinstance(block, Quote):
        inner = "\n\n".join(_block(child, depth) for child in block.blocks)
        return "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))
    if isinstance(block, BulletList):
        sign = _BULLETS[min(depth, len(_BULLETS) - 1)]
        return "\n".join(_item(item, f"{sign} ", depth + 1) for item in block.items)
    if isinstance(block, NumberedList):
        return "\n".join(
            _item(item, f"{block.start + n}. ", depth + 1) for n, item in enumerate(block.items)
        )
    return "―" * 12


def _item(item: ListItem, sign: str, depth: int) -> str:
    lines = "\n".join(_block(block, depth) for block in item.blocks).split("\n")
    indent = " " * len(sign)
    return "\n".join([sign + lines[0], *(indent + line if line else "" for line in lines[1:])])


def _inlines(inlines: tuple[Inline, ...]) -> str:
    out: list[str] = []
    for index, inline in enumerate(inlines):
        if isinstance(inline, LineBreak):
            out.append("\n")
            continue
        if isinstance(inline, Mention):
            out.append(f"@{inline.label}")
        elif isinstance(inline, Image):
            out.append(f"[{inline.alt}: {inline.src}]" if inline.alt else f"[{inline.src}]")
        else:
            out.append(inline.text)
        out.append(_address_after(inlines, index))
    return "".join(out).replace(NBSP, " ")


def _address_after(inlines: tuple[Inline, ...], index: int) -> str:
    """The address in brackets where a link ends, unless its text says it already."""
    inline = inlines[index]
    link = None if isinstance(inline, LineBreak) else inline.marks.link
    after = inlines[index + 1] if index + 1 < len(inlines) else LineBreak()
    if link is None or (not isinstance(after, LineBreak) and after.marks.link == link):
        return ""
    shown = _shown(inlines, index, link)
    bare = link.removeprefix("mailto:").removeprefix("tel:")
    return (
        ""
        if shown.rstrip("/") in (link.rstrip("/"), bare, bare.split("://")[-1].rstrip("/"))
        else f" ({bare})"
    )


def _shown(inlines: tuple[Inline, ...], end: int, link: str) -> str:
    pieces: list[str] = []
    for inline in reversed(inlines[: end + 1]):
        if isinstance(inline, LineBreak) or inline.marks.link != link:
            break
        pieces.append(getattr(inline, "text", ""))
    return "".join(reversed(pieces))

"""A note as it is taken elsewhere: plain text, Markdown, HTML. Pure."""

from enum import Enum

from close_notes_gui import markup
from close_notes_gui.model.values import dataclass


class CopyKind(Enum):
    """What a note is copied as."""

    TEXT = "text"
    MARKDOWN = "Markdown"
    HTML = "HTML"


@dataclass(frozen=True, slots=True)
class Copied:
    """For the clipboard. `html` empty: text alone."""

    text: str
    html: str = ""


def copied(note_html: str, kind: CopyKind, *, title: str = "") -> Copied:
    """The note, cleaned, under its title."""
    tree = markup.from_note_html(note_html)
    if kind is CopyKind.TEXT:
        text = markup.to_text(tree)
        return Copied(f"{title}\n\n{text}" if title else text)
    clean = markup.to_note_html(tree)
    if kind is CopyKind.MARKDOWN:
        text = markup.note_html_to_markdown(clean)
        return Copied(f"# {title}\n\n{text}" if title else text)
    inside = clean.removeprefix("<body>").removesuffix("</body>")
    return Copied(inside, inside)

"""What a clipboard or a drop brings, as values; and what a selection gives.

UI thread. The only door for foreign content: files and pictures are told apart from text,
text becomes a tree through `markup`. Reads no file and fetches nothing. Qt's own HTML
importer, which opens what a page names and hangs on nested tables, never sees any of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QMimeData

from close_notes_gui.markup import (
    from_note_html,
    looks_like_markdown,
    to_note_html,
    to_text,
)
from close_notes_gui.model.richtext import (
    Block,
    CodeBlock,
    Heading,
    Paragraph,
    Quote,
    RichText,
    Rule,
    Text,
)
from close_notes_gui.ui.drops import Picture, paths_of, picture_of

OWN_MIME = "application/x-close-note+xml"
LONGEST_HTML = 4_000_000
LONGEST_TEXT = 4_000_000

_LONGEST_RUN = 4_000


@dataclass(frozen=True, slots=True)
class Pasted:
    """One of these is set: files, a picture, or a way to text. `html` is foreign and not yet
    cleaned; `tree` is our own selection; `text` goes with both as what plain paste gives.
    """

    files: tuple[Path, ...] = ()
    picture: Picture | None = field(default=None, repr=False)
    tree: RichText | None = field(default=None, repr=False)
    html: str = field(default="", repr=False)
    text: str = field(default="", repr=False)

    @property
    def is_markdown(self) -> bool:
        """Whether the text looks as if it were Markdown."""
        return not self.html and self.tree is None and looks_like_markdown(self.text[:100_000])


def can_take(mime: QMimeData) -> bool:
    """Whether there is anything in it for the note or its attachments."""
    return (
        mime.hasFormat(OWN_MIME)
        or mime.hasHtml()
        or mime.hasText()
        or mime.hasImage()
        or mime.hasUrls()
    )


def read(mime: QMimeData) -> Pasted:
    """Sort out what the clipboard holds."""
    text = mime.text()[:LONGEST_TEXT] if mime.hasText() else ""
    if mime.hasFormat(OWN_MIME) and mime.data(OWN_MIME).size() <= LONGEST_HTML:
        note_html = bytes(mime.data(OWN_MIME).data()).decode("utf-8", "replace")
        return Pasted(tree=from_note_html(note_html), text=text)
    files = paths_of(mime)
    if files:
        return Pasted(files=files)
    html = mime.html() if mime.hasHtml() else ""
    # Office programs put a picture of the text beside the text: the text is what is meant.
    if mime.hasImage() and not text.strip():
        picture = picture_of(mime)
        if picture is not None:
            return Pasted(picture=picture)
    if html and len(html) <= LONGEST_HTML:
        return Pasted(html=html, text=text)
    return Pasted(text=text)


def text_tree(text: str) -> RichText:
    """Plain text as paragraphs; no blank line is lost."""
    return RichText(tuple(_paragraphs(text)))


def _paragraphs(text: str) -> Iterator[Paragraph]:
    for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n").split("\n"):
        yield Paragraph((Text(line.replace("\t", "\u00a0" * 4)),) if line else ())


def fill_mime(mime: QMimeData, tree: RichText) -> None:
    """Put a selection into Qt's own object for it, in three forms. A QMimeData made in Python
    and left on the clipboard would crash the program at exit.
    """
    mime.html()  # Qt fills its object at the first question; ours must come after that
    note_html = to_note_html(tree)
    mime.setData(OWN_MIME, note_html.encode())
    mime.setHtml(note_html)
    mime.setText(to_text(tree))


def has_long_run(tree: RichText) -> bool:
    """Whether there is a run without a space so long that wrapping at words takes seconds."""
    return any(
        len(text) >= _LONGEST_RUN and any(len(word) >= _LONGEST_RUN for word in text.split())
        for text in _texts(tree.blocks)
    )


def _texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, (Paragraph, Heading)):
            for inline in block.inlines:
                if isinstance(inline, Text):
                    yield inline.text
        elif isinstance(block, CodeBlock):
            yield block.text
        elif isinstance(block, Quote):
            yield from _texts(block.blocks)
        elif not isinstance(block, Rule):
            for item in block.items:
                yield from _texts(item.blocks)

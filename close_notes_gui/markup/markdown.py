"""Markdown to a rich-text tree (through python-markdown). Any thread; never raises."""

from close_notes_gui.markup.xhtml import to_note_html
from close_notes_gui.model.richtext import EMPTY, RichText


def markdown_to_tree(text: str) -> RichText:
    """The tree of a Markdown text."""
    return EMPTY


def markdown_to_note_html(text: str) -> str:
    """Valid `note_html` of a Markdown text."""
    return to_note_html(markdown_to_tree(text))


def looks_like_markdown(text: str) -> bool:
    """Whether pasted plain text is likely meant as Markdown."""
    return False

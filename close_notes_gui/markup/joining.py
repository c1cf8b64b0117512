"""One note made of two. Pure; any thread."""

from dataclasses import replace

from close_notes_gui.markup.plain import has_content
from close_notes_gui.markup.xhtml import from_note_html, to_note_html


def joined(first_html: str, second_html: str) -> str:
    """Both, one below the other; the one alone where the other is empty."""
    if not has_content(second_html):
        return first_html
    if not has_content(first_html):
        return second_html
    first, second = from_note_html(first_html), from_note_html(second_html)
    return to_note_html(replace(first, blocks=(*first.blocks, *second.blocks)))

"""Markdown as chat assistants, Notion, GitHub and Slack write it, to a rich-text tree.

Any thread. Through python-markdown with its own readers of blocks and emphasis in place of
the original ones. Never raises; capped, so that hostile text costs no more than long text.
"""

import re

from close_notes_gui.markup.characters import legal, lines
from close_notes_gui.markup.foreign import rendered_to_tree
from close_notes_gui.markup.normal import normalize
from close_notes_gui.markup.reader import MARKDOWN
from close_notes_gui.markup.xhtml import to_note_html
from close_notes_gui.model.richtext import Paragraph, RichText, Text

LARGEST = 300_000
"""Characters that are still read as Markdown; longer text is pasted as it is."""

_SIGNS = tuple(
    (weight, re.compile(pattern, re.MULTILINE))
    for weight, pattern in (
        (2, r"^ {0,3}#{1,6} +\S"),
        (2, r"^ {0,3}(?:```|~~~)"),
        (2, r"(?<![*\w])\*\*\w[^*\n]{0,200}\*\*|(?<!\w)__\w[^_\n]{0,200}__(?!\w)"),
        (2, r"\[[^\]\n]{1,200}\]\((?:https?://|mailto:)[^)\s]{1,1000}\)"),
        (2, r"^\s{0,8}[-*+] \[[ xX]\] \S"),
        (2, r"^[ \t]*+\|?[ \t]*+:?-{3,}+:?[ \t]*+\|[ \t:|-]*$"),
        (2, r"^\s{0,12}[-*+] +\S.*\n(?:\s*\n)?\s{0,12}[-*+] +\S"),
        (2, r"^\s{0,12}\d{1,3}[.)] +\S.*\n(?:.*\n){0,3}?\s{0,12}\d{1,3}[.)] +\S"),
        (1, r"^> ?\S"),
        (1, r"(?<![`\w])`[^`\n]{1,200}`(?!`)"),
        (1, r"(?<!~)~~\w[^~\n]{0,200}~~"),
        (1, r"^ {0,3}(?:-{3,}|\*{3,})\s*$"),
    )
)


def markdown_to_tree(text: str) -> RichText:
    """The tree of a Markdown text, in normal form. Single newlines are kept as breaks."""
    text = legal("\n".join(lines(text)))
    if len(text) > LARGEST:
        return _as_it_is(text)
    # Deferred: see the room's docstring.
    from close_notes_gui.markup.markdown_flavour import render  # noqa: PLC0415

    try:
        html = render(text)
    except (RecursionError, ValueError):
        return _as_it_is(text)
    return rendered_to_tree(html, dialect=MARKDOWN)


def markdown_to_note_html(text: str) -> str:
    """Valid `note_html` of a Markdown text. Never raises."""
    return to_note_html(markdown_to_tree(text))


def looks_like_markdown(text: str) -> bool:
    """Whether plain text is likely meant as Markdown: one clear sign or two faint ones."""
    sample = text[:20_000]
    return sum(weight for weight, sign in _SIGNS if sign.search(sample)) >= 2


def _as_it_is(text: str) -> RichText:
    return normalize(RichText(tuple(Paragraph((Text(line),)) for line in text.split("\n"))))

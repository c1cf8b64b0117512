"""Between the rich-text tree and what it looks like outside: note_html, foreign HTML, Markdown.

Any thread. Pure functions; never touches Qt, the network or the disk.
Cheap to import: bleach, markdown and nh3 are brought in by the first call that needs them,
because the window imports this room before its first paint.
"""

from close_notes_gui.markup.degrade import degrade
from close_notes_gui.markup.foreign import foreign_to_tree, sanitize_html
from close_notes_gui.markup.gate import GateError, check
from close_notes_gui.markup.markdown import (
    looks_like_markdown,
    markdown_to_note_html,
    markdown_to_tree,
)
from close_notes_gui.markup.markdown_writer import note_html_to_markdown, tree_to_markdown
from close_notes_gui.markup.normal import is_normal, normalize, normalize_inlines
from close_notes_gui.markup.plain import (
    canonical_text,
    first_heading,
    first_line,
    has_content,
    to_text,
)
from close_notes_gui.markup.policy import DEFAULT, DOCUMENTED_ONLY, MAX_DEPTH, Policy
from close_notes_gui.markup.xhtml import (
    InlineCache,
    ReadNote,
    from_note_html,
    inline_xhtml,
    read_note,
    to_note_html,
)

__all__ = [
    "DEFAULT",
    "DOCUMENTED_ONLY",
    "MAX_DEPTH",
    "GateError",
    "InlineCache",
    "Policy",
    "ReadNote",
    "canonical_text",
    "check",
    "degrade",
    "first_heading",
    "first_line",
    "foreign_to_tree",
    "from_note_html",
    "has_content",
    "inline_xhtml",
    "is_normal",
    "looks_like_markdown",
    "markdown_to_note_html",
    "markdown_to_tree",
    "normalize",
    "normalize_inlines",
    "note_html_to_markdown",
    "read_note",
    "sanitize_html",
    "to_note_html",
    "to_text",
    "tree_to_markdown",
]

"""The templates that come with the program: Markdown files, read when first asked for.

Window thread.
"""

from functools import cache

from close_notes_gui.markup import markdown_to_note_html
from close_notes_gui.model.ids import TemplateId
from close_notes_gui.model.template import Template
from close_notes_gui.ui.resources import resources_folder


@cache
def shipped_templates() -> tuple[Template, ...]:
    """All of them; a name is that of its file, and makes the id."""
    paths = sorted((resources_folder() / "templates").glob("*.md"))
    return tuple(
        Template(
            TemplateId(f"shipped-{path.stem}"),
            path.stem,
            markdown_to_note_html(path.read_text(encoding="utf-8")),
        )
        for path in paths
    )

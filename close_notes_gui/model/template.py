"""A text that a rep uses again and again. Any thread."""

from datetime import datetime
from typing import Final

from close_notes_gui.model.ids import TemplateId
from close_notes_gui.model.values import dataclass

LONGEST_NAME: Final = 80
"""Characters."""


@dataclass(frozen=True, slots=True)
class Template:
    """`name` is what is typed after the slash. `note_html` is canonical; its text may hold the
    fields `{{lead.name}}`, `{{contact.first_name}}`, `{{me.first_name}}`, `{{date}}`, `{{cursor}}`.
    """

    id: TemplateId
    name: str
    note_html: str
    changed_at: datetime | None = None

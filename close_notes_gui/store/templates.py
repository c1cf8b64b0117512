"""The rep's templates on disk.

Engine thread only.
"""

from close_notes_gui.model.ids import TemplateId
from close_notes_gui.model.template import Template
from close_notes_gui.store.codec import whole
from close_notes_gui.store.codec_times import from_time, to_time
from close_notes_gui.store.database import Database


class Templates:
    """Invariant: for each id one template, as it was kept last."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Template, ...]:
        """All of them, by name."""
        rows = self._database.read("SELECT * FROM template ORDER BY name COLLATE NOCASE, rowid")
        return tuple(
            Template(
                id=TemplateId(row["id"]),
                name=row["name"],
                note_html=row["note_html"],
                changed_at=to_time(row["changed_at"]),
            )
            for row in rows
        )

    def keep(self, template: Template) -> None:
        """Keep it; one with the same id is replaced."""
        self._database.change(
            "INSERT INTO template (id, name, note_html, changed_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
            " note_html = excluded.note_html, changed_at = excluded.changed_at",
            (
                template.id,
                whole(template.name),
                whole(template.note_html),
                from_time(template.changed_at),
            ),
        )

    def delete(self, template_id: TemplateId) -> None:
        """Delete it; one that is not there does no harm."""
        self._database.change("DELETE FROM template WHERE id = ?", (template_id,))

"""How many there are of everything in a store, in which states: figures, and no content.

Engine thread only.
"""

from close_notes_gui.store.database import Database

_COUNTED = (
    ("drafts", "SELECT place, COUNT(*) FROM draft GROUP BY place"),
    ("attachments", "SELECT state, COUNT(*) FROM attachment GROUP BY state"),
    ("outbox", "SELECT state, COUNT(*) FROM outbox GROUP BY state"),
    ("amendments", "SELECT kind || ' ' || state, COUNT(*) FROM amendment GROUP BY kind, state"),
    ("templates", "SELECT 'kept', COUNT(*) FROM template"),
    ("leads known", "SELECT 'all', COUNT(*) FROM lead"),
    ("notes known", "SELECT 'all', COUNT(*) FROM note"),
)


class Census:
    """Invariant: `figures` holds nothing that anyone wrote."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def figures(self) -> dict[str, dict[str, int]]:
        """For each kind of thing the number in each state."""
        return {
            name: {str(row[0]): int(row[1]) for row in self._database.read(sql)}
            for name, sql in _COUNTED
        }

    def schema(self) -> int:
        """The version of the tables."""
        row = self._database.one("PRAGMA user_version")
        return 0 if row is None else int(row[0])

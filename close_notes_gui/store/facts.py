"""Single values: the rep's settings, and what was learned about Close.

Engine thread only.
"""

import json
from dataclasses import asdict, fields, replace
from enum import Enum
from typing import Any

from close_notes_gui.model.ids import NoteId
from close_notes_gui.model.note import CommentText
from close_notes_gui.model.richtext import EMPTY_NOTE_HTML
from close_notes_gui.model.settings import Settings
from close_notes_gui.store.database import Database

COMMENT = "comment "  # the text of one that is being written, by note
_SETTINGS = "settings"
_PRECISION = "activity_at precision"


class Precision(Enum):
    """What Close keeps of the `activity_at` that it is given, as learned from answers."""

    UNKNOWN = "unknown"
    MILLISECONDS = "milliseconds"
    SECONDS = "seconds"
    IGNORED = "ignored"


class Facts:
    """Invariant: the newest value of each name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> str | None:
        """The value, None where there is none."""
        row = self._database.one("SELECT value FROM fact WHERE name = ?", (name,))
        return None if row is None else str(row["value"])

    def put(self, name: str, value: str) -> None:
        """Keep the value; no commit where it is kept already."""
        if self.get(name) != value:
            self._database.change("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    def beginning_with(self, prefix: str) -> dict[str, str]:
        """The values of all names that begin so, by the rest of the name."""
        rows = self._database.read("SELECT name, value FROM fact ORDER BY name")
        return {
            str(row["name"])[len(prefix) :]: str(row["value"])
            for row in rows
            if str(row["name"]).startswith(prefix)
        }

    def remove(self, name: str) -> None:
        """Keep no value of this name."""
        self._database.change("DELETE FROM fact WHERE name = ?", (name,))

    @property
    def activity_precision(self) -> Precision:
        """What Close keeps of `activity_at`."""
        value = self.get(_PRECISION)
        known = {precision.value: precision for precision in Precision}
        return known.get(value or "", Precision.UNKNOWN)

    def learn_activity_precision(self, precision: Precision) -> None:
        """An answer showed it."""
        self.put(_PRECISION, precision.value)


class SettingsKeeper:
    """Invariant: what is missing or unfit in the kept settings is at its default."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def get(self) -> Settings:
        """The settings."""
        text = self._facts.get(_SETTINGS)
        return Settings() if text is None else _settings(text)

    @property
    def is_kept(self) -> bool:
        """Whether the rep has ever changed one."""
        return self._facts.get(_SETTINGS) is not None

    def put(self, settings: Settings) -> None:
        """Keep these settings."""
        self._facts.put(_SETTINGS, json.dumps(asdict(settings)))


def _settings(text: str) -> Settings:
    try:
        kept = json.loads(text)
    except ValueError:
        return Settings()
    defaults = Settings()
    fitting: dict[str, Any] = {}
    for field in fields(Settings):
        value = kept.get(field.name) if isinstance(kept, dict) else None
        if isinstance(value, list):
            value = tuple(part for part in value if isinstance(part, str))
        if type(value) is type(getattr(defaults, field.name)):
            fitting[field.name] = value
    return replace(defaults, **fitting)


class CommentTexts:
    """Invariant: the newest text of each comment that is being written; none that is empty."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def keep(self, text: CommentText) -> None:
        """Keep it; an empty one is put away. Raises StoreError."""
        if text.body_html in {"", EMPTY_NOTE_HTML}:
            self._facts.remove(COMMENT + text.note_id)
        else:
            self._facts.put(COMMENT + text.note_id, text.body_html)

    def all(self) -> tuple[CommentText, ...]:
        """All of them. Raises StoreError."""
        kept = self._facts.beginning_with(COMMENT)
        return tuple(CommentText(NoteId(note_id), body) for note_id, body in kept.items())

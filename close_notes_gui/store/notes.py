"""The latest notes of leads, as last heard of.

Engine thread only. A cache for showing something at once and offline; never a source of truth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from close_notes_gui.model.ids import LeadId, NoteId
from close_notes_gui.model.note import Note
from close_notes_gui.store.codec_notes import from_note, to_note
from close_notes_gui.store.codec_times import micros, to_time
from close_notes_gui.store.database import Database, Write

_INSERT = "INSERT OR REPLACE INTO note (id, lead_id, position, body) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class CachedNotes:
    """Notes of one lead, newest first, as of `fetched_at`."""

    notes: tuple[Note, ...]
    fetched_at: datetime


class Notes:
    """Invariant: of a lead either nothing is kept, or its first notes as of `fetched_at`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, lead_id: LeadId, notes: Sequence[Note], *, fetched_at: datetime) -> None:
        """Replace what is kept of this lead; `notes` newest first."""
        with self._database.write() as write:
            write.change("DELETE FROM note WHERE lead_id = ?", (lead_id,))
            write.change_many(
                _INSERT,
                [(note.id, lead_id, place, from_note(note)) for place, note in enumerate(notes)],
            )
            write.change(
                "INSERT OR REPLACE INTO notes_of_lead (lead_id, fetched_at) VALUES (?, ?)",
                (lead_id, micros(fetched_at)),
            )

    def add(self, note: Note) -> None:
        """A note that was just sent or changed: in its old place, or the first of its lead.

        Nothing is kept where the lead's notes were never fetched.
        """
        with self._database.write() as write:
            row = write.one("SELECT 1 FROM notes_of_lead WHERE lead_id = ?", (note.lead_id,))
            if row is not None:
                _add(write, note)

    def get(self, lead_id: LeadId) -> CachedNotes | None:
        """What is kept of this lead; None where its notes were never fetched."""
        head = self._database.one(
            "SELECT fetched_at FROM notes_of_lead WHERE lead_id = ?", (lead_id,)
        )
        if head is None:
            return None
        fetched_at = to_time(head["fetched_at"])
        assert fetched_at is not None
        rows = self._database.read(
            "SELECT * FROM note WHERE lead_id = ? ORDER BY position", (lead_id,)
        )
        return CachedNotes(
            tuple(to_note(row["body"], note_id=row["id"], lead_id=row["lead_id"]) for row in rows),
            fetched_at,
        )

    def one(self, note_id: NoteId) -> Note | None:
        """The note as last heard of."""
        row = self._database.one("SELECT * FROM note WHERE id = ?", (note_id,))
        if row is None:
            return None
        return to_note(row["body"], note_id=row["id"], lead_id=row["lead_id"])

    def remove(self, note_id: NoteId) -> None:
        """Close no longer has it."""
        self._database.change("DELETE FROM note WHERE id = ?", (note_id,))

    def forget(self, lead_id: LeadId) -> None:
        """Forget what is kept of this lead."""
        with self._database.write() as write:
            write.change("DELETE FROM note WHERE lead_id = ?", (lead_id,))
            write.change("DELETE FROM notes_of_lead WHERE lead_id = ?", (lead_id,))

    def clear(self) -> None:
        """Forget the notes of all leads."""
        with self._database.write() as write:
            write.change("DELETE FROM note")
            write.change("DELETE FROM notes_of_lead")


def _add(write: Write, note: Note) -> None:
    old = write.one("SELECT position FROM note WHERE id = ?", (note.id,))
    if old is None:
        old = write.one(
            "SELECT coalesce(min(position), 0) - 1 AS position FROM note WHERE lead_id = ?",
            (note.lead_id,),
        )
    assert old is not None
    write.change(_INSERT, (note.id, note.lead_id, old["position"], from_note(note)))

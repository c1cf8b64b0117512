"""The notes of leads as far as they were read, as last heard of.

Engine thread only. A cache for showing something at once and offline; never a source of truth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from close_notes_gui.model.ids import LeadId, NoteId
from close_notes_gui.model.note import Comment, Note
from close_notes_gui.model.paging import merged
from close_notes_gui.store.codec_notes import from_comment, from_note, to_comment, to_note
from close_notes_gui.store.codec_times import micros, to_time
from close_notes_gui.store.database import Database, Write

_INSERT = "INSERT OR REPLACE INTO note (id, lead_id, position, body) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class CachedNotes:
    """Notes of one lead, newest first, as of `fetched_at`. `has_more`: there are (or, in Close,
    may be) others behind these.
    """

    notes: tuple[Note, ...]
    fetched_at: datetime
    has_more: bool


class Notes:
    """Invariant: of a lead either nothing is kept, or its notes as far as they were read, in
    Close's order; `fetched_at` is when the first of them were.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._deleted: set[NoteId] = set()

    def put(
        self,
        lead_id: LeadId,
        page: Sequence[Note],
        *,
        fetched_at: datetime,
        skip: int = 0,
        has_more: bool = True,
    ) -> None:
        """Keep a page of Close's list, newest first, read after the first `skip`.

        The list may lag a minute behind a write: a note that is known to be newer, or deleted,
        stays so.
        """
        notes = {note.id: self._newest(note) for note in page if note.id not in self._deleted}
        with self._database.write() as write:
            head = write.one("SELECT * FROM notes_of_lead WHERE lead_id = ?", (lead_id,))
            if head is None and skip:
                return
            rows = write.read(
                "SELECT id, position FROM note WHERE lead_id = ? ORDER BY position", (lead_id,)
            )
            places = {NoteId(row["id"]): int(row["position"]) for row in rows}
            order = merged(
                tuple(places), tuple(notes), skip=skip, has_more=has_more, id_of=lambda own: own
            )
            gone = places.keys() - set(order)
            write.change_many("DELETE FROM note WHERE id = ?", [(note_id,) for note_id in gone])
            for note_id, place in _placed(order, places, page=frozenset(notes)).items():
                if note_id in notes:
                    body = from_note(notes[note_id])
                    write.change(_INSERT, (note_id, lead_id, place, body))
                elif places[note_id] != place:
                    write.change("UPDATE note SET position = ? WHERE id = ?", (place, note_id))
            is_tail_known = bool(order) and order[-1] not in notes
            is_whole = not has_more or bool(head and head["is_whole"] and is_tail_known)
            first_at = micros(fetched_at) if head is None or not skip else head["fetched_at"]
            write.change(
                "INSERT OR REPLACE INTO notes_of_lead VALUES (?, ?, ?)",
                (lead_id, first_at, int(is_whole)),
            )

    def add(self, note: Note) -> None:
        """A note that was just sent or changed: in its old place, or the first of its lead.

        Nothing is kept where the lead's notes were never fetched.
        """
        with self._database.write() as write:
            row = write.one("SELECT 1 FROM notes_of_lead WHERE lead_id = ?", (note.lead_id,))
            if row is not None:
                _add(write, note)

    def get(self, lead_id: LeadId, *, skip: int = 0, limit: int = -1) -> CachedNotes | None:
        """What is kept of this lead, after the first `skip`, `limit` at most; None where its notes
        were never fetched.
        """
        head = self._database.one("SELECT * FROM notes_of_lead WHERE lead_id = ?", (lead_id,))
        if head is None:
            return None
        fetched_at = to_time(head["fetched_at"])
        assert fetched_at is not None
        rows = self._database.read(
            "SELECT * FROM note WHERE lead_id = ? ORDER BY position LIMIT ? OFFSET ?",
            (lead_id, limit + 1 if limit >= 0 else -1, skip),
        )
        shown = rows[:limit] if limit >= 0 else rows
        return CachedNotes(
            tuple(to_note(row["body"], note_id=row["id"], lead_id=row["lead_id"]) for row in shown),
            fetched_at,
            has_more=len(shown) < len(rows) or not head["is_whole"],
        )

    def put_comments(self, note_id: NoteId, comments: Sequence[Comment]) -> None:
        """Replace what is kept of the comments on a note; in Close's order."""
        with self._database.write() as write:
            write.change("DELETE FROM comment WHERE note_id = ?", (note_id,))
            write.change_many(
                "INSERT OR REPLACE INTO comment VALUES (?, ?, ?, ?)",
                [(one.id, note_id, n, from_comment(one)) for n, one in enumerate(comments)],
            )

    def comments(self, note_id: NoteId) -> tuple[Comment, ...]:
        """The comments on a note as last heard of; none where they were never read."""
        rows = self._database.read(
            "SELECT * FROM comment WHERE note_id = ? ORDER BY position", (note_id,)
        )
        return tuple(to_comment(row["body"], row["id"], note_id) for row in rows)

    def one(self, note_id: NoteId) -> Note | None:
        """The note as last heard of."""
        row = self._database.one("SELECT * FROM note WHERE id = ?", (note_id,))
        if row is None:
            return None
        return to_note(row["body"], note_id=row["id"], lead_id=row["lead_id"])

    def _newest(self, listed: Note) -> Note:
        known = self.one(listed.id)
        if known is None or known.updated_at is None or listed.updated_at is None:
            return listed
        return known if known.updated_at > listed.updated_at else listed

    def remove(self, note_id: NoteId) -> None:
        """Close no longer has it, whatever its lists say for a while."""
        self._deleted.add(note_id)
        with self._database.write() as write:
            write.change("DELETE FROM note WHERE id = ?", (note_id,))
            write.change("DELETE FROM comment WHERE note_id = ?", (note_id,))

    def forget(self, lead_id: LeadId) -> None:
        """Forget what is kept of this lead."""
        with self._database.write() as write:
            write.change(
                "DELETE FROM comment WHERE note_id IN (SELECT id FROM note WHERE lead_id = ?)",
                (lead_id,),
            )
            write.change("DELETE FROM note WHERE lead_id = ?", (lead_id,))
            write.change("DELETE FROM notes_of_lead WHERE lead_id = ?", (lead_id,))

    def clear(self) -> None:
        """Forget the notes of all leads, and the comments on them."""
        with self._database.write() as write:
            write.change("DELETE FROM comment")
            write.change("DELETE FROM note")
            write.change("DELETE FROM notes_of_lead")


def _placed(
    order: Sequence[NoteId], places: Mapping[NoteId, int], *, page: frozenset[NoteId]
) -> dict[NoteId, int]:
    """A position for each: what is behind the page keeps its own, so that news on top of thousands
    of notes moves few of them.
    """
    tail = next((n for n in range(len(order), 0, -1) if order[n - 1] in page), 0)
    if tail == len(order):
        kept = [places[note_id] for note_id in order if note_id not in page]
        first = (kept[-1] - len(kept) + 1) if kept and _is_row(kept) else 0
    else:
        first = places[order[tail]] - tail
    placed = {note_id: first + n for n, note_id in enumerate(order[:tail])}
    return placed | {note_id: places[note_id] for note_id in order[tail:]}


def _is_row(places: Sequence[int]) -> bool:
    return places[-1] - places[0] == len(places) - 1


def _add(write: Write, note: Note) -> None:
    old = write.one("SELECT position FROM note WHERE id = ?", (note.id,))
    if old is None:
        old = write.one(
            "SELECT coalesce(min(position), 0) - 1 AS position FROM note WHERE lead_id = ?",
            (note.lead_id,),
        )
    assert old is not None
    write.change(_INSERT, (note.id, note.lead_id, old["position"], from_note(note)))

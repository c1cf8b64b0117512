"""Edits of notes in Close, as far as their way differs from that of a new note.

Engine thread only. An edit is an entry of the outbox whose frozen draft has a base; it has no
token, for it is known by its note.
"""

from datetime import datetime

from close_notes_gui.model.draft import Draft, OutboxEntry
from close_notes_gui.model.ids import AttachmentId, OutboxId
from close_notes_gui.model.note import Note
from close_notes_gui.model.problem import Problem
from close_notes_gui.store.attachments import remove_of_draft
from close_notes_gui.store.codec import from_problem, to_entry, whole
from close_notes_gui.store.codec_notes import from_note
from close_notes_gui.store.codec_times import micros, to_time
from close_notes_gui.store.database import Database
from close_notes_gui.store.outbox import ENTRY, IS_EDIT, draft_of, freeze, new_token


class Edits:
    """Invariant: an edit becomes a new note by the rep's word alone (`send_as_new`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def _get(self, outbox_id: OutboxId) -> OutboxEntry:
        row = self._database.one(f"{ENTRY} WHERE outbox.id = ?", (outbox_id,))
        assert row is not None
        return to_entry(row)

    def conflict(self, outbox_id: OutboxId, *, problem: Problem, found: Note) -> OutboxEntry | None:
        """An edit, POSTING → ASKING: Close has another note by now than the rep edited, and was
        not asked to change it.
        """
        changed = self._database.change(
            "UPDATE outbox SET state = 'asking', problem = ?, next_try_at = NULL, found = ?,"
            " look_alike_html = ?, attempts = attempts - 1 WHERE id = ? AND state = 'posting'",
            (from_problem(problem), from_note(found), whole(found.note_html), outbox_id),
        )
        return self._get(outbox_id) if changed else None

    def saved(
        self, outbox_id: OutboxId, *, found: Note, at: datetime
    ) -> tuple[OutboxEntry, tuple[AttachmentId, ...]] | None:
        """An edit, POSTING → SENT: Close has the note as `found`; its new files are let go."""
        with self._database.write() as write:
            changed = write.change(
                "UPDATE outbox SET state = 'sent', found = ?, sent_at = ?, problem = NULL,"
                " next_try_at = NULL WHERE id = ? AND state = 'posting'",
                (from_note(found), micros(at), outbox_id),
            )
            if not changed:
                return None
            let_go = remove_of_draft(write, draft_of(write, outbox_id))
        return self._get(outbox_id), tuple(let_go)

    def overwrite(self, outbox_id: OutboxId, rebased: Draft) -> OutboxEntry | None:
        """An edit, ASKING → QUEUED, on what Close has now."""
        with self._database.write() as write:
            changed = write.change(
                "UPDATE outbox SET state = 'queued', problem = NULL, look_alike_html = NULL,"  # noqa: S608
                f" found = NULL WHERE id = ? AND state = 'asking' AND {IS_EDIT}",
                (outbox_id,),
            )
            if not changed:
                return None
            freeze(write, rebased)
        return self._get(outbox_id)

    def send_as_new(self, outbox_id: OutboxId, draft: Draft) -> OutboxEntry | None:
        """An edit that FAILED goes as a new note, with a token of its own: QUEUED."""
        with self._database.write() as write:
            row = write.one(
                "SELECT queued_at FROM outbox WHERE id = ? AND state = 'failed'"  # noqa: S608
                f" AND {IS_EDIT}",
                (outbox_id,),
            )
            if row is None:
                return None
            queued_at = to_time(row["queued_at"])
            assert queued_at is not None
            token = new_token(write, outbox_id, draft.activity_at or queued_at)
            write.change(
                "UPDATE outbox SET state = 'queued', problem = NULL, next_try_at = NULL,"
                " attempts = 0, first_posted_at = NULL, token = ? WHERE id = ?",
                (token, outbox_id),
            )
            freeze(write, draft)
        return self._get(outbox_id)

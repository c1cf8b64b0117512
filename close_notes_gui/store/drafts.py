"""Drafts on disk: open, put away, or frozen into the outbox.

Engine thread only. A draft in the outbox is never changed from here.
"""

from datetime import datetime

from close_notes_gui.model.draft import Draft
from close_notes_gui.model.ids import DraftId
from close_notes_gui.store.codec import DRAFT_COLUMNS, from_draft, to_draft
from close_notes_gui.store.codec_times import micros, to_time
from close_notes_gui.store.database import Database, Write

_FOCUSED = "focused draft"

_SAVE = f"""
    INSERT INTO draft (id, place, {DRAFT_COLUMNS}) VALUES (?, 'open', ?,?,?,?,?,?,?,?,?,?,?,?,?)
    ON CONFLICT (id) DO UPDATE SET
        ({DRAFT_COLUMNS}) = (SELECT excluded.lead_id, excluded.lead_name, excluded.note_html,
            excluded.title, excluded.contact_id, excluded.activity_at, excluded.pinned,
            excluded.cursor_position, excluded.revision, excluded.changed_at, excluded.base,
            excluded.kept_files, excluded.also_leads)
    WHERE draft.place != 'queued' AND excluded.revision >= draft.revision
"""  # noqa: S608 - a constant list of columns


class Drafts:
    """Invariant: for each draft id one row, the newest revision that was saved."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, draft: Draft) -> bool:
        """Keep the revision, synced to disk when this returns True.

        False: the draft is in the outbox now, or a later revision is kept already; nothing
        was changed. A draft that was put away stays away with its new words.
        """
        with self._database.write() as write:
            return save_in(write, draft)

    def all(self) -> tuple[Draft, ...]:
        """The open drafts, newest first."""
        rows = self._database.read(
            "SELECT * FROM draft WHERE place = 'open' ORDER BY changed_at DESC, rowid DESC"
        )
        return tuple(to_draft(row) for row in rows)

    def get(self, draft_id: DraftId) -> Draft | None:
        """The draft, wherever it is; None where it never was or is purged."""
        row = self._database.one("SELECT * FROM draft WHERE id = ?", (draft_id,))
        return None if row is None else to_draft(row)

    def later_revision(self, draft: Draft) -> int | None:
        """The revision on disk, where that is a later one and not in the outbox."""
        row = self._database.one(
            "SELECT revision FROM draft WHERE id = ? AND place != 'queued' AND revision > ?",
            (draft.id, draft.revision),
        )
        return None if row is None else int(row["revision"])

    def discard(self, draft_id: DraftId, *, at: datetime) -> bool:
        """Put an open draft away; its attachments stay with it. False where it is not open."""
        with self._database.write() as write:
            changed = write.change(
                "UPDATE draft SET place = 'discarded', discarded_at = ?"
                " WHERE id = ? AND place = 'open'",
                (micros(at), draft_id),
            )
            write.change("DELETE FROM fact WHERE name = ? AND value = ?", (_FOCUSED, draft_id))
        return changed == 1

    def restore(self, draft_id: DraftId) -> Draft | None:
        """Bring a draft back that was put away; None where there is none."""
        changed = self._database.change(
            "UPDATE draft SET place = 'open', discarded_at = NULL"
            " WHERE id = ? AND place = 'discarded'",
            (draft_id,),
        )
        return self.get(draft_id) if changed else None

    def put_away(self) -> tuple[tuple[Draft, datetime], ...]:
        """The discarded drafts, and when that was."""
        rows = self._database.read("SELECT * FROM draft WHERE place = 'discarded' ORDER BY rowid")
        timed = ((to_draft(row), to_time(row["discarded_at"])) for row in rows)
        return tuple((draft, at) for draft, at in timed if at is not None)

    def forget(self, draft_id: DraftId) -> None:
        """Delete a draft that is whole elsewhere, with its attachments. Not one in the outbox."""
        self._database.change("DELETE FROM draft WHERE id = ? AND place != 'queued'", (draft_id,))

    def purge(self, *, older_than: datetime) -> int:
        """Delete drafts put away before this time, with their attachments; how many."""
        return self._database.change(
            "DELETE FROM draft WHERE place = 'discarded' AND discarded_at < ?",
            (micros(older_than),),
        )

    def focused(self) -> DraftId | None:
        """The open draft that was last in the editor."""
        row = self._database.one(
            "SELECT draft.id FROM fact JOIN draft ON draft.id = fact.value"
            " WHERE fact.name = ? AND draft.place = 'open'",
            (_FOCUSED,),
        )
        return None if row is None else DraftId(row["id"])

    def focus(self, draft_id: DraftId | None) -> None:
        """Remember which draft is in the editor."""
        if draft_id is None:
            self._database.change("DELETE FROM fact WHERE name = ?", (_FOCUSED,))
        else:
            self._database.change(
                "INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)", (_FOCUSED, draft_id)
            )


def save_in(write: Write, draft: Draft) -> bool:
    """Save inside a transaction that is open already."""
    return write.change(_SAVE, (draft.id, *from_draft(draft))) == 1

"""The outbox on disk: notes frozen by Send, and every rung they were on.

Engine thread only. Each change names the rungs it may start from, so that a late step of an
abandoned attempt changes nothing.
"""

from collections.abc import Collection
from datetime import datetime

from close_notes_gui.model.draft import Draft, OutboxEntry, OutboxState
from close_notes_gui.model.ids import AttachmentId, DraftId, LeadId, NoteId, OutboxId
from close_notes_gui.model.problem import Problem
from close_notes_gui.store.attachments import remove_of_draft
from close_notes_gui.store.codec import (
    DRAFT_COLUMNS,
    from_draft,
    from_problem,
    to_draft,
    to_entry,
    whole,
)
from close_notes_gui.store.codec_times import from_time, micros
from close_notes_gui.store.database import Database, Write

SECOND = 1_000_000
_MILLISECOND = 1_000

ENTRY = (
    "SELECT outbox.*, lead_id, lead_name, note_html, title, contact_id, activity_at, pinned,"
    " cursor_position, revision, changed_at, base, kept_files, also_leads"
    " FROM outbox JOIN draft ON draft.id = outbox.draft_id"
)

IS_EDIT = "EXISTS (SELECT 1 FROM draft WHERE draft.id = draft_id AND base IS NOT NULL)"
_CAN_RECALL = (
    "(attempts = 0 AND state IN ('held', 'queued', 'uploading') OR state = 'failed'"
    f" OR state = 'asking' AND {IS_EDIT})"
)
_NO_TOKEN = 0  # an edit is known by its note


class Outbox:
    """Invariant: an entry and its frozen draft exist together; a token is never given twice;
    a note of Close belongs to at most one entry.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- reading

    def entries(self) -> tuple[OutboxEntry, ...]:
        """Everything that is not SENT, in the order queued."""
        rows = self._database.read(f"{ENTRY} WHERE state != 'sent' ORDER BY position")
        return tuple(to_entry(row) for row in rows)

    def sent_since(self, at: datetime) -> tuple[OutboxEntry, ...]:
        """What was sent at or after this time, in the order queued."""
        rows = self._database.read(
            f"{ENTRY} WHERE state = 'sent' AND sent_at >= ? ORDER BY position", (micros(at),)
        )
        return tuple(to_entry(row) for row in rows)

    def get(self, outbox_id: OutboxId) -> OutboxEntry | None:
        """The entry, SENT ones included (for 30 days)."""
        row = self._database.one(f"{ENTRY} WHERE outbox.id = ?", (outbox_id,))
        return None if row is None else to_entry(row)

    def of_draft(self, draft_id: DraftId) -> OutboxEntry | None:
        """The entry that this draft was frozen into."""
        row = self._database.one(f"{ENTRY} WHERE outbox.draft_id = ?", (draft_id,))
        return None if row is None else to_entry(row)

    # --- the ladder

    def queue(
        self,
        draft: Draft,
        *,
        entry_id: OutboxId,
        queued_at: datetime,
        not_before: datetime | None = None,
    ) -> OutboxEntry | None:
        """Freeze the draft, with its attachments, in one transaction. None: it is queued already.

        Raises `StoreFull` or `StoreFailed`; then nothing has changed.
        """
        with self._database.write() as write:
            is_new = enqueue(
                write, draft, entry_id=entry_id, queued_at=queued_at, not_before=not_before
            )
        return self.get(entry_id) if is_new else None

    def move(
        self,
        outbox_id: OutboxId,
        *,
        expect: Collection[OutboxState],
        to: OutboxState,
        problem: Problem | None = None,
        next_try_at: datetime | None = None,
        undo_attempt: bool = False,
    ) -> OutboxEntry | None:
        """From any of the expected rungs to another; None (nothing changed) from elsewhere.

        `undo_attempt`: the attempt reached nobody for certain, so it does not count.
        """
        marks = ", ".join("?" * len(expect))
        changed = self._database.change(
            "UPDATE outbox SET state = ?, problem = ?, next_try_at = ?, not_before = NULL,"  # noqa: S608
            " look_alike_html = NULL, look_alike_id = NULL, found = NULL, attempts = attempts - ?"
            f" WHERE id = ? AND state IN ({marks})",
            (
                to.value,
                from_problem(problem),
                from_time(next_try_at),
                int(undo_attempt),
                outbox_id,
                *(state.value for state in expect),
            ),
        )
        return self.get(outbox_id) if changed else None

    def begin_post(self, outbox_id: OutboxId, *, posted_at: datetime | None) -> OutboxEntry | None:
        """UPLOADING → POSTING, on disk before the first byte goes out. `posted_at` by Close's
        clock, as far as it is known.
        """
        changed = self._database.change(
            "UPDATE outbox SET state = 'posting', first_posted_at = CASE attempts WHEN 0 THEN ?"
            " ELSE first_posted_at END, attempts = attempts + 1, problem = NULL,"
            " next_try_at = NULL WHERE id = ? AND state = 'uploading'",
            (from_time(posted_at), outbox_id),
        )
        return self.get(outbox_id) if changed else None

    def ask(
        self, outbox_id: OutboxId, *, problem: Problem, html: str | None, note_id: NoteId | None
    ) -> OutboxEntry | None:
        """UNCERTAIN → ASKING, with what Close has that looks like it."""
        changed = self._database.change(
            "UPDATE outbox SET state = 'asking', problem = ?, next_try_at = NULL,"
            " look_alike_html = ?, look_alike_id = ? WHERE id = ? AND state = 'uncertain'",
            (from_problem(problem), None if html is None else whole(html), note_id, outbox_id),
        )
        return self.get(outbox_id) if changed else None

    def sent(
        self,
        outbox_id: OutboxId,
        *,
        expect: Collection[OutboxState],
        note_id: NoteId | None,
        at: datetime,
        heals: int = 0,
    ) -> tuple[OutboxEntry, tuple[AttachmentId, ...]] | None:
        """Close has it as `note_id`; the attachments are let go (their ids, for the spool).

        None where the entry is not on an expected rung, or another entry has that note.
        """
        marks = ", ".join("?" * len(expect))
        with self._database.write() as write:
            taken = write.one("SELECT outbox_id FROM claim WHERE note_id = ?", (note_id,))
            if taken is not None and taken["outbox_id"] != outbox_id:
                return None
            changed = write.change(
                "UPDATE outbox SET state = 'sent', note_id = ?, sent_at = ?, problem = NULL,"  # noqa: S608
                " next_try_at = NULL, look_alike_html = NULL, look_alike_id = NULL,"
                " heals_left = CASE WHEN attempts > 1 THEN ? ELSE 0 END"
                f" WHERE id = ? AND state IN ({marks})",
                (note_id, micros(at), heals, outbox_id, *(state.value for state in expect)),
            )
            if not changed:
                return None
            if note_id is not None:
                write.change("INSERT OR IGNORE INTO claim VALUES (?, ?)", (note_id, outbox_id))
            let_go = remove_of_draft(write, draft_of(write, outbox_id))
        entry = self.get(outbox_id)
        assert entry is not None
        return entry, tuple(let_go)

    # --- what the rep asks for

    def recall(self, outbox_id: OutboxId, *, rebased: Draft | None = None) -> Draft | None:
        """Back to the open drafts, in one transaction; None where it may have been posted.

        `rebased`: the frozen draft (of an edit) on what Close has now, kept in its place.
        """
        with self._database.write() as write:
            row = write.one(
                f"SELECT draft_id FROM outbox WHERE id = ? AND {_CAN_RECALL}",  # noqa: S608
                (outbox_id,),
            )
            if row is None:
                return None
            if rebased is not None:
                freeze(write, rebased)
            return thaw(write, outbox_id, row["draft_id"], place="open", at=None)

    def discard(self, outbox_id: OutboxId, *, at: datetime) -> Draft | None:
        """A FAILED or ASKING note becomes a put-away draft; None from any other rung."""
        with self._database.write() as write:
            row = write.one(
                "SELECT draft_id FROM outbox WHERE id = ? AND state IN ('failed', 'asking')",
                (outbox_id,),
            )
            if row is None:
                return None
            return thaw(write, outbox_id, row["draft_id"], place="discarded", at=at)

    def reassign(
        self, outbox_id: OutboxId, *, lead_id: LeadId, lead_name: str
    ) -> OutboxEntry | None:
        """A FAILED note goes to another lead: QUEUED, without the contact of the old one."""
        with self._database.write() as write:
            changed = write.change(
                "UPDATE outbox SET state = 'queued', problem = NULL, next_try_at = NULL"  # noqa: S608
                f" WHERE id = ? AND state = 'failed' AND NOT {IS_EDIT}",
                (outbox_id,),
            )
            if not changed:
                return None
            write.change(
                "UPDATE draft SET lead_id = ?, lead_name = ?, contact_id = CASE lead_id WHEN ?"
                " THEN contact_id END WHERE id = ?",
                (lead_id, whole(lead_name), lead_id, draft_of(write, outbox_id)),
            )
        return self.get(outbox_id)

    # --- upkeep

    def purge(self, *, sent_before: datetime) -> int:
        """Forget the text of notes sent before this time; tokens and claims stay for ever."""
        with self._database.write() as write:
            rows = write.read(
                "SELECT id, draft_id FROM outbox WHERE state = 'sent' AND sent_at < ?"
                " AND heals_left = 0",
                (micros(sent_before),),
            )
            write.change_many("DELETE FROM outbox WHERE id = ?", [(row["id"],) for row in rows])
            write.change_many(
                "DELETE FROM draft WHERE id = ?", [(row["draft_id"],) for row in rows]
            )
        return len(rows)


def enqueue(
    write: Write,
    draft: Draft,
    *,
    entry_id: OutboxId,
    queued_at: datetime,
    not_before: datetime | None,
    batch: OutboxId | None = None,
) -> bool:
    """Freeze the draft into a new entry; False where it is queued already."""
    if write.one("SELECT 1 FROM outbox WHERE draft_id = ?", (draft.id,)) is not None:
        return False
    is_held = not_before is not None and not_before > queued_at
    state = OutboxState.HELD if is_held else OutboxState.QUEUED
    freeze(write, draft)
    token = _NO_TOKEN
    if not draft.is_edit:
        token = new_token(write, entry_id, draft.activity_at or queued_at)
    write.change(
        "INSERT INTO outbox (id, draft_id, state, queued_at, not_before, token, batch)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            entry_id,
            draft.id,
            state.value,
            micros(queued_at),
            from_time(not_before if is_held else None),
            token,
            batch,
        ),
    )
    return True


def freeze(write: Write, draft: Draft) -> None:
    """Keep the draft as one that is in the outbox."""
    marks = ", ".join("?" * len(from_draft(draft)))
    write.change(
        f"INSERT INTO draft (id, place, {DRAFT_COLUMNS}) VALUES (?, 'queued', {marks})"  # noqa: S608
        f" ON CONFLICT (id) DO UPDATE SET place = 'queued', discarded_at = NULL,"
        f" ({DRAFT_COLUMNS}) = ({', '.join(f'excluded.{c}' for c in DRAFT_COLUMNS.split(', '))})",
        (draft.id, *from_draft(draft)),
    )


def thaw(
    write: Write, outbox_id: OutboxId, draft_id: str, *, place: str, at: datetime | None
) -> Draft:
    """Take the entry's draft out of the outbox again."""
    write.change(  # a token that never left this machine may be given again
        "DELETE FROM token WHERE outbox_id = ? AND EXISTS (SELECT 1 FROM outbox"
        " WHERE id = ? AND attempts = 0)",
        (outbox_id, outbox_id),
    )
    write.change("DELETE FROM outbox WHERE id = ?", (outbox_id,))
    write.change(
        "UPDATE draft SET place = ?, discarded_at = ? WHERE id = ?",
        (place, from_time(at), draft_id),
    )
    row = write.one("SELECT * FROM draft WHERE id = ?", (draft_id,))
    assert row is not None
    return to_draft(row)


def new_token(write: Write, outbox_id: OutboxId, wanted_at: datetime) -> int:
    """The wanted time, cut to milliseconds, moved on by whole seconds until no other token is in
    the same second: even a server that keeps seconds only cannot confuse two of them.
    """
    wanted = micros(wanted_at)
    token = wanted - wanted % _MILLISECOND
    while write.one("SELECT 1 FROM token WHERE second = ?", (token // SECOND,)) is not None:
        token += SECOND
    write.change("INSERT INTO token VALUES (?, ?)", (token // SECOND, outbox_id))
    return token


def draft_of(write: Write, outbox_id: OutboxId) -> DraftId:
    """The draft that the entry holds."""
    row = write.one("SELECT draft_id FROM outbox WHERE id = ?", (outbox_id,))
    assert row is not None
    return DraftId(row["draft_id"])

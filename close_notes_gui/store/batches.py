"""One note for several leads: an entry of the outbox for each, queued and undone together.

Engine thread only. Each entry has a draft, a token and attachments of its own; nothing that
becomes of one touches another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from close_notes_gui.model.draft import Draft, OtherLead, OutboxEntry
from close_notes_gui.model.ids import AttachmentId, OutboxId
from close_notes_gui.store.attachments import copy_row, remove_of_draft
from close_notes_gui.store.codec import to_draft, to_entry
from close_notes_gui.store.database import Database, Row, Write
from close_notes_gui.store.drafts import save_in
from close_notes_gui.store.outbox import ENTRY, enqueue, thaw


@dataclass(frozen=True, slots=True)
class Part:
    """What one lead gets. `files`: ids of attachments, each with that of its copy in this part,
    whose bytes are in the spool already. The first part keeps its attachments and has none.
    """

    draft: Draft
    entry_id: OutboxId
    files: tuple[tuple[AttachmentId, AttachmentId], ...] = ()


@dataclass(frozen=True, slots=True)
class Undone:
    """What is left of a batch that was taken back: the one draft, the entries and attachments
    that are gone.
    """

    draft: Draft
    entries: tuple[OutboxId, ...]
    attachments: tuple[AttachmentId, ...]


class Batches:
    """Invariant: of a batch all parts are queued, or none is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(
        self, parts: Sequence[Part], *, queued_at: datetime, not_before: datetime | None
    ) -> tuple[OutboxEntry, ...] | None:
        """Freeze them all in one transaction. None: the first is queued already.

        Raises `StoreFull` or `StoreFailed`; then nothing has changed.
        """
        first = parts[0].entry_id
        with self._database.write() as write:
            for part in parts:
                is_new = enqueue(
                    write,
                    part.draft,
                    entry_id=part.entry_id,
                    queued_at=queued_at,
                    not_before=not_before,
                    batch=first if len(parts) > 1 else None,
                )
                if not is_new:
                    return None
                for old, new in part.files:
                    copy_row(write, old, new, part.draft.id)
        rows = self._database.read(
            f"{ENTRY} WHERE batch = ? OR outbox.id = ? ORDER BY position", (first, first)
        )
        return tuple(to_entry(row) for row in rows)

    def undo(self, outbox_id: OutboxId) -> Undone | None:
        """Take back all parts that are HELD, as the one draft that they were made of. None where
        this one is not HELD, or no part of a batch.
        """
        with self._database.write() as write:
            rows = write.read(
                f"{ENTRY} WHERE state = 'held' AND batch ="  # noqa: S608 - a constant of ours
                " (SELECT batch FROM outbox WHERE id = ?)"
                " ORDER BY position",
                (outbox_id,),
            )
            if outbox_id not in {row["id"] for row in rows}:
                return None
            first, *others = rows
            removed = [gone for row in others for gone in _remove(write, row)]
            draft = thaw(write, OutboxId(first["id"]), first["draft_id"], place="open", at=None)
            leads = tuple(_lead_of(row) for row in others)
            draft = replace(draft, also_leads=leads, revision=draft.revision + 1)
            save_in(write, draft)
        return Undone(draft, tuple(OutboxId(row["id"]) for row in rows), tuple(removed))


def _remove(write: Write, row: Row) -> list[AttachmentId]:
    removed = list(remove_of_draft(write, row["draft_id"]))
    thaw(write, OutboxId(row["id"]), row["draft_id"], place="open", at=None)
    write.change("DELETE FROM draft WHERE id = ?", (row["draft_id"],))
    return removed


def _lead_of(row: Row) -> OtherLead:
    draft = to_draft(row, id_column="draft_id")
    assert draft.lead_id is not None
    return OtherLead(draft.lead_id, draft.lead_name)

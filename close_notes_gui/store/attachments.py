"""Attachments on disk: what was dropped, where its bytes are, how far its upload got.

Engine thread only. The bytes themselves are in the spool (`spool.py`).
"""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from close_notes_gui.model.draft import Attachment, AttachmentState
from close_notes_gui.model.ids import AttachmentId, DraftId
from close_notes_gui.model.problem import Problem
from close_notes_gui.store.codec import from_problem, to_attachment, whole
from close_notes_gui.store.codec_times import from_time, micros
from close_notes_gui.store.database import Database, Row, Write
from close_notes_gui.store.spool import Kept

_IS_EDITABLE = "EXISTS (SELECT 1 FROM draft WHERE draft.id = draft_id AND place != 'queued')"
_OF_DRAFT = "SELECT * FROM attachment WHERE draft_id = ? ORDER BY position, rowid"


class Attachments:
    """Invariant: an attachment is noted here before a byte of it is copied, and every address
    that Close ever gave for it is remembered, so that a note carrying it can be known again.
    """

    def __init__(self, database: Database, *, spool_folder: Path) -> None:
        self._database = database
        self._spool_folder = spool_folder

    def add(self, attachment: Attachment, *, source: Path | None = None) -> None:
        """Note a new attachment as last of its draft; `source` is the file to copy from.

        The draft must be known. Raises `StoreFailed` where it is not.
        """
        with self._database.write() as write:
            write.change(
                "INSERT INTO attachment (id, draft_id, position, filename, content_type,"
                " size_bytes, state, problem, source) VALUES (?, ?, (SELECT"
                " coalesce(max(position), 0) + 1 FROM attachment WHERE draft_id = ?),"
                " ?, ?, ?, ?, ?, ?)",
                (
                    attachment.id,
                    attachment.draft_id,
                    attachment.draft_id,
                    whole(attachment.filename),
                    attachment.content_type,
                    attachment.size_bytes,
                    attachment.state.value,
                    from_problem(attachment.problem),
                    None if source is None else _path_text(source),
                ),
            )

    def get(self, attachment_id: AttachmentId) -> Attachment | None:
        """The attachment, or None."""
        row = self._database.one("SELECT * FROM attachment WHERE id = ?", (attachment_id,))
        return None if row is None else self._made(row)

    def of_draft(self, draft_id: DraftId) -> tuple[Attachment, ...]:
        """In the order dropped."""
        return tuple(self._made(row) for row in self._database.read(_OF_DRAFT, (draft_id,)))

    def all(self) -> tuple[Attachment, ...]:
        """Those of open drafts and of notes in the outbox."""
        rows = self._database.read(
            "SELECT attachment.* FROM attachment JOIN draft ON draft.id = draft_id"
            " WHERE place != 'discarded' ORDER BY draft_id, position, attachment.rowid"
        )
        return tuple(self._made(row) for row in rows)

    def in_state(self, *states: AttachmentState) -> tuple[Attachment, ...]:
        """All attachments in any of these states, put-away drafts included."""
        marks = ", ".join("?" * len(states))
        rows = self._database.read(
            f"SELECT * FROM attachment WHERE state IN ({marks}) ORDER BY rowid",  # noqa: S608
            tuple(state.value for state in states),
        )
        return tuple(self._made(row) for row in rows)

    def ids(self) -> frozenset[AttachmentId]:
        """All ids that the store knows: whatever else lies in the spool is an orphan."""
        return frozenset(
            AttachmentId(row["id"]) for row in self._database.read("SELECT id FROM attachment")
        )

    def set_state(
        self,
        attachment_id: AttachmentId,
        state: AttachmentState,
        *,
        problem: Problem | None = None,
    ) -> Attachment | None:
        """Commit a new state; the attachment as it is now, None where it is gone."""
        self._database.change(
            "UPDATE attachment SET state = ?, problem = ? WHERE id = ?",
            (state.value, from_problem(problem), attachment_id),
        )
        return self.get(attachment_id)

    def copied(self, attachment_id: AttachmentId, kept: Kept) -> Attachment | None:
        """The bytes are safe: state WAITING, size as kept. None where it was removed meanwhile."""
        name = kept.path.name if kept.is_copy else _path_text(kept.path)
        self._database.change(
            "UPDATE attachment SET state = ?, problem = NULL, size_bytes = ?, kept_path = ?,"
            " kept_bytes = ?, kept_mtime_ns = ?, kept_sha256 = ?, kept_is_copy = ? WHERE id = ?",
            (
                AttachmentState.WAITING.value,
                kept.size_bytes,
                name,
                kept.size_bytes,
                kept.mtime_ns,
                kept.digest,
                int(kept.is_copy),
                attachment_id,
            ),
        )
        return self.get(attachment_id)

    def minted(self, attachment_id: AttachmentId, *, url: str, at: datetime) -> None:
        """Remember an address that Close gave, before the bytes go up; kept for ever."""
        with self._database.write() as write:
            _remember_url(write, attachment_id, url, at)

    def minted_urls(self, attachment_id: AttachmentId) -> frozenset[str]:
        """Every address that Close ever gave for it."""
        rows = self._database.read(
            "SELECT url FROM minted_url WHERE attachment_id = ?", (attachment_id,)
        )
        return frozenset(row["url"] for row in rows)

    def uploaded(self, attachment_id: AttachmentId, *, url: str, at: datetime) -> Attachment | None:
        """The storage host has the bytes under this address; state UPLOADED."""
        with self._database.write() as write:
            write.change(
                "UPDATE attachment SET state = ?, problem = NULL, url = ?, uploaded_at = ?"
                " WHERE id = ?",
                (AttachmentState.UPLOADED.value, url, micros(at), attachment_id),
            )
            _remember_url(write, attachment_id, url, at)
        return self.get(attachment_id)

    def failed(self, attachment_id: AttachmentId, problem: Problem) -> Attachment | None:
        """It cannot go as things are; state FAILED with the reason."""
        return self.set_state(attachment_id, AttachmentState.FAILED, problem=problem)

    def forget_upload(self, attachment_id: AttachmentId) -> Attachment | None:
        """The address counts no longer (too old, unknown to Close): WAITING to go up again."""
        self._database.change(
            "UPDATE attachment SET state = ?, problem = NULL, url = NULL, uploaded_at = NULL"
            " WHERE id = ? AND kept_path IS NOT NULL",
            (AttachmentState.WAITING.value, attachment_id),
        )
        return self.get(attachment_id)

    def kept(self, attachment_id: AttachmentId) -> Kept | None:
        """Where the bytes are; None while they are not kept."""
        row = self._database.one("SELECT * FROM attachment WHERE id = ?", (attachment_id,))
        if row is None or row["kept_path"] is None:
            return None
        is_copy = bool(row["kept_is_copy"])
        return Kept(
            path=self._kept_path(row),
            size_bytes=row["kept_bytes"],
            mtime_ns=row["kept_mtime_ns"],
            digest=row["kept_sha256"],
            is_copy=is_copy,
        )

    def source(self, attachment_id: AttachmentId) -> Path | None:
        """The file that was dropped; None for pasted bytes."""
        row = self._database.one("SELECT source FROM attachment WHERE id = ?", (attachment_id,))
        return None if row is None or row["source"] is None else _path(row["source"])

    def remove(self, attachment_id: AttachmentId) -> bool:
        """Take it off an open or put-away draft. False where it is gone or frozen in the outbox.

        Its file in the spool is the caller's to remove, after this.
        """
        changed = self._database.change(
            f"DELETE FROM attachment WHERE id = ? AND {_IS_EDITABLE}",  # noqa: S608
            (attachment_id,),
        )
        return changed == 1

    def rename(self, attachment_id: AttachmentId, filename: str) -> Attachment | None:
        """Another name, as long as its note is not in the outbox; None where it is, or is gone."""
        changed = self._database.change(
            f"UPDATE attachment SET filename = ? WHERE id = ? AND {_IS_EDITABLE}",  # noqa: S608
            (whole(filename), attachment_id),
        )
        return self.get(attachment_id) if changed else None

    def move(self, attachment_id: AttachmentId, place: int) -> tuple[AttachmentId, ...] | None:
        """Put it at this place of its draft; the new order. None where it is gone or frozen."""
        with self._database.write() as write:
            rows = write.read(
                "SELECT id FROM attachment WHERE draft_id ="  # noqa: S608 - a constant of ours
                f" (SELECT draft_id FROM attachment WHERE id = ? AND {_IS_EDITABLE})"
                " ORDER BY position, rowid",
                (attachment_id,),
            )
            order = [AttachmentId(row["id"]) for row in rows]
            if attachment_id not in order:
                return None
            order.remove(attachment_id)
            order.insert(max(place, 0), attachment_id)
            for position, each in enumerate(order, start=1):
                write.change("UPDATE attachment SET position = ? WHERE id = ?", (position, each))
        return tuple(order)

    def twin(self, attachment_id: AttachmentId) -> AttachmentId | None:
        """The first other file of the same draft with the same contents, kept before it."""
        row = self._database.one(
            "SELECT other.id FROM attachment JOIN attachment AS other USING (draft_id, kept_sha256)"
            " WHERE attachment.id = ? AND other.id != attachment.id AND attachment.kept_sha256 > ''"
            " ORDER BY other.position, other.rowid LIMIT 1",
            (attachment_id,),
        )
        return None if row is None else AttachmentId(row["id"])

    def _made(self, row: Row) -> Attachment:
        path = None if row["kept_path"] is None else self._kept_path(row)
        return to_attachment(row, path=path)

    def _kept_path(self, row: Row) -> Path:
        name: str = row["kept_path"]
        return self._spool_folder / name if row["kept_is_copy"] else _path(name)


def _remember_url(write: Write, attachment_id: AttachmentId, url: str, at: datetime) -> None:
    write.change(
        "INSERT OR IGNORE INTO minted_url (url, draft_id, attachment_id, minted_at)"
        " SELECT ?, draft_id, id, ? FROM attachment WHERE id = ?",
        (url, from_time(at), attachment_id),
    )


def copy_row(
    write: Write, attachment_id: AttachmentId, copy_id: AttachmentId, draft_id: DraftId
) -> None:
    """The same file on another draft, WAITING to go up by itself: an address tells one note."""
    write.change(
        "INSERT INTO attachment (id, draft_id, position, filename, content_type, size_bytes, state,"
        " source, kept_path, kept_bytes, kept_mtime_ns, kept_sha256, kept_is_copy)"
        " SELECT ?, ?, position, filename, content_type, size_bytes, 'waiting', source,"
        " CASE kept_is_copy WHEN 1 THEN ? ELSE kept_path END, kept_bytes, kept_mtime_ns,"
        " kept_sha256, kept_is_copy FROM attachment WHERE id = ?",
        (copy_id, draft_id, copy_id, attachment_id),
    )


def remove_of_draft(write: Write, draft_id: DraftId) -> Iterable[AttachmentId]:
    """Forget the attachments of a note that Close has; their ids, for the spool."""
    rows = write.read("SELECT id FROM attachment WHERE draft_id = ?", (draft_id,))
    write.change("DELETE FROM attachment WHERE draft_id = ?", (draft_id,))
    return [AttachmentId(row["id"]) for row in rows]


def _path_text(path: Path) -> str:
    """A path as text that can be kept, reversibly: not every name on a disk is UTF-8."""
    return os.fsencode(path).decode("latin-1")


def _path(text: str) -> Path:
    return Path(os.fsdecode(text.encode("latin-1")))

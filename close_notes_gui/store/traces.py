"""What tells our notes from others in Close: tokens, addresses, claims, and notes to heal.

Engine thread only. Tokens, addresses and claims are kept for ever.
"""

from dataclasses import dataclass
from datetime import datetime

from close_notes_gui.model.draft import OutboxEntry
from close_notes_gui.model.ids import NoteId, OutboxId
from close_notes_gui.store.codec import to_entry
from close_notes_gui.store.codec_times import micros, to_time
from close_notes_gui.store.database import Database, Row
from close_notes_gui.store.outbox import ENTRY, SECOND


@dataclass(frozen=True, slots=True)
class Trace:
    """What tells our note among others: `token_at` is the unique `activity_at` it is posted
    with (whole milliseconds), `urls` every address minted for its files, `first_posted_at` when
    (by Close's clock) the first attempt began, None where that clock was unknown.
    """

    token_at: datetime
    urls: frozenset[str]
    first_posted_at: datetime | None
    look_alike_id: NoteId | None
    sent_at: datetime | None
    heals_left: int


class Traces:
    """Invariant: nothing that was ever given out or claimed is forgotten."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, outbox_id: OutboxId) -> Trace | None:
        """What the look-up goes by."""
        row = self._database.one("SELECT * FROM outbox WHERE id = ?", (outbox_id,))
        if row is None:
            return None
        urls = self._database.read(
            "SELECT url FROM minted_url WHERE draft_id = ?", (row["draft_id"],)
        )
        return _trace(row, frozenset(url["url"] for url in urls))

    def claimed(self) -> dict[NoteId, OutboxId]:
        """Which notes of Close are known to be ours, and of which entry."""
        rows = self._database.read("SELECT note_id, outbox_id FROM claim")
        return {NoteId(row["note_id"]): OutboxId(row["outbox_id"]) for row in rows}

    def is_token_of_another(self, outbox_id: OutboxId, at: datetime) -> bool:
        """Whether a note of this date may be another entry's: its token, whole or cut to the
        second.
        """
        row = self._database.one(
            "SELECT 1 FROM outbox WHERE id != ? AND ? IN (token, token / ? * ?)",
            (outbox_id, micros(at), SECOND, SECOND),
        )
        return row is not None

    def unclaimed(self) -> tuple[OutboxEntry, ...]:
        """Notes that may be in Close without its being known as which."""
        rows = self._database.read(
            f"{ENTRY} WHERE attempts > 0 AND note_id IS NULL AND base IS NULL ORDER BY position"
        )
        return tuple(to_entry(row) for row in rows)

    def to_heal(self) -> tuple[OutboxEntry, ...]:
        """Sent notes that were posted more than once and are to be looked at again."""
        rows = self._database.read(
            f"{ENTRY} WHERE state = 'sent' AND heals_left > 0 ORDER BY position"
        )
        return tuple(to_entry(row) for row in rows)

    def healed(self, outbox_id: OutboxId) -> None:
        """One of the looks for an extra is done."""
        self._database.change(
            "UPDATE outbox SET heals_left = max(heals_left - 1, 0) WHERE id = ?", (outbox_id,)
        )


def _trace(row: Row, urls: frozenset[str]) -> Trace:
    token_at = to_time(row["token"])
    assert token_at is not None
    return Trace(
        token_at=token_at,
        urls=urls,
        first_posted_at=to_time(row["first_posted_at"]),
        look_alike_id=None if row["look_alike_id"] is None else NoteId(row["look_alike_id"]),
        sent_at=to_time(row["sent_at"]),
        heals_left=row["heals_left"],
    )

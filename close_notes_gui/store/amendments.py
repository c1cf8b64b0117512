"""What was asked of notes in Close, on disk until Close has done it.

Engine thread only. Each change names the states it may start from, so that a late step of an
abandoned attempt changes nothing.
"""

from collections.abc import Collection
from datetime import datetime

from close_notes_gui.model.amendment import Amendment, AmendmentState
from close_notes_gui.model.ids import AmendmentId, CommentId
from close_notes_gui.model.note import CommentText
from close_notes_gui.model.problem import Problem
from close_notes_gui.store.codec import from_problem, to_amendment, whole
from close_notes_gui.store.codec_notes import from_note
from close_notes_gui.store.codec_times import from_time, micros, to_time
from close_notes_gui.store.database import Database
from close_notes_gui.store.facts import COMMENT

_NEVER_ASKED = "(state = 'failed' OR attempts = 0 AND state IN ('held', 'queued'))"


class Amendments:
    """Invariant: an amendment is here from the moment it was asked until Close has done it or
    the rep has taken it back; a comment of Close belongs to at most one of them, for ever.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Amendment, ...]:
        """All, in the order asked."""
        rows = self._database.read("SELECT * FROM amendment ORDER BY position")
        return tuple(to_amendment(row) for row in rows)

    def get(self, amendment_id: AmendmentId) -> Amendment | None:
        """The amendment; None where it is done or taken back."""
        row = self._database.one("SELECT * FROM amendment WHERE id = ?", (amendment_id,))
        return None if row is None else to_amendment(row)

    def first_asked_at(self, amendment_id: AmendmentId) -> datetime | None:
        """When Close was first asked, by Close's clock; None where that was not known."""
        row = self._database.one(
            "SELECT first_asked_at FROM amendment WHERE id = ?", (amendment_id,)
        )
        return None if row is None else to_time(row["first_asked_at"])

    def add(self, amendment: Amendment) -> bool:
        """Keep a new one; False where its id is known already. A comment is from then on no text
        that is being written: after a crash it would be there to be added once more.
        """
        with self._database.write() as write:
            added = write.change(
                "INSERT OR IGNORE INTO amendment (id, kind, note, body_html, state, asked_at,"
                " not_before) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    amendment.id,
                    amendment.kind.value,
                    from_note(amendment.note),
                    whole(amendment.body_html),
                    amendment.state.value,
                    micros(amendment.asked_at),
                    from_time(amendment.not_before),
                ),
            )
            if added and amendment.body_html:
                write.change(
                    "DELETE FROM fact WHERE name = ? AND value = ?",
                    (COMMENT + amendment.note.id, amendment.body_html),
                )
        return added == 1

    def move(
        self,
        amendment_id: AmendmentId,
        *,
        expect: Collection[AmendmentState],
        to: AmendmentState,
        problem: Problem | None = None,
        next_try_at: datetime | None = None,
        undo_attempt: bool = False,
    ) -> Amendment | None:
        """From any of the expected states to another; None (nothing changed) from elsewhere.

        `undo_attempt`: the attempt reached nobody for certain, so it does not count.
        """
        marks = ", ".join("?" * len(expect))
        changed = self._database.change(
            "UPDATE amendment SET state = ?, problem = ?, next_try_at = ?, not_before = NULL,"  # noqa: S608
            f" attempts = attempts - ? WHERE id = ? AND state IN ({marks})",
            (
                to.value,
                from_problem(problem),
                from_time(next_try_at),
                int(undo_attempt),
                amendment_id,
                *(state.value for state in expect),
            ),
        )
        return self.get(amendment_id) if changed else None

    def begin(self, amendment_id: AmendmentId, *, asked_at: datetime | None) -> Amendment | None:
        """QUEUED → DOING, on disk before the first byte goes out. `asked_at` by Close's clock, as
        far as it is known.
        """
        changed = self._database.change(
            "UPDATE amendment SET state = 'doing', first_asked_at = CASE attempts WHEN 0 THEN ?"
            " ELSE first_asked_at END, attempts = attempts + 1, problem = NULL,"
            " next_try_at = NULL WHERE id = ? AND state = 'queued'",
            (from_time(asked_at), amendment_id),
        )
        return self.get(amendment_id) if changed else None

    def done(self, amendment_id: AmendmentId, *, comment_id: CommentId | None = None) -> bool:
        """Close has done it: forget it. False where it was forgotten before, or the comment is
        another one's.
        """
        with self._database.write() as write:
            if comment_id is not None:
                write.change(
                    "INSERT OR IGNORE INTO comment_claim VALUES (?, ?)", (comment_id, amendment_id)
                )
                claim = write.one(
                    "SELECT amendment_id FROM comment_claim WHERE comment_id = ?", (comment_id,)
                )
                if claim is None or claim["amendment_id"] != amendment_id:
                    return False
            return write.change("DELETE FROM amendment WHERE id = ?", (amendment_id,)) == 1

    def take_back(self, amendment_id: AmendmentId, *, text: CommentText | None = None) -> bool:
        """Forget one that Close was never asked for, or that FAILED; False from elsewhere. `text`:
        what is being written beneath its note from then on.
        """
        with self._database.write() as write:
            changed = write.change(
                f"DELETE FROM amendment WHERE id = ? AND {_NEVER_ASKED}",  # noqa: S608
                (amendment_id,),
            )
            if changed and text is not None:
                write.change(
                    "INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)",
                    (COMMENT + text.note_id, text.body_html),
                )
        return changed == 1

    def claimed_comments(self) -> dict[CommentId, AmendmentId]:
        """Which comments in Close are known to be ours, and of which amendment."""
        rows = self._database.read("SELECT comment_id, amendment_id FROM comment_claim")
        return {CommentId(row["comment_id"]): AmendmentId(row["amendment_id"]) for row in rows}

    def has_twin(self, amendment: Amendment) -> bool:
        """Whether another comment with the same words on the same note may be in Close as nobody
        knows which.
        """
        return any(
            other.id != amendment.id
            and other.attempts > 0
            and other.kind is amendment.kind
            and other.note.id == amendment.note.id
            and other.body_html == amendment.body_html
            for other in self.all()
        )

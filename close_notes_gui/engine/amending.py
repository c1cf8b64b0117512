"""Pin, unpin, delete and comment on notes in Close: each kept on disk first, then done.

Engine thread. Pin, unpin and delete may be asked of Close again without harm. A comment may not:
one whose answer was lost is looked for among the note's comments before anything else.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from close_notes_gui.engine.deeds import Deeds
from close_notes_gui.engine.desk import Desk, disk_problem
from close_notes_gui.engine.ladder import IN_THE_WAY
from close_notes_gui.engine.landing import gate_problem
from close_notes_gui.engine.rounds import Rounds, Step
from close_notes_gui.markup.joining import joined
from close_notes_gui.markup.plain import has_content
from close_notes_gui.model.amendment import Amendment, AmendmentKind, AmendmentState
from close_notes_gui.model.commands import AmendNote
from close_notes_gui.model.draft import OutboxEntry
from close_notes_gui.model.events import (
    AmendmentChanged,
    AmendmentRefused,
    AmendmentRemoved,
    TroubleArose,
)
from close_notes_gui.model.ids import AmendmentId, NoteId
from close_notes_gui.model.note import CommentText
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.store.errors import StoreError

_CAN_STEP: Final = frozenset({AmendmentState.HELD, AmendmentState.QUEUED, AmendmentState.UNCERTAIN})
_RETRIED: Final = frozenset({AmendmentState.HELD, AmendmentState.QUEUED, AmendmentState.FAILED})


class Amending:
    """Invariant: those of one note are done in the order asked, each after the edits of that note
    that were queued before it; one that FAILED keeps nobody waiting.
    """

    def __init__(self, desk: Desk, *, chance: Callable[[], float]) -> None:
        self._desk = desk
        self._deeds = Deeds(desk, chance=chance)
        self._rounds: Rounds[AmendmentId] = Rounds(
            desk, name="amending", waiting=self._waiting, put_down=self._deeds.put_down
        )

    # --- running

    def start(self) -> None:
        """Begin; needs the running loop. Raises StoreError."""
        for amendment in self._desk.store.amendments.all():
            if amendment.state is AmendmentState.HELD:
                self._rounds.hold(amendment.id, until=amendment.not_before)
        self._rounds.start()

    def wake(self) -> None:
        """The network or the machine is back: try what waits, now."""
        self._deeds.forget_failures()
        self._rounds.wake()

    def nudge(self) -> None:
        """Something has changed in the outbox."""
        self._rounds.nudge()

    async def stop(self) -> None:
        """End all tasks within about a second."""
        await self._rounds.stop()

    # --- what the rep asks for

    def amend(self, command: AmendNote, settings: Settings) -> None:
        """AmendmentChanged, or AmendmentRefused where nothing was kept."""
        problem = _unfit(command)
        kept: Amendment | None = None
        try:
            if problem is None:
                kept = self._kept(command, settings)
        except StoreError as error:
            problem = disk_problem(error)
        if problem is not None:
            self._desk.emit(AmendmentRefused(command.amendment_id, problem))
        elif kept is not None:
            if kept.state is AmendmentState.HELD:
                self._rounds.hold(kept.id, until=kept.not_before)
            self._desk.emit(AmendmentChanged(kept))
            self._desk.checkpoint("asked")
            self._rounds.nudge()

    def undo(self, amendment_id: AmendmentId) -> None:
        """AmendmentRemoved; TroubleArose(TOO_LATE) where Close was asked already. The words of a
        comment are what is being written again, with what is being written there now.
        """
        try:
            is_taken_back = self._desk.store.amendments.take_back(
                amendment_id, text=self._text_of(amendment_id)
            )
        except StoreError as error:
            self._desk.emit(TroubleArose(disk_problem(error)))
            return
        if not is_taken_back:
            self._desk.emit(TroubleArose(Problem(ProblemKind.TOO_LATE)))
            return
        self._rounds.let_go(amendment_id)
        self._desk.emit(AmendmentRemoved(amendment_id))

    def retry(self, amendment_id: AmendmentId) -> None:
        """AmendmentChanged: it is tried now."""
        self._deeds.forget_failures(amendment_id)
        self._rounds.at_once(amendment_id)
        try:
            moved = self._desk.store.amendments.move(
                amendment_id, expect=_RETRIED, to=AmendmentState.QUEUED
            )
        except StoreError as error:
            self._desk.emit(TroubleArose(disk_problem(error)))
            return
        if moved is not None:
            self._desk.emit(AmendmentChanged(moved))
        self._rounds.nudge()

    # --- within

    def _text_of(self, amendment_id: AmendmentId) -> CommentText | None:
        amendment = self._desk.store.amendments.get(amendment_id)
        if amendment is None or amendment.kind is not AmendmentKind.COMMENT:
            return None
        note_id = amendment.note.id
        written = {text.note_id: text.body_html for text in self._desk.store.comment_texts.all()}
        return CommentText(note_id, joined(amendment.body_html, written.get(note_id, "")))

    def _kept(self, command: AmendNote, settings: Settings) -> Amendment | None:
        """Committed; None where it was asked for already."""
        now = self._desk.clock.now()
        hold_s = min(max(settings.undo_send_s, 0), self._desk.timings.longest_undo_s)
        is_held = hold_s > 0 and command.kind is not AmendmentKind.COMMENT
        amendment = Amendment(
            id=command.amendment_id,
            kind=command.kind,
            note=command.note,
            # A clock that was set back does not put it before an edit.
            asked_at=max([now, *(edit.queued_at for edit in self._edits_of(command.note.id))]),
            body_html=command.body_html if command.kind is AmendmentKind.COMMENT else "",
            state=AmendmentState.HELD if is_held else AmendmentState.QUEUED,
            not_before=now + timedelta(seconds=hold_s) if is_held else None,
        )
        return amendment if self._desk.store.amendments.add(amendment) else None

    def _waiting(self) -> dict[AmendmentId, Step | None]:
        heads: dict[NoteId, Amendment] = {}
        for amendment in self._desk.store.amendments.all():
            if amendment.state is not AmendmentState.FAILED:
                heads.setdefault(amendment.note.id, amendment)
        return {
            amendment.id: partial(self._deeds.step, amendment) if self._may_go(amendment) else None
            for amendment in heads.values()
        }

    def _may_go(self, amendment: Amendment) -> bool:
        if amendment.state not in _CAN_STEP:
            return False
        return not any(
            edit.state in IN_THE_WAY and edit.queued_at <= amendment.asked_at
            for edit in self._edits_of(amendment.note.id)
        )

    def _edits_of(self, note_id: NoteId) -> tuple[OutboxEntry, ...]:
        return tuple(
            entry
            for entry in self._desk.store.outbox.entries()
            if entry.frozen.base is not None and entry.frozen.base.id == note_id
        )


def _unfit(command: AmendNote) -> Problem | None:
    """Why a comment cannot be sent."""
    if command.kind is not AmendmentKind.COMMENT:
        return None
    if not has_content(command.body_html):
        return Problem(ProblemKind.NOTE_EMPTY)
    return gate_problem(command.body_html)

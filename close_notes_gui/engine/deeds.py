"""One attempt at one amendment, and the look-up of a comment whose answer was lost.

Engine thread. Each state is committed before it is acted on; a cancelled attempt leaves the
state that was committed last, for recovery to read.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from close_notes_gui.closeapi import errors as close
from close_notes_gui.engine import ladder
from close_notes_gui.engine.comment_match import Found, Unclear, judge
from close_notes_gui.engine.desk import Desk
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.engine.reconcile import LookUp
from close_notes_gui.model.amendment import Amendment, AmendmentKind, AmendmentState
from close_notes_gui.model.events import AmendmentChanged, AmendmentDone
from close_notes_gui.model.ids import AmendmentId
from close_notes_gui.model.note import Comment, Note, NoteChanges
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.errors import StoreError

S = AmendmentState


class Deeds:
    """Invariant: Close is asked to do something only for an amendment that is DOING on disk; one
    leaves UNCERTAIN for QUEUED only after enough looks, as a note does.
    """

    def __init__(self, desk: Desk, *, chance: Callable[[], float]) -> None:
        self._desk = desk
        self._chance = chance
        self._failures: dict[AmendmentId, int] = {}
        self._look_ups: dict[AmendmentId, LookUp] = {}

    def forget_failures(self, amendment_id: AmendmentId | None = None) -> None:
        """Start counting anew: the network is back, or the rep said so."""
        if amendment_id is None:
            self._failures.clear()
        else:
            self._failures.pop(amendment_id, None)

    def put_down(self, amendment_id: AmendmentId) -> None:
        """After a bug: from DOING, on which nobody would take it up again. Raises StoreError."""
        amendment = self._desk.store.amendments.get(amendment_id)
        if amendment is None or amendment.state is not S.DOING:
            return
        moved = self._desk.store.amendments.move(
            amendment_id,
            expect={S.DOING},
            to=after_break(amendment.kind),
            problem=Problem(ProblemKind.BUG),
        )
        self._tell(moved)

    async def step(self, amendment: Amendment) -> float | None:
        """Take it as far as it goes. How long until its next step, None where there is none."""
        if amendment.state is S.UNCERTAIN:
            return await self._look(amendment)
        if amendment.state is S.HELD:
            released = self._desk.store.amendments.move(amendment.id, expect={S.HELD}, to=S.QUEUED)
            if released is None:
                return None
            self._tell(released)
        try:
            if await self._is_there_already(amendment):
                return None
        except close.CloseError as error:
            return await self._after(amendment, error, S.QUEUED)
        return await self._attempt(amendment)

    # --- doing

    async def _attempt(self, amendment: Amendment) -> float | None:
        desk = self._desk
        doing = desk.store.amendments.begin(amendment.id, asked_at=desk.close_now())
        if doing is None:
            return None  # taken back meanwhile
        self._tell(doing)
        desk.checkpoint("doing")
        try:
            note, comment = await self._asked(doing)
        except close.CloseError as error:
            desk.checkpoint("undone")
            return await self._after(doing, error, S.DOING)
        desk.checkpoint("done")
        await self._done(doing, note, comment)
        return None

    async def _asked(self, doing: Amendment) -> tuple[Note | None, Comment | None]:
        """The note as it is then, and the comment that was made."""
        desk, note = self._desk, doing.note
        match doing.kind:
            case AmendmentKind.PIN | AmendmentKind.UNPIN:
                changes = NoteChanges(pinned=doing.kind is AmendmentKind.PIN)
                return await desk.ask(desk.client.update_note(note.id, changes)), None
            case AmendmentKind.DELETE:
                with suppress(close.Gone):
                    await desk.ask(desk.client.delete_note(note.id))
                return None, None
            case AmendmentKind.COMMENT:
                comment = await desk.ask(desk.client.add_comment(note.id, doing.body_html))
                return self._commented(note), comment

    async def _done(
        self, amendment: Amendment, note: Note | None, comment: Comment | None = None
    ) -> None:
        desk = self._desk
        comment_id = None if comment is None else comment.id
        is_news = await desk.keep(
            lambda: desk.store.amendments.done(amendment.id, comment_id=comment_id)
        )
        self._look_ups.pop(amendment.id, None)
        self.forget_failures(amendment.id)
        if not is_news:
            return
        desk.checkpoint("settled")
        with suppress(StoreError):  # only a cache
            if note is None:
                desk.store.notes.remove(amendment.note.id)
            else:
                desk.store.notes.add(note)
        desk.emit(AmendmentDone(amendment, note, comment))

    def _commented(self, note: Note) -> Note:
        """The note with one comment more."""
        known = note
        with suppress(StoreError):
            known = self._desk.store.notes.one(note.id) or note
        return replace(known, comment_count=known.comment_count + 1)

    async def _after(
        self, amendment: Amendment, error: close.CloseError, state: AmendmentState
    ) -> float | None:
        """It failed in this state."""
        problem = problem_from(error)
        match error:
            case close.AnswerLost():
                await self._move(amendment, state, S.UNCERTAIN, problem)
                return self._begin_look_up(amendment.id)
            case close.NotAuthorized():
                await self._move(amendment, state, S.QUEUED, problem)
                return None  # paused until signed in again
            case close.Throttled():
                wait_s = error.retry_after_s
                await self._move(amendment, state, S.QUEUED, problem, wait_s=wait_s)
                return wait_s
            case close.Gone():
                await self._move(amendment, state, S.FAILED, Problem(ProblemKind.NOTE_GONE))
                return None
            case close.Refused() | close.Forbidden() | close.PlanLimit() | close.UnsafeAddress():
                await self._move(amendment, state, S.FAILED, problem)
                return None
        wait_s = self._wait_s(amendment.id)
        may_be_done = error.was_sent and amendment.kind is not AmendmentKind.COMMENT
        await self._move(amendment, state, S.QUEUED, problem, wait_s=wait_s, counts=may_be_done)
        return wait_s

    # --- a comment whose answer was lost

    async def _is_there_already(self, amendment: Amendment) -> bool:
        """A look before a comment that may have been sent before, or where Close's clock is not
        known, without which a lost answer could not be told. Raises CloseError.
        """
        if amendment.kind is not AmendmentKind.COMMENT:
            return False
        if not amendment.attempts:
            if self._desk.close_now() is None:
                await self._desk.ask(self._desk.client.comments(amendment.note.id))
            return False
        verdict = await self._verdict(amendment)
        if isinstance(verdict, Found):
            await self._found(amendment, verdict)
            return True
        return False

    async def _look(self, amendment: Amendment) -> float | None:
        desk = self._desk
        if amendment.id not in self._look_ups:
            return self._begin_look_up(amendment.id)  # it was lost by an earlier run
        look_up = self._look_ups[amendment.id]
        try:
            verdict = await self._verdict(amendment)
        except close.CloseError as error:
            return await self._not_shown(amendment, error)
        desk.checkpoint("looked")
        if isinstance(verdict, Found):
            await self._found(amendment, verdict)
            return None
        if not look_up.saw_nothing(desk.clock.monotonic(), timings=desk.timings):
            return look_up.next_look_s(timings=desk.timings)
        self._look_ups.pop(amendment.id, None)
        if isinstance(verdict, Unclear) or amendment.attempts >= desk.timings.most_posts:
            unsure = Problem(ProblemKind.COMMENT_UNSURE)
            await self._move(amendment, S.UNCERTAIN, S.FAILED, unsure)
        else:
            await self._move(amendment, S.UNCERTAIN, S.QUEUED, None)
        return None

    async def _not_shown(self, amendment: Amendment, error: close.CloseError) -> float | None:
        """Close would not show the comments: wait, or leave it to the rep where it never will."""
        match error:
            case close.NotAuthorized():
                return None  # paused until signed in again
            case close.Throttled():
                return error.retry_after_s
            case close.Gone():
                problem = Problem(ProblemKind.NOTE_GONE)
            case close.Forbidden() | close.PlanLimit() | close.Refused():
                problem = Problem(ProblemKind.COMMENT_UNSURE, detail=error.reason)
            case _:
                return self._desk.timings.look_gap_s
        await self._move(amendment, S.UNCERTAIN, S.FAILED, problem)
        return None

    async def _verdict(self, amendment: Amendment) -> Found | Unclear | None:
        desk = self._desk
        comments = await desk.ask(desk.client.comments(amendment.note.id))
        amendments = desk.store.amendments
        return judge(
            comments,
            amendment,
            me=desk.me.user_id,
            first_asked_at=amendments.first_asked_at(amendment.id),
            claimed=amendments.claimed_comments(),
            has_twin=amendments.has_twin(amendment),
        )

    async def _found(self, amendment: Amendment, found: Found) -> None:
        await self._done(amendment, self._commented(amendment.note), found.comment)

    def _begin_look_up(self, amendment_id: AmendmentId) -> float:
        """The quiet time starts now. How long until the first look."""
        self._look_ups[amendment_id] = LookUp(since_s=self._desk.clock.monotonic())
        return self._look_ups[amendment_id].next_look_s(timings=self._desk.timings)

    # --- within

    async def _move(
        self,
        amendment: Amendment,
        expect: AmendmentState,
        to: AmendmentState,
        problem: Problem | None,
        *,
        wait_s: float = 0.0,
        counts: bool = False,
    ) -> None:
        """`counts`: the attempt may have been carried out (to UNCERTAIN it always may)."""
        desk = self._desk
        next_try_at = self._next_try_at(wait_s)
        moved = await desk.keep(
            lambda: desk.store.amendments.move(
                amendment.id,
                expect={expect},
                to=to,
                problem=problem and replace(problem, retry_at=next_try_at),
                next_try_at=next_try_at,
                undo_attempt=expect is S.DOING and to is not S.UNCERTAIN and not counts,
            )
        )
        self._tell(moved)

    def _next_try_at(self, wait_s: float) -> datetime | None:
        return self._desk.clock.now() + timedelta(seconds=wait_s) if wait_s else None

    def _wait_s(self, amendment_id: AmendmentId) -> float:
        tries = self._failures[amendment_id] = self._failures.get(amendment_id, 0) + 1
        return ladder.backoff_s(tries, timings=self._desk.timings, chance=self._chance())

    def _tell(self, moved: Amendment | None) -> None:
        if moved is not None:
            self._desk.emit(AmendmentChanged(moved))


def after_break(kind: AmendmentKind) -> AmendmentState:
    """What DOING becomes where nobody knows how it ended."""
    return S.UNCERTAIN if kind is AmendmentKind.COMMENT else S.QUEUED

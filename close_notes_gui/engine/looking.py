"""Look up notes whose answer was lost, until Close shows them or they are known to be absent.

Engine thread. Only asks; what it finds is committed by `landing`. Never re-posts by itself.
"""

from close_notes_gui.closeapi.errors import (
    CloseError,
    Forbidden,
    Gone,
    NotAuthorized,
    PlanLimit,
    Refused,
    Throttled,
)
from close_notes_gui.engine.desk import Desk
from close_notes_gui.engine.landing import land, merged_into
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.engine.reconcile import Absent, Found, LookAlike, LookUp, Verdict, judge
from close_notes_gui.model.draft import OutboxEntry, OutboxState
from close_notes_gui.model.events import LeadMissing
from close_notes_gui.model.ids import LeadId, NoteId, OutboxId
from close_notes_gui.model.lead import Lead
from close_notes_gui.model.problem import Problem, ProblemKind


class Looking:
    """Invariant: an entry leaves UNCERTAIN for QUEUED only after enough looks, a gap apart, the
    last of them after the quiet time, all on the monotonic clock of this run.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._look_ups: dict[OutboxId, LookUp] = {}

    def begin(self, outbox_id: OutboxId) -> float:
        """The quiet time starts now. How long until the first look."""
        self._look_ups[outbox_id] = LookUp(since_s=self._desk.clock.monotonic())
        return self._look_ups[outbox_id].next_look_s(timings=self._desk.timings)

    async def look(self, entry: OutboxEntry) -> float | None:
        """Look once at an UNCERTAIN entry. How long until its next step."""
        if entry.id not in self._look_ups:
            self.begin(entry.id)  # it was lost by an earlier run of the program
        lead_id = entry.frozen.lead_id
        assert lead_id is not None
        try:
            verdict, is_whole = await self._verdict(entry, lead_id)
            self._desk.checkpoint("looked")
            if isinstance(verdict, Found):
                await self._found(entry, verdict)
                return None
            if not self._is_enough(entry):
                return self._look_ups[entry.id].next_look_s(timings=self._desk.timings)
            if not is_whole:  # so many notes that it may be among those not read
                await self._ask_rep(entry)
                return None
            return await self._decide(entry, verdict)
        except CloseError as error:
            return await self._not_shown(entry, error)

    def _is_enough(self, entry: OutboxEntry) -> bool:
        look_up = self._look_ups[entry.id]
        return look_up.saw_nothing(self._desk.clock.monotonic(), timings=self._desk.timings)

    async def _verdict(self, entry: OutboxEntry, lead_id: LeadId) -> tuple[Verdict, bool]:
        sought = self._desk.sought(entry)
        try:
            notes, is_whole = await self._desk.own_notes(
                lead_id, since=sought.trace.first_posted_at
            )
        except Gone:
            return Absent(), True  # no lead, no notes; `_decide` finds out more
        return judge(notes, self._desk.sought(entry)), is_whole

    async def _decide(self, entry: OutboxEntry, verdict: Verdict) -> float | None:
        """Enough looks, and none found it for certain."""
        desk = self._desk
        assert entry.frozen.lead_id is not None
        try:
            await desk.ask(desk.client.lead(entry.frozen.lead_id))
        except Gone:
            return await self._decide_without_lead(entry, entry.frozen.lead_id)
        if isinstance(verdict, LookAlike):
            await self._ask_rep(entry, html=verdict.note.note_html, note_id=verdict.note.id)
            return None
        if entry.attempts >= desk.timings.most_posts:
            await self._ask_rep(entry)
            return None
        moved = await desk.keep(
            lambda: desk.store.outbox.move(
                entry.id, expect={OutboxState.UNCERTAIN}, to=OutboxState.QUEUED
            )
        )
        self._look_ups.pop(entry.id, None)
        if moved is not None:
            desk.tell(moved)
        return None

    async def _decide_without_lead(self, entry: OutboxEntry, lead_id: LeadId) -> float | None:
        """The lead is gone: the note may have moved with the rest to the lead that took over."""
        desk = self._desk
        into = await merged_into(desk, entry)
        if into is not None:
            verdict, _ = await self._verdict(entry, into.id)
            if isinstance(verdict, Found):
                await self._found(entry, verdict)
                return None
            if isinstance(verdict, LookAlike):
                await self._ask_rep(entry, html=verdict.note.note_html, note_id=verdict.note.id)
                return None
        await self._lead_gone(entry, lead_id, into)
        return None

    async def _lead_gone(self, entry: OutboxEntry, lead_id: LeadId, into: Lead | None) -> None:
        desk = self._desk
        problem = Problem(
            ProblemKind.LEAD_GONE,
            subject=entry.frozen.lead_name,
            detail=into.name if into else "",
            lead_id=into.id if into else None,
        )
        failed = await desk.keep(
            lambda: desk.store.outbox.move(
                entry.id, expect={OutboxState.UNCERTAIN}, to=OutboxState.FAILED, problem=problem
            )
        )
        self._look_ups.pop(entry.id, None)
        desk.emit(LeadMissing(lead_id, merged_into=into))
        if failed is not None:
            desk.tell(failed)

    async def _found(self, entry: OutboxEntry, verdict: Found) -> None:
        await land(self._desk, entry, verdict.note, expect=OutboxState.UNCERTAIN)
        self._look_ups.pop(entry.id, None)

    async def _not_shown(self, entry: OutboxEntry, error: CloseError) -> float | None:
        """Close would not show its notes: wait, or ask the rep where it never will."""
        match error:
            case NotAuthorized():
                return 0.0  # paused until signed in again
            case Throttled():
                return error.retry_after_s
            case Forbidden() | PlanLimit() | Refused() if self._is_quiet(entry):
                await self._ask_rep(entry, because=problem_from(error))
                return None
        return self._desk.timings.look_gap_s

    def _is_quiet(self, entry: OutboxEntry) -> bool:
        """Whether the attempt has had its time: asked sooner, the rep could only say "not there"
        of a note that is still on its way.
        """
        since_s = self._look_ups[entry.id].since_s
        return self._desk.clock.monotonic() - since_s >= self._desk.timings.quiet_s

    async def _ask_rep(
        self,
        entry: OutboxEntry,
        *,
        html: str | None = None,
        note_id: NoteId | None = None,
        because: Problem | None = None,
    ) -> None:
        desk = self._desk
        problem = because or Problem(ProblemKind.ANSWER_LOST, subject=entry.frozen.lead_name)
        asking = await desk.keep(
            lambda: desk.store.outbox.ask(entry.id, problem=problem, html=html, note_id=note_id)
        )
        self._look_ups.pop(entry.id, None)
        if asking is not None:
            desk.tell(asking)

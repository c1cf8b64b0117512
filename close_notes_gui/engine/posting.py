"""One attempt to bring one note to Close: its files up, then the note itself.

Engine thread. Each rung is committed before it is acted on; a cancelled attempt leaves the
rung that was committed last, for recovery to read.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from close_notes_gui.engine import ladder
from close_notes_gui.engine.desk import Desk
from close_notes_gui.engine.landing import gate_problem, land, lead_problem, new_note
from close_notes_gui.engine.saving import NotSaved, save
from close_notes_gui.engine.uploads import NotUploaded
from close_notes_gui.model.draft import Attachment, OutboxEntry, OutboxState
from close_notes_gui.model.ids import OutboxId
from close_notes_gui.model.problem import Problem, ProblemKind

_MOST_RENEWALS = 2


@dataclass(slots=True)
class Tally:
    """How often in a row an entry has failed since the program started or it was told to retry."""

    tries: int = 0
    renewals: int = 0


class Posting:
    """Invariant: a note is made or changed in Close only for an entry that is POSTING on disk."""

    def __init__(self, desk: Desk, *, chance: Callable[[], float]) -> None:
        self._desk = desk
        self._chance = chance
        self._tallies: dict[OutboxId, Tally] = {}

    def forget_failures(self, outbox_id: OutboxId | None = None) -> None:
        """Start counting anew: the network is back, or the rep said so."""
        if outbox_id is None:
            self._tallies.clear()
        else:
            self._tallies.pop(outbox_id, None)

    async def attempt(self, entry: OutboxEntry) -> float | None:
        """Take a QUEUED entry as far as it goes. How long to wait before its next step, None
        where there is no such wait.
        """
        desk = self._desk
        moved = desk.store.outbox.move(
            entry.id, expect={OutboxState.QUEUED}, to=OutboxState.UPLOADING
        )
        if moved is None:
            return None
        desk.tell(moved)
        desk.checkpoint("uploading")
        files = await self._uploaded(moved)
        if not isinstance(files, tuple):
            return files
        problem = gate_problem(moved.frozen.note_html)
        if problem is not None:
            await self._stop(moved, problem)
            return None
        return await self._post(moved, files)

    # --- files

    async def _uploaded(self, entry: OutboxEntry) -> tuple[Attachment, ...] | float | None:
        """All attachments with fresh addresses, or how long to wait (None: it stopped)."""
        desk = self._desk
        attachments = desk.store.attachments.of_draft(entry.frozen.id)
        results = await asyncio.gather(
            *(desk.uploads.ensure_uploaded(attachment.id) for attachment in attachments),
            return_exceptions=True,
        )
        ready: list[Attachment] = []
        failures: list[NotUploaded] = []
        for attachment, result in zip(attachments, results, strict=True):
            match result:
                case Attachment():
                    ready.append(result)
                case NotUploaded():
                    failures.append(result)
                case KeyError():
                    problem = Problem(ProblemKind.ATTACHMENT_FAILED, subject=attachment.filename)
                    failures.append(NotUploaded(problem, waits=False))
                case _:
                    raise result
        if not failures:
            desk.checkpoint("uploaded")
            return tuple(ready)
        worst = next((failure for failure in failures if not failure.waits), failures[0])
        if not worst.waits:
            subject = worst.problem.subject
            problem = Problem(
                ProblemKind.ATTACHMENT_FAILED, subject=subject, detail=worst.problem.detail
            )
            await self._stop(entry, problem)
            return None
        if worst.problem.kind is ProblemKind.KEY_REFUSED:
            desk.refuse_key()
        return await self._back(entry, worst.problem)

    # --- the note

    async def _post(self, entry: OutboxEntry, files: tuple[Attachment, ...]) -> float | None:
        desk = self._desk
        trace = desk.store.traces.of(entry.id)
        posting = desk.store.outbox.begin_post(entry.id, posted_at=desk.close_now())
        if posting is None or trace is None:
            return None  # recalled meanwhile
        desk.tell(posting)
        desk.checkpoint("posting")
        if posting.frozen.is_edit:
            return await self._save(posting, files)
        new = new_note(posting, files, activity_at=trace.token_at)
        try:
            note = await desk.ask(desk.client.create_note(new))
        except Exception as error:  # noqa: BLE001 - one that nobody foresaw counts as lost
            desk.checkpoint("refused")
            return await self._after(posting, error, files)
        desk.checkpoint("answered")
        await land(desk, posting, note, expect=OutboxState.POSTING)
        self.forget_failures(entry.id)
        return None

    async def _save(self, entry: OutboxEntry, files: tuple[Attachment, ...]) -> float | None:
        try:
            await save(self._desk, entry, files)
        except NotSaved as failure:
            outcome = ladder.outcome_of_edit(
                failure.error,
                lead_name=entry.frozen.lead_name,
                has_files=bool(files),
                was_asked=failure.was_asked,
            )
            return await self._act_on(entry, outcome, files)
        self.forget_failures(entry.id)
        return None

    async def _after(
        self, entry: OutboxEntry, error: Exception, files: tuple[Attachment, ...]
    ) -> float | None:
        outcome = ladder.outcome_of(error, lead_name=entry.frozen.lead_name, has_files=bool(files))
        return await self._act_on(entry, outcome, files)

    async def _act_on(
        self, entry: OutboxEntry, outcome: ladder.Outcome, files: tuple[Attachment, ...]
    ) -> float | None:
        desk = self._desk
        match outcome:
            case ladder.Lost(problem):
                await self._down(entry, OutboxState.POSTING, OutboxState.UNCERTAIN, problem)
                desk.checkpoint("lost")
                return 0.0
            case ladder.PauseAll(problem):
                return await self._undo(entry, problem, wait_s=0.0)
            case ladder.Again(problem, wait_s):
                return await self._undo(entry, problem, wait_s=wait_s)
            case ladder.LookAgain(problem):
                wait = self._wait_s(entry.id)
                await self._down(
                    entry,
                    OutboxState.POSTING,
                    OutboxState.QUEUED,
                    problem,
                    wait_s=wait,
                    counts=True,
                )
                return wait
            case ladder.RenewFiles(problem):
                return await self._renew(entry, problem, files)
            case ladder.AskAboutLead(problem):
                problem = await lead_problem(desk, entry, problem)
                await self._refuse(entry, problem)
                return None
            case ladder.Stop(problem):
                await self._refuse(entry, problem)
                return None

    async def _renew(
        self, entry: OutboxEntry, problem: Problem, files: tuple[Attachment, ...]
    ) -> float | None:
        """Close does not know the files' addresses: upload them again, twice at most."""
        tally = self._tallies.setdefault(entry.id, Tally())
        tally.renewals += 1
        if tally.renewals > _MOST_RENEWALS:
            await self._refuse(entry, problem)
            return None
        for attachment in files:
            self._desk.uploads.forget_address(attachment.id)
        return await self._undo(entry, problem, wait_s=0.0)

    # --- back down the ladder

    async def _undo(self, entry: OutboxEntry, problem: Problem, *, wait_s: float | None) -> float:
        """From POSTING: it reached nobody for certain, so the attempt does not count."""
        wait = self._wait_s(entry.id) if wait_s is None else wait_s
        await self._down(entry, OutboxState.POSTING, OutboxState.QUEUED, problem, wait_s=wait)
        return wait

    async def _refuse(self, entry: OutboxEntry, problem: Problem) -> None:
        """From POSTING: it was not taken, so the attempt does not count."""
        await self._down(entry, OutboxState.POSTING, OutboxState.FAILED, problem)

    async def _back(self, entry: OutboxEntry, problem: Problem) -> float:
        """From UPLOADING: try again after a while."""
        wait_s = self._wait_s(entry.id)
        await self._down(entry, OutboxState.UPLOADING, OutboxState.QUEUED, problem, wait_s=wait_s)
        return wait_s

    async def _stop(self, entry: OutboxEntry, problem: Problem) -> None:
        """From UPLOADING: it cannot go as it is."""
        await self._down(entry, OutboxState.UPLOADING, OutboxState.FAILED, problem)

    async def _down(
        self,
        entry: OutboxEntry,
        rung: OutboxState,
        to: OutboxState,
        problem: Problem,
        *,
        wait_s: float = 0.0,
        counts: bool = False,
    ) -> None:
        """`counts`: the attempt may have reached Close."""
        next_try_at = self._desk.clock.now() + timedelta(seconds=wait_s) if wait_s else None
        moved = await self._desk.keep(
            lambda: self._desk.store.outbox.move(
                entry.id,
                expect={rung},
                to=to,
                problem=replace(problem, retry_at=next_try_at),
                next_try_at=next_try_at,
                undo_attempt=rung is OutboxState.POSTING
                and to is not OutboxState.UNCERTAIN
                and not counts,
            )
        )
        if moved is not None:
            self._desk.tell(moved)

    def _wait_s(self, outbox_id: OutboxId) -> float:
        tally = self._tallies.setdefault(outbox_id, Tally())
        tally.tries += 1
        return ladder.backoff_s(tally.tries, timings=self._desk.timings, chance=self._chance())

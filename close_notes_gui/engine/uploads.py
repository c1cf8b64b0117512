"""Brings the bytes of attachments to the storage host, at most three at a time.

What a note that is being sent waits for goes first, then one draft after the other; within each
the smallest file first. Engine thread; the bytes themselves are read and sent in threads beside it.
Never holds a file in memory, and never signs before there is a free place to upload from.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import httpx

from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.jobs import Jobs, report_bug
from close_notes_gui.engine.line import Line
from close_notes_gui.engine.network import Network
from close_notes_gui.engine.problems import is_passing, problem_from
from close_notes_gui.engine.retrying import Retrying
from close_notes_gui.engine.transfer import Transfer
from close_notes_gui.model.draft import Attachment, AttachmentState
from close_notes_gui.model.events import AttachmentChanged, Event
from close_notes_gui.model.ids import AttachmentId, DraftId
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.store import Store

log = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 3
#: Files from this size on take two of the places at most: none waits long behind a film.
LARGE_BYTES: Final = 25 * 1024 * 1024
MOST_LARGE_AT_ONCE: Final = 2
OLDEST_ADDRESS: Final = timedelta(hours=23)


class NotUploaded(Exception):
    """The attachment is not up. `waits`: a passing fault (offline, throttled, 5xx), it is tried
    again by itself; otherwise the attachment is FAILED and the rep must act.
    """

    def __init__(self, problem: Problem, *, waits: bool) -> None:
        super().__init__(problem.kind.name)
        self.problem = problem
        self.waits = waits


@dataclass(eq=False)
class _Work:
    """One attachment on its way. `outcome` is settled once; `turn` is when it was asked for, or
    when the note that it is for came to be sent (`is_needed`).
    """

    id: AttachmentId
    draft_id: DraftId
    size_bytes: int
    turn: int
    outcome: asyncio.Future[Attachment]
    is_needed: bool = False
    transfer: Transfer | None = None
    task: asyncio.Task[None] | None = None


class Uploads:
    """Invariant: at most one upload runs for an attachment, at most three in all; none runs
    before `start` or while the key is refused.
    """

    def __init__(
        self,
        *,
        store: Store,
        line: Line,
        network: Network,
        clock: Clock,
        jobs: Jobs,
        emit: Callable[[Event], None],
        storage_transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._store = store
        self._line = line
        self._clock = clock
        self._jobs = jobs
        self._emit = emit
        self._transport = storage_transport
        self._is_open = False
        self._waiting: list[_Work] = []
        self._turns = itertools.count()
        self._works: dict[AttachmentId, _Work] = {}
        self._retrying = Retrying(self._is_settled, clock=clock, jobs=jobs)
        self._copies: dict[AttachmentId, asyncio.Event] = {}
        network.on_return(self.wake)

    # --- the seam for delivery

    async def ensure_uploaded(self, attachment_id: AttachmentId) -> Attachment:
        """The attachment with an address younger than 23 h; uploads it (again) if need be.

        Joins an upload that runs already, waits for a copy that is being made. Commits every
        state. Raises NotUploaded, StoreError, or KeyError where the attachment is not (any more)
        known. Cancelling the waiter leaves the upload on.
        """
        return await self._ensured(attachment_id, is_needed=True)

    def forget_address(self, attachment_id: AttachmentId) -> None:
        """Close does not know the address (any more): the next `ensure_uploaded` uploads anew."""
        if attachment_id not in self._works:
            self._tell(self._store.attachments.forget_upload(attachment_id))

    async def copied(self, attachment_ids: Iterable[AttachmentId]) -> None:
        """Return as soon as no copy of these is being made any more."""
        for attachment_id in attachment_ids:
            ended = self._copies.get(attachment_id)
            if ended is not None:
                await ended.wait()

    # --- for attaching

    def expect_copy(self, attachment_id: AttachmentId) -> None:
        """A copy is being made; whoever needs the attachment waits for `copy_ended`."""
        self._copies[attachment_id] = asyncio.Event()

    def copy_ended(self, attachment_id: AttachmentId) -> None:
        """The copy is there, or failed: the attachment's state says which."""
        ended = self._copies.pop(attachment_id, None)
        if ended is not None:
            ended.set()

    def want(self, attachment_id: AttachmentId) -> None:
        """Upload it when there is a place, and try again by itself for as long as waiting helps."""
        self._retrying.want(attachment_id)

    def cancel(self, attachment_id: AttachmentId) -> None:
        """Call a running or waiting upload off, at once. Unknown ids do no harm."""
        self._retrying.drop(attachment_id)
        work = self._works.pop(attachment_id, None)
        if work is None:
            return
        if work in self._waiting:
            self._waiting.remove(work)
        if work.transfer is not None:
            work.transfer.cancel()
        if work.task is not None:
            work.task.cancel()
        _settle(work, NotUploaded(Problem(ProblemKind.ATTACHMENT_FAILED), waits=False))
        self._pump()

    # --- running

    def start(self) -> None:
        """The key is good: go on with all that waits."""
        self._is_open = True
        self._pump()
        self.wake()

    def pause(self) -> None:
        """The key is refused: begin nothing more."""
        self._is_open = False

    def wake(self) -> None:
        """The network or the machine is back: try at once what waits for its next try."""
        self._retrying.wake()

    def stop(self) -> None:
        """Hang up on everything, at once; what was going up is WAITING at the next start."""
        self._is_open = False
        self._retrying.drop_all()
        for attachment_id in tuple(self._works):
            self.cancel(attachment_id)

    # --- within

    async def _ensured(self, attachment_id: AttachmentId, *, is_needed: bool) -> Attachment:
        attachment = await self._copied(attachment_id)
        if self._is_fresh(attachment):
            return attachment
        if attachment.state is AttachmentState.FAILED:
            problem = attachment.problem or Problem(
                ProblemKind.ATTACHMENT_FAILED, subject=attachment.filename
            )
            raise NotUploaded(problem, waits=False)
        if attachment.state is AttachmentState.UPLOADED:
            self._tell(self._store.attachments.forget_upload(attachment_id))
        return await asyncio.shield(self._begin(attachment, is_needed=is_needed).outcome)

    async def _copied(self, attachment_id: AttachmentId) -> Attachment:
        ended = self._copies.get(attachment_id)
        if ended is not None:
            await ended.wait()
        attachment = self._store.attachments.get(attachment_id)
        if attachment is None:
            raise KeyError(attachment_id)
        return attachment

    def _is_fresh(self, attachment: Attachment) -> bool:
        at = attachment.uploaded_at
        if attachment.state is not AttachmentState.UPLOADED or at is None:
            return False
        return timedelta(0) <= self._clock.now() - at < OLDEST_ADDRESS

    async def _is_settled(self, attachment_id: AttachmentId) -> bool:
        """Whether nothing more is to be done for it here: up, failed for good, or gone."""
        try:
            await self._ensured(attachment_id, is_needed=False)
        except NotUploaded as error:
            return not error.waits
        except KeyError:
            return True
        except StoreError:
            return False
        return True

    def _begin(self, attachment: Attachment, *, is_needed: bool) -> _Work:
        work = self._works.get(attachment.id)
        is_new = work is None
        if work is None:
            outcome: asyncio.Future[Attachment] = asyncio.get_running_loop().create_future()
            outcome.add_done_callback(_seen)
            work = _Work(
                attachment.id,
                attachment.draft_id,
                attachment.size_bytes,
                next(self._turns),
                outcome,
            )
            self._works[attachment.id] = work
            self._waiting.append(work)
        if is_needed and not work.is_needed:
            work.is_needed, work.turn = True, next(self._turns)
        if is_new:
            self._pump()
        return work

    def _pump(self) -> None:
        """Fill the free places."""
        while self._is_open and (work := self._next()) is not None:
            self._waiting.remove(work)
            work.task = self._jobs.start(self._run(work), name="upload of bytes")

    def _next(self) -> _Work | None:
        """Whose turn it is; None where no place is free for any that wait."""
        if len(self._works) - len(self._waiting) >= MOST_AT_ONCE:
            return None
        running = (work for work in self._works.values() if work.task is not None)
        has_room = sum(work.size_bytes >= LARGE_BYTES for work in running) < MOST_LARGE_AT_ONCE
        fit = [work for work in self._waiting if has_room or work.size_bytes < LARGE_BYTES]
        turns: dict[tuple[bool, DraftId], int] = {}
        for work in fit:
            key = work.is_needed, work.draft_id
            turns[key] = min(turns.get(key, work.turn), work.turn)

        def rank(work: _Work) -> tuple[bool, int, int]:
            turn = turns[work.is_needed, work.draft_id]
            return not work.is_needed, turn, work.size_bytes

        return min(fit, key=rank, default=None)

    async def _run(self, work: _Work) -> None:
        try:
            uploaded = await self._carried_over(work)
        except asyncio.CancelledError:
            if work.transfer is not None:
                work.transfer.cancel()
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is, the waiters must hear of it)
            if self._works.get(work.id) is not work:  # called off: everyone knows
                return
            outcome: Attachment | Exception = self._not_up(work, error)
        else:
            outcome = uploaded
        finally:
            if self._works.get(work.id) is work:
                del self._works[work.id]
        _settle(work, outcome)
        self._pump()

    async def _carried_over(self, work: _Work) -> Attachment:
        attachments = self._store.attachments
        kept = attachments.kept(work.id)
        attachment = attachments.set_state(work.id, AttachmentState.UPLOADING)
        if attachment is None or kept is None:
            raise KeyError(work.id)
        self._tell(attachment)
        work.transfer = Transfer(
            attachment,
            kept,
            store=self._store,
            line=self._line,
            clock=self._clock,
            emit=self._emit,
            transport=self._transport,
        )
        url, signed_at = await work.transfer.carry()
        uploaded = attachments.uploaded(work.id, url=url, at=signed_at)
        if uploaded is None:
            raise KeyError(work.id)
        self._tell(uploaded)
        return uploaded

    def _not_up(self, work: _Work, error: Exception) -> Exception:
        """Commit what became of it; what to tell those who wait for it."""
        if isinstance(error, KeyError):
            return error
        attachments = self._store.attachments
        attachment = attachments.get(work.id)
        problem = problem_from(error, subject=attachment.filename if attachment else "")
        if problem.kind is ProblemKind.BUG:
            report_bug(error, during="upload", emit=self._emit)
        waits = is_passing(error)
        try:
            if waits:
                changed = attachments.set_state(work.id, AttachmentState.WAITING, problem=problem)
            else:
                changed = attachments.failed(work.id, problem)
            self._tell(changed)
        except StoreError as disk:
            log.warning("an upload's state cannot be kept: %s", type(disk).__name__)
            return NotUploaded(problem_from(disk), waits=True)
        return NotUploaded(problem, waits=waits)

    def _tell(self, attachment: Attachment | None) -> None:
        if attachment is not None:
            self._emit(AttachmentChanged(attachment))


def _settle(work: _Work, outcome: Attachment | Exception) -> None:
    if work.outcome.done():
        return
    if isinstance(outcome, Exception):
        work.outcome.set_exception(outcome)
    else:
        work.outcome.set_result(outcome)


def _seen(outcome: asyncio.Future[Attachment]) -> None:
    """Nobody may be waiting; then a failure is no news to anyone."""
    if not outcome.cancelled():
        outcome.exception()

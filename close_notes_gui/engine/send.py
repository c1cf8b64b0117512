"""Deliver queued notes to Close, one at a time per lead, each exactly once.

Engine thread. Commits each rung before acting on it, so that a crash leaves a state that
recovery can read. Never touches Qt or user wording.
"""

import asyncio
import random
from collections.abc import Callable
from functools import partial

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.engine import ladder
from close_notes_gui.engine.amending import Amending
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.desk import Desk, Uploads
from close_notes_gui.engine.heal import Healing
from close_notes_gui.engine.ladder import DEFAULT_TIMINGS, Timings
from close_notes_gui.engine.looking import Looking
from close_notes_gui.engine.posting import Posting
from close_notes_gui.engine.recovery import recover_amendments, recover_outbox
from close_notes_gui.engine.requests import Requests
from close_notes_gui.engine.rounds import Rounds, Step, start_task, without_end
from close_notes_gui.model.draft import Draft, OutboxEntry, OutboxState
from close_notes_gui.model.events import Event
from close_notes_gui.model.ids import LeadId, OutboxId
from close_notes_gui.model.lead import Account
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.store.store import Store

__all__ = ["Delivery", "Timings", "Uploads"]


class Delivery:
    """Call `recovery.recover(store, clock=…)` once before `Loaded` is told; then, when there is a
    client: `start()`. Everything but `stop` returns at once and answers by events.

    Invariant: an entry is in the hands of at most one task, and of each lead at most one entry.
    """

    def __init__(  # noqa: PLR0913 - each is a seam
        self,
        *,
        store: Store,
        client: CloseClient,
        uploads: Uploads,
        clock: Clock,
        emit: Callable[[Event], None],
        me: Account,
        on_key_refused: Callable[[], None],
        on_asked: Callable[[BaseException | None], None] = lambda _: None,
        timings: Timings = DEFAULT_TIMINGS,
        checkpoint: Callable[[str], None] = lambda _: None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`on_key_refused`: a 401; the outbox is paused until `resume`. `on_asked`: after each
        request to Close, with its error or None (for Network).
        """
        self._desk = Desk(
            store=store,
            client=client,
            uploads=uploads,
            clock=clock,
            emit=emit,
            me=me,
            timings=timings,
            on_key_refused=on_key_refused,
            on_asked=on_asked,
            checkpoint=checkpoint,
        )
        self._posting = Posting(self._desk, chance=chance)
        self._looking = Looking(self._desk)
        self._healing = Healing(self._desk)
        self._requests = Requests(self._desk)
        self._rounds: Rounds[OutboxId] = Rounds(
            self._desk, name="delivery", waiting=self._waiting, put_down=self._put_down
        )
        self._healer: asyncio.Task[None] | None = None
        self.amending = Amending(self._desk, chance=chance)

    # --- running

    def start(self) -> None:
        """Begin to deliver; needs the running loop. Raises StoreError."""
        recover_outbox(self._desk.store)
        recover_amendments(self._desk.store)
        for entry in self._desk.store.outbox.entries():
            if entry.state is OutboxState.HELD:
                self._rounds.hold(entry.id, until=entry.not_before)
        self._healing.begin()
        self._rounds.start()
        self.amending.start()
        healing = without_end(self._desk, self._healing.run, name="healing")
        self._healer = start_task(healing, "healing")

    def wake(self) -> None:
        """The network or the machine is back: try what waits, now."""
        self._posting.forget_failures()
        self._rounds.wake()
        self.amending.wake()

    def resume(self, client: CloseClient | None = None) -> None:
        """Signed in again (as the same account): go on after a 401, with the new client."""
        if client is not None:
            self._desk.client = client
        self._desk.is_paused = False
        self.wake()

    async def stop(self) -> None:
        """End all tasks within about a second; what was being posted is looked up next time."""
        if self._healer is not None:
            self._healer.cancel()
            await asyncio.gather(
                self._rounds.stop(), self.amending.stop(), self._healer, return_exceptions=True
            )
            self._healer = None

    # --- what the rep asks for

    def queue(self, draft: Draft, settings: Settings) -> None:
        """Freeze the draft into the outbox: emits DraftQueued or SendRefused."""
        for entry in self._requests.queue(draft, settings):
            if entry.state is OutboxState.HELD:
                self._rounds.hold(entry.id, until=entry.not_before)
        self._rounds.nudge()

    def recall(self, outbox_id: OutboxId) -> None:
        """Back into the editor: emits OutboxRemoved and DraftOpened, or TroubleArose(TOO_LATE)."""
        for gone in self._requests.recall(outbox_id):
            self._let_go(gone)

    def retry(self, outbox_id: OutboxId) -> None:
        """Try now: emits OutboxChanged."""
        self._posting.forget_failures(outbox_id)
        self._rounds.at_once(outbox_id)
        self._requests.retry(outbox_id)
        self._rounds.nudge()

    def discard(self, outbox_id: OutboxId) -> None:
        """Give up a FAILED or ASKING note: emits OutboxRemoved, DraftDiscarded."""
        if self._requests.discard(outbox_id):
            self._let_go(outbox_id)

    def resolve(self, outbox_id: OutboxId, *, is_in_close: bool) -> None:
        """The rep's answer to ASKING: emits OutboxChanged (and NoteSent)."""
        self._requests.resolve(outbox_id, is_in_close=is_in_close)
        self._rounds.nudge()

    def overwrite(self, outbox_id: OutboxId) -> None:
        """The rep's answer to an edit in conflict: it goes all the same; OutboxChanged."""
        self._posting.forget_failures(outbox_id)
        self._requests.overwrite(outbox_id)
        self._rounds.nudge()

    def send_as_new(self, outbox_id: OutboxId) -> None:
        """An edit whose note is gone goes as a new note: OutboxChanged."""
        self._posting.forget_failures(outbox_id)
        self._rounds.at_once(outbox_id)
        self._requests.send_as_new(outbox_id)
        self._rounds.nudge()

    def reassign(self, outbox_id: OutboxId, *, lead_id: LeadId, lead_name: str) -> None:
        """Send the FAILED note to another lead: emits OutboxChanged."""
        self._posting.forget_failures(outbox_id)
        self._rounds.at_once(outbox_id)
        self._requests.reassign(outbox_id, lead_id=lead_id, lead_name=lead_name)
        self._rounds.nudge()

    # --- within

    def _waiting(self) -> dict[OutboxId, Step | None]:
        return {
            entry.id: partial(self._stepped, entry) if entry.state in ladder.CAN_STEP else None
            for entry in ladder.heads(self._desk.store.outbox.entries())
        }

    def _let_go(self, outbox_id: OutboxId) -> None:
        self._rounds.let_go(outbox_id)
        self.amending.nudge()

    async def _stepped(self, entry: OutboxEntry) -> float | None:
        outbox = self._desk.store.outbox
        if entry.state is OutboxState.UNCERTAIN:
            wait_s = await self._looking.look(entry)
        else:
            if entry.state is OutboxState.HELD:
                released = outbox.move(entry.id, expect={OutboxState.HELD}, to=OutboxState.QUEUED)
                if released is None:
                    return None
                self._desk.tell(released)
            wait_s = await self._posting.attempt(entry)
        self.amending.nudge()  # one may wait for this note
        now = outbox.get(entry.id)
        if now is not None and now.state is OutboxState.SENT:
            self._healing.watch(entry.id)
        if now is not None and now.state is OutboxState.UNCERTAIN and entry.state is not now.state:
            return self._looking.begin(entry.id)
        return wait_s

    def _put_down(self, outbox_id: OutboxId) -> None:
        """After a bug: from a rung on which nobody would take it in hand again."""
        bug = Problem(ProblemKind.BUG)
        outbox = self._desk.store.outbox
        entry = outbox.get(outbox_id)
        is_edit = entry is not None and entry.frozen.is_edit
        for rung, to in (
            (OutboxState.UPLOADING, OutboxState.QUEUED),
            (OutboxState.POSTING, OutboxState.QUEUED if is_edit else OutboxState.UNCERTAIN),
        ):
            moved = outbox.move(outbox_id, expect={rung}, to=to, problem=bug)
            if moved is not None:
                self._desk.tell(moved)

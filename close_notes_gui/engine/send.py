"""Deliver queued notes to Close, one at a time per lead, each exactly once.

Engine thread. Commits each rung before acting on it, so that a crash leaves a state that
recovery can read. Never touches Qt or user wording.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.engine import ladder
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.desk import Desk, Uploads, disk_problem
from close_notes_gui.engine.heal import Healing
from close_notes_gui.engine.jobs import report_bug
from close_notes_gui.engine.ladder import DEFAULT_TIMINGS, Timings
from close_notes_gui.engine.looking import Looking
from close_notes_gui.engine.posting import Posting
from close_notes_gui.engine.recovery import recover_outbox
from close_notes_gui.engine.requests import Requests
from close_notes_gui.model.draft import Draft, OutboxEntry, OutboxState
from close_notes_gui.model.events import Event, TroubleArose
from close_notes_gui.model.ids import LeadId, OutboxId
from close_notes_gui.model.lead import Account
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.store import Store

__all__ = ["Delivery", "Timings", "Uploads"]

log = logging.getLogger(__name__)

_BUG_WAIT_S = 60.0


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
        self._due_s: dict[OutboxId, float] = {}
        self._held_until_s: dict[OutboxId, float] = {}
        self._in_hand: dict[OutboxId, asyncio.Task[None]] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._woken = asyncio.Event()
        self._is_disk_told = False

    # --- running

    def start(self) -> None:
        """Begin to deliver; needs the running loop. Raises StoreError."""
        recover_outbox(self._desk.store)
        for entry in self._desk.store.outbox.entries():
            if entry.state is OutboxState.HELD:
                self._hold(entry)
        self._healing.begin()
        self._loops = [
            _task(self._without_end(self._run, name="delivery"), name="delivery"),
            _task(self._without_end(self._healing.run, name="healing"), name="healing"),
        ]

    def wake(self) -> None:
        """The network or the machine is back: try what waits, now."""
        self._posting.forget_failures()
        self._due_s.clear()
        self._woken.set()

    def resume(self, client: CloseClient | None = None) -> None:
        """Signed in again (as the same account): go on after a 401, with the new client."""
        if client is not None:
            self._desk.client = client
        self._desk.is_paused = False
        self.wake()

    async def stop(self) -> None:
        """End all tasks within about a second; what was being posted is looked up next time."""
        posts = list(self._in_hand.values())
        for loop in self._loops:
            loop.cancel()
        if posts:
            await asyncio.wait(posts, timeout=self._desk.timings.stop_grace_s)
        for task in posts:
            task.cancel()
        await asyncio.gather(*posts, *self._loops, return_exceptions=True)
        self._loops = []

    # --- what the rep asks for

    def queue(self, draft: Draft, settings: Settings) -> None:
        """Freeze the draft into the outbox: emits DraftQueued or SendRefused."""
        entry = self._requests.queue(draft, settings)
        if entry is not None and entry.state is OutboxState.HELD:
            self._hold(entry)
        self._woken.set()

    def recall(self, outbox_id: OutboxId) -> None:
        """Back into the editor: emits OutboxRemoved and DraftOpened, or TroubleArose(TOO_LATE)."""
        if self._requests.recall(outbox_id):
            self._let_go(outbox_id)

    def retry(self, outbox_id: OutboxId) -> None:
        """Try now: emits OutboxChanged."""
        self._posting.forget_failures(outbox_id)
        self._at_once(outbox_id)
        self._requests.retry(outbox_id)
        self._woken.set()

    def discard(self, outbox_id: OutboxId) -> None:
        """Give up a FAILED or ASKING note: emits OutboxRemoved, DraftDiscarded."""
        if self._requests.discard(outbox_id):
            self._let_go(outbox_id)

    def resolve(self, outbox_id: OutboxId, *, is_in_close: bool) -> None:
        """The rep's answer to ASKING: emits OutboxChanged (and NoteSent)."""
        self._requests.resolve(outbox_id, is_in_close=is_in_close)
        self._woken.set()

    def reassign(self, outbox_id: OutboxId, *, lead_id: LeadId, lead_name: str) -> None:
        """Send the FAILED note to another lead: emits OutboxChanged."""
        self._posting.forget_failures(outbox_id)
        self._at_once(outbox_id)
        self._requests.reassign(outbox_id, lead_id=lead_id, lead_name=lead_name)
        self._woken.set()

    # --- within

    def _hold(self, entry: OutboxEntry) -> None:
        """The time for undo, on the monotonic clock; a jump of the wall clock cannot stretch it."""
        assert entry.not_before is not None
        left_s = (entry.not_before - self._desk.clock.now()).total_seconds()
        left_s = min(max(left_s, 0.0), self._desk.timings.longest_undo_s)
        self._held_until_s[entry.id] = self._desk.clock.monotonic() + left_s

    def _at_once(self, outbox_id: OutboxId) -> None:
        self._due_s.pop(outbox_id, None)
        self._held_until_s.pop(outbox_id, None)

    def _due_at_s(self, outbox_id: OutboxId) -> float:
        return max(self._due_s.get(outbox_id, 0.0), self._held_until_s.get(outbox_id, 0.0))

    def _let_go(self, outbox_id: OutboxId) -> None:
        self._at_once(outbox_id)
        task = self._in_hand.get(outbox_id)
        if task is not None:
            task.cancel()
        self._woken.set()

    async def _without_end(self, work: Callable[[], Awaitable[None]], *, name: str) -> None:
        """A bug of ours must not end delivery for the rest of the day."""
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - told, and gone on with later
                report_bug(error, during=name, emit=self._desk.emit)
            await self._desk.clock.sleep(_BUG_WAIT_S)

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            pause_s: float | None = self._desk.timings.disk_retry_s
            try:
                pause_s = self._take_in_hand()
            except StoreError as error:
                self._tell_disk(error)
            await self._wait(pause_s)

    def _tell_disk(self, error: StoreError) -> None:
        """Once, until a step has gone well again."""
        if not self._is_disk_told:
            self._is_disk_told = True
            log.warning("the outbox cannot be used now: %s", type(error).__name__)
            self._desk.emit(TroubleArose(disk_problem(error)))

    def _take_in_hand(self) -> float | None:
        """Start what is due; how long until something else will be, None where nothing waits."""
        if self._desk.is_paused:
            return None
        now_s = self._desk.clock.monotonic()
        entries = self._desk.store.outbox.entries()
        steps = ladder.next_steps(
            entries,
            busy=self._in_hand,
            is_due=lambda entry: self._due_at_s(entry.id) <= now_s,
            most_at_once=self._desk.timings.most_at_once,
        )
        for entry in steps:
            self._in_hand[entry.id] = _task(self._step(entry), name="delivery of a note")
        later = [self._due_at_s(entry.id) - now_s for entry in ladder.heads(entries)]
        later = [wait_s for wait_s in later if wait_s > 0]
        return min(later) if later else None

    async def _wait(self, pause_s: float | None) -> None:
        waits: list[asyncio.Task[Any]] = [_task(self._until_woken(), name="delivery waits")]
        if pause_s is not None:
            waits.append(_task(self._desk.clock.sleep(pause_s), name="delivery sleeps"))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _until_woken(self) -> None:
        await self._woken.wait()

    async def _step(self, entry: OutboxEntry) -> None:
        wait_s: float | None = None
        try:
            wait_s = await self._stepped(entry)
            self._is_disk_told = False
        except StoreError as error:
            self._tell_disk(error)
            wait_s = self._desk.timings.disk_retry_s
        except Exception as error:  # noqa: BLE001 - a bug stops this attempt, not the others
            report_bug(error, during="delivery", emit=self._desk.emit)
            await self._desk.keep(lambda: self._put_down(entry.id))
            wait_s = _BUG_WAIT_S
        finally:
            self._in_hand.pop(entry.id, None)
            self._woken.set()
        self._at_once(entry.id)
        if wait_s:
            self._due_s[entry.id] = self._desk.clock.monotonic() + wait_s

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
        for rung, to in (
            (OutboxState.UPLOADING, OutboxState.QUEUED),
            (OutboxState.POSTING, OutboxState.UNCERTAIN),
        ):
            moved = outbox.move(outbox_id, expect={rung}, to=to, problem=bug)
            if moved is not None:
                self._desk.tell(moved)


def _task(work: Coroutine[Any, Any, Any], *, name: str) -> asyncio.Task[Any]:
    return asyncio.get_running_loop().create_task(work, name=name)

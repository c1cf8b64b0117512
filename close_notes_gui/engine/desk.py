"""What the parts of delivery share: the store, the client, the clock, and how to use them safely.

Engine thread. Decides nothing about notes.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.closeapi.errors import CloseError, NotAuthorized
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.ladder import Timings
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.engine.reconcile import MARGIN, Sought, all_pages, are_twins
from close_notes_gui.model.draft import Attachment, OutboxEntry
from close_notes_gui.model.events import Event, OutboxChanged, TroubleArose
from close_notes_gui.model.ids import AttachmentId, LeadId
from close_notes_gui.model.lead import Account
from close_notes_gui.model.note import Note
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.errors import StoreError, StoreFull
from close_notes_gui.store.store import Store

log = logging.getLogger(__name__)

T = TypeVar("T")
_PAGE: Final = 100
_LARGEST_DRIFT: Final = timedelta(seconds=60)


class Uploads(Protocol):
    """What delivery needs of the uploads; see `engine/uploads.py`."""

    async def ensure_uploaded(self, attachment_id: AttachmentId) -> Attachment:
        """The attachment with an address younger than 23 h. Raises NotUploaded, KeyError."""

    def cancel(self, attachment_id: AttachmentId) -> None:
        """It is gone: call its upload off."""

    def forget_address(self, attachment_id: AttachmentId) -> None:
        """Close does not know the address: the next `ensure_uploaded` uploads anew."""


@dataclass(slots=True)
class Desk:
    """Invariant: while `is_paused`, nothing is asked of Close by delivery."""

    store: Store
    client: CloseClient
    uploads: Uploads
    clock: Clock
    emit: Callable[[Event], None]
    me: Account
    timings: Timings
    on_key_refused: Callable[[], None]
    on_asked: Callable[[BaseException | None], None]
    checkpoint: Callable[[str], None]
    is_paused: bool = False
    _anchor: tuple[datetime, float] | None = None

    async def ask(self, call: Awaitable[T]) -> T:
        """Await a call of the client, and tell of its outcome. Raises what the call raises."""
        try:
            answer = await call
        except CloseError as error:
            self.on_asked(error)
            if isinstance(error, NotAuthorized):
                self.refuse_key()
            raise
        self.on_asked(None)
        self._anchor = (self.clock.now(), self.clock.monotonic())
        return answer

    def refuse_key(self) -> None:
        """Close does not take the key: pause until signed in again; told once."""
        if not self.is_paused:
            self.is_paused = True
            self.on_key_refused()

    def close_now(self) -> datetime | None:
        """The time by Close's clock; None where it is not known, or this machine's clock has
        jumped (or slept) since Close was last heard.
        """
        offset_s = self.client.server_clock_offset_s
        if offset_s is None or self._anchor is None:
            return None
        wall, elapsed_s = self._anchor
        now = self.clock.now()
        drift = (now - wall) - timedelta(seconds=self.clock.monotonic() - elapsed_s)
        if abs(drift) > _LARGEST_DRIFT:
            return None
        return now + timedelta(seconds=offset_s)

    def tell(self, entry: OutboxEntry) -> None:
        """Announce a committed state."""
        self.emit(OutboxChanged(entry))

    async def keep(self, commit: Callable[[], T]) -> T:
        """Commit something that has happened already: again and again until the disk takes it."""
        is_told = False
        while True:
            try:
                return commit()
            except StoreError as error:
                if not is_told:
                    log.warning("an outbox state cannot be kept yet: %s", type(error).__name__)
                    self.emit(TroubleArose(disk_problem(error)))
                    is_told = True
            await self.clock.sleep(self.timings.disk_retry_s)

    def sought(self, entry: OutboxEntry) -> Sought:
        """What to look for. Raises LookupError where the entry is gone."""
        trace = self.store.traces.of(entry.id)
        if trace is None:
            raise LookupError(entry.id)
        return Sought(
            outbox_id=entry.id,
            draft=entry.frozen,
            trace=trace,
            precision=self.store.facts.activity_precision,
            claimed=self.store.traces.claimed(),
            is_of_another=lambda at: self.store.traces.is_token_of_another(entry.id, at),
            has_twin=any(
                other.id != entry.id and are_twins(entry.frozen, other.frozen)
                for other in self.store.traces.unclaimed()
            ),
        )

    async def own_notes(
        self, lead_id: LeadId, *, since: datetime | None
    ) -> tuple[tuple[Note, ...], bool]:
        """The rep's own notes on a lead, since a day before `since` (Close's clock), and whether
        these are all. Never asks by `activity_at`: Close ties that to an order of its own.
        """
        after = None if since is None else since - MARGIN
        return await all_pages(
            lambda skip: self.ask(
                self.client.notes(
                    lead_id,
                    user_id=self.me.user_id,
                    created_after=after,
                    limit=_PAGE,
                    skip=skip,
                )
            )
        )


def disk_problem(error: StoreError) -> Problem:
    """The Problem that a failed commit is."""
    if isinstance(error, StoreFull):
        return Problem(ProblemKind.DISK_FULL)
    return replace(problem_from(error), kind=ProblemKind.STORE_FAILED)

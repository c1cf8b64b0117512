"""Deliver queued notes to Close, one at a time per lead, each exactly once.

Engine thread. Commits each rung before acting on it, so that a crash leaves a state that
recovery can read. Never touches Qt or user wording.
"""

from collections.abc import Callable
from typing import Protocol

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.ladder import Timings
from close_notes_gui.model.draft import Attachment, Draft
from close_notes_gui.model.events import Event
from close_notes_gui.model.ids import AttachmentId, LeadId, OutboxId
from close_notes_gui.model.lead import Account
from close_notes_gui.model.settings import Settings
from close_notes_gui.store.store import Store


class Uploads(Protocol):
    """What delivery needs of the uploads; see `engine/uploads.py`."""

    async def ensure_uploaded(self, attachment_id: AttachmentId) -> Attachment:
        """The attachment with an address younger than 23 h. Raises NotUploaded, KeyError."""

    def forget_address(self, attachment_id: AttachmentId) -> None:
        """Close does not know the address: the next `ensure_uploaded` uploads anew."""


class Delivery:
    """Call `recovery.recover(store, clock=…)` once before `Loaded` is told; then, when there is a
    client: `start()`. Everything but `stop` returns at once and answers by events.
    """

    def __init__(
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
        timings: Timings = Timings(),
        checkpoint: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`on_key_refused`: a 401; the outbox is paused until `resume`. `on_asked`: after each
        request to Close, with its error or None (for Network).
        """
        raise NotImplementedError

    def start(self) -> None:
        """Begin to deliver; needs the running loop."""
        raise NotImplementedError

    def wake(self) -> None:
        """The network or the machine is back: try what waits, now."""
        raise NotImplementedError

    def resume(self, client: CloseClient | None = None) -> None:
        """Signed in again (as the same account): go on after a 401, with the new client."""
        raise NotImplementedError

    def queue(self, draft: Draft, settings: Settings) -> None:
        """Freeze the draft into the outbox: emits DraftQueued or SendRefused."""
        raise NotImplementedError

    def recall(self, outbox_id: OutboxId) -> None:
        """Back into the editor: emits OutboxRemoved and DraftOpened, or TroubleArose(TOO_LATE)."""
        raise NotImplementedError

    def retry(self, outbox_id: OutboxId) -> None:
        """Try now: emits OutboxChanged."""
        raise NotImplementedError

    def discard(self, outbox_id: OutboxId) -> None:
        """Give up a FAILED or ASKING note: emits OutboxRemoved, DraftDiscarded."""
        raise NotImplementedError

    def resolve(self, outbox_id: OutboxId, *, is_in_close: bool) -> None:
        """The rep's answer to ASKING: emits OutboxChanged (and NoteSent)."""
        raise NotImplementedError

    def reassign(self, outbox_id: OutboxId, *, lead_id: LeadId, lead_name: str) -> None:
        """Send the FAILED note to another lead: emits OutboxChanged."""
        raise NotImplementedError

    async def stop(self) -> None:
        """End all tasks within about a second; what was being posted is looked up next time."""
        raise NotImplementedError

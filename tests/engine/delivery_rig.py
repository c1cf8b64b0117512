"""A whole delivery against the fake Close, in one loop, on a clock that moves only when told.

No threads, no sockets: the fake answers inline, files go up inline. A crash drops all memory and
opens the database again.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from close_notes_gui.closeapi import errors as close
from close_notes_gui.closeapi.answers import UploadReceipt
from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.closeapi.upload import Upload
from close_notes_gui.engine import recovery
from close_notes_gui.engine.ladder import Timings
from close_notes_gui.engine.problems import is_passing, problem_from
from close_notes_gui.engine.send import Delivery
from close_notes_gui.engine.transfer import RENEW_AFTER_S
from close_notes_gui.engine.uploads import NotUploaded
from close_notes_gui.model.draft import (
    Attachment,
    AttachmentState,
    Draft,
    OutboxEntry,
    OutboxState,
)
from close_notes_gui.model.events import Event
from close_notes_gui.model.ids import AttachmentId, DraftId, LeadId, OrganizationId, UserId
from close_notes_gui.model.lead import Account
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.model.settings import Settings
from close_notes_gui.sandbox.fake_close import FakeClose
from close_notes_gui.sandbox.faults import Fault, FaultKind
from close_notes_gui.sandbox.transport import AsyncSandboxTransport, SandboxTransport
from close_notes_gui.store.db import open_store
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.store import Store
from tests.engine.fakes import START_AT, FakeClock, settle

AT_ONCE = Settings(undo_send_s=0)
UNDOABLE = Settings(undo_send_s=5)
NOTE = "/activity/note/"
SETTLED = {OutboxState.SENT, OutboxState.FAILED, OutboxState.ASKING}


class InlineUploads:
    """Signs and uploads within the call, with the program's own client and upload."""

    def __init__(self, rig: "Rig", store: Store, client: CloseClient) -> None:
        self._rig = rig
        self._store = store
        self._client = client

    async def ensure_uploaded(self, attachment_id: AttachmentId) -> Attachment:
        attachments = self._store.attachments
        attachment = attachments.get(attachment_id)
        if attachment is None:
            raise KeyError(attachment_id)
        if attachment.state is AttachmentState.UPLOADED and attachment.uploaded_at is not None:
            age = self._rig.clock.now() - attachment.uploaded_at
            if timedelta(0) <= age < timedelta(hours=23):
                return attachment
        kept = attachments.kept(attachment_id)
        if kept is None:
            assert attachment.problem is not None
            raise NotUploaded(attachment.problem, waits=False)
        attachments.set_state(attachment_id, AttachmentState.UPLOADING)
        try:
            for _ in RENEW_AFTER_S:
                with suppress(close.PolicyExpired):
                    receipt = await self._sent(attachment, kept.path)
                    break
            else:
                receipt = await self._sent(attachment, kept.path)
        except close.CloseError as error:
            problem = problem_from(error, subject=attachment.filename)
            waits = is_passing(error) or isinstance(error, close.NotAuthorized)
            state = AttachmentState.WAITING if waits else AttachmentState.FAILED
            attachments.set_state(attachment_id, state, problem=problem)
            raise NotUploaded(problem, waits=waits) from error
        uploaded = attachments.uploaded(attachment_id, url=receipt.url, at=self._rig.clock.now())
        assert uploaded is not None
        return uploaded

    async def _sent(self, attachment: Attachment, path: Path) -> UploadReceipt:
        signed = await self._client.sign_upload(attachment.filename, attachment.content_type)
        upload = Upload(
            path,
            filename=attachment.filename,
            content_type=attachment.content_type,
            transport=SandboxTransport(self._rig.fake),
        )
        return upload.run(signed)

    def cancel(self, attachment_id: AttachmentId) -> None:
        """Uploads are inline here: none is ever under way."""

    def forget_address(self, attachment_id: AttachmentId) -> None:
        self._store.attachments.forget_upload(attachment_id)


class Rig:
    """One rep, one data folder, one fake Close; the program can be crashed and booted."""

    def __init__(self, folder: Path, *, timings: Timings | None = None) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.clock.jump(timedelta(milliseconds=250))  # clocks seldom stand on a whole second
        self.fake = FakeClose(clock=self.server_now, leads=6)
        self.leads = [LeadId(lead_id) for lead_id in self.fake.lead_ids(4)]
        self.before = {note["id"] for note in self.fake.all_notes()}
        self.timings = timings or Timings()
        self.key = self.fake.api_key
        self.events: list[Event] = []
        self.refused_keys = 0
        self.checkpoint: Callable[[str], None] = lambda _: None
        self._count = 0

    def server_now(self) -> datetime:
        """Close's own clock: a jump of the rep's clock does not move it."""
        return START_AT + timedelta(seconds=self.clock.monotonic() + 0.123)

    # --- running

    async def boot(self) -> None:
        self.store = open_store(self.folder, clock=self.clock).store
        recovery.recover(self.store, clock=self.clock, timings=self.timings)
        self.client = self._client()
        me = Account(
            UserId(self.fake.user_ids[0]), "Rep", "rep@x.example", OrganizationId("orga_1"), "Org"
        )
        self.delivery = Delivery(
            store=self.store,
            client=self.client,
            uploads=InlineUploads(self, self.store, self.client),
            clock=self.clock,
            emit=self.events.append,
            me=me,
            on_key_refused=self._key_refused,
            timings=self.timings,
            checkpoint=lambda name: self.checkpoint(name),  # noqa: PLW0108 - may change later
            chance=lambda: 0.5,
        )
        self.delivery.start()
        await self.settle()

    def _client(self) -> CloseClient:
        transport = AsyncSandboxTransport(self.fake, inline=True)
        return CloseClient(ApiKey(self.key), transport=transport, clock=self.clock)

    async def sign_in_again(self) -> None:
        self.key = self.fake.issue_key()
        await self.client.aclose()
        self.client = self._client()
        self.delivery.resume(self.client)
        self.delivery._desk.uploads = InlineUploads(self, self.store, self.client)
        await self.settle()

    async def crash(self) -> None:
        """The process is gone: not one more commit of it reaches the disk."""
        self.store._database.close()
        desk = self.delivery._desk
        desk.emit = lambda _: None
        desk.checkpoint = lambda _: None
        desk.clock = _Dead()
        rounds = (self.delivery._rounds, self.delivery.amending._rounds)
        loops = [self.delivery._healer, *(each._loop for each in rounds)]
        tasks = [
            *(loop for loop in loops if loop is not None),
            *(task for each in rounds for task in each._in_hand.values()),
        ]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.client.aclose()

    async def close(self) -> None:
        await self.delivery.stop()
        await self.client.aclose()
        self.store.close()

    async def settle(self) -> None:
        await settle(150)

    async def run(self, seconds: float, *, step_s: float = 1.0) -> None:
        """Let time pass in steps, with all that it brings."""
        await self.settle()
        left_s = seconds
        while left_s > 0:
            await self.clock.advance(min(step_s, left_s))
            await self.settle()
            left_s -= step_s

    async def run_until_settled(self, *, longest_s: float = 1500.0) -> None:
        """Until every note is SENT, FAILED or ASKING."""
        await self.settle()
        passed_s = 0.0
        while any(entry.state not in SETTLED for entry in self.store.outbox.entries()):
            assert passed_s < longest_s, [e.state for e in self.store.outbox.entries()]
            await self.clock.advance(5.0)
            await self.settle()
            passed_s += 5.0

    # --- writing

    def draft(self, *, lead: int = 0, words: str | None = None, **changes: object) -> Draft:
        self._count += 1
        text = words if words is not None else f"note {self._count}"
        values: dict[str, object] = {
            "lead_id": self.leads[lead],
            "lead_name": f"lead {lead}",
            "note_html": f"<body><p>{text} <strong>said</strong> &amp; done</p></body>",
            "changed_at": self.clock.now(),
            "revision": 1,
        }
        return Draft(DraftId(f"draft{self._count}"), **(values | changes))  # type: ignore[arg-type]

    def attach(self, draft: Draft, content: bytes, *, filename: str = "a.txt") -> AttachmentId:
        self.store.drafts.save(draft)
        self._count += 1
        attachment = Attachment(
            AttachmentId(f"file{self._count}"), draft.id, filename, "text/plain", len(content)
        )
        self.store.attachments.add(attachment)
        kept = self.store.spool.keep_bytes(attachment.id, content)
        self.store.attachments.copied(attachment.id, kept)
        return attachment.id

    async def send(self, draft: Draft, settings: Settings = AT_ONCE) -> OutboxEntry:
        self.delivery.queue(draft, settings)
        entry = self.store.outbox.of_draft(draft.id)
        assert entry is not None, self.events[-1]
        await self.settle()
        return entry

    # --- looking

    def entry(self, entry: OutboxEntry) -> OutboxEntry:
        now = self.store.outbox.get(entry.id)
        assert now is not None
        return now

    def state(self, entry: OutboxEntry) -> OutboxState:
        return self.entry(entry).state

    def in_close(self, lead: int | None = None) -> list[dict]:
        """The notes that came since the beginning, whatever lists show."""
        notes = [note for note in self.fake.all_notes() if note["id"] not in self.before]
        if lead is not None:
            notes = [note for note in notes if note["lead_id"] == self.leads[lead]]
        return notes

    def posts(self) -> int:
        """How many create calls arrived."""
        return sum(
            1 for seen in self.fake.requests if seen.method == "POST" and seen.path.endswith(NOTE)
        )

    def fault(
        self, kind: FaultKind, *, path: str = NOTE, method: str | None = "POST", **how
    ) -> None:
        self.fake.faults.add(Fault(kind, method=method, path=path, **how))

    def told(self, kind: type) -> list:
        return [event for event in self.events if isinstance(event, kind)]

    def _key_refused(self) -> None:
        self.refused_keys += 1


class _Dead:
    """The clock of a process that is gone: nothing ever wakes."""

    def now(self) -> datetime:
        raise StoreError("gone")

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        await asyncio.get_running_loop().create_future()


class Crash(BaseException):
    """What a labelled rung raises in tests of crashes."""


@contextmanager
def crashing_at(rig: Rig, name: str, *, skip: int = 0) -> Iterator[list[str]]:
    """The process dies the moment it reaches this rung; yields the rungs passed."""
    passed: list[str] = []

    def point(reached: str) -> None:
        passed.append(reached)
        if reached == name and passed.count(name) > skip:
            rig.store._database.close()
            raise asyncio.CancelledError

    rig.checkpoint = point
    yield passed
    rig.checkpoint = lambda _: None

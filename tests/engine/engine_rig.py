"""The whole engine against the fake Close: commands in, events out, time that moves when told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from close_notes_gui.closeapi.hosts import API_URL
from close_notes_gui.engine.engine import Engine, Seams
from close_notes_gui.engine.workplace import Workplace
from close_notes_gui.model.commands import (
    AcknowledgeStore,
    AttachFiles,
    Command,
    DroppedFile,
    ReviseDraft,
    SearchLeads,
    Stop,
)
from close_notes_gui.model.draft import AttachmentState, Draft
from close_notes_gui.model.events import Event, Loaded, SignedIn, SignedOut, Stopped
from close_notes_gui.model.ids import AttachmentId, DraftId, LeadId
from close_notes_gui.model.lead import KeyOrigin
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.sandbox.fake_close import FakeClose
from close_notes_gui.sandbox.faults import Fault, FaultKind
from close_notes_gui.sandbox.transport import AsyncSandboxTransport, SandboxTransport
from close_notes_gui.vault import MemoryVault, StoredKey
from tests.engine.fakes import START_AT, FakeClock

E = TypeVar("E", bound=Event)

LONGEST_WAIT_S = 10.0
SEARCH = "/data/search/"


def note_html(text: str) -> str:
    return f"<body><p>{text}</p></body>"


class Bench:
    """One data folder, one vault, one fake Close; engines come and go on it."""

    def __init__(self, folder: Path, *, leads: int = 12) -> None:
        self.folder = folder / "data"
        self.clock = FakeClock()
        self.fake = FakeClose(clock=self.server_now, leads=leads)
        self.vault = MemoryVault(KeyOrigin.KEYRING)
        self.leads = [LeadId(lead_id) for lead_id in self.fake.lead_ids(4)]
        self.events: list[Event] = []
        self.engine: Engine
        self.acknowledges = True  # as the window does, at once
        self._news = asyncio.Event()
        self._count = 0

    def server_now(self):
        return START_AT + timedelta(seconds=self.clock.monotonic())

    def keep_key(self, key: str | None = None) -> None:
        self.vault.save(ApiKey(key or self.fake.api_key))

    def seams(self, **changes: object) -> Seams:
        seams = Seams(
            base_url=API_URL,
            vault=self.vault,
            clock=self.clock,
            api_transport=AsyncSandboxTransport(self.fake),
            storage_transport=SandboxTransport(self.fake),
            reads_all_leads=False,  # tests count what is asked
        )
        return replace(seams, **changes)  # type: ignore[arg-type]

    @asynccontextmanager
    async def running(self, **seams: object) -> AsyncIterator["Bench"]:
        """A started engine, stopped at the end."""
        self.events.clear()
        self.engine = Engine(data_folder=self.folder, emit=self._take, seams=self.seams(**seams))
        run = asyncio.create_task(self.engine.run())
        try:
            await self.told(Loaded)
            yield self
        finally:
            self.post(Stop())
            async with asyncio.timeout(LONGEST_WAIT_S):
                await run
            assert isinstance(self.events[-1], Stopped)
            assert self.count(Stopped) == 1

    @asynccontextmanager
    async def signed_in(self, **seams: object) -> AsyncIterator["Bench"]:
        self.keep_key()
        async with self.running(**seams):
            await self.told(SignedIn)
            yield self

    def _take(self, event: Event) -> None:
        self.events.append(event)
        self._news.set()
        if self.acknowledges and isinstance(event, (Loaded, SignedOut)):
            self.post(AcknowledgeStore())

    def post(self, *commands: Command) -> None:
        for command in commands:
            self.engine.post(command)

    async def told(
        self, kind: type[E], fits: Callable[[E], bool] = lambda _: True, *, since: int = 0
    ) -> E:
        """The first such event from place `since` on; waits for it."""
        async with asyncio.timeout(LONGEST_WAIT_S):
            while True:
                self._news.clear()
                for event in self.events[since:]:
                    if isinstance(event, kind) and fits(event):
                        return event
                await self._news.wait()

    async def passes(
        self, kind: type[E], fits: Callable[[E], bool] = lambda _: True, *, since: int = 0
    ) -> E:
        """As `told`, while time goes on by a second whenever nothing else happens."""
        wanted = asyncio.ensure_future(self.told(kind, fits, since=since))
        while not wanted.done():
            await asyncio.wait({wanted}, timeout=0.005)
            if not wanted.done():
                await self.clock.advance(1.0)
        return wanted.result()

    def all(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    def count(self, kind: type[Event]) -> int:
        return len(self.all(kind))

    @property
    def workplace(self) -> Workplace:
        """What is open now."""
        workplace = self.engine._premises.workplace
        assert workplace is not None
        return workplace

    @property
    def place(self) -> int:
        """Where the next event will stand."""
        return len(self.events)

    def draft(self, **fields: object) -> Draft:
        self._count += 1
        made = Draft(
            DraftId(f"draft{self._count}"),
            lead_id=self.leads[0],
            lead_name="A lead",
            note_html=note_html(f"Words {self._count}"),
            revision=1,
            changed_at=self.clock.now(),
        )
        return replace(made, **fields)  # type: ignore[arg-type]

    def attachment_id(self) -> AttachmentId:
        self._count += 1
        return AttachmentId(f"attachment{self._count}")

    def break_line(self, *, times: int | None = None, path: str = "") -> None:
        """From now on Close's name cannot be resolved."""
        self.fake.faults.add(Fault(FaultKind.DNS_FAILURE, path=path, times=times))

    def mend_line(self) -> None:
        self.fake.faults.clear()

    def asked(self, method: str, path: str) -> int:
        """How often Close was asked this."""
        return sum(
            1
            for seen in self.fake.requests
            if seen.method == method and seen.path.removeprefix("/api/v1").startswith(path)
        )

    def env(self, key: str) -> StoredKey:
        return StoredKey(ApiKey(key), KeyOrigin.ENVIRONMENT)

    async def search(self, seq: int, text: str) -> None:
        self.post(SearchLeads(seq, text))


def drafted(bench: Bench):
    draft = bench.draft()
    bench.post(ReviseDraft(draft))
    return draft


def drop(bench: Bench, draft, *paths: Path):
    files = tuple(DroppedFile(bench.attachment_id(), path) for path in paths)
    bench.post(AttachFiles(draft.id, files))
    return [file.id for file in files]


def file_of(tmp_path: Path, name: str, content: bytes = b"content") -> Path:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def is_now(state: AttachmentState, attachment_id: str | None = None):
    return lambda event: (
        event.attachment.state is state
        and (attachment_id is None or event.attachment.id == attachment_id)
    )

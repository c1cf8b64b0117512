"""A fake Close with a client signed in to it, in process or on loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from close_notes_gui.closeapi.answers import UploadReceipt
from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.closeapi.upload import Upload
from close_notes_gui.model.ids import LeadId
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.sandbox.fake_close import FakeClose
from close_notes_gui.sandbox.server import SandboxServer
from close_notes_gui.sandbox.transport import AsyncSandboxTransport, SandboxTransport

HTML = "<body><p>Called &amp; <strong>agreed</strong>.</p></body>"


@dataclass
class Close:
    """The fake, and a client signed in to it."""

    fake: FakeClose
    client: CloseClient
    storage_transport: httpx.BaseTransport | None

    @property
    def lead_id(self) -> LeadId:
        return LeadId(self.fake.lead_ids(1)[0])

    async def upload(self, path: Path, filename: str = "a.txt") -> UploadReceipt:
        signed = await self.client.sign_upload(filename, "text/plain")
        given = Upload(
            path,
            filename=filename,
            content_type="text/plain",
            transport=self.storage_transport,
        )
        return given.run(signed)


class Wall:
    """The server's time, moved by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@asynccontextmanager
async def in_process(wall: Wall) -> AsyncIterator[Close]:
    """Time is virtual, so faults that delay cost none."""
    fake = FakeClose(leads=60, clock=wall)
    transport = AsyncSandboxTransport(fake, inline=True)
    async with CloseClient(ApiKey(fake.api_key), transport=transport) as client:
        yield Close(fake, client, SandboxTransport(fake))
    assert fake.violations == []


@asynccontextmanager
async def on_loopback(server: SandboxServer) -> AsyncIterator[Close]:
    """Over a real port, where lines really break."""
    async with CloseClient(ApiKey(server.api_key), base_url=server.base_url) as client:
        yield Close(server.fake, client, None)
    server.fake.faults.clear()
    assert server.fake.violations == []

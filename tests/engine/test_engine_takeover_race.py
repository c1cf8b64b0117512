"""Files dropped in the very moment in which the account's store is opened, or the program ends."""

import pytest

from close_notes_gui.model.commands import (
    AttachBytes,
    AttachFiles,
    DroppedFile,
    ReviseDraft,
    SignIn,
)
from close_notes_gui.model.draft import AttachmentState
from close_notes_gui.model.events import AttachmentChanged, Loaded, SignedIn
from close_notes_gui.model.secret import ApiKey
from tests.engine.engine_rig import Bench

pytestmark = pytest.mark.anyio
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture
async def bench(tmp_path):
    return Bench(tmp_path)


def drops(bench: Bench, tmp_path) -> tuple[ReviseDraft, AttachFiles, AttachBytes]:
    path = tmp_path / "contract.pdf"
    path.write_bytes(b"%PDF-1.7 contract")
    draft = bench.draft()
    files = (DroppedFile(bench.attachment_id(), path),)
    shot = AttachBytes(draft.id, bench.attachment_id(), "Screenshot.png", "image/png", PNG)
    return ReviseDraft(draft), AttachFiles(draft.id, files), shot


async def is_up(bench: Bench, filename: str) -> None:
    def fits(event: AttachmentChanged) -> bool:
        attachment = event.attachment
        return attachment.filename == filename and attachment.state is AttachmentState.UPLOADED

    await bench.told(AttachmentChanged, fits)


async def test_what_is_dropped_while_signing_in_goes_over(bench: Bench, tmp_path):
    async with bench.running():
        bench.post(*drops(bench, tmp_path), SignIn(ApiKey(bench.fake.api_key)))
        await bench.told(SignedIn)
        for name in ("contract.pdf", "Screenshot.png"):
            await is_up(bench, name)


async def test_what_is_dropped_while_quitting_is_there_at_the_next_start(bench: Bench, tmp_path):
    async with bench.signed_in():
        bench.post(*drops(bench, tmp_path))
    async with bench.running():
        held = (await bench.told(Loaded)).attachments
        assert {a.filename for a in held} == {"contract.pdf", "Screenshot.png"}
        for attachment in held:
            if attachment.state is not AttachmentState.UPLOADED:  # it may be, before the end
                await is_up(bench, attachment.filename)

"""Files of notes in Close, brought here: saved, opened, gone on with, called off."""

import asyncio
import hashlib
import os
from pathlib import Path

import pytest

from close_notes_gui.engine import downloads
from close_notes_gui.model.commands import (
    CancelNoteFile,
    SaveNoteFile,
    SendDraft,
)
from close_notes_gui.model.draft import AttachmentState
from close_notes_gui.model.events import (
    DirectoryLoaded,
    NoteFileFailed,
    NoteFileProgressed,
    NoteFileSaved,
    NoteSent,
)
from close_notes_gui.model.files import FilePurpose
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.sandbox.faults import Fault, FaultKind
from tests.engine.engine_rig import Bench, drafted, drop, file_of

pytestmark = pytest.mark.anyio
K = ProblemKind
S = AttachmentState
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100


@pytest.fixture
async def bench(tmp_path):
    bench = Bench(tmp_path)
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
        yield bench


async def in_close(bench: Bench, tmp_path: Path, name: str, content: bytes) -> str:
    draft = drafted(bench)
    drop(bench, draft, file_of(tmp_path, name, content))
    bench.post(SendDraft(draft))
    sent = await bench.passes(NoteSent, lambda e: e.entry.frozen.id == draft.id)
    url: str = sent.note.attachments[0].url
    return url


async def test_a_file_is_saved_where_the_rep_chose(bench, tmp_path):
    content = os.urandom(3_000_000)
    url = await in_close(bench, tmp_path, "a.bin", content)
    target = file_of(tmp_path, "chosen/a.bin", b"there before")
    bench.post(SaveNoteFile(url, "a.bin", FilePurpose.SAVE, target))
    saved = await bench.passes(NoteFileSaved)
    assert saved.file.path == target
    assert target.read_bytes() == content
    assert list(target.parent.iterdir()) == [target]
    assert bench.all(NoteFileProgressed)[-1].received_bytes == len(content)


async def test_what_broke_goes_on_where_it_was(bench, tmp_path, monkeypatch):
    content = os.urandom(200_000)
    url = await in_close(bench, tmp_path, "a.bin", content)
    asked_from = []
    stream_from = downloads.NoteFiles._stream_from

    async def noted(self, here_bytes, *args):
        asked_from.append(here_bytes)
        await stream_from(self, here_bytes, *args)

    monkeypatch.setattr(downloads.NoteFiles, "_stream_from", noted)
    monkeypatch.setattr(downloads, "_PIECE_BYTES", 1024)
    bench.fake.faults.add(Fault(FaultKind.CUT_SHORT, method="GET", times=1))
    bench.post(SaveNoteFile(url, "a.bin", FilePurpose.SAVE, tmp_path / "out.bin"))
    await bench.passes(NoteFileSaved)
    assert (tmp_path / "out.bin").read_bytes() == content
    assert len(asked_from) == 2
    assert asked_from[0] == 0


async def test_what_lies_here_already_is_not_brought_again(bench, tmp_path):
    content = os.urandom(50_000)
    url = await in_close(bench, tmp_path, "a.bin", content)
    folder = bench.workplace.note_files._folder / "partial"
    for kept in (content[:20_000], content):
        partial = folder / hashlib.sha256(url.encode()).hexdigest()[:32]
        file_of(folder, partial.name, kept)
        since = bench.place
        bench.post(SaveNoteFile(url, "a.bin", FilePurpose.SAVE, tmp_path / "out.bin"))
        await bench.passes(NoteFileSaved, since=since)
        assert (tmp_path / "out.bin").read_bytes() == content
        assert not partial.exists()


async def test_at_hand_it_lies_in_a_place_of_its_own_under_its_name(bench, tmp_path):
    url = await in_close(bench, tmp_path, "Plan & more.pdf", b"x")
    bench.post(SaveNoteFile(url, "Plan & more.pdf", FilePurpose.AT_HAND))
    file = (await bench.passes(NoteFileSaved)).file
    assert (file.path.name, file.purpose) == ("Plan & more.pdf", FilePurpose.AT_HAND)
    assert file.path.parent.parent == bench.workplace.note_files.opened_folder
    assert file.path.read_bytes() == b"x"


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "CON.txt", "a\u202etxt.exe", ".bashrc"])
async def test_a_name_never_leads_out_of_its_folder(bench, tmp_path, name):
    url = await in_close(bench, tmp_path, "a.txt", b"x")
    bench.post(SaveNoteFile(url, name, FilePurpose.OPEN))
    path = (await bench.passes(NoteFileSaved)).file.path
    assert path.parent.parent == bench.workplace.note_files.opened_folder
    assert path.resolve() == path
    assert not path.name.startswith((".", "CON"))


async def test_a_file_that_is_gone_and_an_address_of_elsewhere(bench, tmp_path):
    gone = "https://app.close.com/go/file/persisted/x/activity.note/y/none/a.txt/"
    bench.post(SaveNoteFile(gone, "a.txt", FilePurpose.OPEN))
    failed = await bench.passes(NoteFileFailed)
    assert failed.problem.kind is K.FILE_NOT_IN_CLOSE
    since = bench.place
    bench.post(SaveNoteFile("https://evil.example/go/file/a", "a.txt", FilePurpose.OPEN))
    failed = await bench.passes(NoteFileFailed, since=since)
    assert failed.problem.kind is K.UNSAFE_ADDRESS


async def test_called_off_it_ends_at_once_and_can_be_asked_again(bench, tmp_path):
    url = await in_close(bench, tmp_path, "a.txt", b"x")
    bench.fake.faults.add(Fault(FaultKind.HOLD_BEFORE, method="GET", times=1))
    bench.post(SaveNoteFile(url, "a.txt", FilePurpose.OPEN))
    bench.post(CancelNoteFile(url))
    assert (await bench.told(NoteFileFailed)).problem is None
    bench.mend_line()
    await bench.clock.advance(0)
    bench.post(SaveNoteFile(url, "a.txt", FilePurpose.OPEN))
    await bench.passes(NoteFileSaved)


async def test_where_it_cannot_be_written_that_is_told(bench, tmp_path):
    url = await in_close(bench, tmp_path, "a.txt", b"x")
    bench.post(SaveNoteFile(url, "a.txt", FilePurpose.SAVE, tmp_path / "no" / "such" / "a.txt"))
    failed = await bench.passes(NoteFileFailed)
    assert failed.problem.kind in {K.FILE_VANISHED, K.FILE_UNREADABLE}
    bench.post(SaveNoteFile(url, "a.txt", FilePurpose.SAVE, tmp_path / "a.txt"))
    await bench.passes(NoteFileSaved)


async def test_at_the_start_old_pictures_and_what_was_opened_go_of_all_accounts(tmp_path):
    bench = Bench(tmp_path)
    async with bench.signed_in():
        own = bench.workplace.note_files._folder
    other = own.parent.parent / "orga_2_user_2" / "files"
    old = [
        file_of(own, "thumbnails/a"),
        file_of(other, "thumbnails/b"),
        file_of(other, "opened/c"),
        file_of(other, "partial/d"),
    ]
    for path in old:
        os.utime(path, (1, 1))
    fresh = file_of(own, "thumbnails/fresh")
    async with bench.running():
        running = bench.workplace.jobs._running
        sweeps = [task for task in running if task.get_name() == "sweeping"]
        async with asyncio.timeout(10):
            await asyncio.gather(*sweeps)
    assert not any(path.exists() for path in old)
    assert fresh.exists()

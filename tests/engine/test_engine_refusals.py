"""What is dropped and cannot be attached: each with its own reason, and at once."""

import os
from pathlib import Path

import pytest

from close_notes_gui.engine import attach
from close_notes_gui.model.commands import (
    AttachBytes,
    ChangeSettings,
)
from close_notes_gui.model.draft import AttachmentState
from close_notes_gui.model.events import (
    AttachmentAdded,
    AttachmentChanged,
    AttachmentRefused,
    DirectoryLoaded,
    FolderDropped,
)
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.settings import Settings
from tests.engine.engine_rig import Bench, drafted, drop, file_of, is_now

pytestmark = pytest.mark.anyio
K = ProblemKind
S = AttachmentState


@pytest.fixture
async def bench(tmp_path):
    bench = Bench(tmp_path)
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
        yield bench


async def refusal(bench: Bench, path: Path) -> ProblemKind:
    draft = drafted(bench)
    (attachment_id,) = drop(bench, draft, path)
    refused = await bench.told(AttachmentRefused)
    assert (refused.draft_id, refused.attachment_id) == (draft.id, attachment_id)
    assert bench.count(AttachmentAdded) == 0
    assert refused.problem.subject
    return refused.problem.kind


async def test_a_folder_is_not_attached_without_a_word(bench, tmp_path):
    draft = drafted(bench)
    (folder_id,) = drop(bench, draft, tmp_path)
    offered = await bench.told(FolderDropped)
    assert (offered.draft_id, offered.folder_id, offered.path) == (draft.id, folder_id, tmp_path)
    assert bench.count(AttachmentAdded) == 0


async def test_an_empty_file_is_refused(bench, tmp_path):
    assert await refusal(bench, file_of(tmp_path, "empty.txt", b"")) is K.FILE_EMPTY


async def test_a_vanished_file_is_refused(bench, tmp_path):
    assert await refusal(bench, tmp_path / "never.txt") is K.FILE_VANISHED


async def test_a_dangling_link_is_refused(bench, tmp_path):
    (tmp_path / "link.txt").symlink_to(tmp_path / "never.txt")
    assert await refusal(bench, tmp_path / "link.txt") is K.FILE_VANISHED


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
async def test_a_pipe_is_refused_and_nobody_waits_for_it(bench, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert await refusal(bench, tmp_path / "pipe") is K.FILE_IS_SPECIAL


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="this system has no /dev/null")
async def test_a_device_is_refused(bench):
    assert await refusal(bench, Path("/dev/null")) is K.FILE_IS_SPECIAL


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read anything")
async def test_an_unreadable_file_is_refused(bench, tmp_path):
    path = file_of(tmp_path, "locked.txt")
    path.chmod(0)
    assert await refusal(bench, path) is K.FILE_UNREADABLE


@pytest.mark.parametrize("name", ["run.EXE", "run.exe. ", "a.pdf.bat"])
async def test_a_program_is_refused(bench, tmp_path, name):
    assert await refusal(bench, file_of(tmp_path, name)) is K.FILE_BLOCKED


async def test_a_file_over_the_limit_is_refused(bench, tmp_path):
    bench.post(ChangeSettings(Settings(largest_file_bytes=10)))
    assert await refusal(bench, file_of(tmp_path, "large.bin", b"x" * 11)) is K.FILE_TOO_LARGE


async def test_one_too_many_is_refused(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(attach, "MOST_ON_A_NOTE", 2)
    draft = drafted(bench)
    drop(bench, draft, *(file_of(tmp_path, f"{n}.txt") for n in range(3)))
    refused = await bench.told(AttachmentRefused)
    assert (refused.problem.kind, refused.problem.subject) == (K.TOO_MANY_FILES, "2.txt")
    assert bench.count(AttachmentAdded) == 2


async def test_a_name_that_is_too_long_is_cut_with_its_extension_kept(bench, tmp_path):
    draft = drafted(bench)
    content = b"x"
    bench.post(
        AttachBytes(draft.id, bench.attachment_id(), "ü" * 300 + ".pdf", "application/pdf", content)
    )
    up = await bench.told(AttachmentChanged, is_now(S.UPLOADED))
    assert len(up.attachment.filename.encode()) <= 255
    assert up.attachment.filename.endswith("ü.pdf")

"""What is dropped: taken, refused, copied, uploaded, tried again; the bytes are those dropped."""

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest

from close_notes_gui.engine import attach, intake, uploads
from close_notes_gui.model.commands import (
    AttachBytes,
    AttachFiles,
    ChangeSettings,
    CheckNetwork,
    DroppedFile,
    RemoveAttachment,
    RetryAttachment,
    ReviseDraft,
    SendDraft,
)
from close_notes_gui.model.draft import AttachmentState
from close_notes_gui.model.events import (
    AttachmentAdded,
    AttachmentChanged,
    AttachmentProgressed,
    AttachmentRefused,
    AttachmentRemoved,
    DirectoryLoaded,
    DraftQueued,
    DraftSaved,
    Loaded,
    NoteSent,
    SendRefused,
    SettingsChanged,
)
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.sandbox.faults import STORAGE, Fault, FaultKind
from tests.engine.engine_rig import Bench

pytestmark = pytest.mark.anyio
K = ProblemKind
S = AttachmentState


@pytest.fixture
async def bench(tmp_path):
    bench = Bench(tmp_path)
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
        yield bench


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
    path.write_bytes(content)
    return path


def is_now(state: AttachmentState, attachment_id: str | None = None):
    return lambda event: (
        event.attachment.state is state
        and (attachment_id is None or event.attachment.id == attachment_id)
    )


async def test_two_files_go_up_in_the_order_dropped_and_arrive_byte_for_byte(bench, tmp_path):
    contents = {"b über.txt": b"b" * 300_000, "a.bin": os.urandom(70_000)}
    draft = drafted(bench)
    ids = drop(bench, draft, *(file_of(tmp_path, name, c) for name, c in contents.items()))
    for attachment_id in ids:
        await bench.told(AttachmentChanged, is_now(S.UPLOADED, attachment_id))
    added = [e.attachment for e in bench.all(AttachmentAdded)]
    assert [a.filename for a in added] == list(contents)
    assert [a.size_bytes for a in added] == [len(c) for c in contents.values()]
    assert {e.attachment_id for e in bench.all(AttachmentProgressed)} == set(ids)
    bench.post(SendDraft(draft))
    sent = await bench.passes(NoteSent)
    digests = [bench.fake.file_sha256(a.url) for a in sent.note.attachments]
    assert digests == [hashlib.sha256(c).hexdigest() for c in contents.values()]
    assert bench.fake.violations == []


async def test_the_states_are_told_in_their_order(bench, tmp_path):
    drop(bench, drafted(bench), file_of(tmp_path, "a.txt"))
    await bench.told(AttachmentChanged, is_now(S.UPLOADED))
    states = [
        e.attachment.state
        for e in bench.events
        if isinstance(e, AttachmentAdded | AttachmentChanged)
    ]
    assert states == [S.COPYING, S.WAITING, S.UPLOADING, S.UPLOADED]


async def test_pasted_bytes_are_an_attachment(bench):
    draft = drafted(bench)
    bench.post(AttachBytes(draft.id, bench.attachment_id(), "Shot/1.png", "image/png", b"png"))
    up = await bench.told(AttachmentChanged, is_now(S.UPLOADED))
    assert (up.attachment.filename, up.attachment.content_type) == ("Shot_1.png", "image/png")
    assert bench.fake.file_sha256(up.attachment.url) == hashlib.sha256(b"png").hexdigest()


async def refusal(bench: Bench, path: Path) -> ProblemKind:
    draft = drafted(bench)
    (attachment_id,) = drop(bench, draft, path)
    refused = await bench.told(AttachmentRefused)
    assert (refused.draft_id, refused.attachment_id) == (draft.id, attachment_id)
    assert bench.count(AttachmentAdded) == 0
    assert refused.problem.subject
    return refused.problem.kind


async def test_a_folder_is_refused(bench, tmp_path):
    assert await refusal(bench, tmp_path) is K.FILE_IS_FOLDER


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


async def test_a_drive_that_does_not_answer_holds_up_nothing(bench, tmp_path, monkeypatch):
    answers = threading.Event()

    def hanging(path, *, settings):
        if path.name == "hangs.txt":
            answers.wait(20)
        return intake.examine(path, settings=settings)

    monkeypatch.setattr(attach, "examine", hanging)
    draft, other = drafted(bench), drafted(bench)
    drop(bench, draft, file_of(tmp_path, "hangs.txt"), file_of(tmp_path, "after.txt"))
    drop(bench, other, file_of(tmp_path, "quick.txt"))
    await bench.told(AttachmentAdded, lambda e: e.attachment.filename == "quick.txt")
    bench.post(ReviseDraft(bench.draft()))
    await bench.told(DraftSaved)
    bench.post(SendDraft(draft))
    refused = await bench.passes(AttachmentRefused)
    assert refused.problem.kind is K.FILE_UNREADABLE
    await bench.told(AttachmentAdded, lambda e: e.attachment.filename == "after.txt")
    unsent = await bench.told(SendRefused)
    assert (unsent.draft_id, unsent.problem.kind) == (draft.id, K.ATTACHMENT_FAILED)
    assert unsent.problem.subject == "hangs.txt"
    answers.set()


async def test_sent_right_after_the_drop_the_note_has_the_file(bench, tmp_path):
    draft = drafted(bench)
    drop(bench, draft, file_of(tmp_path, "a.txt"))
    bench.post(SendDraft(draft))
    sent = await bench.passes(NoteSent)
    assert [a.filename for a in sent.note.attachments] == ["a.txt"]


async def test_the_copy_is_sent_whatever_becomes_of_the_file(bench, tmp_path):
    bench.post(ChangeSettings(Settings(upload_on_drop=False)))
    path = file_of(tmp_path, "a.txt", b"as it was")
    draft = drafted(bench)
    drop(bench, draft, path)
    await bench.told(AttachmentChanged, is_now(S.WAITING))
    path.write_bytes(b"as it became, later")
    bench.post(SendDraft(draft))
    sent = await bench.passes(NoteSent)
    digest = bench.fake.file_sha256(sent.note.attachments[0].url)
    assert digest == hashlib.sha256(b"as it was").hexdigest()


async def test_a_large_file_that_changed_is_not_sent(bench, tmp_path):
    bench.post(ChangeSettings(Settings(upload_on_drop=False)))
    draft = drafted(bench)
    workplace = bench.workplace
    workplace.store.spool._largest_copy_bytes = 4
    path = file_of(tmp_path, "large.bin", b"large as it was")
    (attachment_id,) = drop(bench, draft, path)
    await bench.told(AttachmentChanged, is_now(S.WAITING))
    path.write_bytes(b"large as it bec")
    os.utime(path, ns=(1, 1))
    bench.post(ChangeSettings(Settings()))
    failed = await bench.told(AttachmentChanged, is_now(S.FAILED))
    assert failed.attachment.problem is not None
    assert failed.attachment.problem.kind is K.FILE_CHANGED
    path.unlink()
    bench.post(RetryAttachment(attachment_id))
    vanished = await bench.told(
        AttachmentChanged,
        lambda e: e.attachment.problem is not None and e.attachment.problem.kind is K.FILE_VANISHED,
    )
    assert vanished.attachment.state is S.FAILED


async def test_an_expired_policy_is_signed_anew(bench, tmp_path):
    bench.fake.faults.add(Fault(FaultKind.POLICY_EXPIRED, path=STORAGE, times=2))
    drop(bench, drafted(bench), file_of(tmp_path, "a.txt"))
    await bench.told(AttachmentChanged, is_now(S.UPLOADED))
    assert bench.asked("POST", "/files/upload/") == 3


async def test_what_the_storage_host_refuses_fails_and_can_be_tried_again(bench, tmp_path):
    bench.fake.faults.add(Fault(FaultKind.ENTITY_TOO_LARGE, path=STORAGE))
    (attachment_id,) = drop(bench, drafted(bench), file_of(tmp_path, "a.txt"))
    failed = await bench.told(AttachmentChanged, is_now(S.FAILED))
    assert failed.attachment.problem is not None
    assert failed.attachment.problem.kind is K.STORAGE_REFUSED
    assert failed.attachment.problem.detail.startswith("EntityTooLarge")
    bench.post(RetryAttachment(attachment_id))
    await bench.told(AttachmentChanged, is_now(S.UPLOADED))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(FaultKind.RESET_MID_BODY, path=STORAGE), K.OFFLINE),
        (Fault(FaultKind.STATUS_BEFORE, path=STORAGE, status=503), K.SERVER_TROUBLE),
        (Fault(FaultKind.THROTTLE, path="/files/upload/"), K.THROTTLED),
    ],
)
async def test_a_passing_fault_waits_and_is_tried_again(bench, tmp_path, fault, kind):
    bench.fake.faults.add(fault)
    drop(bench, drafted(bench), file_of(tmp_path, "a.txt", b"x" * 5000))
    waiting = await bench.told(
        AttachmentChanged,
        lambda e: e.attachment.state is S.WAITING and e.attachment.problem is not None,
    )
    assert waiting.attachment.problem is not None
    assert waiting.attachment.problem.kind is kind
    up = await bench.passes(AttachmentChanged, is_now(S.UPLOADED))
    assert up.attachment.problem is None


async def test_offline_it_waits_and_goes_when_the_network_is_back(bench, tmp_path):
    bench.break_line()
    drop(bench, drafted(bench), file_of(tmp_path, "a.txt"))
    await bench.told(
        AttachmentChanged,
        lambda e: e.attachment.state is S.WAITING and e.attachment.problem is not None,
    )
    bench.mend_line()
    bench.post(CheckNetwork())
    await bench.told(AttachmentChanged, is_now(S.UPLOADED))


async def test_an_old_address_is_made_anew(bench, tmp_path):
    draft = drafted(bench)
    drop(bench, draft, file_of(tmp_path, "a.txt"))
    first = await bench.told(AttachmentChanged, is_now(S.UPLOADED))
    await bench.clock.advance(23.5 * 3600)
    bench.post(SendDraft(draft))
    await bench.passes(NoteSent)
    second = bench.all(AttachmentChanged)[-1]
    assert second.attachment.url != first.attachment.url


async def test_three_at_a_time_the_smallest_first(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_AT_ONCE", 1)
    bench.post(ChangeSettings(Settings(upload_on_drop=False)))
    sizes = {"large": 9000, "small": 10, "middle": 500}
    draft = drafted(bench)
    ids = drop(bench, draft, *(file_of(tmp_path, n, b"x" * s) for n, s in sizes.items()))
    for attachment_id in ids:
        await bench.told(AttachmentChanged, is_now(S.WAITING, attachment_id))
    workplace = bench.workplace
    workplace.uploads.pause()
    bench.post(ChangeSettings(Settings()))
    await bench.told(SettingsChanged, lambda e: e.settings.upload_on_drop)
    await bench.clock.advance(0)
    workplace.uploads.start()
    for attachment_id in ids:
        await bench.told(AttachmentChanged, is_now(S.UPLOADED, attachment_id))
    order = [
        e.attachment.filename
        for e in bench.all(AttachmentChanged)
        if e.attachment.state is S.UPLOADED
    ]
    assert order == ["small", "middle", "large"]


async def test_removed_it_is_gone_from_disk_too(bench, tmp_path):
    draft = drafted(bench)
    (attachment_id,) = drop(bench, draft, file_of(tmp_path, "a.txt"))
    await bench.told(AttachmentChanged, is_now(S.UPLOADED))
    bench.post(RemoveAttachment(attachment_id))
    assert (await bench.told(AttachmentRemoved)).attachment_id == attachment_id
    workplace = bench.workplace
    assert not workplace.store.spool.path(attachment_id).exists()
    bench.post(SendDraft(draft))
    assert (await bench.passes(NoteSent)).note.attachments == ()


async def test_removing_a_stalled_upload_hangs_up_at_once(bench, tmp_path):
    bench.fake.faults.add(Fault(FaultKind.HOLD_BEFORE, path=STORAGE, times=None))
    draft = drafted(bench)
    (attachment_id,) = drop(bench, draft, file_of(tmp_path, "a.txt"))
    await bench.told(AttachmentChanged, is_now(S.UPLOADING))
    bench.post(RemoveAttachment(attachment_id))
    await bench.told(AttachmentRemoved)
    bench.mend_line()
    drop(bench, draft, file_of(tmp_path, "b.txt"))
    await bench.told(AttachmentChanged, is_now(S.UPLOADED))
    assert not [e for e in bench.all(AttachmentChanged) if e.attachment.state is S.FAILED]


async def test_the_end_does_not_wait_for_a_stalled_upload(tmp_path):
    bench = Bench(tmp_path)
    async with bench.signed_in():
        bench.fake.faults.add(Fault(FaultKind.HOLD_BEFORE, path=STORAGE, times=None))
        drop(bench, drafted(bench), file_of(tmp_path, "a.txt"))
        await bench.told(AttachmentChanged, is_now(S.UPLOADING))
        began_s = time.monotonic()
    assert time.monotonic() - began_s < 2.0
    bench.mend_line()
    async with bench.running():
        assert [a.state for a in (await bench.told(Loaded)).attachments] == [S.WAITING]
        await bench.told(AttachmentChanged, is_now(S.UPLOADED))


async def test_attachments_of_a_queued_note_cannot_be_taken_off(bench, tmp_path):
    draft = drafted(bench)
    (attachment_id,) = drop(bench, draft, file_of(tmp_path, "a.txt"))
    bench.post(SendDraft(draft))
    await bench.told(DraftQueued)
    bench.post(RemoveAttachment(attachment_id))
    await bench.passes(NoteSent)
    assert bench.count(AttachmentRemoved) == 0


async def test_a_draft_that_the_store_does_not_know_takes_nothing(bench, tmp_path):
    draft = bench.draft()
    drop(bench, draft, file_of(tmp_path, "a.txt"))
    assert (await bench.told(AttachmentRefused)).problem.kind is K.STORE_FAILED


async def test_secrets_and_policies_are_not_logged(bench, tmp_path, caplog):
    caplog.set_level("DEBUG")
    drop(bench, drafted(bench), file_of(tmp_path, "a.txt"))
    await bench.told(AttachmentChanged, is_now(S.UPLOADED))
    assert bench.fake.api_key not in caplog.text
    assert "policy" not in caplog.text.lower()

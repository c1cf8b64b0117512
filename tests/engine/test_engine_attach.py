"""What is dropped: taken, refused, copied, uploaded, tried again; the bytes are those dropped."""

import hashlib
import os
import threading
import time

import pytest

from close_notes_gui.engine import copying, intake, uploads
from close_notes_gui.model.commands import (
    AttachBytes,
    ChangeSettings,
    CheckNetwork,
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


async def test_a_picture_that_takes_time_to_be_packed_is_on_the_note_sent_right_behind(bench):
    threads, may_end = [], threading.Event()

    def pack() -> bytes:
        threads.append(threading.current_thread())
        may_end.wait(20)
        return b"packed"

    draft = drafted(bench)
    bench.post(AttachBytes(draft.id, bench.attachment_id(), "Shot 1.png", "image/png", pack))
    bench.post(AttachBytes(draft.id, bench.attachment_id(), "Shot 2.png", "image/png", b"at once"))
    bench.post(SendDraft(draft))
    await bench.told(DraftQueued)
    added = [e.attachment for e in bench.all(AttachmentAdded)]
    assert [(a.filename, a.state) for a in added] == [
        ("Shot 1.png", S.COPYING),
        ("Shot 2.png", S.COPYING),
    ]
    may_end.set()
    sent = await bench.passes(NoteSent)
    assert [a.filename for a in sent.note.attachments] == ["Shot 1.png", "Shot 2.png"]
    digest = bench.fake.file_sha256(sent.note.attachments[0].url)
    assert digest == hashlib.sha256(b"packed").hexdigest()
    assert threads[0] is not threading.current_thread()


@pytest.mark.parametrize(("content", "kind"), [(b"", K.FILE_EMPTY), (b"x" * 9, K.FILE_TOO_LARGE)])
async def test_a_picture_that_cannot_be_packed_or_sent_fails_in_words(bench, content, kind):
    bench.post(ChangeSettings(Settings(largest_file_bytes=8)))
    draft = drafted(bench)
    attachment_id = bench.attachment_id()
    bench.post(AttachBytes(draft.id, attachment_id, "a.png", "image/png", lambda: content))
    failed = await bench.told(AttachmentChanged, is_now(S.FAILED))
    assert failed.attachment.problem.kind is kind
    spool = bench.workplace.store.spool
    assert not list(spool.folder.iterdir())


async def test_a_drive_that_does_not_answer_holds_up_nothing(bench, tmp_path, monkeypatch):
    answers = threading.Event()

    def hanging(path, *, settings):
        if path.name == "hangs.txt":
            answers.wait(20)
        return intake.examine(path, settings=settings)

    monkeypatch.setattr(copying, "examine", hanging)
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
    assert (unsent.draft_id, unsent.problem.kind) == (draft.id, K.FILE_LEFT_OUT)
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
    bench.fake.faults.add(Fault(FaultKind.POLICY_EXPIRED, path=STORAGE, times=3))
    drop(bench, drafted(bench), file_of(tmp_path, "a.txt"))
    await bench.passes(AttachmentChanged, is_now(S.UPLOADED))
    assert bench.asked("POST", "/files/upload/") == 4


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
        (Fault(FaultKind.DROP_AFTER, path=STORAGE), K.OFFLINE),
        (Fault(FaultKind.CONNECT_ERROR, path=STORAGE), K.OFFLINE),
        (Fault(FaultKind.STALL, path=STORAGE), K.TIMED_OUT),
        (Fault(FaultKind.CAPTIVE_PORTAL, path=STORAGE), K.STRANGE_ANSWER),
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

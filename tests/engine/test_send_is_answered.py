"""Every Send is answered: queued, or refused with a reason. Else the note would stay sealed.

And no note goes without a file or picture that the rep believes to be on it.
"""

import pytest

from close_notes_gui.engine import attach
from close_notes_gui.engine.drafting import Drafting
from close_notes_gui.engine.requests import Requests
from close_notes_gui.model.commands import (
    AttachBytes,
    AttachFolder,
    ChangeSettings,
    DroppedFile,
    ReviseDraft,
    SendDraft,
    SignIn,
    SignOut,
)
from close_notes_gui.model.events import (
    AttachmentAdded,
    AttachmentRefused,
    DirectoryLoaded,
    DraftQueued,
    DraftSaveFailed,
    FolderDropped,
    SendRefused,
    SignedOut,
    TroubleArose,
)
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.model.settings import Settings
from close_notes_gui.store.attachments import Attachments
from close_notes_gui.store.errors import StoreFull
from tests.engine.engine_rig import Bench, drafted, drop, file_of

pytestmark = pytest.mark.anyio
K = ProblemKind
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture
async def bench(tmp_path):
    bench = Bench(tmp_path)
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
        yield bench


def paste(bench: Bench, draft, content: bytes = PNG) -> None:
    bench.post(AttachBytes(draft.id, bench.attachment_id(), "Screenshot.png", "image/png", content))


def bug(*_args: object, **_keywords: object) -> None:
    raise ZeroDivisionError


# --- bugs


async def test_a_bug_before_the_commit_refuses_the_note(bench: Bench, monkeypatch, caplog):
    draft = drafted(bench)
    monkeypatch.setattr(Requests, "_unfit", bug)
    bench.post(SendDraft(draft))
    assert (await bench.told(SendRefused)).problem.kind is K.BUG
    assert bench.count(DraftQueued) == 0
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    caplog.clear()


async def test_a_bug_after_the_commit_does_not_call_a_queued_note_refused(
    bench: Bench, monkeypatch, caplog
):
    draft = drafted(bench)
    monkeypatch.setattr("close_notes_gui.engine.rounds.Rounds.hold", bug)
    bench.post(SendDraft(draft))
    await bench.told(DraftQueued, lambda event: event.draft_id == draft.id)
    await bench.told(TroubleArose)
    assert bench.count(SendRefused) == 0
    caplog.clear()


async def test_a_bug_while_waiting_for_what_was_dropped_refuses_the_note(
    bench: Bench, tmp_path, monkeypatch, caplog
):
    draft = drafted(bench)
    monkeypatch.setattr(attach.Attaching, "settled", bug)
    drop(bench, draft, file_of(tmp_path, "a.txt"))
    bench.post(SendDraft(draft))
    assert (await bench.told(SendRefused)).problem.kind is K.BUG
    caplog.clear()


async def test_a_bug_in_saving_is_told_as_not_saved(bench: Bench, monkeypatch, caplog):
    monkeypatch.setattr(Drafting, "revise", bug)
    draft = drafted(bench)
    failed = await bench.told(DraftSaveFailed)
    assert (failed.draft_id, failed.problem.kind) == (draft.id, K.BUG)
    caplog.clear()


# --- the store closes


async def test_a_send_that_waits_while_the_rep_signs_out_is_answered(
    bench: Bench, tmp_path, monkeypatch
):
    monkeypatch.setattr(attach.Attaching, "settled", _for_ever)
    draft = drafted(bench)
    drop(bench, draft, file_of(tmp_path, "a.txt"))
    bench.post(SendDraft(draft), SignOut())
    refused = await bench.told(SendRefused)
    assert (refused.draft_id, refused.problem.kind) == (draft.id, K.ACCOUNT_CHANGED)
    await bench.told(SignedOut)


async def _for_ever(self, draft_id) -> None:
    await self._clock.sleep(1e9)


async def test_a_send_in_the_inbox_while_the_rep_signs_in_is_answered(tmp_path):
    bench = Bench(tmp_path)
    async with bench.running():
        draft = drafted(bench)
        bench.post(SignIn(ApiKey(bench.fake.api_key)), SendDraft(draft))
        event = await bench.told(SendRefused)
        assert event.draft_id == draft.id


# --- what was pasted or dropped before


async def test_nothing_is_sent_without_the_picture_pasted_before(bench: Bench):
    bench.post(ChangeSettings(Settings(largest_file_bytes=10)))
    draft = drafted(bench)
    paste(bench, draft)
    bench.post(SendDraft(draft))
    unsent = await bench.told(SendRefused)
    assert (unsent.problem.kind, unsent.problem.subject) == (K.FILE_LEFT_OUT, "Screenshot.png")
    assert (await bench.told(AttachmentRefused)).problem.kind is K.FILE_TOO_LARGE
    bench.post(SendDraft(draft))  # the rep has read it
    await bench.told(DraftQueued)


async def test_nothing_is_sent_without_the_picture_where_the_disk_is_full(
    bench: Bench, monkeypatch
):
    draft = drafted(bench)

    def full(*_args: object, **_keywords: object) -> None:
        raise StoreFull("full")

    monkeypatch.setattr(Attachments, "add", full)
    paste(bench, draft)
    bench.post(SendDraft(draft))
    assert (await bench.told(SendRefused)).problem.kind is K.FILE_LEFT_OUT
    assert bench.count(DraftQueued) == 0


async def test_a_refusal_that_nobody_can_have_read_holds_the_note_back(bench: Bench):
    """Send a moment after: the line has only just come up."""
    bench.post(ChangeSettings(Settings(largest_file_bytes=10)))
    draft = drafted(bench)
    paste(bench, draft)
    await bench.told(AttachmentRefused)
    await bench.clock.advance(1.0)
    bench.post(SendDraft(draft))
    assert (await bench.told(SendRefused)).problem.kind is K.FILE_LEFT_OUT


async def test_another_drop_does_not_hide_a_refusal(bench: Bench, tmp_path):
    bench.post(ChangeSettings(Settings(largest_file_bytes=10)))
    draft = drafted(bench)
    paste(bench, draft)
    await bench.told(AttachmentRefused)
    drop(bench, draft, file_of(tmp_path, "a.txt", b"small"))
    await bench.told(AttachmentAdded)
    bench.post(SendDraft(draft))
    assert (await bench.told(SendRefused)).problem.subject == "Screenshot.png"


async def test_a_refusal_that_was_read_long_ago_holds_nothing_back(bench: Bench):
    bench.post(ChangeSettings(Settings(largest_file_bytes=10)))
    draft = drafted(bench)
    paste(bench, draft)
    await bench.told(AttachmentRefused)
    await bench.clock.advance(60.0)
    bench.post(ReviseDraft(draft), SendDraft(draft))
    await bench.told(DraftQueued)


async def test_a_folder_whose_files_were_taken_holds_nothing_back(bench: Bench, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    file_of(folder, "inside.txt")
    draft = drafted(bench)
    drop(bench, draft, folder)
    dropped = await bench.told(FolderDropped)
    taken = DroppedFile(dropped.folder_id, dropped.path)
    bench.post(AttachFolder(draft.id, taken, as_zip=False), SendDraft(draft))
    await bench.told(DraftQueued)
    assert [e.attachment.filename for e in bench.all(AttachmentAdded)] == ["inside.txt"]


async def test_pictures_and_files_stand_in_the_order_of_the_drops(
    bench: Bench, tmp_path, monkeypatch
):
    draft = drafted(bench)
    drop(bench, draft, *(file_of(tmp_path, f"{n}.txt") for n in range(20)))
    paste(bench, draft)
    drop(bench, draft, file_of(tmp_path, "last.txt"))
    await bench.told(AttachmentAdded, lambda event: event.attachment.filename == "last.txt")
    names = [event.attachment.filename for event in bench.all(AttachmentAdded)]
    assert names == [*(f"{n}.txt" for n in range(20)), "Screenshot.png", "last.txt"]

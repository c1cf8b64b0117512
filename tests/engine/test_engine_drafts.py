"""Drafts: each revision on disk before it is called saved; put away, brought back, sent."""

import pytest

from close_notes_gui.model.commands import (
    AttachBytes,
    ChangeSettings,
    DiscardDraft,
    DiscardNote,
    FocusDraft,
    ReassignNote,
    RecallNote,
    ResolveNote,
    RestoreDraft,
    RetryNote,
    ReviseDraft,
    SendDraft,
)
from close_notes_gui.model.draft import OutboxState
from close_notes_gui.model.events import (
    AttachmentAdded,
    DirectoryLoaded,
    DraftDiscarded,
    DraftOpened,
    DraftQueued,
    DraftSaved,
    DraftSaveFailed,
    Loaded,
    NoteSent,
    OutboxChanged,
    OutboxRemoved,
    SendRefused,
    SettingsChanged,
    TroubleArose,
)
from close_notes_gui.model.ids import OutboxId
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.richtext import EMPTY_NOTE_HTML
from close_notes_gui.model.settings import Settings
from close_notes_gui.store.drafts import Drafts
from close_notes_gui.store.errors import StoreFull
from tests.engine.engine_rig import Bench, note_html

pytestmark = pytest.mark.anyio
K = ProblemKind


@pytest.fixture
async def bench(tmp_path):
    bench = Bench(tmp_path)
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
        yield bench


async def restarted_drafts(bench: Bench):
    return (await bench.told(Loaded)).drafts


async def test_revisions_are_saved_in_order_and_are_there_after_a_restart(tmp_path):
    bench = Bench(tmp_path)
    one, other = bench.draft(cursor_position=3), bench.draft(lead_id=None)
    async with bench.signed_in():
        bench.post(ReviseDraft(one), ReviseDraft(other), FocusDraft(one.id))
        await bench.told(DraftSaved, lambda e: e.draft_id == other.id)
        assert [e.draft_id for e in bench.all(DraftSaved)] == [one.id, other.id]
    async with bench.running():
        loaded = await bench.told(Loaded)
        assert set(loaded.drafts) == {one, other}
        assert loaded.focused_draft == one.id


async def test_only_what_is_on_disk_is_called_saved(bench: Bench):
    """A revision behind the one on disk is not saved, and the one on disk is told instead."""
    draft = bench.draft(revision=5)
    behind = bench.draft(id=draft.id, revision=3, note_html=note_html("behind"))
    bench.post(ReviseDraft(draft))
    await bench.told(DraftSaved)
    before = bench.place
    bench.post(ReviseDraft(behind))
    assert (await bench.told(DraftSaved, since=before)).revision == 5
    bench.post(ReviseDraft(bench.draft(id=draft.id, revision=6, note_html=note_html("behind"))))
    assert (await bench.told(DraftSaved, lambda event: event.revision == 6)).draft_id == draft.id


async def test_a_late_revision_of_a_queued_note_is_not_called_saved(bench: Bench):
    draft = bench.draft()
    bench.post(SendDraft(draft))
    await bench.told(DraftQueued)
    bench.post(ReviseDraft(bench.draft(id=draft.id, revision=9)), ReviseDraft(bench.draft()))
    saved = await bench.told(DraftSaved)
    assert saved.draft_id != draft.id


async def test_a_full_disk_is_said_and_the_next_revision_is_tried(bench: Bench, monkeypatch):
    draft = bench.draft()
    with monkeypatch.context() as patch:

        def full(self, draft):
            raise StoreFull("full")

        patch.setattr(Drafts, "save", full)
        bench.post(ReviseDraft(draft))
        failed = await bench.told(DraftSaveFailed)
    assert (failed.draft_id, failed.revision) == (draft.id, 1)
    assert failed.problem.kind is K.DISK_FULL
    bench.post(ReviseDraft(draft))
    assert (await bench.told(DraftSaved)).revision == 1


async def test_a_draft_put_away_comes_back_with_its_attachments(bench: Bench):
    draft = bench.draft()
    bench.post(ReviseDraft(draft))
    bench.post(AttachBytes(draft.id, bench.attachment_id(), "a.txt", "text/plain", b"a"))
    await bench.told(AttachmentAdded)
    bench.post(DiscardDraft(draft.id))
    assert (await bench.told(DraftDiscarded)).draft_id == draft.id
    bench.post(RestoreDraft(draft.id))
    opened = await bench.told(DraftOpened)
    assert opened.draft == draft
    assert [a.filename for a in opened.attachments] == ["a.txt"]


async def test_settings_are_kept(tmp_path):
    bench = Bench(tmp_path)
    async with bench.signed_in():
        bench.post(ChangeSettings(Settings(undo_send_s=17)))
        assert (await bench.told(SettingsChanged)).settings.undo_send_s == 17
    async with bench.running():
        assert (await bench.told(Loaded)).settings.undo_send_s == 17


async def test_a_note_is_sent_after_the_time_for_undo(bench: Bench):
    draft = bench.draft()
    bench.post(ReviseDraft(draft), SendDraft(draft))
    assert (await bench.told(DraftQueued)).entry.state is OutboxState.HELD
    sent = await bench.passes(NoteSent)
    assert sent.note.note_html == draft.note_html
    ours = [n for n in bench.fake.notes_on(bench.leads[0]) if n["note_html"] == draft.note_html]
    assert len(ours) == 1


async def test_undo_brings_it_back(bench: Bench):
    draft = bench.draft()
    bench.post(SendDraft(draft))
    entry = (await bench.told(DraftQueued)).entry
    bench.post(RecallNote(entry.id))
    assert (await bench.told(OutboxRemoved)).outbox_id == entry.id
    assert (await bench.told(DraftOpened)).draft.note_html == draft.note_html
    await bench.clock.advance(60)
    assert bench.count(NoteSent) == 0


async def test_retry_skips_the_time_for_undo(bench: Bench):
    bench.post(SendDraft(bench.draft()))
    entry = (await bench.told(DraftQueued)).entry
    bench.post(RetryNote(entry.id))
    await bench.told(NoteSent)


async def test_a_lead_deleted_meanwhile_fails_the_note_which_goes_to_another(bench: Bench):
    draft = bench.draft()
    bench.fake.delete_lead(bench.leads[0])
    bench.post(SendDraft(draft))
    failed = await bench.passes(OutboxChanged, lambda e: e.entry.state is OutboxState.FAILED)
    assert failed.entry.problem is not None
    assert failed.entry.problem.kind is K.LEAD_GONE
    bench.post(ReassignNote(failed.entry.id, bench.leads[1], "Another"))
    sent = await bench.passes(NoteSent)
    assert sent.note.lead_id == bench.leads[1]


async def test_a_failed_note_is_given_up_and_can_be_restored(bench: Bench):
    draft = bench.draft()
    bench.fake.delete_lead(bench.leads[0])
    bench.post(SendDraft(draft))
    failed = await bench.passes(OutboxChanged, lambda e: e.entry.state is OutboxState.FAILED)
    bench.post(DiscardNote(failed.entry.id))
    await bench.told(DraftDiscarded)
    bench.post(RestoreDraft(draft.id))
    assert (await bench.told(DraftOpened)).draft.note_html == draft.note_html


async def test_an_answer_to_a_question_that_was_never_asked_is_too_late(bench: Bench):
    bench.post(ResolveNote(OutboxId("unknown"), is_in_close=False))
    assert (await bench.told(TroubleArose)).problem.kind is K.TOO_LATE


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"note_html": EMPTY_NOTE_HTML}, K.NOTE_EMPTY),
        ({"lead_id": None}, K.NOTE_NO_LEAD),
    ],
)
async def test_what_cannot_be_sent_is_refused_and_stays(bench: Bench, fields, kind):
    draft = bench.draft(**fields)
    bench.post(ReviseDraft(draft), SendDraft(draft))
    refused = await bench.told(SendRefused)
    assert (refused.draft_id, refused.problem.kind) == (draft.id, kind)
    assert bench.count(DraftQueued) == 0


async def test_a_bug_in_a_command_ends_that_command_alone(bench: Bench, monkeypatch, caplog):
    secret = "what the rep wrote"

    def broken(self, draft):
        raise ZeroDivisionError(secret)

    with monkeypatch.context() as patch:
        patch.setattr(Drafts, "save", broken)
        bench.post(ReviseDraft(bench.draft(note_html=note_html(secret))))
        assert (await bench.told(TroubleArose)).problem.kind is K.BUG
    bench.post(ReviseDraft(bench.draft()))
    await bench.told(DraftSaved)
    assert "ZeroDivisionError" in caplog.text
    assert secret not in caplog.text

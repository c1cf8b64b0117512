"""One note for several leads: one each, all queued or none, each on a way of its own."""

import hashlib
import os
from pathlib import Path

import pytest

from close_notes_gui.model.commands import RecallNote, ReviseDraft, SendDraft
from close_notes_gui.model.draft import OtherLead, OutboxState
from close_notes_gui.model.events import (
    DraftOpened,
    DraftQueued,
    NoteSent,
    OutboxChanged,
    OutboxRemoved,
    SendRefused,
)
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.sandbox.faults import FaultKind
from close_notes_gui.store.errors import StoreFull
from tests.engine.delivery_rig import AT_ONCE, UNDOABLE, Rig
from tests.engine.engine_rig import Bench, drop, file_of

pytestmark = pytest.mark.anyio
S = OutboxState
CONTENT = b"the same file for all" * 1000


@pytest.fixture
async def rig(tmp_path):
    rig = Rig(tmp_path)
    await rig.boot()
    yield rig
    await rig.close()


def for_leads(rig: Rig, *leads: int, **fields: object):
    others = tuple(OtherLead(rig.leads[lead], f"lead {lead}") for lead in leads[1:])
    return rig.draft(lead=leads[0], also_leads=others, **fields)  # type: ignore[arg-type]


def entries(rig: Rig):
    return rig.store.outbox.entries()


async def test_each_lead_gets_its_note_with_all_files(rig: Rig):
    contact = rig.fake.lead(rig.leads[0])["contacts"][0]["id"]
    draft = for_leads(rig, 0, 1, 2, contact_id=contact, title="Call", pinned=True)
    rig.attach(draft, CONTENT)
    await rig.send(draft)
    notes = {note["lead_id"]: note for note in rig.in_close()}
    assert list(notes) == rig.leads[:3]
    for note in notes.values():
        assert (note["title"], note["pinned"]) == ("Call", True)
        (file,) = note["attachments"]
        assert rig.fake.file_sha256(file["url"]) == hashlib.sha256(CONTENT).hexdigest()
    assert [note["contact_id"] for note in notes.values()] == [contact, None, None]
    dates = {note["activity_at"][:19] for note in notes.values()}
    assert len(dates) == 3, "a lost answer is looked for by its own second"
    assert [e.entry.frozen.also_leads for e in rig.told(DraftQueued)] == [()]
    assert len(rig.told(NoteSent)) == 3
    assert list(rig.store.spool.folder.iterdir()) == []


async def test_a_lead_named_twice_gets_one(rig: Rig):
    await rig.send(for_leads(rig, 0, 1, 0, 1))
    assert [note["lead_id"] for note in rig.in_close()] == [rig.leads[0], rig.leads[1]]


async def test_queued_twice_it_is_sent_once_each(rig: Rig):
    draft = for_leads(rig, 0, 1)
    rig.delivery.queue(draft, UNDOABLE)
    rig.delivery.queue(draft, UNDOABLE)
    assert len(entries(rig)) == 2
    await rig.run(10)
    assert len(rig.in_close()) == 2


@pytest.mark.parametrize("has_links", [True, False])
async def test_one_that_lands_takes_no_bytes_from_another(rig: Rig, has_links, monkeypatch):
    if not has_links:

        def no_link(*_):
            raise OSError("no hard links here")

        monkeypatch.setattr(os, "link", no_link)
    draft = for_leads(rig, 0, 1)
    rig.attach(draft, CONTENT)
    rig.fault(FaultKind.STATUS_BEFORE, status=403)
    await rig.send(draft)
    (failed,) = entries(rig)
    (kept,) = rig.store.attachments.of_draft(failed.frozen.id)
    assert kept.path is not None
    assert kept.path.read_bytes() == CONTENT
    rig.delivery.retry(failed.id)
    await rig.settle()
    notes = rig.in_close()
    digests = {rig.fake.file_sha256(note["attachments"][0]["url"]) for note in notes}
    assert (len(notes), digests) == (2, {hashlib.sha256(CONTENT).hexdigest()})


async def test_each_has_addresses_of_its_own(rig: Rig):
    """An address tells one note: shared, a lost note would be taken for its brother."""
    draft = for_leads(rig, 0, 1)
    file = rig.attach(draft, CONTENT)
    await rig.delivery._desk.uploads.ensure_uploaded(file)
    await rig.send(draft)
    urls = [note["attachments"][0]["url"].split("/")[-3] for note in rig.in_close()]
    assert len(set(urls)) == 2


async def test_lost_answers_of_brothers_are_told_apart(rig: Rig):
    rig.fault(FaultKind.DROP_AFTER)
    rig.fault(FaultKind.DROP_BEFORE)
    await rig.send(for_leads(rig, 0, 1))
    await rig.run_until_settled()
    assert sorted(note["lead_id"] for note in rig.in_close()) == sorted(rig.leads[:2])


async def test_undo_takes_all_back_as_one_draft(rig: Rig):
    draft = for_leads(rig, 0, 1, 2, title="Call")
    rig.attach(draft, CONTENT)
    await rig.send(draft, UNDOABLE)
    second = entries(rig)[1]
    rig.delivery.recall(second.id)
    (opened,) = rig.told(DraftOpened)
    assert (opened.draft.id, opened.draft.lead_id) == (draft.id, rig.leads[0])
    assert opened.draft.also_leads == draft.also_leads
    assert [file.filename for file in opened.attachments] == ["a.txt"]
    assert len(rig.told(OutboxRemoved)) == 3
    assert entries(rig) == ()
    assert [d.id for d in rig.store.drafts.all()] == [draft.id]
    assert len(list(rig.store.spool.folder.iterdir())) == 1
    await rig.run(10)
    assert rig.in_close() == []
    await rig.send(opened.draft)
    assert len(rig.in_close()) == 3


async def test_what_is_on_its_way_already_is_not_taken_back_with_the_rest(rig: Rig):
    await rig.send(for_leads(rig, 0, 1), UNDOABLE)
    first, second = entries(rig)
    rig.delivery.retry(first.id)
    await rig.settle()
    rig.delivery.recall(second.id)
    (opened,) = rig.told(DraftOpened)
    assert (opened.draft.lead_id, opened.draft.also_leads) == (rig.leads[1], ())
    await rig.run(10)
    assert [note["lead_id"] for note in rig.in_close()] == [rig.leads[0]]


async def test_after_the_time_for_undo_each_is_edited_by_itself(rig: Rig):
    rig.fault(FaultKind.DNS_FAILURE, times=None, method=None, path="")
    await rig.send(for_leads(rig, 0, 1))
    first, _ = entries(rig)
    rig.delivery.recall(first.id)
    (opened,) = rig.told(DraftOpened)
    assert opened.draft.also_leads == ()
    assert len(entries(rig)) == 1


async def test_on_a_full_disk_all_of_it_stays_a_draft(rig: Rig, monkeypatch):
    def full(*_args, **_kwargs):
        raise StoreFull("no room")

    draft = for_leads(rig, 0, 1)
    rig.attach(draft, CONTENT)
    monkeypatch.setattr("close_notes_gui.store.batches.copy_row", full)
    rig.delivery.queue(draft, AT_ONCE)
    assert [e.problem.kind for e in rig.told(SendRefused)] == [ProblemKind.DISK_FULL]
    assert entries(rig) == ()
    assert [d.id for d in rig.store.drafts.all()] == [draft.id]


async def test_a_file_without_bytes_stops_all(rig: Rig):
    draft = for_leads(rig, 0, 1)
    file = rig.attach(draft, CONTENT)
    rig.store._database.change("UPDATE attachment SET kept_path = NULL WHERE id = ?", (file,))
    rig.delivery.queue(draft, AT_ONCE)
    assert [e.problem.kind for e in rig.told(SendRefused)] == [ProblemKind.ATTACHMENT_FAILED]


async def test_one_lead_that_is_gone_does_not_keep_the_others(rig: Rig):
    rig.fake.delete_lead(rig.leads[1])
    await rig.send(for_leads(rig, 0, 1, 2))
    assert [n["lead_id"] for n in rig.in_close()] == [rig.leads[0], rig.leads[2]]
    (failed,) = entries(rig)
    assert (failed.state, failed.problem.kind) == (S.FAILED, ProblemKind.LEAD_GONE)


@pytest.mark.expect_log
async def test_killed_right_after_queueing_all_of_them_go(rig: Rig):
    draft = for_leads(rig, 0, 1)
    rig.attach(draft, CONTENT)
    rig.delivery.queue(draft, UNDOABLE)
    await rig.crash()
    await rig.boot()
    await rig.run_until_settled()
    notes = rig.in_close()
    assert [len(note["attachments"]) for note in notes] == [1, 1]


async def test_with_the_real_uploads_it_waits_for_the_copies(tmp_path: Path):
    bench = Bench(tmp_path)
    async with bench.signed_in():
        others = (OtherLead(bench.leads[1], "Other"),)
        draft = bench.draft(also_leads=others)
        bench.post(ReviseDraft(draft))
        drop(bench, draft, file_of(tmp_path, "a.bin", b"x" * 3_000_000))
        bench.post(SendDraft(draft))
        entry = (await bench.told(DraftQueued)).entry
        assert entry.frozen.also_leads == ()
        sibling = await bench.told(OutboxChanged, lambda e: e.entry.id != entry.id)
        assert sibling.entry.frozen.lead_id == bench.leads[1]
        bench.post(RecallNote(sibling.entry.id))
        opened = await bench.told(DraftOpened)
        assert (opened.draft.id, opened.draft.also_leads) == (draft.id, others)
        before = bench.place
        bench.post(SendDraft(opened.draft))
        await bench.passes(NoteSent, since=before)
        second = await bench.passes(
            NoteSent, lambda e: e.note.lead_id == bench.leads[1], since=before
        )
        assert [file.size_bytes for file in second.note.attachments] == [3_000_000]

"""The notes of a lead: read page by page, kept as far as they were read, right again when asked."""

from pathlib import Path

import pytest

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.model.commands import LoadComments, LoadNotes, OpenLead
from close_notes_gui.model.events import CommentsLoaded, NetworkChanged, NotesLoaded
from close_notes_gui.model.ids import LeadId, NoteId
from close_notes_gui.model.note import NoteChanges
from close_notes_gui.model.paging import merged
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.sandbox.faults import Fault, FaultKind
from close_notes_gui.sandbox.transport import AsyncSandboxTransport
from tests.engine.engine_rig import Bench
from tests.engine.fakes import settle

pytestmark = pytest.mark.anyio


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def in_close(bench: Bench, lead_id: LeadId) -> list[str]:
    """Ids as Close lists them, newest first."""
    notes = bench.fake.notes_on(lead_id)
    return [n["id"] for n in sorted(notes, key=lambda n: (n["date_created"], n["id"]))][::-1]


async def read(bench: Bench, lead_id: LeadId, *, skip: int = 0) -> NotesLoaded:
    """The last word on this page."""
    before = bench.place
    bench.post(LoadNotes(lead_id, skip=skip))
    return await bench.told(
        NotesLoaded,
        lambda e: bool(e.skip) == bool(skip) and (not e.is_cached or e.problem is not None),
        since=before,
    )


async def read_all(bench: Bench, lead_id: LeadId) -> list[str]:
    """All ids, as a window gathers them."""
    known: tuple[NoteId, ...] = ()
    has_more, skip = True, 0
    while has_more:
        page = await read(bench, lead_id, skip=skip)
        ids = tuple(note.id for note in page.notes)
        known = merged(known, ids, skip=page.skip, has_more=page.has_more, id_of=lambda own: own)
        has_more, skip = page.has_more, len(known)
    return list(known)


def kept(bench: Bench, lead_id: LeadId) -> list[str]:
    cached = bench.workplace.store.notes.get(lead_id)
    return [] if cached is None else [note.id for note in cached.notes]


async def test_all_pages_are_read_and_kept(bench: Bench):
    lead_id = bench.leads[0]
    bench.fake.add_notes(lead_id, 250)
    async with bench.signed_in():
        assert await read_all(bench, lead_id) == in_close(bench, lead_id)
        assert kept(bench, lead_id) == in_close(bench, lead_id)


async def test_offline_after_a_restart_all_that_was_read_is_there_page_by_page(bench: Bench):
    lead_id = bench.leads[0]
    bench.fake.add_notes(lead_id, 250)
    async with bench.signed_in():
        await read_all(bench, lead_id)
        read_at = bench.clock.now()
    bench.break_line()
    await bench.clock.advance(7200)
    async with bench.running():
        before = bench.place
        bench.post(OpenLead(lead_id))
        first = await bench.told(NotesLoaded, since=before)
        assert (first.is_cached, first.has_more, len(first.notes)) == (True, True, 30)
        assert first.fetched_at <= read_at
        found = [note.id for note in first.notes]
        await bench.told(NetworkChanged)
        await bench.told(NotesLoaded, lambda e: e.problem is not None, since=before)
        await settle()
        asked = len(bench.fake.faults.struck)
        while True:
            page = await read(bench, lead_id, skip=len(found))
            assert page.is_cached
            assert page.problem is not None
            found += [note.id for note in page.notes]
            if not page.has_more:
                break
        assert found == in_close(bench, lead_id)
        more = len(bench.fake.faults.struck) - asked  # the lead itself may still be asked for
        assert more < 2, "no time-out is waited for at each page"


async def test_what_was_read_in_part_is_shown_in_part_offline(bench: Bench):
    lead_id = bench.leads[0]
    bench.fake.add_notes(lead_id, 250)
    async with bench.signed_in():
        await read(bench, lead_id)
        bench.break_line()
        before = bench.place
        failed = await read(bench, lead_id, skip=30)
        assert failed.problem is not None
        assert (failed.problem.kind, failed.notes) == (ProblemKind.OFFLINE, ())
        bench.post(OpenLead(lead_id))
        cached = await bench.told(NotesLoaded, lambda e: e.is_cached, since=before)
        assert (len(cached.notes), cached.has_more) == (30, True)


async def test_what_others_changed_and_deleted_is_right_after_a_refresh(bench: Bench):
    lead_id = bench.leads[0]
    bench.fake.add_notes(lead_id, 40)
    key = ApiKey(bench.fake.issue_key(1))
    async with (
        bench.signed_in(),
        CloseClient(key, transport=AsyncSandboxTransport(bench.fake), clock=bench.clock) as jane,
    ):
        page = await read(bench, lead_id)
        await read(bench, lead_id, skip=30)
        changed, deleted = page.notes[3], page.notes[5]
        await jane.update_note(changed.id, NoteChanges(title="Jane's"))
        await jane.delete_note(deleted.id)
        fresh = await read(bench, lead_id)
        assert fresh.notes[3].title == "Jane's"
        assert deleted.id not in {note.id for note in fresh.notes}
        assert kept(bench, lead_id) == in_close(bench, lead_id)


async def test_where_notes_were_deleted_between_two_pages_none_is_missed(bench: Bench):
    lead_id = bench.leads[0]
    bench.fake.add_notes(lead_id, 60)
    key = ApiKey(bench.fake.issue_key(1))
    async with (
        bench.signed_in(),
        CloseClient(key, transport=AsyncSandboxTransport(bench.fake), clock=bench.clock) as jane,
    ):
        first = await read(bench, lead_id)
        for note in first.notes[:3]:
            await jane.delete_note(note.id)
        await read(bench, lead_id, skip=30)
        assert set(in_close(bench, lead_id)) <= set(kept(bench, lead_id))


async def test_comments_are_read_and_their_failure_told(bench: Bench):
    note = bench.fake.all_notes()[0]
    async with bench.signed_in():
        client = bench.workplace.line.client
        assert client is not None
        await client.add_comment(note["id"], "<body><p>Well done</p></body>")
        bench.post(LoadComments(NoteId(note["id"])))
        loaded = await bench.told(CommentsLoaded)
        assert [c.body_html for c in loaded.comments] == ["<body><p>Well done</p></body>"]
        before = bench.place
        bench.break_line()
        bench.post(LoadComments(NoteId(note["id"])))
        offline = await bench.told(CommentsLoaded, since=before)
        assert (offline.comments, offline.problem is None) == (loaded.comments, False)
        bench.mend_line()
        before = bench.place
        bench.fake.faults.add(Fault(FaultKind.STATUS_BEFORE, path="/comment/", status=403))
        bench.post(LoadComments(NoteId(note["id"])))
        refused = await bench.told(CommentsLoaded, lambda e: e.note_id == note["id"], since=before)
        bench.post(LoadComments(NoteId("acti_none")))
        gone = await bench.told(CommentsLoaded, lambda e: e.note_id == "acti_none", since=before)
        assert refused.problem is not None
        assert gone.problem is not None
        kinds = {refused.problem.kind, gone.problem.kind}
        assert kinds == {ProblemKind.NOT_ALLOWED, ProblemKind.NOTE_GONE}

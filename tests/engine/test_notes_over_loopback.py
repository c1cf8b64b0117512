"""The life of a note over real sockets: sent to two leads, edited, pinned, commented on, deleted."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from close_notes_gui.engine.clock import SystemClock
from close_notes_gui.model.amendment import AmendmentKind
from close_notes_gui.model.commands import (
    AmendNote,
    ChangeSettings,
    LoadComments,
    OverwriteNote,
    ReviseDraft,
    SendAsNew,
    SendDraft,
    UndoAmendment,
)
from close_notes_gui.model.draft import Draft, OtherLead, OutboxState
from close_notes_gui.model.events import (
    AmendmentChanged,
    AmendmentDone,
    AmendmentRemoved,
    CommentsLoaded,
    NoteSent,
    OutboxChanged,
    SettingsChanged,
)
from close_notes_gui.model.ids import LeadId, new_amendment_id, new_draft_id
from close_notes_gui.model.note import Note, NoteChanges
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.sandbox.server import SandboxServer
from tests.engine.engine_rig import Bench, drop, file_of, note_html

pytestmark = pytest.mark.anyio
A = AmendmentKind


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with SandboxServer(leads=12) as running:
        yield running


@pytest.fixture
async def bench(tmp_path: Path, server: SandboxServer):
    bench = Bench(tmp_path)
    bench.fake = server.fake
    bench.leads = [LeadId(lead_id) for lead_id in server.fake.lead_ids(4)]
    bench.keep_key(server.api_key)
    async with bench.signed_in(
        base_url=server.base_url, api_transport=None, storage_transport=None, clock=SystemClock()
    ):
        bench.post(ChangeSettings(Settings(undo_send_s=0)))
        await bench.told(SettingsChanged)
        yield bench


async def sent(bench: Bench, draft: Draft) -> Note:
    before = bench.place
    bench.post(SendDraft(draft))
    return (await bench.told(NoteSent, since=before)).note


async def amended(bench: Bench, kind: AmendmentKind, note: Note, body: str = "") -> AmendmentDone:
    before = bench.place
    bench.post(AmendNote(new_amendment_id(), kind, note, body))
    return await bench.told(AmendmentDone, since=before)


def edit_of(note: Note, **changes: object) -> Draft:
    values: dict[str, object] = {
        "note_html": note.note_html,
        "title": note.title,
        "kept_files": note.attachments,
        "pinned": note.pinned,
    }
    return Draft(
        new_draft_id(),
        note.lead_id,
        "A lead",
        revision=1,
        base=note,
        **(values | changes),  # type: ignore[arg-type]
    )


async def test_a_note_lives_and_is_deleted(bench: Bench, tmp_path: Path):
    note = await sent(bench, bench.draft(title="Call"))
    edit = edit_of(note, note_html=note_html("Said better"), title="")
    bench.post(ReviseDraft(edit))
    drop(bench, edit, file_of(tmp_path, "offer.txt", b"the offer"))
    edited = await sent(bench, edit)
    assert (edited.id, edited.note_text, edited.title) == (note.id, "Said better", "")
    (file,) = edited.attachments
    assert bench.fake.file_sha256(file.url) == hashlib.sha256(b"the offer").hexdigest()
    pinned = (await amended(bench, A.PIN, edited)).note
    assert pinned is not None
    assert pinned.pinned
    done = await amended(bench, A.COMMENT, pinned, "<body><p>Well done</p></body>")
    assert done.comment is not None
    bench.post(LoadComments(note.id))
    assert (await bench.told(CommentsLoaded)).comments == (done.comment,)
    unpinned = (await amended(bench, A.UNPIN, pinned)).note
    assert unpinned is not None
    assert not unpinned.pinned
    assert unpinned.comment_count == 1
    assert (await amended(bench, A.DELETE, unpinned)).note is None
    assert note.id not in {n["id"] for n in bench.fake.all_notes()}


async def test_one_note_for_two_leads(bench: Bench):
    others = (OtherLead(bench.leads[1], "Other"),)
    before = bench.place
    bench.post(SendDraft(bench.draft(also_leads=others)))
    first = await bench.told(NoteSent, lambda e: e.note.lead_id == bench.leads[0], since=before)
    second = await bench.told(NoteSent, lambda e: e.note.lead_id == bench.leads[1], since=before)
    assert first.note.note_text == second.note.note_text


async def test_a_conflict_is_asked_about_and_answered(bench: Bench):
    note = await sent(bench, bench.draft())
    client = bench.workplace.line.client
    assert client is not None
    await client.update_note(note.id, NoteChanges(note_html=note_html("Theirs")))
    before = bench.place
    bench.post(SendDraft(edit_of(note, note_html=note_html("Mine"))))
    asking = await bench.told(
        OutboxChanged, lambda event: event.entry.state is OutboxState.ASKING, since=before
    )
    assert asking.entry.found is not None
    assert asking.entry.found.note_text == "Theirs"
    bench.post(OverwriteNote(asking.entry.id))
    assert (await bench.told(NoteSent, since=before)).note.note_text == "Mine"


async def test_an_edit_of_a_note_that_is_gone_goes_as_a_new_one(bench: Bench):
    note = await sent(bench, bench.draft())
    await amended(bench, A.DELETE, note)
    before = bench.place
    bench.post(SendDraft(edit_of(note, note_html=note_html("Still said"))))
    failed = await bench.told(
        OutboxChanged, lambda event: event.entry.state is OutboxState.FAILED, since=before
    )
    assert failed.entry.problem is not None
    assert failed.entry.problem.kind is ProblemKind.NOTE_GONE
    bench.post(SendAsNew(failed.entry.id))
    new = (await bench.told(NoteSent, since=before)).note
    assert (new.id != note.id, new.note_text) == (True, "Still said")


async def test_a_deletion_is_undone_within_its_time(bench: Bench):
    note = await sent(bench, bench.draft())
    bench.post(ChangeSettings(Settings(undo_send_s=30)))
    amendment_id = new_amendment_id()
    bench.post(AmendNote(amendment_id, A.DELETE, note))
    await bench.told(AmendmentChanged, lambda event: event.amendment.id == amendment_id)
    bench.post(UndoAmendment(amendment_id))
    await bench.told(AmendmentRemoved)
    assert note.id in {n["id"] for n in bench.fake.all_notes()}

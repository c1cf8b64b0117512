"""Edits of notes in Close: only what changed, never over another's words, safe to repeat."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from close_notes_gui.closeapi.wire.notes import note_changes
from close_notes_gui.model.draft import OutboxState
from close_notes_gui.model.events import (
    DraftOpened,
    DraftQueued,
    NoteSent,
    SendRefused,
    TroubleArose,
)
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.sandbox.faults import FaultKind
from tests.engine.delivery_rig import AT_ONCE, NOTE, UNDOABLE, crashing_at
from tests.engine.notes_rig import NotesRig, html

pytestmark = pytest.mark.anyio
S = OutboxState
K = ProblemKind


@pytest.fixture
async def rig(tmp_path):
    rig = NotesRig(tmp_path)
    await rig.boot()
    yield rig
    await rig.close()


async def test_an_edit_changes_the_note_and_nothing_else(rig: NotesRig):
    note = await rig.note(title="Call", pinned=True)
    entry = await rig.send(rig.edit(note, note_html=html("as it is now")))
    assert rig.state(entry) is S.SENT
    there = rig.there(note)
    assert (there["note"], there["title"], there["pinned"]) == ("as it is now", "Call", True)
    assert there["activity_at"] == rig.there(note)["date_created"]
    (sent,) = rig.told(NoteSent)
    assert (sent.note.id, sent.note.note_text) == (note.id, "as it is now")
    assert len(rig.in_close()) == 1
    assert rig.told(DraftQueued)[0].entry.id == entry.id


@pytest.mark.parametrize(
    ("changes", "properties"),
    [
        ({"note_html": html("new")}, {"note_html"}),
        ({"title": "New"}, {"title"}),
        ({"pinned": True}, {"pinned"}),
        ({"title": "New", "pinned": True}, {"title", "pinned"}),
    ],
)
async def test_only_what_changed_is_sent(rig: NotesRig, changes, properties, monkeypatch):
    note = await rig.note(title="Old")
    asked = []
    update = rig.client.update_note

    async def spy(note_id, wanted):
        asked.append(wanted)
        return await update(note_id, wanted)

    monkeypatch.setattr(rig.client, "update_note", spy)
    await rig.send(rig.edit(note, **changes))
    (wanted,) = asked
    assert set(note_changes(wanted)) == properties


async def test_title_contact_and_date_can_be_changed_and_taken_away(rig: NotesRig):
    lead = rig.fake.lead(rig.leads[0])
    contact = lead["contacts"][0]["id"]
    note = await rig.note(title="Call")
    at = note.activity_at - timedelta(days=2, microseconds=note.activity_at.microsecond % 1000)
    await rig.send(rig.edit(note, title="", contact_id=contact, activity_at=at))
    there = rig.there(note)
    assert (there["title"] or "", there["contact_id"]) == ("", contact)
    changed = await rig.client.note(note.id)
    assert changed.activity_at == at
    await rig.send(rig.edit(changed, contact_id=None))
    assert rig.there(note)["contact_id"] is None


async def test_files_are_kept_added_and_removed(rig: NotesRig):
    note = await rig.note_with_file()
    draft = rig.edit(note)
    added = rig.attach(draft, b"a new file", filename="new.txt")
    await rig.send(draft)
    names = [one["filename"] for one in rig.there(note)["attachments"]]
    assert names == ["old.txt", "new.txt"]
    assert rig.store.attachments.get(added) is None
    changed = await rig.client.note(note.id)
    await rig.send(rig.edit(changed, kept_files=changed.attachments[1:]))
    names = [one["filename"] for one in rig.there(note)["attachments"]]
    assert names == ["new.txt"]


async def test_a_file_that_a_colleague_added_stays(rig: NotesRig):
    note = await rig.note_with_file()
    theirs = await rig.uploaded_by_colleague("theirs.txt", b"theirs")
    await rig.colleague_changes(note.id, attachments=(*note.attachments, theirs))
    draft = rig.edit(note, kept_files=())
    rig.attach(draft, b"mine", filename="mine.txt")
    entry = await rig.send(draft)
    assert rig.state(entry) is S.SENT
    names = {one["filename"] for one in rig.there(note)["attachments"]}
    assert names == {"theirs.txt", "mine.txt"}


async def test_an_edit_that_changes_nothing_is_refused(rig: NotesRig):
    note = await rig.note(title="Call")
    spelled = rig.edit(note, note_html="<body><p>as  it was</p></body>", title=" Call ")
    rig.delivery.queue(rig.edit(note), UNDOABLE)
    rig.delivery.queue(spelled, UNDOABLE)
    assert [e.problem.kind for e in rig.told(SendRefused)] == [K.NOTE_UNCHANGED] * 2
    assert rig.store.outbox.entries() == ()


async def test_a_note_cannot_be_emptied_by_an_edit(rig: NotesRig):
    note = await rig.note()
    rig.delivery.queue(rig.edit(note, note_html="<body><p></p></body>"), UNDOABLE)
    assert [e.problem.kind for e in rig.told(SendRefused)] == [K.NOTE_EMPTY]


async def test_an_edit_is_held_and_can_be_undone(rig: NotesRig):
    note = await rig.note()
    draft = rig.edit(note, note_html=html("no, wait"))
    entry = await rig.send(draft, UNDOABLE)
    assert rig.state(entry) is S.HELD
    rig.delivery.recall(entry.id)
    (opened,) = rig.told(DraftOpened)
    assert opened.draft == draft
    await rig.run(10)
    assert rig.text(note) == "as it was"
    assert rig.calls("PUT") == 0


# --- refusals


async def test_an_edit_of_a_note_that_is_gone_can_be_sent_as_a_new_one(rig: NotesRig):
    note = await rig.note()
    await rig.colleague_deletes(note.id)
    draft = rig.edit(note, note_html=html("mine"))
    rig.attach(draft, b"mine too")
    entry = await rig.send(draft)
    failed = rig.entry(entry)
    assert (failed.state, failed.problem.kind) == (S.FAILED, K.NOTE_GONE)
    rig.delivery.reassign(entry.id, lead_id=rig.leads[1], lead_name="other")
    rig.delivery.retry(entry.id)
    await rig.settle()
    assert rig.in_close() == []  # by the rep's own word alone
    assert rig.state(entry) is S.FAILED
    rig.delivery.send_as_new(entry.id)
    await rig.settle()
    assert rig.state(entry) is S.SENT
    (new,) = rig.in_close()
    assert (new["note"], new["lead_id"]) == ("mine", rig.leads[0])
    assert (await rig.client.note(new["id"])).activity_at == note.activity_at
    assert len(new["attachments"]) == 1


async def test_a_new_note_cannot_be_sent_as_new(rig: NotesRig):
    rig.fault(FaultKind.STATUS_BEFORE, status=400)
    entry = await rig.send(rig.draft())
    rig.delivery.send_as_new(entry.id)
    await rig.settle()
    assert rig.state(entry) is S.FAILED
    assert [e.problem.kind for e in rig.told(TroubleArose)] == [K.TOO_LATE]


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize(
    ("status", "kind"), [(400, K.REFUSED), (402, K.PLAN_LIMIT), (403, K.NOT_ALLOWED)]
)
async def test_a_refused_edit_fails_with_the_reason_and_can_be_mended(
    rig: NotesRig, method, status, kind
):
    note = await rig.note()
    rig.fault(FaultKind.STATUS_BEFORE, method=method, status=status)
    entry = await rig.send(rig.edit(note, note_html=html("mine")))
    failed = rig.entry(entry)
    assert (failed.state, failed.problem.kind, failed.can_recall) == (S.FAILED, kind, True)
    rig.delivery.retry(entry.id)
    await rig.settle()
    assert rig.text(note) == "mine"


async def test_file_addresses_that_close_does_not_know_are_renewed(rig: NotesRig):
    note = await rig.note()
    draft = rig.edit(note)
    file = rig.attach(draft, b"content")
    wrong = "https://app.close.com/go/file/temporary/user_1/unknowntoken/a.txt/"
    rig.store.attachments.uploaded(file, url=wrong, at=rig.clock.now())
    entry = await rig.send(draft)
    assert rig.state(entry) is S.SENT
    assert (len(rig.there(note)["attachments"]), rig.calls("PUT")) == (1, 2)


# --- lost answers, pauses, crashes


@pytest.mark.parametrize(
    "kind", [FaultKind.DROP_AFTER, FaultKind.RESET_AFTER, FaultKind.STATUS_AFTER]
)
async def test_a_lost_answer_of_an_edit_that_was_done_is_found_done(rig: NotesRig, kind):
    note = await rig.note_with_file()
    rig.fault(kind, method="PUT", status=502)
    draft = rig.edit(note, note_html=html("mine"))
    rig.attach(draft, b"new", filename="new.txt")
    entry = await rig.send(draft)
    assert rig.state(entry) is S.QUEUED
    assert not rig.entry(entry).can_recall
    await rig.run(10)
    assert rig.state(entry) is S.SENT
    assert rig.calls("PUT") == 1
    assert len(rig.there(note)["attachments"]) == 2


async def test_done_in_close_s_own_spelling_it_is_found_done(rig: NotesRig):
    rig.fake.behaviour.normalises_html = True
    note = await rig.note()
    rig.fault(FaultKind.DROP_AFTER, method="PUT")
    mine = "<body><p>mine <strong>and</strong>  bold</p><p></p></body>"
    entry = await rig.send(rig.edit(note, note_html=mine))
    await rig.run(10)
    assert rig.state(entry) is S.SENT
    assert rig.calls("PUT") == 1


async def test_done_without_what_close_does_not_keep_it_is_found_done(rig: NotesRig):
    rig.fake.behaviour.drops_undocumented = True
    note = await rig.note()
    rig.fault(FaultKind.DROP_AFTER, method="PUT")
    mine = "<body><blockquote><p>they said yes</p></blockquote></body>"
    entry = await rig.send(rig.edit(note, note_html=mine))
    await rig.run(10)
    assert rig.state(entry) is S.SENT
    assert rig.calls("PUT") == 1
    assert rig.text(note) == "they said yes"


@pytest.mark.parametrize("kind", [FaultKind.DROP_BEFORE, FaultKind.STATUS_BEFORE])
async def test_a_lost_answer_of_an_edit_that_was_not_done_is_asked_again(rig: NotesRig, kind):
    note = await rig.note()
    rig.fault(kind, method="PUT", status=503)
    entry = await rig.send(rig.edit(note, note_html=html("mine")))
    await rig.run(10)
    assert rig.state(entry) is S.SENT
    assert rig.text(note) == "mine"
    assert rig.calls("PUT") == 2


async def test_lost_and_changed_by_another_since_it_is_asked_about(rig: NotesRig):
    note = await rig.note()
    rig.fault(FaultKind.DROP_AFTER, method="PUT")
    entry = await rig.send(rig.edit(note, note_html=html("mine")))
    await rig.colleague_changes(note.id, note_html=html("hers, after mine"))
    await rig.run(10)
    assert rig.state(entry) is S.ASKING
    assert rig.text(note) == "hers, after mine"


async def test_offline_an_edit_waits_and_can_be_taken_back(rig: NotesRig):
    note = await rig.note()
    rig.fault(FaultKind.DNS_FAILURE, method=None, path="", times=None)
    draft = rig.edit(note, note_html=html("mine"))
    entry = await rig.send(draft)
    await rig.run(10)
    waiting = rig.entry(entry)
    assert (waiting.state, waiting.problem.kind, waiting.can_recall) == (S.QUEUED, K.OFFLINE, True)
    rig.fake.faults.clear()
    rig.delivery.wake()
    await rig.settle()
    assert rig.text(note) == "mine"


async def test_not_a_byte_has_left_so_it_still_can_be_taken_back(rig: NotesRig):
    note = await rig.note()
    rig.fault(FaultKind.CONNECT_ERROR, method="PUT")
    entry = await rig.send(rig.edit(note, note_html=html("mine")))
    assert rig.state(entry) is S.QUEUED
    assert rig.entry(entry).can_recall


async def test_the_key_is_revoked_and_given_anew(rig: NotesRig):
    note = await rig.note()
    rig.fake.revoke_key(rig.key)
    entry = await rig.send(rig.edit(note, note_html=html("mine")))
    await rig.run(60, step_s=10)
    assert (rig.state(entry), rig.refused_keys) == (S.QUEUED, 1)
    asked = rig.calls("GET")
    await rig.sign_in_again()
    assert rig.state(entry) is S.SENT
    assert rig.calls("GET") == asked + 1


async def test_throttled_it_waits_as_long_as_close_says(rig: NotesRig):
    note = await rig.note()
    rig.fault(FaultKind.THROTTLE, method="PUT", reset_s=20)
    entry = await rig.send(rig.edit(note, note_html=html("mine")))
    await rig.run(18)
    assert (rig.text(note), rig.entry(entry).can_recall) == ("as it was", True)
    await rig.run(4)
    assert rig.text(note) == "mine"


RUNGS = ["queued", "uploading", "uploaded", "posting", "compared", "answered", "sent"]


@pytest.mark.expect_log
@pytest.mark.parametrize("rung", RUNGS)
async def test_killed_at_any_rung_it_is_done_once_and_whole(rig: NotesRig, rung):
    note = await rig.note_with_file()
    draft = rig.edit(note, note_html=html("mine"))
    rig.attach(draft, b"new", filename="new.txt")
    # the crash itself, where queueing meets it
    with crashing_at(rig, rung) as passed, suppress(asyncio.CancelledError):
        rig.delivery.queue(draft, UNDOABLE if rung == "queued" else AT_ONCE)
        await rig.settle()
    assert rung in passed
    await rig.crash()
    await rig.boot()
    await rig.run(30, step_s=5)  # nothing of it waits for a quiet time
    (entry,) = rig.store.outbox.sent_since(rig.clock.now() - timedelta(minutes=30))[-1:]
    assert (entry.frozen.base, entry.note_id) == (note, None)
    assert entry.found is not None
    assert rig.text(note) == "mine"
    assert len(rig.there(note)["attachments"]) == 2
    assert rig.calls("PUT") == 1
    assert [n["id"] for n in rig.in_close()] == [note.id]


async def test_killed_in_conflict_it_still_asks(rig: NotesRig):
    note = await rig.note()
    await rig.colleague_changes(note.id, note_html=html("hers"))
    entry = await rig.send(rig.edit(note, note_html=html("mine")))
    await rig.crash()
    await rig.boot()
    asking = rig.entry(entry)
    assert asking.state is S.ASKING
    assert asking.found is not None
    rig.delivery.overwrite(entry.id)
    await rig.settle()
    assert rig.text(note) == "mine"


@pytest.mark.expect_log
async def test_a_bug_of_ours_after_the_change_does_not_change_it_twice(
    rig: NotesRig, monkeypatch: pytest.MonkeyPatch
):
    note = await rig.note()
    update = rig.client.update_note

    async def buggy(note_id, changes):
        await update(note_id, changes)
        monkeypatch.undo()
        raise ZeroDivisionError

    monkeypatch.setattr(rig.client, "update_note", buggy)
    entry = await rig.send(rig.edit(note, note_html=html("mine")))
    assert rig.state(entry) is S.QUEUED
    await rig.run(70, step_s=10)
    assert rig.state(entry) is S.SENT
    assert rig.calls("PUT") == 1


async def test_an_edit_is_no_twin_of_a_lost_note_with_the_same_words(rig: NotesRig):
    """Edits have no token and no claim: they must not blur the look-up of new notes."""
    note = await rig.note()
    rig.fault(FaultKind.DROP_BEFORE, method="PUT", path=NOTE, times=None)
    entry = await rig.send(rig.edit(note, note_html=html("same words")))
    assert rig.entry(entry).attempts == 1
    assert rig.store.traces.unclaimed() == ()


async def test_an_extra_is_taken_away_though_the_kept_note_was_edited_meanwhile(rig: NotesRig):
    rig.fault(FaultKind.PROCESS_LATE, delay_s=300)
    sent = await rig.send(rig.draft(words="said once"))
    await rig.run(200, step_s=5)
    assert rig.entry(sent).attempts == 2
    note_id = rig.entry(sent).note_id
    assert note_id is not None
    kept = await rig.client.note(note_id)
    await rig.send(rig.edit(kept, note_html=html("said better")))
    await rig.run(200, step_s=5)
    await rig.client.me()  # the first attempt lands now
    assert len(rig.in_close()) == 2
    await rig.run(900, step_s=10)
    assert [note["note"] for note in rig.in_close()] == ["said better"]

"""Delivery against the fake Close: each note once, in order, with its reason where it cannot go."""

from datetime import timedelta

import pytest

from close_notes_gui.model.draft import AttachmentState, OutboxState
from close_notes_gui.model.events import (
    DraftDiscarded,
    DraftOpened,
    DraftQueued,
    LeadMissing,
    NoteSent,
    OutboxChanged,
    OutboxRemoved,
    SendRefused,
    TroubleArose,
)
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.sandbox.faults import FaultKind, ThrottleStyle
from close_notes_gui.store.errors import StoreFull
from tests.engine.delivery_rig import AT_ONCE, UNDOABLE, Rig

pytestmark = pytest.mark.anyio
S = OutboxState
K = ProblemKind


@pytest.fixture
async def rig(tmp_path):
    rig = Rig(tmp_path)
    await rig.boot()
    yield rig
    await rig.close()


async def test_a_note_arrives_as_it_was_written(rig: Rig):
    draft = rig.draft(title="Call", pinned=True)
    entry = await rig.send(draft)
    (note,) = rig.in_close()
    assert note["note_html"] == draft.note_html
    assert (note["title"], note["pinned"], note["lead_id"]) == ("Call", True, rig.leads[0])
    assert rig.state(entry) is S.SENT
    queued, sent = rig.told(DraftQueued), rig.told(NoteSent)
    assert queued[0].draft_id == draft.id
    assert (sent[0].note.id, sent[0].entry.id) == (note["id"], entry.id)
    rungs = [e.entry.state for e in rig.told(OutboxChanged)]
    assert rungs == [S.UPLOADING, S.POSTING, S.SENT]


async def test_files_go_first_and_arrive_byte_for_byte(rig: Rig):
    draft = rig.draft()
    contents = [b"first" * 1000, b"\x00\xff" * 777]
    for n, content in enumerate(contents):
        rig.attach(draft, content, filename=f"Ü {n}.bin")
    await rig.send(draft)
    (note,) = rig.in_close()
    import hashlib

    digests = [rig.fake.file_sha256(a["url"]) for a in note["attachments"]]
    assert digests == [hashlib.sha256(content).hexdigest() for content in contents]
    assert list(rig.store.spool.folder.iterdir()) == []
    assert rig.fake.violations == []


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"lead_id": None}, K.NOTE_NO_LEAD),
        ({"note_html": "<body><p></p></body>"}, K.NOTE_EMPTY),
        ({"note_html": "<body><p> \u200b&#160; </p></body>"}, K.NOTE_EMPTY),
        ({"note_html": "<body><p>a<script>x</script></p></body>"}, K.NOTE_NOT_SENDABLE),
        ({"note_html": "<p>no body</p>"}, K.NOTE_NOT_SENDABLE),
    ],
)
@pytest.mark.expect_log
async def test_what_cannot_be_sent_is_refused_and_stays_a_draft(rig: Rig, changes, kind):
    draft = rig.draft(**changes)
    rig.store.drafts.save(draft)
    rig.delivery.queue(draft, AT_ONCE)
    (refused,) = rig.told(SendRefused)
    assert refused.problem.kind is kind
    assert rig.store.drafts.all() == (draft,)
    assert rig.store.outbox.entries() == ()


async def test_a_title_or_a_file_alone_is_a_note(rig: Rig):
    await rig.send(rig.draft(note_html="<body><p></p></body>", title="Left voicemail"))
    with_file = rig.draft(note_html="<body><p></p></body>")
    rig.attach(with_file, b"x")
    await rig.send(with_file)
    assert len(rig.in_close()) == 2


async def test_a_file_without_bytes_keeps_the_note_from_being_sent(rig: Rig):
    draft = rig.draft()
    file = rig.attach(draft, b"x")
    rig.store._database.change("UPDATE attachment SET kept_path = NULL")
    rig.store.attachments.failed(file, Problem(K.FILE_VANISHED, subject="a.txt"))
    rig.delivery.queue(draft, AT_ONCE)
    (refused,) = rig.told(SendRefused)
    assert (refused.problem.kind, refused.problem.subject) == (K.ATTACHMENT_FAILED, "a.txt")


async def test_send_pressed_twice_sends_once(rig: Rig):
    draft = rig.draft()
    rig.delivery.queue(draft, UNDOABLE)
    rig.delivery.queue(draft, UNDOABLE)
    await rig.run(6)
    assert len(rig.in_close()) == 1
    assert len({e.entry.id for e in rig.told(DraftQueued)}) == 1


async def test_the_same_text_sent_twice_on_purpose_is_there_twice(rig: Rig):
    for _ in range(2):
        await rig.send(rig.draft(words="Left voicemail"))
    assert len(rig.in_close()) == 2


async def test_undo_brings_the_draft_back_untouched(rig: Rig):
    draft = rig.draft()
    rig.attach(draft, b"x")
    entry = await rig.send(draft, UNDOABLE)
    await rig.run(4)
    assert rig.state(entry) is S.HELD
    rig.delivery.recall(entry.id)
    await rig.run(30)
    assert rig.in_close() == []
    (opened,) = rig.told(DraftOpened)
    assert opened.draft == draft
    assert len(opened.attachments) == 1
    assert rig.told(OutboxRemoved)[0].outbox_id == entry.id
    assert rig.store.drafts.all() == (draft,)


async def test_after_the_time_for_undo_it_goes(rig: Rig):
    entry = await rig.send(rig.draft(), UNDOABLE)
    await rig.run(6)
    assert rig.state(entry) is S.SENT
    rig.delivery.recall(entry.id)
    assert rig.told(TroubleArose)[0].problem.kind is K.TOO_LATE


async def test_quitting_within_the_time_for_undo_still_sends(rig: Rig):
    entry = await rig.send(rig.draft(), UNDOABLE)
    await rig.close()
    rig.clock.jump(timedelta(hours=-5))  # the wall clock was set back meanwhile
    await rig.boot()
    await rig.run(31)
    assert rig.state(entry) is S.SENT
    assert len(rig.in_close()) == 1


async def test_send_now_skips_the_time_for_undo(rig: Rig):
    entry = await rig.send(rig.draft(), UNDOABLE)
    rig.delivery.retry(entry.id)
    await rig.settle()
    assert rig.state(entry) is S.SENT


async def test_order_on_a_lead_is_kept_and_leads_do_not_wait_for_each_other(rig: Rig):
    rig.fault(FaultKind.CONNECT_ERROR, times=1)
    first = await rig.send(rig.draft(words="first"))
    await rig.send(rig.draft(words="second"))
    await rig.send(rig.draft(words="other", lead=1))
    assert [n["lead_id"] for n in rig.in_close()] == [rig.leads[1]]
    assert rig.state(first) is S.QUEUED
    await rig.run(10)
    texts = [n["note"] for n in rig.in_close(0)]
    assert ["first" in texts[0], "second" in texts[1]] == [True, True]


@pytest.mark.parametrize(
    ("status", "kind"), [(400, K.REFUSED), (402, K.PLAN_LIMIT), (403, K.NOT_ALLOWED)]
)
async def test_a_poisoned_note_blocks_nobody(rig: Rig, status: int, kind: K):
    rig.fault(FaultKind.STATUS_BEFORE, status=status)
    bad = await rig.send(rig.draft())
    good = await rig.send(rig.draft())
    assert (rig.state(bad), rig.entry(bad).problem.kind) == (S.FAILED, kind)
    assert rig.state(good) is S.SENT
    assert rig.entry(bad).can_recall
    rig.delivery.retry(bad.id)
    await rig.settle()
    assert rig.state(bad) is S.SENT


async def test_a_failed_note_can_be_edited_or_discarded(rig: Rig):
    rig.fault(FaultKind.STATUS_BEFORE, status=400, times=2)
    edited, given_up = rig.draft(), rig.draft()
    first, second = await rig.send(edited), await rig.send(given_up)
    rig.delivery.recall(first.id)
    rig.delivery.discard(second.id)
    assert rig.told(DraftOpened)[0].draft == edited
    assert rig.told(DraftDiscarded)[0].draft_id == given_up.id
    assert rig.store.drafts.restore(given_up.id) == given_up
    assert rig.store.outbox.entries() == ()


async def test_a_refused_key_pauses_all_until_signed_in_again(rig: Rig):
    rig.fake.revoke_key(rig.key)
    entries = [await rig.send(rig.draft(lead=n)) for n in range(3)]
    await rig.run(300, step_s=30)
    assert rig.refused_keys == 1
    assert {rig.state(e) for e in entries} == {S.QUEUED}
    asked = len(rig.fake.requests)
    await rig.run(3600, step_s=60)
    assert len(rig.fake.requests) == asked  # nothing spins
    await rig.sign_in_again()
    assert {rig.state(e) for e in entries} == {S.SENT}
    assert len(rig.in_close()) == 3


@pytest.mark.parametrize("style", list(ThrottleStyle))
async def test_429_waits_as_told(rig: Rig, style: ThrottleStyle):
    rig.fault(FaultKind.THROTTLE, reset_s=40.0, style=style)
    entry = await rig.send(rig.draft())
    assert (rig.state(entry), rig.entry(entry).problem.kind) == (S.QUEUED, K.THROTTLED)
    assert rig.entry(entry).problem.retry_at is not None
    if style is not ThrottleStyle.BARE:
        await rig.run(39)
        assert rig.posts() == 1
    await rig.run(60)
    assert rig.state(entry) is S.SENT
    assert rig.posts() == 2


async def test_offline_backs_off_and_goes_at_once_when_the_network_is_back(rig: Rig):
    rig.fault(FaultKind.CONNECT_ERROR, times=None)
    entry = await rig.send(rig.draft())
    await rig.run(600, step_s=5)
    tries = [s for s in rig.fake.faults.struck if s.kind is FaultKind.CONNECT_ERROR]
    assert 6 <= len(tries) <= 14
    assert rig.entry(entry).can_recall  # nothing was ever posted
    rig.fake.faults.clear()
    rig.delivery.wake()
    await rig.settle()
    assert rig.state(entry) is S.SENT


async def test_a_deleted_lead_stops_the_note_and_another_can_be_chosen(rig: Rig):
    rig.fake.delete_lead(rig.leads[0])
    entry = await rig.send(rig.draft())
    failed = rig.entry(entry)
    assert (failed.state, failed.problem.kind) == (S.FAILED, K.LEAD_GONE)
    assert failed.problem.lead_id is None
    rig.delivery.reassign(entry.id, lead_id=rig.leads[1], lead_name="One")
    await rig.settle()
    assert [n["lead_id"] for n in rig.in_close()] == [rig.leads[1]]


async def test_a_merged_lead_offers_its_destination_and_never_takes_it(rig: Rig):
    rig.fake.merge_leads(rig.leads[0], rig.leads[1])
    entry = await rig.send(rig.draft())
    problem = rig.entry(entry).problem
    name = rig.fake.lead(rig.leads[1])["display_name"]
    assert (problem.kind, problem.lead_id, problem.detail) == (K.LEAD_GONE, rig.leads[1], name)
    assert rig.told(LeadMissing)[0].merged_into.id == rig.leads[1]
    await rig.run(600, step_s=30)
    assert rig.in_close() == []


async def test_an_upload_of_yesterday_is_made_again(rig: Rig):
    draft = rig.draft()
    file = rig.attach(draft, b"the file that was attached")
    await rig.delivery._desk.uploads.ensure_uploaded(file)
    old = rig.store.attachments.get(file).url
    await rig.run(24 * 3600, step_s=3600)
    await rig.send(draft)
    (note,) = rig.in_close()
    assert old not in note["attachments"][0]["url"]
    assert len(rig.store.traces.of(rig.told(NoteSent)[0].entry.id).urls) == 2


async def test_an_address_that_close_does_not_know_is_made_again(rig: Rig):
    draft = rig.draft()
    file = rig.attach(draft, b"bytes")
    wrong = "https://app.close.com/go/file/temporary/user_1/unknowntoken/a.txt/"
    rig.store.attachments.uploaded(file, url=wrong, at=rig.clock.now())
    entry = await rig.send(draft)
    assert rig.state(entry) is S.SENT
    assert rig.posts() == 2


async def test_a_file_that_cannot_go_stops_the_note_and_retry_tries_it_again(rig: Rig):
    draft = rig.draft()
    rig.attach(draft, b"bytes")
    rig.fault(FaultKind.ENTITY_TOO_LARGE, path="storage", at_bytes=1)
    entry = await rig.send(draft)
    assert rig.entry(entry).problem.kind is K.ATTACHMENT_FAILED
    assert rig.posts() == 0
    rig.delivery.retry(entry.id)
    await rig.settle()
    assert rig.state(entry) is S.SENT


async def test_a_full_disk_refuses_the_note_and_keeps_the_draft(rig: Rig):
    draft = rig.draft(words="w" * 100_000)
    rig.store._database.read("PRAGMA max_page_count = 1")
    rig.delivery.queue(draft, AT_ONCE)
    assert rig.told(SendRefused)[0].problem.kind is K.DISK_FULL
    rig.store._database.read("PRAGMA max_page_count = 1000000")
    rig.delivery.queue(draft, AT_ONCE)
    await rig.settle()
    assert len(rig.in_close()) == 1


@pytest.mark.expect_log
async def test_a_disk_that_is_full_when_the_answer_comes_is_waited_for(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
):
    commits = 0
    original = rig.store.outbox.sent

    def full(*args, **kwargs):
        nonlocal commits
        commits += 1
        if commits < 4:
            raise StoreFull("full")
        return original(*args, **kwargs)

    monkeypatch.setattr(rig.store.outbox, "sent", full)
    entry = await rig.send(rig.draft())
    assert rig.state(entry) is S.POSTING
    await rig.run(30)
    assert rig.state(entry) is S.SENT
    assert rig.posts() == 1
    assert [e.problem.kind for e in rig.told(TroubleArose)] == [K.DISK_FULL]


async def test_a_jump_of_the_clock_neither_holds_nor_hurries(rig: Rig):
    entry = await rig.send(rig.draft(), UNDOABLE)
    rig.clock.jump(timedelta(days=400))
    await rig.run(3)
    assert rig.state(entry) is S.HELD
    rig.clock.jump(timedelta(days=-800))
    await rig.run(3)
    assert rig.state(entry) is S.SENT


async def test_retrying_a_note_sends_its_waiting_file_state(rig: Rig):
    draft = rig.draft()
    file = rig.attach(draft, b"x")
    rig.fault(FaultKind.STATUS_BEFORE, path="/files/", status=503)
    entry = await rig.send(draft)
    assert rig.state(entry) is S.QUEUED
    assert rig.store.attachments.get(file).state is AttachmentState.WAITING
    await rig.run(5)
    assert rig.state(entry) is S.SENT

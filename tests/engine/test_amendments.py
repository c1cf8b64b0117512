"""Pin, unpin, delete and comment: shown and kept at once, done once, survived by every crash."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from close_notes_gui.model.amendment import AmendmentKind, AmendmentState
from close_notes_gui.model.commands import AmendNote
from close_notes_gui.model.events import (
    AmendmentChanged,
    AmendmentDone,
    AmendmentRefused,
    AmendmentRemoved,
    TroubleArose,
)
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.sandbox.faults import FaultKind
from close_notes_gui.store.errors import StoreFull
from tests.engine.delivery_rig import AT_ONCE, UNDOABLE, crashing_at
from tests.engine.notes_rig import COMMENT, NotesRig, html

pytestmark = pytest.mark.anyio
A = AmendmentKind
S = AmendmentState
K = ProblemKind
F = FaultKind


@pytest.fixture
async def rig(tmp_path):
    rig = NotesRig(tmp_path)
    await rig.boot()
    yield rig
    await rig.close()


def is_done(rig: NotesRig, kind: AmendmentKind, note) -> bool:
    there = rig.there(note)
    match kind:
        case A.PIN:
            return there["pinned"] is True
        case A.UNPIN:
            return there["pinned"] is False
        case A.DELETE:
            return there is None
        case A.COMMENT:
            return rig.comments(note) == [html("well done")]


async def begun(rig: NotesRig, kind: AmendmentKind, *, settings: Settings = AT_ONCE):
    note = await rig.note(pinned=kind is A.UNPIN)
    body = html("well done") if kind is A.COMMENT else ""
    return note, await rig.amend(kind, note, body_html=body, settings=settings)


@pytest.mark.parametrize("kind", A)
async def test_it_is_done_and_told(rig: NotesRig, kind: AmendmentKind):
    note, amendment_id = await begun(rig, kind)
    assert is_done(rig, kind, note)
    assert rig.amendment(amendment_id) is None
    (done,) = rig.told(AmendmentDone)
    assert (done.amendment.id, done.amendment.kind) == (amendment_id, kind)
    match kind:
        case A.DELETE:
            assert done.note is None
        case A.COMMENT:
            assert done.comment.body_html == html("well done")
            assert done.note.comment_count == 1
        case _:
            assert done.note.pinned is (kind is A.PIN)
    assert [e.amendment.state for e in rig.told(AmendmentChanged)] == [S.QUEUED, S.DOING]


@pytest.mark.parametrize("kind", [A.PIN, A.UNPIN, A.DELETE])
async def test_held_for_undo_it_asks_nothing_and_can_be_taken_back(rig: NotesRig, kind):
    note, amendment_id = await begun(rig, kind, settings=UNDOABLE)
    assert rig.amendment_state(amendment_id) is S.HELD
    await rig.run(4)
    assert not is_done(rig, kind, note)
    rig.delivery.amending.undo(amendment_id)
    assert [e.amendment_id for e in rig.told(AmendmentRemoved)] == [amendment_id]
    await rig.run(10)
    assert not is_done(rig, kind, note)


@pytest.mark.parametrize("kind", [A.PIN, A.UNPIN, A.DELETE])
async def test_after_the_time_for_undo_it_goes(rig: NotesRig, kind):
    note, amendment_id = await begun(rig, kind, settings=UNDOABLE)
    await rig.run(6)
    assert is_done(rig, kind, note)
    rig.delivery.amending.undo(amendment_id)
    assert [e.problem.kind for e in rig.told(TroubleArose)] == [K.TOO_LATE]


async def test_a_comment_is_not_held(rig: NotesRig):
    note, _ = await begun(rig, A.COMMENT, settings=UNDOABLE)
    assert is_done(rig, A.COMMENT, note)


async def test_tried_now_the_time_for_undo_is_skipped(rig: NotesRig):
    note, amendment_id = await begun(rig, A.PIN, settings=UNDOABLE)
    rig.delivery.amending.retry(amendment_id)
    await rig.settle()
    assert is_done(rig, A.PIN, note)


@pytest.mark.parametrize("body", ["<body><p> </p></body>", "<body><p>broken</body>"])
@pytest.mark.expect_log
async def test_a_comment_that_cannot_be_sent_is_refused(rig: NotesRig, body: str):
    note = await rig.note()
    amendment_id = await rig.amend(A.COMMENT, note, body_html=body)
    (refused,) = rig.told(AmendmentRefused)
    assert refused.amendment_id == amendment_id
    assert refused.problem.kind in {K.NOTE_EMPTY, K.NOTE_NOT_SENDABLE}
    assert rig.store.amendments.all() == ()


async def test_on_a_full_disk_nothing_is_promised(rig: NotesRig, monkeypatch):
    def full(*_args, **_kwargs):
        raise StoreFull("no room")

    note = await rig.note()
    monkeypatch.setattr(rig.store.amendments, "add", full)
    await rig.amend(A.DELETE, note)
    assert [e.problem.kind for e in rig.told(AmendmentRefused)] == [K.DISK_FULL]
    assert rig.there(note) is not None


async def test_asked_twice_with_one_id_it_is_done_once(rig: NotesRig):
    note = await rig.note()
    amendment_id = await rig.amend(A.PIN, note, settings=UNDOABLE)
    rig.delivery.amending.amend(AmendNote(amendment_id, A.PIN, note), UNDOABLE)
    assert len(rig.told(AmendmentChanged)) == 1


# --- refusals


@pytest.mark.parametrize("kind", A)
@pytest.mark.parametrize(
    ("status", "problem"), [(400, K.REFUSED), (402, K.PLAN_LIMIT), (403, K.NOT_ALLOWED)]
)
async def test_refused_it_says_why_and_can_be_tried_again_or_put_away(
    rig: NotesRig, kind, status, problem
):
    method = {A.DELETE: "DELETE", A.COMMENT: "POST"}.get(kind, "PUT")
    path = COMMENT if kind is A.COMMENT else "/activity/note/acti_"
    rig.fault(F.STATUS_BEFORE, method=method, path=path, status=status, times=2)
    note, amendment_id = await begun(rig, kind)
    failed = rig.amendment(amendment_id)
    assert (failed.state, failed.problem.kind, failed.can_undo) == (S.FAILED, problem, True)
    assert not is_done(rig, kind, note)
    await rig.run(60, step_s=10)
    rig.delivery.amending.retry(amendment_id)
    await rig.settle()
    assert rig.amendment_state(amendment_id) is S.FAILED
    rig.delivery.amending.undo(amendment_id)
    assert rig.store.amendments.all() == ()
    assert rig.told(AmendmentRemoved)


@pytest.mark.parametrize("kind", [A.PIN, A.UNPIN, A.COMMENT])
async def test_of_a_note_that_is_gone(rig: NotesRig, kind):
    note = await rig.note(pinned=kind is A.UNPIN)
    await rig.colleague_deletes(note.id)
    amendment_id = await rig.amend(kind, note, body_html=html("x"))
    assert rig.amendment(amendment_id).problem.kind is K.NOTE_GONE


async def test_deleting_what_is_deleted_already_is_done(rig: NotesRig):
    note = await rig.note()
    await rig.colleague_deletes(note.id)
    await rig.amend(A.DELETE, note)
    assert len(rig.told(AmendmentDone)) == 1


# --- on the way


@pytest.mark.parametrize("kind", A)
async def test_offline_it_waits_and_can_be_taken_back(rig: NotesRig, kind):
    note = await rig.note(pinned=kind is A.UNPIN)
    rig.fault(F.DNS_FAILURE, method=None, path="", times=None)
    amendment_id = await rig.amend(kind, note, body_html=html("well done"))
    await rig.run(20, step_s=5)
    waiting = rig.amendment(amendment_id)
    assert (waiting.state, waiting.problem.kind, waiting.can_undo) == (S.QUEUED, K.OFFLINE, True)
    rig.fake.faults.clear()
    rig.delivery.wake()
    await rig.settle()
    assert is_done(rig, kind, note)


@pytest.mark.parametrize("kind", A)
async def test_the_key_is_revoked_and_given_anew(rig: NotesRig, kind):
    note = await rig.note(pinned=kind is A.UNPIN)
    rig.fake.revoke_key(rig.key)
    amendment_id = await rig.amend(kind, note, body_html=html("well done"))
    await rig.run(30, step_s=10)
    assert (rig.amendment_state(amendment_id), rig.refused_keys) == (S.QUEUED, 1)
    await rig.sign_in_again()
    assert is_done(rig, kind, note)


@pytest.mark.parametrize("kind", A)
async def test_throttled_it_waits_as_long_as_close_says(rig: NotesRig, kind):
    note = await rig.note(pinned=kind is A.UNPIN)
    path = COMMENT if kind is A.COMMENT else "/activity/note/acti_"
    rig.fault(F.THROTTLE, method=None, path=path, reset_s=20)
    amendment_id = await rig.amend(kind, note, body_html=html("well done"))
    await rig.run(18)
    assert rig.amendment(amendment_id).can_undo
    assert not is_done(rig, kind, note)
    await rig.run(4)
    assert is_done(rig, kind, note)


@pytest.mark.parametrize("kind", [A.PIN, A.UNPIN, A.DELETE])
@pytest.mark.parametrize("fault", [F.DROP_AFTER, F.DROP_BEFORE, F.STATUS_AFTER, F.CAPTIVE_PORTAL])
async def test_a_lost_answer_is_asked_for_again(rig: NotesRig, kind, fault):
    note = await rig.note(pinned=kind is A.UNPIN)
    method = "DELETE" if kind is A.DELETE else "PUT"
    rig.fault(fault, method=method, status=504)
    amendment_id = await rig.amend(kind, note)
    assert not rig.amendment(amendment_id).can_undo
    await rig.run(10)
    assert is_done(rig, kind, note)
    assert len(rig.told(AmendmentDone)) == 1


async def test_those_of_one_note_go_in_order_those_of_others_beside(rig: NotesRig):
    first, other = await rig.note("first"), await rig.note("other")
    rig.fault(F.THROTTLE, method="PUT", path=f"/activity/note/{first.id}", reset_s=3)
    rig.fault(F.STATUS_BEFORE, method="PUT", path=f"/activity/note/{first.id}", status=503)
    await rig.amend(A.PIN, first)
    await rig.amend(A.UNPIN, first)
    await rig.amend(A.PIN, other)
    await rig.run(20)
    assert (rig.there(first)["pinned"], rig.there(other)["pinned"]) == (False, True)
    pins = [e.note.pinned for e in rig.told(AmendmentDone) if e.note.id == first.id]
    assert pins == [True, False]


async def test_one_that_failed_keeps_nobody_waiting(rig: NotesRig):
    note = await rig.note()
    rig.fault(F.STATUS_BEFORE, method="PUT", status=403)
    await rig.amend(A.PIN, note)
    await rig.amend(A.DELETE, note)
    assert rig.there(note) is None


async def test_a_clock_that_is_set_back_does_not_put_it_before_an_edit(rig: NotesRig):
    note = await rig.note()
    await rig.send(rig.edit(note, note_html=html("mine")), UNDOABLE)
    rig.clock.jump(timedelta(hours=-1))
    await rig.amend(A.DELETE, note)
    assert rig.there(note) is not None
    await rig.run(10)
    assert rig.there(note) is None
    assert rig.store.outbox.entries() == ()


async def test_it_waits_for_an_edit_that_was_queued_before(rig: NotesRig):
    note = await rig.note()
    edit = await rig.send(rig.edit(note, note_html=html("mine")), UNDOABLE)
    await rig.amend(A.DELETE, note)
    assert rig.there(note) is not None
    await rig.run(3)
    assert rig.text(note) == "as it was"
    rig.delivery.recall(edit.id)
    await rig.settle()
    assert rig.there(note) is None


async def test_the_edit_before_goes_first(rig: NotesRig):
    note = await rig.note()
    await rig.send(rig.edit(note, note_html=html("mine")), UNDOABLE)
    await rig.amend(A.PIN, note)
    await rig.run(10)
    methods = [s.method for s in rig.fake.requests if s.method == "PUT"]
    there = rig.there(note)
    assert (there["note"], there["pinned"], len(methods)) == ("mine", True, 2)


# --- crashes


@pytest.mark.expect_log
@pytest.mark.parametrize("kind", A)
@pytest.mark.parametrize("rung", ["asked", "doing", "done", "settled"])
async def test_killed_at_any_rung_it_is_done_once(rig: NotesRig, kind, rung):
    note = await rig.note(pinned=kind is A.UNPIN)
    body = html("well done") if kind is A.COMMENT else ""
    # the crash itself, where asking meets it
    with crashing_at(rig, rung) as passed, suppress(asyncio.CancelledError):
        await rig.amend(kind, note, body_html=body)
    assert rung in passed
    await rig.crash()
    await rig.boot()
    await rig.run_until_done()
    assert is_done(rig, kind, note)
    assert rig.store.amendments.all() == ()


@pytest.mark.expect_log
async def test_held_through_a_crash_it_still_can_be_undone(rig: NotesRig):
    note, amendment_id = await begun(rig, A.DELETE, settings=replace(UNDOABLE, undo_send_s=20))
    await rig.crash()
    await rig.boot()
    await rig.run(10)
    assert rig.there(note) is not None
    rig.delivery.amending.undo(amendment_id)
    await rig.run(30)
    assert rig.there(note) is not None


@pytest.mark.expect_log
@pytest.mark.parametrize("kind", A)
async def test_a_bug_of_ours_does_not_do_it_twice(rig: NotesRig, kind, monkeypatch):
    note = await rig.note(pinned=kind is A.UNPIN)
    name = {A.DELETE: "delete_note", A.COMMENT: "add_comment"}.get(kind, "update_note")
    call = getattr(rig.client, name)

    async def buggy(*args):
        await call(*args)
        monkeypatch.undo()
        raise ZeroDivisionError

    monkeypatch.setattr(rig.client, name, buggy)
    await rig.amend(kind, note, body_html=html("well done"))
    await rig.run(200, step_s=5)
    assert is_done(rig, kind, note)
    assert rig.store.amendments.all() == ()

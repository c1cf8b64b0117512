"""Comments whose answer was lost: looked for, never said twice."""

import pytest

from close_notes_gui.model.amendment import AmendmentKind, AmendmentState
from close_notes_gui.model.events import (
    AmendmentDone,
)
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.sandbox.faults import FaultKind
from tests.engine.delivery_rig import crashing_at
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


async def begun(rig: NotesRig):
    note = await rig.note()
    return note, await rig.amend(A.COMMENT, note, body_html=html("well done"))


@pytest.mark.parametrize("fault", [F.DROP_AFTER, F.TRUNCATED_JSON, F.STATUS_AFTER])
async def test_a_comment_that_close_has_is_found(rig: NotesRig, fault):
    rig.fault(fault, path=COMMENT)
    note, amendment_id = await begun(rig)
    uncertain = rig.amendment(amendment_id)
    assert (uncertain.state, uncertain.problem.kind) == (S.UNCERTAIN, K.ANSWER_LOST)
    assert not uncertain.can_undo
    await rig.run(3)
    assert rig.amendment(amendment_id) is None
    assert rig.comments(note) == [html("well done")]
    (done,) = rig.told(AmendmentDone)
    assert done.comment is not None
    assert done.note.comment_count == 1


@pytest.mark.parametrize("fault", [F.DROP_BEFORE, F.STATUS_BEFORE])
async def test_a_comment_that_close_has_not_goes_again_after_the_quiet_time(rig: NotesRig, fault):
    rig.fault(fault, path=COMMENT)
    note, _ = await begun(rig)
    await rig.run(118)
    assert rig.comments(note) == []
    await rig.run(40)
    assert rig.comments(note) == [html("well done")]


async def test_lists_that_lag_do_not_make_it_two(rig: NotesRig):
    rig.fake.behaviour.read_lag_s = 60
    rig.fault(F.DROP_AFTER, path=COMMENT)
    note, _ = await begun(rig)
    await rig.run(300, step_s=5)
    assert rig.comments(note) == [html("well done")]
    assert rig.store.amendments.all() == ()


async def test_the_same_words_said_before_are_another_comment(rig: NotesRig):
    note, _ = await begun(rig)
    rig.fault(F.DROP_BEFORE, path=COMMENT)
    await rig.amend(A.COMMENT, note, body_html=html("well done"))
    await rig.run(200, step_s=5)
    assert rig.comments(note) == [html("well done")] * 2
    assert len(rig.told(AmendmentDone)) == 2


async def test_the_same_words_said_in_close_long_ago_are_another_comment(rig: NotesRig):
    note = await rig.note()
    await rig.client.add_comment(note.id, html("well done"))
    await rig.clock.advance(3600)
    rig.fault(F.DROP_BEFORE, path=COMMENT)
    await rig.amend(A.COMMENT, note, body_html=html("well done"))
    await rig.run(200, step_s=5)
    assert rig.comments(note) == [html("well done")] * 2
    assert rig.store.amendments.all() == ()


async def test_a_colleague_s_same_words_are_not_ours(rig: NotesRig):
    rig.fault(F.DROP_BEFORE, path=COMMENT)
    note, _ = await begun(rig)
    async with rig.colleague() as client:
        await client.add_comment(note.id, html("well done"))
    await rig.run(200, step_s=5)
    assert rig.comments(note) == [html("well done")] * 2


async def test_where_nobody_can_tell_it_is_not_sent_again(rig: NotesRig, monkeypatch):
    """The clock of Close is not known: the rep's own same words may be of any time."""
    note = await rig.note()
    await rig.client.add_comment(note.id, html("well done"))
    monkeypatch.setattr(rig.client._session, "_learn_clock", lambda *_: None)
    rig.client._session.server_clock_offset_s = None
    rig.fault(F.DROP_BEFORE, path=COMMENT)
    amendment_id = await rig.amend(A.COMMENT, note, body_html=html("well done"))
    await rig.run(300, step_s=5)
    unsure = rig.amendment(amendment_id)
    assert (unsure.state, unsure.problem.kind) == (S.FAILED, K.COMMENT_UNSURE)
    assert len(rig.comments(note)) == 1
    rig.delivery.amending.retry(amendment_id)
    await rig.settle()
    assert len(rig.comments(note)) == 2


async def test_tried_again_by_the_rep_it_is_looked_for_once_more(rig: NotesRig):
    rig.fault(F.DROP_AFTER, path=COMMENT)
    note, amendment_id = await begun(rig)
    rig.fault(F.STATUS_BEFORE, method="GET", path=COMMENT, status=403)
    await rig.run(3)
    assert rig.amendment(amendment_id).problem.kind is K.COMMENT_UNSURE
    rig.delivery.amending.retry(amendment_id)
    await rig.settle()
    assert rig.comments(note) == [html("well done")]
    assert rig.store.amendments.all() == ()


async def test_while_it_looks_the_key_is_revoked(rig: NotesRig):
    rig.fault(F.DROP_AFTER, path=COMMENT)
    note, _ = await begun(rig)
    rig.fake.revoke_key(rig.key)
    await rig.run(60, step_s=5)
    assert rig.refused_keys == 1
    await rig.sign_in_again()
    await rig.run(60, step_s=5)
    assert rig.comments(note) == [html("well done")]
    assert rig.store.amendments.all() == ()


async def test_a_comment_lost_many_times_is_left_to_the_rep(rig: NotesRig):
    rig.fault(F.DROP_BEFORE, path=COMMENT, times=None)
    _, amendment_id = await begun(rig)
    await rig.run(1200, step_s=10)
    assert rig.amendment(amendment_id).problem.kind is K.COMMENT_UNSURE
    assert rig.calls("POST", COMMENT) == rig.timings.most_posts


@pytest.mark.expect_log
@pytest.mark.parametrize("rung", ["doing", "done"])
async def test_killed_while_the_lists_lag_it_is_not_said_twice(rig: NotesRig, rung: str):
    rig.fake.behaviour.read_lag_s = 60
    with crashing_at(rig, rung):
        note, _ = await begun(rig)
    await rig.crash()
    await rig.boot()
    await rig.run(200, step_s=5)
    assert rig.comments(note) == [html("well done")]
    assert rig.store.amendments.all() == ()

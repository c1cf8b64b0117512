"""Answers that were lost: looked up in the fake Close, sent again only when that is safe."""

from datetime import timedelta

import pytest

from close_notes_gui.engine import reconcile
from close_notes_gui.model.draft import Draft, OutboxState
from close_notes_gui.model.events import NoteSent
from close_notes_gui.model.ids import NoteId
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.sandbox.faults import FaultKind
from tests.engine.delivery_rig import AT_ONCE, Rig

S = OutboxState

LOST_AFTER = [FaultKind.DROP_AFTER, FaultKind.RESET_AFTER, FaultKind.DELAY_AFTER]
LOST_BEFORE = [FaultKind.DROP_BEFORE, FaultKind.RESET_BEFORE, FaultKind.DELAY_BEFORE]


@pytest.fixture
async def rig(tmp_path):
    rig = Rig(tmp_path)
    await rig.boot()
    yield rig
    await rig.close()


async def learn(rig: Rig) -> None:
    """One answered note, so that Close's way with dates is known."""
    await rig.send(rig.draft(lead=3, words="learn"))
    rig.before |= {n["id"] for n in rig.in_close()}
    rig.events.clear()


@pytest.mark.anyio
@pytest.mark.parametrize("kind", LOST_AFTER)
async def test_a_note_that_close_has_is_found_soon(rig: Rig, kind: FaultKind):
    await learn(rig)
    rig.fault(kind)
    lost = await rig.send(rig.draft())
    assert rig.state(lost) is S.UNCERTAIN
    assert rig.entry(lost).problem.kind is ProblemKind.ANSWER_LOST
    assert not rig.entry(lost).can_recall
    await rig.run(3)
    assert rig.state(lost) is S.SENT
    (there,) = rig.in_close()
    assert rig.told(NoteSent)[0].note.id == there["id"]


@pytest.mark.anyio
@pytest.mark.parametrize("kind", LOST_BEFORE)
async def test_a_note_that_close_has_not_goes_again_after_the_quiet_time(rig: Rig, kind):
    await learn(rig)
    rig.fault(kind)
    lost = await rig.send(rig.draft())
    await rig.run(118)
    assert (rig.state(lost), rig.in_close()) == (S.UNCERTAIN, [])
    await rig.run(40)
    assert rig.state(lost) is S.SENT
    assert len(rig.in_close()) == 1
    assert rig.entry(lost).attempts == 2


@pytest.mark.anyio
@pytest.mark.parametrize("precision", ["us", "ms", "s", "ignored"])
@pytest.mark.parametrize("is_learned", [True, False])
async def test_whatever_close_keeps_of_dates(rig: Rig, precision, is_learned: bool):
    rig.fake.behaviour.activity_at_precision = precision
    rig.fake.behaviour.normalises_html = True
    rig.fake.behaviour.clock_skew_s = -3600
    if is_learned:
        await learn(rig)
    else:  # as sign-in does: Close's clock is known before anything is sent
        await rig.delivery._desk.ask(rig.client.me())
    rig.fault(FaultKind.DROP_AFTER)
    rig.fault(FaultKind.DROP_BEFORE)
    there = await rig.send(rig.draft(words="same words"))
    await rig.run(3)
    missing = await rig.send(rig.draft(words="same words"))
    await rig.run_until_settled()
    assert [rig.state(there), rig.state(missing)] == [S.SENT, S.SENT]
    assert len(rig.in_close()) == 2


@pytest.mark.anyio
async def test_the_same_words_twice_on_purpose_with_both_answers_lost(rig: Rig):
    await learn(rig)
    rig.fault(FaultKind.DROP_AFTER, times=2)
    for _ in range(2):
        rig.delivery.queue(rig.draft(words="Left voicemail"), AT_ONCE)
    await rig.run_until_settled()
    assert len(rig.in_close()) == 2
    assert len({e.note.id for e in rig.told(NoteSent)}) == 2


@pytest.mark.anyio
async def test_a_list_that_lags_a_minute_does_not_make_two(rig: Rig):
    await learn(rig)
    rig.fake.behaviour.read_lag_s = 60
    rig.fault(FaultKind.DROP_AFTER)
    lost = await rig.send(rig.draft())
    await rig.run_until_settled()
    assert rig.state(lost) is S.SENT
    assert len(rig.in_close()) == 1


@pytest.mark.anyio
async def test_the_next_note_of_the_lead_waits_for_the_lost_one_others_do_not(rig: Rig):
    await learn(rig)
    rig.fault(FaultKind.DROP_BEFORE)
    lost = await rig.send(rig.draft())
    behind = await rig.send(rig.draft())
    beside = await rig.send(rig.draft(lead=1))
    assert [rig.state(e) for e in (lost, behind, beside)] == [S.UNCERTAIN, S.QUEUED, S.SENT]
    await rig.run_until_settled()
    assert [n["note"] for n in rig.in_close(0)] == sorted(n["note"] for n in rig.in_close(0))


@pytest.mark.anyio
async def test_an_attempt_that_lands_too_late_is_healed(rig: Rig):
    await learn(rig)
    rig.fault(FaultKind.PROCESS_LATE, delay_s=400)
    lost = await rig.send(rig.draft())
    await rig.run_until_settled()
    assert rig.state(lost) is S.SENT
    await rig.run(400, step_s=20)
    assert len(rig.in_close()) == 2  # the first attempt has landed after all
    await rig.run(400, step_s=20)
    (left,) = rig.in_close()
    assert left["id"] == rig.entry(lost).note_id


@pytest.mark.anyio
async def test_a_later_start_heals_as_well(rig: Rig):
    await learn(rig)
    rig.fault(FaultKind.PROCESS_LATE, delay_s=3000)
    await rig.send(rig.draft())
    await rig.run_until_settled()
    await rig.run(700, step_s=20)
    await rig.close()
    await rig.clock.advance(4000)
    assert len(rig.in_close()) == 2
    await rig.boot()
    await rig.run(2)
    assert len(rig.in_close()) == 1
    assert rig.store.traces.to_heal() == ()


@pytest.mark.anyio
async def test_a_look_alike_is_shown_to_the_rep_who_says_it_is_there(rig: Rig):
    await learn(rig)
    rig.fault(FaultKind.DROP_AFTER)
    draft = rig.draft()
    lost = await rig.send(draft)
    (there,) = rig.in_close()
    await redate(rig, there["id"])
    await rig.run_until_settled()
    asking = rig.entry(lost)
    assert (asking.state, asking.look_alike_html) == (S.ASKING, draft.note_html)
    await rig.run(3600, step_s=60)
    assert len(rig.in_close()) == 1  # nothing goes without the rep's word
    rig.delivery.resolve(lost.id, is_in_close=True)
    assert (rig.state(lost), rig.entry(lost).note_id) == (S.SENT, there["id"])
    assert rig.told(NoteSent)[0].note.id == there["id"]


@pytest.mark.anyio
async def test_a_look_alike_that_the_rep_says_is_another(rig: Rig):
    await learn(rig)
    rig.fault(FaultKind.DROP_BEFORE)
    draft = rig.draft()
    lost = await rig.send(draft)
    await rig.run(5.5)
    await another_program_writes(rig, draft)
    await rig.run_until_settled()
    assert rig.state(lost) is S.ASKING
    rig.delivery.resolve(lost.id, is_in_close=False)
    await rig.run_until_settled()
    assert rig.state(lost) is S.SENT
    await rig.run(1300, step_s=60)  # past the healing, which must not take the other one
    assert len(rig.in_close()) == 2


@pytest.mark.anyio
async def test_a_lead_merged_while_the_answer_was_lost(rig: Rig):
    await learn(rig)
    rig.fault(FaultKind.DROP_AFTER)
    lost = await rig.send(rig.draft())
    rig.fake.merge_leads(rig.leads[0], rig.leads[1])
    await rig.run_until_settled()
    assert rig.state(lost) is S.SENT
    assert len(rig.in_close(1)) == 1


@pytest.mark.anyio
async def test_a_lead_deleted_while_the_answer_was_lost(rig: Rig):
    await learn(rig)
    rig.fault(FaultKind.DROP_BEFORE)
    lost = await rig.send(rig.draft())
    rig.fake.delete_lead(rig.leads[0])
    await rig.run_until_settled()
    assert (rig.state(lost), rig.entry(lost).problem.kind) == (S.FAILED, ProblemKind.LEAD_GONE)


@pytest.mark.anyio
@pytest.mark.parametrize("status", [403, 400])
async def test_where_close_will_not_show_its_notes_the_rep_is_asked(rig: Rig, status: int):
    await learn(rig)
    rig.fault(FaultKind.DROP_AFTER)
    rig.fault(FaultKind.STATUS_BEFORE, method="GET", status=status, times=None)
    lost = await rig.send(rig.draft())
    await rig.run_until_settled()
    assert rig.state(lost) is S.ASKING
    assert rig.entry(lost).look_alike_html is None


@pytest.mark.anyio
async def test_an_answer_lost_again_and_again_ends_with_a_question(rig: Rig):
    await learn(rig)
    posts = rig.posts()
    rig.fault(FaultKind.DROP_BEFORE, times=None)
    lost = await rig.send(rig.draft())
    await rig.run_until_settled(longest_s=3000)
    assert rig.state(lost) is S.ASKING
    assert rig.posts() == posts + rig.timings.most_posts


@pytest.mark.anyio
async def test_looks_that_fail_do_not_count(rig: Rig):
    await learn(rig)
    rig.fault(FaultKind.DROP_AFTER)
    rig.fault(FaultKind.STATUS_BEFORE, method="GET", status=503, times=20)
    lost = await rig.send(rig.draft())
    await rig.run(400, step_s=10)
    assert rig.state(lost) is S.UNCERTAIN
    await rig.run_until_settled()
    assert rig.state(lost) is S.SENT
    assert len(rig.in_close()) == 1


@pytest.mark.anyio
async def test_a_key_refused_during_the_look_up_pauses_it(rig: Rig):
    await learn(rig)
    rig.fault(FaultKind.DROP_AFTER)
    lost = await rig.send(rig.draft())
    rig.fake.revoke_key(rig.key)
    await rig.run(1000, step_s=50)
    assert (rig.state(lost), rig.refused_keys) == (S.UNCERTAIN, 1)
    await rig.sign_in_again()
    await rig.run_until_settled()
    assert rig.state(lost) is S.SENT
    assert len(rig.in_close()) == 1


@pytest.mark.anyio
async def test_clock_jumps_during_the_look_up(rig: Rig):
    await learn(rig)
    rig.fault(FaultKind.DROP_AFTER)
    rig.fault(FaultKind.DROP_BEFORE)
    rig.fake.behaviour.read_lag_s = 50
    lost = [await rig.send(rig.draft(lead=n)) for n in range(2)]
    for days in (3, -9, 6):
        rig.clock.jump(timedelta(days=days))
        await rig.run(15)
        assert {rig.state(e) for e in lost} <= {S.UNCERTAIN, S.SENT}
        assert len(rig.in_close()) == 1
    await rig.run_until_settled()
    assert {rig.state(e) for e in lost} == {S.SENT}
    assert len(rig.in_close()) == 2


@pytest.mark.anyio
async def test_a_lead_with_very_many_notes_is_read_to_the_end(rig: Rig):
    await learn(rig)
    rig.fault(FaultKind.DROP_AFTER)
    lost = await rig.send(rig.draft())
    rig.fake.add_notes(rig.leads[0], 250)
    rig.before |= {n["id"] for n in rig.in_close() if "note 2 " not in n["note"]}
    await rig.run_until_settled()
    assert rig.state(lost) is S.SENT
    assert rig.posts() == 2


async def redate(rig: Rig, note_id: str) -> None:
    from close_notes_gui.model.note import NoteChanges

    at = rig.server_now() + timedelta(hours=5)
    await rig.client.update_note(NoteId(note_id), NoteChanges(activity_at=at))


async def another_program_writes(rig: Rig, draft: Draft) -> None:
    from close_notes_gui.model.note import NewNote

    assert draft.lead_id is not None
    await rig.client.create_note(NewNote(draft.lead_id, draft.note_html, title=draft.title))


@pytest.mark.anyio
async def test_more_notes_than_can_be_read_end_with_a_question(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
):
    await learn(rig)
    monkeypatch.setattr(reconcile, "_MOST_PAGES", 0)
    rig.fault(FaultKind.DROP_BEFORE)
    lost = await rig.send(rig.draft())
    await rig.run_until_settled()
    assert rig.state(lost) is S.ASKING
    assert rig.in_close() == []


@pytest.mark.anyio
async def test_twins_are_both_sent_though_close_ignores_dates(rig: Rig):
    """The rep has said of one that it is there, and nobody knows as which note."""
    rig.fake.behaviour.activity_at_precision = "ignored"
    await learn(rig)
    rig.fault(FaultKind.DROP_AFTER)
    rig.fault(FaultKind.STATUS_BEFORE, method="GET", status=403, times=None)
    first = await rig.send(rig.draft(words="Left voicemail"))
    await rig.run(100, step_s=5)
    assert rig.state(first) is S.UNCERTAIN  # asked only when the attempt has had its time
    await rig.run_until_settled()
    assert rig.state(first) is S.ASKING
    rig.fake.faults.clear()
    rig.delivery.resolve(first.id, is_in_close=True)
    rig.fault(FaultKind.DROP_BEFORE)
    second = await rig.send(rig.draft(words="Left voicemail"))
    assert rig.delivery._desk.sought(rig.entry(second)).has_twin
    await rig.run_until_settled()
    assert rig.state(second) is S.SENT
    assert len(rig.in_close()) == 2

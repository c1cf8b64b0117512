"""Lost answers: found where Close has the note, sent again only where it surely has not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from close_notes_gui.closeapi.answers import NotePage
from close_notes_gui.engine.ladder import Timings, backoff_s, heads, next_steps
from close_notes_gui.engine.reconcile import (
    Absent,
    Found,
    LookAlike,
    LookUp,
    Sought,
    all_pages,
    extras,
    file_token,
    judge,
    precision_shown,
)
from close_notes_gui.model.draft import Draft, OutboxEntry, OutboxState
from close_notes_gui.model.events import NoteSent
from close_notes_gui.model.ids import DraftId, LeadId, NoteId, OutboxId
from close_notes_gui.model.note import Note, NoteAttachment
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.sandbox.faults import FaultKind
from close_notes_gui.store.facts import Precision
from close_notes_gui.store.traces import Trace
from tests.engine.delivery_rig import AT_ONCE, Rig

S = OutboxState
AT = datetime(2026, 3, 2, 9, 30, 15, 250_000, tzinfo=UTC)
URL = "https://app.close.com/go/file/temporary/user_1/tokentoken1/a.txt/"
SAVED = "https://app.close.com/go/file/persisted/orga_1/activity.note/acti_1/tokentoken1/a.txt/"


# --- pure


def sought(**changes) -> Sought:
    trace = Trace(AT, frozenset(), AT, None, None, 0)
    trace = replace(trace, **{k: changes.pop(k) for k in list(changes) if hasattr(trace, k)})
    draft = Draft(DraftId("d"), LeadId("lead_1"), note_html="<body><p>Zoë &amp; I</p></body>")
    whole = Sought(OutboxId("o1"), draft, trace, Precision.MILLISECONDS, {}, lambda _: False)
    return replace(whole, **changes)


def note(name: str = "acti_1", **changes) -> Note:
    html = "<body><p>Zo&#235; <b></b>&amp;\n I</p></body>"
    whole = Note(NoteId(name), LeadId("lead_1"), html, activity_at=AT, created_at=AT)
    return replace(whole, **changes)


def test_the_same_date_and_words_is_ours_however_close_writes_them():
    assert judge([note()], sought()) == Found(note())


def test_seconds_are_enough_where_close_keeps_no_more():
    cut = note(activity_at=AT.replace(microsecond=0))
    assert judge([cut], sought(precision=Precision.SECONDS)) == Found(cut)
    assert judge([cut], sought()) == LookAlike(cut)


def test_a_files_address_is_certain_whatever_else_differs():
    other = note(
        note_html="<body><p>edited</p></body>",
        activity_at=AT + timedelta(days=3),
        attachments=(NoteAttachment(SAVED, "a.txt"),),
    )
    assert judge([other], sought(urls=frozenset({URL}))) == Found(other)
    assert judge([other], sought()) == Absent()


def test_our_date_with_other_words_is_for_the_rep_to_judge():
    edited = note(note_html="<body><p>edited by a colleague</p></body>")
    assert judge([edited], sought()) == LookAlike(edited)


def test_words_alone_count_only_while_dates_are_no_help():
    redated = note(activity_at=AT + timedelta(hours=1))
    assert judge([redated], sought()) == LookAlike(redated)
    for precision in (Precision.UNKNOWN, Precision.IGNORED):
        assert judge([redated], sought(precision=precision)) == Found(redated)
        with_file = sought(precision=precision, urls=frozenset({URL}))
        assert judge([redated], with_file) == LookAlike(redated)
        no_clock = sought(precision=precision, first_posted_at=None)
        assert judge([redated], no_clock) == LookAlike(redated)


def test_an_older_note_with_the_same_words_is_another():
    older = note(activity_at=AT - timedelta(hours=1), created_at=AT - timedelta(hours=1))
    for precision in Precision:
        assert judge([older], sought(precision=precision)) == Absent()


def test_a_note_that_is_another_entrys_is_not_ours():
    assert judge([note()], sought(claimed={NoteId("acti_1"): OutboxId("o2")})) == Absent()
    assert judge([note()], sought(claimed={NoteId("acti_1"): OutboxId("o1")})) == Found(note())
    twin = note(activity_at=AT + timedelta(seconds=1))
    assert judge([twin], sought(is_of_another=lambda at: at == twin.activity_at)) == Absent()


def test_no_words_are_no_sign():
    empty = note(note_html="<body><p></p></body>", activity_at=AT + timedelta(hours=1))
    without = sought(draft=Draft(DraftId("d"), LeadId("lead_1")), precision=Precision.UNKNOWN)
    assert judge([empty], without) == Absent()


def test_the_token_of_a_file_outlives_its_move():
    assert file_token(URL) == file_token(SAVED) == "tokentoken1"
    assert file_token("https://app.close.com/go/file/x") == "https://app.close.com/go/file/x"


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        (AT, Precision.MILLISECONDS),
        (AT.replace(microsecond=0), Precision.SECONDS),
        (AT + timedelta(minutes=3), Precision.IGNORED),
        (None, Precision.UNKNOWN),
    ],
)
def test_what_an_answer_shows_of_precision(kept, shown):
    assert precision_shown(sent=AT, kept=kept) is shown


def test_a_whole_second_shows_nothing():
    whole = AT.replace(microsecond=0)
    assert precision_shown(sent=whole, kept=whole) is Precision.UNKNOWN


def test_extras_are_proven_ones_only():
    def ids(*notes, **changes):
        return [n.id for n in extras(notes, sought(**changes), kept=NoteId("acti_1"))]

    ours, extra = note(), note("acti_2")
    assert ids(ours, extra) == ["acti_2"]
    assert ids(extra) == []  # the one kept is not to be seen: touch nothing
    assert ids(ours, replace(extra, activity_at=AT + timedelta(seconds=1))) == []
    assert ids(ours, replace(extra, note_html="<body><p>edited</p></body>")) == []
    assert ids(ours, replace(extra, comment_count=1)) == []
    assert ids(ours, extra, claimed={NoteId("acti_2"): OutboxId("o2")}) == []
    assert ids(ours, extra, precision=Precision.UNKNOWN) == ["acti_2"]
    assert ids(ours, extra, precision=Precision.IGNORED) == []
    files = (NoteAttachment(SAVED, "a.txt"),)
    with_files = [replace(n, activity_at=None, attachments=files) for n in (ours, extra)]
    assert ids(*with_files, precision=Precision.IGNORED, urls=frozenset({URL})) == ["acti_2"]


def test_absent_needs_two_spaced_looks_and_the_quiet_time():
    timings = Timings(quiet_s=120, look_gap_s=30, looks_needed=2)
    look_up = LookUp(since_s=0)
    enough = [look_up.saw_nothing(at, timings=timings) for at in (2, 10, 40, 70, 100, 119, 131)]
    assert enough == [False] * 6 + [True]
    late = LookUp(since_s=0)
    assert not late.saw_nothing(500, timings=timings)
    assert not late.saw_nothing(510, timings=timings)  # too close to the first to count
    assert late.saw_nothing(531, timings=timings)


@pytest.mark.anyio
async def test_pages_that_never_end_are_not_all():
    async def endless(skip: int) -> NotePage:
        return NotePage((note(f"acti_{skip}"),), has_more=True)

    async def broken(skip: int) -> NotePage:
        return NotePage((), has_more=True)

    found, is_whole = await all_pages(endless)
    assert (len(found), is_whole) == (30, False)
    assert await all_pages(broken) == ((), True)


def test_backoff_doubles_up_to_its_cap_and_spreads():
    timings = Timings(first_backoff_s=2, longest_backoff_s=300)
    waits = [backoff_s(n, timings=timings, chance=1.0) for n in range(1, 12)]
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert backoff_s(3, timings=timings, chance=0.0) == 4
    assert backoff_s(10**6, timings=timings, chance=1.0) == 300


def entry(n: int, lead: int, state: OutboxState) -> OutboxEntry:
    draft = Draft(DraftId(f"d{n}"), LeadId(f"lead_{lead}"))
    return OutboxEntry(OutboxId(f"o{n}"), draft, state, AT)


def test_one_step_for_each_lead_and_few_at_once():
    entries = [
        entry(1, 1, S.FAILED),
        entry(2, 1, S.QUEUED),
        entry(3, 1, S.QUEUED),
        entry(4, 2, S.UNCERTAIN),
        entry(5, 2, S.QUEUED),
        entry(6, 3, S.HELD),
        entry(7, 4, S.ASKING),
        entry(8, 4, S.QUEUED),
        entry(9, 5, S.POSTING),
        entry(10, 5, S.QUEUED),
    ]
    assert [e.id for e in heads(entries)] == ["o2", "o4", "o6", "o8", "o9"]

    def steps(busy=(), is_due=lambda _: True):
        chosen = next_steps(
            entries, busy={OutboxId(b) for b in busy}, is_due=is_due, most_at_once=3
        )
        return [e.id for e in chosen]

    assert steps() == ["o2", "o4", "o6"]
    assert steps(busy=["o2", "o9"]) == ["o4"]
    assert steps(is_due=lambda e: e.id != "o4") == ["o2", "o6", "o8"]


# --- against the fake Close

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

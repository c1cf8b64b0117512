"""Lost answers: found where Close has the note, sent again only where it surely has not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from close_notes_gui.closeapi.answers import NotePage
from close_notes_gui.engine.ladder import Timings, backoff_s, heads
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
from close_notes_gui.model.ids import DraftId, LeadId, NoteId, OutboxId
from close_notes_gui.model.note import Note, NoteAttachment
from close_notes_gui.store.facts import Precision
from close_notes_gui.store.traces import Trace

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
        twin = sought(precision=precision, has_twin=True)
        assert judge([redated], twin) == LookAlike(redated)
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


def test_one_step_for_each_lead():
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

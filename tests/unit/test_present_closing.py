"""Closing the window while notes wait: what is said, how long it stays, what keeps it open."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from close_notes_gui.model import commands as cmd
from close_notes_gui.model import events as ev
from close_notes_gui.model.amendment import Amendment, AmendmentKind, AmendmentState
from close_notes_gui.model.draft import Draft, OutboxEntry, OutboxState
from close_notes_gui.model.ids import AmendmentId, DraftId, LeadId, NoteId, OutboxId
from close_notes_gui.model.note import Note
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.present import actions, closing, saving, show
from close_notes_gui.present.follow_up import follow_up
from close_notes_gui.present.reduce import reduce
from close_notes_gui.present.state import AppState, SignInState, fresh_state
from close_notes_gui.present.views import ActionKind, Line, Tone

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
S = OutboxState
A = AmendmentState
OFFLINE = Problem(ProblemKind.OFFLINE)
DISK_FULL = Problem(ProblemKind.DISK_FULL)


def with_notes(*states: OutboxState, problem: Problem | None = None) -> AppState:
    state = replace(fresh_state(DraftId("open")), is_loaded=True, sign_in=SignInState.SIGNED_IN)
    for number, rung in enumerate(states):
        frozen = Draft(DraftId(f"d{number}"), LeadId("lead_1"), "Lead")
        entry = OutboxEntry(OutboxId(f"o{number}"), frozen, rung, NOW, problem=problem)
        state = reduce(state, ev.OutboxChanged(entry))
    return state


def begun(state: AppState) -> AppState:
    return closing.begin(state, now=NOW)[0]


def after(state: AppState, seconds: float) -> AppState:
    """Half a second at a time, as the window's clock goes."""
    moments = [NOW + timedelta(seconds=0.5 * n) for n in range(int(seconds * 2) + 1)]
    for now in moments:
        if closing.is_over(state, now):
            break
        state, _ = closing.tick(state, now=now)
    return state


def line(state: AppState) -> Line:
    return show.notices_view(state)[0]


@pytest.mark.parametrize("rung", [S.HELD, S.QUEUED, S.UPLOADING, S.POSTING, S.UNCERTAIN])
def test_such_a_note_waits(rung: OutboxState):
    assert closing.has_waiting(with_notes(rung))


@pytest.mark.parametrize("rung", [S.FAILED, S.ASKING])
def test_what_only_the_rep_can_mend_keeps_nobody(rung: OutboxState):
    assert not closing.has_waiting(with_notes(rung))


def test_a_note_that_send_was_just_pressed_for_waits():
    state, _ = actions.send(with_notes(), now=NOW, next_draft_id=DraftId("next"))
    assert closing.has_waiting(state)
    assert line(begun(state)).text.startswith("Sending 1 note.")


def test_it_stays_while_notes_go_and_closes_when_they_are_out():
    state = after(begun(with_notes(S.HELD, S.POSTING)), 20)
    assert line(state).text == "Sending 2 notes. The window closes as soon as they are in Close."
    assert not closing.is_over(state, NOW + timedelta(seconds=20))
    out = reduce(reduce(state, ev.OutboxRemoved(OutboxId("o0"))), ev.OutboxRemoved(OutboxId("o1")))
    assert closing.is_over(out, NOW + timedelta(seconds=20))


def test_what_takes_long_goes_on_at_the_next_start():
    state = after(begun(with_notes(S.UPLOADING)), 31)
    assert "1 note is not in Close yet." in line(state).text
    assert "goes out when Close Notes starts again" in line(state).text
    assert not closing.is_over(state, NOW + timedelta(seconds=37))
    assert closing.is_over(state, NOW + timedelta(seconds=38))


@pytest.mark.parametrize(
    ("changes", "problem", "words"),
    [
        ({"is_online": False}, None, "2 notes wait for the network."),
        ({"sign_in": SignInState.NEEDED}, None, "2 notes wait until you sign in."),
        ({}, OFFLINE, "2 notes are not in Close yet."),
    ],
)
def test_what_cannot_go_now_is_said_at_once_and_closes_when_read(changes, problem, words):
    state = begun(replace(with_notes(S.QUEUED, S.HELD, problem=problem), **changes))
    assert line(state).text.startswith(words)
    assert (
        "They are kept on this computer and go out when Close Notes starts again."
        in line(state).text
    )
    assert line(state).tone is Tone.WARNING
    assert not closing.is_over(state, NOW + timedelta(seconds=7))
    assert closing.is_over(state, NOW + timedelta(seconds=8))


def test_a_note_being_checked_is_said_to_be():
    state = begun(with_notes(S.UNCERTAIN))
    assert "may be in Close already" in line(state).text
    assert closing.is_over(state, NOW + timedelta(seconds=8))


def with_changes(state: AppState, *states: AmendmentState) -> AppState:
    note = Note(NoteId("acti_1"), LeadId("lead_1"), "<body><p>x</p></body>")
    for number, rung in enumerate(states):
        amendment = Amendment(
            AmendmentId(f"a{number}"), AmendmentKind.DELETE, note, NOW, state=rung
        )
        state = reduce(state, ev.AmendmentChanged(amendment))
    return state


@pytest.mark.parametrize("rung", [A.HELD, A.QUEUED, A.DOING, A.UNCERTAIN])
def test_a_change_of_a_note_waits_as_well(rung: AmendmentState):
    state = with_changes(with_notes(), rung)
    assert closing.has_waiting(state)
    assert "1 change" in line(begun(state)).text
    assert line(begun(state)).tone is (Tone.WARNING if rung is A.UNCERTAIN else Tone.BUSY)
    assert not closing.has_waiting(reduce(state, ev.AmendmentRemoved(AmendmentId("a0"))))


def test_notes_and_changes_are_counted_apart():
    state = begun(with_changes(with_notes(S.HELD), A.HELD, A.QUEUED, A.FAILED))
    assert line(state).text.startswith("Sending 1 note and 2 changes.")


def test_when_the_network_comes_back_it_stays_for_the_sending():
    state = begun(replace(with_notes(S.QUEUED), is_online=False))
    state = after(reduce(state, ev.NetworkChanged(is_online=True)), 5)
    assert line(state).tone is Tone.BUSY
    assert not closing.is_over(state, NOW + timedelta(seconds=12))


def test_a_clock_that_is_set_back_does_not_keep_the_window_for_hours():
    state = begun(replace(with_notes(S.QUEUED), is_online=False))
    back = NOW - timedelta(hours=5)
    state, _ = closing.tick(state, now=back)
    assert closing.is_over(state, back + timedelta(seconds=8))


def test_the_rep_can_close_now_keep_sending_or_stay():
    state = begun(with_notes(S.QUEUED))
    kinds = [action.kind for action in line(state).actions]
    assert kinds == [ActionKind.CLOSE_NOW, ActionKind.KEEP_SENDING, ActionKind.DISMISS]
    stays, _ = actions.dismiss(state, line(state).actions[-1].target)
    assert show.notices_view(stays) == ()
    assert not closing.is_over(stays, NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    "step",
    [
        lambda state: actions.revise(state, now=NOW, title="More"),
        lambda state: actions.recall_note(state, OutboxId("o0")),
        lambda state: actions.pick_lead(state, LeadId("x"), new_draft_id=DraftId("n")),
        lambda state: actions.open_draft(state, DraftId("other")),
    ],
)
def test_who_goes_on_working_stays(step):
    state = begun(with_notes(S.QUEUED))
    state = replace(state, drafts={**state.drafts, DraftId("other"): Draft(DraftId("other"))})
    assert step(state)[0].closing is None


def test_on_the_sign_in_page_it_is_said_as_well():
    state = begun(replace(with_notes(S.QUEUED), sign_in=SignInState.NEEDED))
    told = show.sign_in_view(state).line
    assert told is not None
    assert "1 note waits until you sign in." in told.text


# --- text that is on no disk


def typed(state: AppState, *, refused: bool) -> AppState:
    state, _ = actions.revise(state, now=NOW, note_html="<body><p>Typed</p></body>")
    failed = ev.DraftSaveFailed(state.draft.id, state.draft.revision, DISK_FULL)
    return reduce(state, failed) if refused else state


def test_what_the_disk_refused_is_not_closed_over():
    state = begun(typed(with_notes(), refused=True))
    told = line(state)
    assert "If the window is closed now, what you wrote last is lost." in told.text
    assert [a.label for a in told.actions] == ["Stay open", "Close and lose it"]
    assert not closing.is_over(after(state, 60), NOW + timedelta(hours=1))
    assert closing.tick(state, now=NOW)[1] == (cmd.ReviseDraft(state.draft),)


def test_it_closes_as_soon_as_the_text_is_on_disk_after_all():
    state = begun(typed(with_notes(), refused=True))
    state = reduce(state, ev.DraftSaved(state.draft.id, state.draft.revision))
    assert closing.is_over(state, NOW)


def test_text_on_its_way_to_the_disk_is_waited_for_without_a_word():
    state = begun(typed(with_notes(), refused=False))
    assert closing.keeps_open(state)
    assert show.notices_view(state) == ()
    assert not closing.is_over(state, NOW + timedelta(seconds=1))
    assert closing.is_over(state, NOW + timedelta(seconds=4))
    saved = reduce(state, ev.DraftSaved(state.draft.id, state.draft.revision))
    assert closing.is_over(saved, NOW)


def test_text_that_is_saved_keeps_nothing_open():
    state = typed(with_notes(), refused=False)
    state = reduce(state, ev.DraftSaved(state.draft.id, state.draft.revision))
    assert not closing.keeps_open(state)


def test_what_was_refused_is_tried_again_although_nothing_is_typed():
    state = typed(with_notes(), refused=True)
    assert saving.save_again(state)[1] == (cmd.ReviseDraft(state.draft),)
    saved = reduce(state, ev.DraftSaved(state.draft.id, state.draft.revision))
    assert saving.save_again(saved)[1] == ()


def test_when_the_disk_takes_one_draft_again_the_others_follow():
    state = typed(with_notes(), refused=True)
    other = Draft(DraftId("other"), note_html="<body><p>Other</p></body>", revision=2)
    before = replace(state, drafts={**state.drafts, other.id: other})
    told = ev.DraftSaved(state.draft.id, state.draft.revision)
    assert follow_up(before, told, reduce(before, told)) == (cmd.ReviseDraft(other),)


def test_an_engine_that_ended_by_an_error_is_said_and_the_text_is_kept_in_the_window():
    state = reduce(
        typed(with_notes(S.QUEUED), refused=False),
        ev.Stopped((Problem(ProblemKind.ENGINE_STOPPED),)),
    )
    assert "has stopped" in show.notices_view(state)[0].text
    assert "what you wrote last is lost" in line(begun(state)).text

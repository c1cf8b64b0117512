"""The fold of events: what the window knows after each, and what is never lost on the way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from close_notes_gui.model import commands as cmd
from close_notes_gui.model import events as ev
from close_notes_gui.model.draft import (
    Attachment,
    AttachmentState,
    Draft,
    OutboxEntry,
    OutboxState,
)
from close_notes_gui.model.ids import AttachmentId, DraftId, LeadId, NoteId, OutboxId
from close_notes_gui.model.lead import Lead, LeadHit
from close_notes_gui.model.note import Note
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.present.actions import (
    discard_draft,
    load_more_notes,
    open_draft,
    pick_lead,
    restore_draft,
    revise,
    send,
    type_search,
)
from close_notes_gui.present.filtering import NoteFilter
from close_notes_gui.present.follow_up import follow_up
from close_notes_gui.present.reduce import reduce
from close_notes_gui.present.state import AppState, fresh_state

NOW = datetime(2026, 11, 23, 14, 5, 9, tzinfo=UTC)
FIRST = DraftId("first")
ACME = Lead(id=LeadId("lead_acme"), name="Acme")
WAYNE = Lead(id=LeadId("lead_wayne"), name="Wayne Enterprises")
WORDS = "<body><p>Spoke with Ann.</p></body>"
OTHER_WORDS = "<body><p>Other words.</p></body>"


def blank() -> AppState:
    state = fresh_state(FIRST)
    return replace(state, leads={ACME.id: ACME, WAYNE.id: WAYNE})


def written(state: AppState, words: str = WORDS) -> AppState:
    return revise(state, now=NOW, note_html=words)[0]


def entry_for(draft: Draft, state: OutboxState = OutboxState.HELD) -> OutboxEntry:
    return OutboxEntry(id=OutboxId("out"), frozen=draft, state=state, queued_at=NOW)


def test_an_answer_to_an_older_search_changes_nothing_that_is_shown() -> None:
    state, _ = type_search(blank(), "wa")
    state, _ = type_search(state, "way")
    newer = ev.LeadsFound(2, "way", (LeadHit(WAYNE),), ev.SearchStage.CLOSE)
    older = ev.LeadsFound(1, "wa", (LeadHit(ACME),), ev.SearchStage.CLOSE)

    state = reduce(reduce(state, newer), older)

    assert [hit.lead for hit in state.search.hits] == [WAYNE]


def test_words_typed_before_loading_stay_in_the_editor_and_are_saved() -> None:
    before = written(blank())
    stored = Draft(id=DraftId("stored"), note_html=OTHER_WORDS, revision=4)
    loaded = ev.Loaded(Settings(), drafts=(stored,), focused_draft=stored.id)

    after = reduce(before, loaded)

    assert after.open_draft == FIRST
    assert after.draft.note_html == WORDS
    assert after.drafts[stored.id] == stored
    assert cmd.ReviseDraft(after.draft) in follow_up(before, loaded, after)


def test_the_last_draft_opens_when_nothing_was_typed() -> None:
    stored = Draft(id=DraftId("stored"), note_html=WORDS, lead_id=ACME.id, revision=4)
    loaded = ev.Loaded(Settings(), drafts=(stored,), focused_draft=stored.id)

    after = reduce(blank(), loaded)

    assert after.draft == stored
    assert cmd.OpenLead(ACME.id) in follow_up(blank(), loaded, after)


def test_text_without_a_lead_goes_to_the_lead_picked() -> None:
    state, commands = pick_lead(written(blank()), ACME.id, new_draft_id=DraftId("new"))

    assert state.open_draft == FIRST
    assert state.draft.lead_id == ACME.id
    assert state.draft.note_html == WORDS
    assert commands == (
        cmd.ReviseDraft(state.draft),
        cmd.FocusDraft(FIRST),
        cmd.OpenLead(ACME.id),
    )


def test_each_lead_has_its_own_draft() -> None:
    state, _ = pick_lead(blank(), ACME.id, new_draft_id=DraftId("a"))
    state = written(state)
    state, _ = pick_lead(state, WAYNE.id, new_draft_id=DraftId("w"))
    assert state.draft.note_html != WORDS
    state = written(state, OTHER_WORDS)

    state, _ = pick_lead(state, ACME.id, new_draft_id=DraftId("unused"))
    assert state.draft.note_html == WORDS
    state, _ = pick_lead(state, WAYNE.id, new_draft_id=DraftId("unused"))
    assert state.draft.note_html == OTHER_WORDS


def test_a_leadless_text_is_kept_when_the_lead_has_its_own() -> None:
    state, _ = pick_lead(blank(), ACME.id, new_draft_id=DraftId("a"))
    state = written(state)
    state = replace(state, drafts={**state.drafts, DraftId("x"): Draft(id=DraftId("x"))})
    state, _ = open_draft(state, DraftId("x"))
    state = written(state, OTHER_WORDS)

    state, _ = pick_lead(state, ACME.id, new_draft_id=DraftId("unused"))

    assert state.draft.note_html == WORDS
    assert state.drafts[DraftId("x")].note_html == OTHER_WORDS
    assert state.drafts[DraftId("x")].lead_id is None


def test_the_editor_is_cleared_only_when_the_draft_is_queued() -> None:
    state, _ = pick_lead(blank(), ACME.id, new_draft_id=DraftId("a"))
    state = written(state)
    state, commands = send(state, now=NOW, next_draft_id=DraftId("next"))
    assert [type(c) for c in commands] == [cmd.SendDraft]
    assert state.draft.note_html == WORDS

    entry = entry_for(state.draft)
    state = reduce(state, ev.DraftQueued(entry.frozen.id, entry))

    assert state.open_draft == DraftId("next")
    assert not state.draft.has_words
    assert state.draft.lead_id == ACME.id
    assert state.outbox[entry.id].frozen.note_html == WORDS


def test_send_pressed_twice_sends_once() -> None:
    state, _ = send(written(blank()), now=NOW, next_draft_id=DraftId("next"))
    assert send(state, now=NOW, next_draft_id=DraftId("again")) == (state, ())


def test_a_refused_send_leaves_the_text_and_can_be_tried_again() -> None:
    state, _ = send(written(blank()), now=NOW, next_draft_id=DraftId("next"))
    state = reduce(state, ev.SendRefused(FIRST, Problem(ProblemKind.NOTE_NO_LEAD)))

    assert state.draft.note_html == WORDS
    assert [n.problem.kind for n in state.notices] == [ProblemKind.NOTE_NO_LEAD]
    assert send(state, now=NOW, next_draft_id=DraftId("next"))[1]


def test_a_queued_draft_of_another_lead_does_not_take_the_editor_away() -> None:
    state, _ = pick_lead(blank(), ACME.id, new_draft_id=DraftId("a"))
    state = written(state)
    state, _ = send(state, now=NOW, next_draft_id=DraftId("next"))
    sent = state.draft
    state, _ = pick_lead(state, WAYNE.id, new_draft_id=DraftId("w"))
    state = written(state, OTHER_WORDS)

    state = reduce(state, ev.DraftQueued(sent.id, entry_for(sent)))

    assert state.draft.note_html == OTHER_WORDS
    assert sent.id not in state.drafts


def test_a_recalled_note_comes_back_and_what_was_begun_is_kept() -> None:
    state = written(blank(), OTHER_WORDS)
    recalled = Draft(id=DraftId("back"), lead_id=ACME.id, note_html=WORDS, revision=7)
    attachment = Attachment(
        AttachmentId("att"), recalled.id, "a.pdf", "application/pdf", 3, AttachmentState.UPLOADED
    )

    state = reduce(state, ev.DraftOpened(recalled, (attachment,)))

    assert state.draft == recalled
    assert state.attachments_of(recalled.id) == (attachment,)
    assert state.drafts[FIRST].note_html == OTHER_WORDS


def test_discarding_and_restoring_is_whole() -> None:
    state = written(blank())
    discarded = state.draft
    state, commands = discard_draft(state, FIRST, new_draft_id=DraftId("fresh"))
    assert commands == (cmd.DiscardDraft(FIRST),)
    assert not state.draft.has_words
    state = reduce(state, ev.DraftDiscarded(FIRST))

    assert restore_draft(state)[1] == (cmd.RestoreDraft(FIRST),)
    state = reduce(state, ev.DraftOpened(discarded))
    assert state.draft == discarded
    assert state.last_discarded is None


@pytest.mark.parametrize("lag_s", [0, 59])
def test_a_note_just_sent_stays_in_sight_while_the_list_lags(lag_s: int) -> None:
    state, _ = pick_lead(blank(), ACME.id, new_draft_id=DraftId("a"))
    state = written(state)
    sent = Note(id=NoteId("acti_1"), lead_id=ACME.id, note_html=WORDS, created_at=NOW)
    entry = entry_for(state.draft)
    state = reduce(state, ev.NoteSent(entry, sent))

    stale = ev.NotesLoaded(ACME.id, (), fetched_at=NOW + timedelta(seconds=lag_s))
    state = reduce(state, stale)
    assert [n.id for n in state.notes[ACME.id].notes] == [sent.id]

    state = reduce(state, ev.NotesLoaded(ACME.id, (sent,), fetched_at=NOW + timedelta(minutes=1)))
    assert [n.id for n in state.notes[ACME.id].notes] == [sent.id]


def test_a_deleted_note_does_not_come_back_for_ever() -> None:
    sent = Note(id=NoteId("acti_1"), lead_id=ACME.id, note_html=WORDS, created_at=NOW)
    state = reduce(blank(), ev.NoteSent(entry_for(Draft(FIRST, lead_id=ACME.id)), sent))
    later = NOW + timedelta(minutes=6)
    state = reduce(state, ev.NotesLoaded(ACME.id, (), fetched_at=later))
    assert state.notes[ACME.id].notes == ()


def test_a_failed_refresh_takes_no_note_out_of_sight() -> None:
    old = Note(id=NoteId("acti_1"), lead_id=ACME.id, note_html=WORDS)
    state = reduce(blank(), ev.NotesLoaded(ACME.id, (old,), fetched_at=NOW))
    offline = Problem(ProblemKind.OFFLINE)
    state = reduce(state, ev.NotesLoaded(ACME.id, (), problem=offline))
    assert state.notes[ACME.id].notes == (old,)
    assert state.notes[ACME.id].problem == offline


def listed(*numbers: int, title: str = "") -> tuple[Note, ...]:
    return tuple(
        Note(id=NoteId(f"acti_{n}"), lead_id=ACME.id, note_html=WORDS, title=title) for n in numbers
    )


def test_a_fresh_first_page_leaves_the_later_pages_in_sight() -> None:
    first, later, fresh = listed(9, 8, 7), listed(6, 5), listed(10, 9, 7, title="fresh")
    state = reduce(blank(), ev.NotesLoaded(ACME.id, first, has_more=True, fetched_at=NOW))
    state = reduce(state, ev.NotesLoaded(ACME.id, later, 3, fetched_at=NOW))
    assert (state.notes[ACME.id].notes, state.notes[ACME.id].has_more) == (first + later, False)
    state = reduce(state, ev.NotesLoaded(ACME.id, fresh, has_more=True, fetched_at=NOW))
    known = state.notes[ACME.id]
    assert (known.notes, known.has_more) == (fresh + later, False)
    unlike = listed(20, 19)
    state = reduce(state, ev.NotesLoaded(ACME.id, unlike, has_more=True, fetched_at=NOW))
    known = state.notes[ACME.id]
    assert (known.notes, known.has_more) == (unlike, True)


def test_a_later_page_brings_what_changed_since() -> None:
    first = ev.NotesLoaded(ACME.id, listed(9, 8), has_more=True, fetched_at=NOW)
    later = ev.NotesLoaded(ACME.id, listed(8, 7, title="fresh"), 1, has_more=True, fetched_at=NOW)
    known = reduce(reduce(blank(), first), later).notes[ACME.id]
    assert known.notes == listed(9) + listed(8, 7, title="fresh")
    assert known.has_more


def test_offline_more_can_be_asked_for_after_a_failed_look() -> None:
    cached = ev.NotesLoaded(ACME.id, listed(9), has_more=True, is_cached=True, fetched_at=NOW)
    failed = ev.NotesLoaded(ACME.id, (), problem=Problem(ProblemKind.OFFLINE))
    known = reduce(reduce(blank(), cached), failed).notes[ACME.id]
    assert (known.has_more, known.is_loading, known.is_cached) == (True, False, True)


def test_where_no_more_can_be_had_none_is_asked_for_until_there_is_reason_to() -> None:
    """A list that is not filled asks for more at once: without this it would ask for ever."""
    state, _ = pick_lead(blank(), ACME.id, new_draft_id=DraftId("a"))
    first = ev.NotesLoaded(ACME.id, listed(9, 8), has_more=True, fetched_at=NOW)
    state, asked = load_more_notes(reduce(state, first))
    assert asked == (cmd.LoadNotes(ACME.id, skip=2),)
    state = reduce(state, ev.NotesLoaded(ACME.id, (), 2, problem=Problem(ProblemKind.OFFLINE)))
    assert load_more_notes(state)[1] == ()
    state = reduce(state, first)
    assert load_more_notes(state)[1] == (cmd.LoadNotes(ACME.id, skip=2),)


def test_a_lead_that_is_gone_is_said_and_forgotten() -> None:
    state = reduce(blank(), ev.LeadMissing(ACME.id, merged_into=WAYNE))
    assert ACME.id not in state.leads
    [notice] = state.notices
    gone = Problem(ProblemKind.LEAD_GONE, detail="Wayne Enterprises", lead_id=WAYNE.id)
    assert notice.problem == replace(gone, subject="Acme")
    notes = state.notes[ACME.id]
    assert not notes.is_loading
    assert notes.problem == gone


def test_text_on_a_lead_that_is_gone_goes_with_the_lead_picked_next() -> None:
    state, _ = pick_lead(written(blank()), ACME.id, new_draft_id=DraftId("a"))
    state = reduce(state, ev.LeadMissing(ACME.id))
    state, commands = pick_lead(state, WAYNE.id, new_draft_id=DraftId("b"))
    assert state.draft.id == FIRST
    assert (state.draft.lead_id, state.draft.note_html) == (WAYNE.id, WORDS)
    assert commands[0] == cmd.ReviseDraft(state.draft)
    assert state.notices == ()


def test_an_edit_of_a_note_on_a_lead_that_is_gone_is_not_moved() -> None:
    state, _ = pick_lead(written(blank()), ACME.id, new_draft_id=DraftId("a"))
    edit = replace(state.draft, base=Note(NoteId("acti_1"), ACME.id, "<body><p>Old</p></body>"))
    state = replace(state, drafts={FIRST: edit})
    state = reduce(state, ev.LeadMissing(ACME.id))
    state, _ = pick_lead(state, WAYNE.id, new_draft_id=DraftId("b"))
    assert state.drafts[FIRST] == edit
    assert state.draft.id == DraftId("b")


def test_signing_out_leaves_nothing_of_the_account_in_the_window() -> None:
    state = written(blank())
    state = reduce(state, ev.SignedOut())
    assert state.open_draft != FIRST
    assert not state.draft.has_words
    assert not state.leads
    assert not state.notes


def test_a_revision_that_changes_nothing_posts_nothing() -> None:
    state = written(blank())
    assert revise(state, now=NOW, note_html=WORDS) == (state, ())


def test_the_window_s_words_are_saved_over_a_later_revision_on_disk() -> None:
    """What the rep sees is what counts; it must not be called saved while other words are kept."""
    state = written(blank())
    told = ev.DraftSaved(FIRST, state.draft.revision + 7)
    after = reduce(state, told)
    [again] = follow_up(state, told, after)
    assert isinstance(again, cmd.ReviseDraft)
    assert again.draft.note_html == WORDS
    assert again.draft.revision == told.revision + 1 == after.draft.revision
    assert after.saved_revisions[FIRST] < after.draft.revision
    saved = ev.DraftSaved(FIRST, again.draft.revision)
    assert follow_up(after, saved, reduce(after, saved)) == ()


def test_a_draft_that_is_gone_is_not_noted_as_saved() -> None:
    after = reduce(blank(), ev.DraftSaved(DraftId("queued meanwhile"), 3))
    assert not after.saved_revisions


def test_what_is_only_in_the_window_does_not_go_over_to_another_account() -> None:
    """Leads have the same ids for both where both are of one organization."""
    state = replace(
        blank(),
        note_filters={ACME.id: NoteFilter(words="bonus")},
        at_hand={"https://app.close.com/go/file/1": Path("/accounts/first/files/opened/a.pdf")},
        told="Copied as text",
    )
    same = reduce(state, ev.Loaded(Settings()))
    assert (same.note_filters, same.at_hand, same.told) == (
        state.note_filters,
        state.at_hand,
        state.told,
    )
    other = reduce(state, ev.Loaded(Settings(), takes_over=False))
    assert (other.note_filters, other.at_hand, other.told) == ({}, {}, "")

"""What each view shows for a given state: the words a rep reads, and the buttons beside them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from close_notes_gui.model import events as ev
from close_notes_gui.model.draft import (
    Attachment,
    AttachmentState,
    Draft,
    OutboxEntry,
    OutboxState,
)
from close_notes_gui.model.ids import (
    AttachmentId,
    ContactId,
    DraftId,
    LeadId,
    NoteId,
    OutboxId,
)
from close_notes_gui.model.lead import Contact, Lead, LeadHit, MatchedBy
from close_notes_gui.model.note import Note
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.present import show
from close_notes_gui.present.actions import pick_lead, revise, type_search
from close_notes_gui.present.matching import bold_parts
from close_notes_gui.present.reduce import reduce
from close_notes_gui.present.state import AppState, SignInState, Transit, fresh_state
from close_notes_gui.present.views import ActionKind, Tone
from close_notes_gui.present.when import relative, size_text
from close_notes_gui.present.wording import WORDS, words_for

NOW = datetime(2026, 11, 23, 14, 5, 9, tzinfo=UTC)
ANN = Contact(ContactId("cont_ann"), "Ann Lee", title="Buyer")
ACME = Lead(id=LeadId("lead_acme"), name="Acme <b>GmbH</b>", status_label="Hot", contacts=(ANN,))
TEXT = "<body><p>Spoke with Ann.</p></body>"


def state_with_lead() -> AppState:
    state = replace(fresh_state(DraftId("d")), is_loaded=True, leads={ACME.id: ACME})
    return pick_lead(state, ACME.id, new_draft_id=DraftId("n"))[0]


def entry(state: OutboxState, **more: object) -> OutboxEntry:
    frozen = Draft(DraftId("s"), lead_id=ACME.id, lead_name="Acme", note_html=TEXT)
    blank = OutboxEntry(id=OutboxId("o"), frozen=frozen, state=state, queued_at=NOW)
    return replace(blank, **more)  # type: ignore[arg-type]


def with_entry(state: OutboxState, **more: object) -> AppState:
    queued = entry(state, **more)
    return replace(state_with_lead(), outbox={queued.id: queued}, sign_in=SignInState.SIGNED_IN)


def test_every_kind_of_problem_says_what_happened_in_a_sentence() -> None:
    assert set(WORDS) == set(ProblemKind)
    for kind in ProblemKind:
        for problem in (Problem(kind), Problem(kind, detail="x" * 999, subject="a {name} %s.pdf")):
            words = words_for(problem)
            assert words.what.endswith((".", "…", ")")), kind
            assert len(words.text) < 600 or kind is ProblemKind.STORE_DAMAGED  # a path is whole
            assert "\n" not in words.text


def test_a_search_is_busy_until_close_has_answered() -> None:
    state, _ = type_search(state_with_lead(), "acme")
    assert show.search_view(state).line.text == "Searching…"

    local = ev.LeadsFound(state.search.seq, "acme", (LeadHit(ACME),), ev.SearchStage.LOCAL)
    view = show.search_view(reduce(state, local))
    assert view.is_busy
    assert [r.name for r in view.rows] == ["Acme <b>GmbH</b>"]

    final = replace(local, stage=ev.SearchStage.CLOSE)
    assert not show.search_view(reduce(state, final)).is_busy


def test_no_match_offline_and_error_are_told_apart() -> None:
    state, _ = type_search(state_with_lead(), "zzz")
    seq = state.search.seq
    none = ev.LeadsFound(seq, "zzz", (), ev.SearchStage.CLOSE)
    offline = replace(none, problem=Problem(ProblemKind.OFFLINE))
    broken = replace(none, problem=Problem(ProblemKind.SERVER_TROUBLE))
    lines = [show.search_view(reduce(state, event)).line for event in (none, offline, broken)]
    assert len({line.text for line in lines if line}) == 3
    assert [line.tone for line in lines if line] == [Tone.QUIET, Tone.WARNING, Tone.BAD]


def test_a_row_tells_why_it_matched_and_names_the_contact() -> None:
    state, _ = type_search(state_with_lead(), "ann")
    hit = LeadHit(ACME, MatchedBy.CONTACT, why="Ann Lee", contact_id=ANN.id)
    found = ev.LeadsFound(state.search.seq, "ann", (hit,), ev.SearchStage.CLOSE)
    [row] = show.search_view(reduce(state, found)).rows
    assert (row.detail, row.contact_id) == ("Ann Lee", ANN.id)
    assert [row.detail[at : at + length] for at, length in row.detail_bold] == ["Ann"]


@pytest.mark.parametrize(
    ("name", "words", "bold"),
    [
        ("Wayne Enterprises", "wa", ["Wa"]),
        ("Wayne Enterprises", "ent way", ["Way", "Ent"]),
        ("Émile Zólà", "emile zola", ["Émile", "Zólà"]),
        ("Straße & Co", "strasse", ["Straße"]),
        ("Acme", "me", []),
        ("😀 Acme", "acme", ["Acme"]),
        ("anything", "", []),
    ],
)
def test_the_matched_part_is_bold(name: str, words: str, bold: list[str]) -> None:
    assert [name[start : start + length] for start, length in bold_parts(name, words)] == bold


@pytest.mark.parametrize("state", list(OutboxState))
def test_every_rung_of_the_ladder_has_words(state: OutboxState) -> None:
    view = show.outbox_view(with_entry(state, problem=None), NOW)
    assert view.rows[0].line.text
    assert show.status_view(with_entry(state), NOW).main.text or state is OutboxState.SENT


def test_undo_is_offered_with_the_seconds_left() -> None:
    state = with_entry(OutboxState.HELD, not_before=NOW + timedelta(seconds=4.6))
    line = show.status_view(state, NOW).main
    assert line.text == "Sending in 5 s"
    assert [a.kind for a in line.actions] == [ActionKind.UNDO_SEND]


def test_offline_and_signed_out_are_said_with_the_number_of_notes() -> None:
    state = replace(with_entry(OutboxState.QUEUED), is_online=False)
    assert show.status_view(state, NOW).main.text == "Waiting for network (1 note)"
    state = replace(state, sign_in=SignInState.NEEDED)
    assert show.status_view(state, NOW).main.text == "Waiting for sign-in (1 note)"


def test_a_failed_note_can_be_edited_retried_or_discarded() -> None:
    state = with_entry(OutboxState.FAILED, problem=Problem(ProblemKind.REFUSED, "bad title"))
    [row] = show.outbox_view(state, NOW).rows
    assert "bad title" in row.line.text
    kinds = {a.kind for a in row.line.actions}
    assert kinds == {ActionKind.EDIT_NOTE, ActionKind.RETRY_NOTE, ActionKind.DISCARD_NOTE}
    assert show.status_view(state, NOW).main.text == "Needs you (1 note)"


def test_a_note_on_a_lead_that_is_gone_offers_another_lead() -> None:
    state = with_entry(OutboxState.FAILED, problem=Problem(ProblemKind.LEAD_GONE, subject="Acme"))
    kinds = [a.kind for a in show.outbox_view(state, NOW).rows[0].line.actions]
    assert ActionKind.OTHER_LEAD in kinds


def test_a_note_that_may_have_been_posted_cannot_be_taken_back() -> None:
    state = with_entry(OutboxState.QUEUED, attempts=1, problem=Problem(ProblemKind.OFFLINE))
    kinds = [a.kind for a in show.outbox_view(state, NOW).rows[0].line.actions]
    assert ActionKind.EDIT_NOTE not in kinds


def test_sent_is_said_with_a_link_until_the_next_words() -> None:
    state = replace(state_with_lead(), last_sent=entry(OutboxState.SENT))
    line = show.status_view(state, NOW).main
    assert line.text == "Sent to Acme"
    assert line.actions[0].target == "https://app.close.com/lead/lead_acme/"
    state, _ = revise(state, now=NOW, note_html=TEXT)
    assert show.status_view(state, NOW).main.text == ""


def test_the_timeline_puts_waiting_notes_first_then_pinned() -> None:
    state = with_entry(OutboxState.QUEUED)
    notes = tuple(
        Note(NoteId(f"acti_{n}"), ACME.id, TEXT, pinned=n == 2, activity_at=NOW) for n in range(3)
    )
    state = reduce(state, ev.NotesLoaded(ACME.id, notes, fetched_at=NOW))
    items = show.timeline_view(state, NOW).items
    assert [i.key for i in items] == ["o", "acti_2", "acti_0", "acti_1"]
    assert items[0].pending is not None


def test_chips_say_how_far_each_file_is() -> None:
    state = state_with_lead()
    blank = Attachment(AttachmentId("a"), state.open_draft, "a.pdf", "application/pdf", 2000)
    words = []
    for state_of in AttachmentState:
        attachment = replace(blank, state=state_of)
        now = replace(
            state,
            attachments={attachment.id: attachment},
            progress={attachment.id: Transit(500, 2000)},
        )
        words.append(show.attachments_view(now).chips[0].status)
    assert words[:4] == ["Reading…", "Waiting", "25 %", "Ready"]
    assert "was not" in words[4] or "did not" in words[4]


def test_saved_is_said_only_when_it_is() -> None:
    state, _ = revise(state_with_lead(), now=NOW, note_html=TEXT)
    assert show.compose_view(state).saved.text == "Saving…"
    state = reduce(state, ev.DraftSaved(state.open_draft, state.draft.revision))
    assert show.compose_view(state).saved.text == "Saved"
    full = Problem(ProblemKind.DISK_FULL)
    state = reduce(state, ev.DraftSaveFailed(state.open_draft, state.draft.revision, full))
    assert show.compose_view(state).saved.tone is Tone.BAD


def test_contacts_of_the_lead_can_be_chosen_or_none() -> None:
    view = show.compose_view(state_with_lead())
    assert [c.label for c in view.contacts] == ["No contact", "Ann Lee, Buyer"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "just now"), (300, "5 min ago"), (3 * 3600, "3 h ago"), (10 * 86400, ""), (-3600, "")],
)
def test_ages_are_said_as_people_say_them(seconds: int, words: str) -> None:
    assert relative(NOW - timedelta(seconds=seconds), NOW) == words


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1400, "1.4 kB"),
        (138_000_000, "138 MB"),
        (3 * 10**9, "3.0 GB"),
    ],
)
def test_sizes_are_said_as_file_programs_say_them(size_bytes: int, words: str) -> None:
    assert size_text(size_bytes) == words

"""One lead with two notes in Close, for tests of what a rep does with them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from close_notes_gui.model import events as ev
from close_notes_gui.model.amendment import Amendment, AmendmentKind, AmendmentState
from close_notes_gui.model.ids import (
    AmendmentId,
    ContactId,
    DraftId,
    LeadId,
    NoteId,
)
from close_notes_gui.model.lead import Lead
from close_notes_gui.model.note import Note, NoteAttachment
from close_notes_gui.present import actions, note_actions, show
from close_notes_gui.present.reduce import reduce
from close_notes_gui.present.state import AppState, fresh_state
from close_notes_gui.present.views import NoteItem

NOW = datetime(2026, 11, 23, 14, 5, 9, tzinfo=UTC)
ACME = Lead(LeadId("lead_acme"), "Acme")
OTHER = Lead(LeadId("lead_other"), "Other")
FILE = NoteAttachment("https://app.close.com/go/file/1", "a.pdf", "application/pdf", 5)
NOTE = Note(
    NoteId("acti_1"),
    ACME.id,
    "<body><p>Old words</p></body>",
    title="Old",
    contact_id=ContactId("cont_1"),
    author_name="Jane",
    activity_at=NOW - timedelta(days=2),
    updated_at=NOW - timedelta(days=1),
    attachments=(FILE,),
)
SECOND = replace(NOTE, id=NoteId("acti_2"), note_html="<body><p>Second</p></body>", attachments=())


def on_lead(*notes: Note) -> AppState:
    state = replace(
        fresh_state(DraftId("own")), is_loaded=True, leads={ACME.id: ACME, OTHER.id: OTHER}
    )
    state, _ = actions.pick_lead(state, ACME.id, new_draft_id=DraftId("n"))
    return reduce(state, ev.NotesLoaded(ACME.id, notes or (NOTE, SECOND), fetched_at=NOW))


def editing(state: AppState) -> AppState:
    return note_actions.edit_note(state, NOTE.id, new_draft_id=DraftId("edit"), now=NOW)[0]


def write(state: AppState, words: str) -> AppState:
    return actions.revise(state, now=NOW, note_html=f"<body><p>{words}</p></body>")[0]


def items(state: AppState) -> tuple[NoteItem, ...]:
    return show.timeline_view(state, NOW).items


def amendment(kind: AmendmentKind, state: AmendmentState, **more: object) -> Amendment:
    made = Amendment(AmendmentId("a"), kind, NOTE, NOW, state=state)
    return replace(made, **more)  # type: ignore[arg-type]

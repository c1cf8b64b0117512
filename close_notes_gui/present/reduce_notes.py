"""The part of the fold that is about what is asked of notes in Close, and comments. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from close_notes_gui.model import events as ev
from close_notes_gui.model.amendment import AmendmentKind, AmendmentState
from close_notes_gui.model.note import Note
from close_notes_gui.present.state import AppState, drop, notice, put


def amended(state: AppState, notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """The notes as they will be once Close has done what was asked; what it refused is not so."""
    for amendment in state.amendments.values():
        if amendment.state is AmendmentState.FAILED:
            continue
        note_id = amendment.note.id
        match amendment.kind:
            case AmendmentKind.DELETE:
                notes = tuple(note for note in notes if note.id != note_id)
            case AmendmentKind.PIN | AmendmentKind.UNPIN:
                pinned = amendment.kind is AmendmentKind.PIN
                notes = tuple(
                    replace(note, pinned=pinned) if note.id == note_id else note for note in notes
                )
    return notes


def with_note(state: AppState, note: Note) -> AppState:
    """The note in its place, or as the first of its lead where it is new."""
    before = state.notes.get(note.lead_id)
    if before is None:
        return state
    if any(known.id == note.id for known in before.notes):
        notes = tuple(note if known.id == note.id else known for known in before.notes)
    else:
        notes = (note, *before.notes)
    return replace(state, notes=put(state.notes, note.lead_id, replace(before, notes=notes)))


def _without_note(state: AppState, gone: Note) -> AppState:
    before = state.notes.get(gone.lead_id)
    if before is None:
        return state
    notes = tuple(note for note in before.notes if note.id != gone.id)
    return replace(state, notes=put(state.notes, gone.lead_id, replace(before, notes=notes)))


def _amendment_changed(state: AppState, event: ev.AmendmentChanged) -> AppState:
    amendment = event.amendment
    changed = replace(state, amendments=put(state.amendments, amendment.id, amendment))
    problem = amendment.problem if amendment.state is AmendmentState.FAILED else None
    return notice(changed, f"amendment {amendment.id}", problem)


def _amendment_refused(state: AppState, event: ev.AmendmentRefused) -> AppState:
    return notice(state, f"amendment {event.amendment_id}", event.problem)


def _amendment_removed(state: AppState, event: ev.AmendmentRemoved) -> AppState:
    removed = replace(state, amendments=drop(state.amendments, event.amendment_id))
    return notice(removed, f"amendment {event.amendment_id}", None)


def _amendment_done(state: AppState, event: ev.AmendmentDone) -> AppState:
    amendment, note = event.amendment, event.note
    state = replace(state, amendments=drop(state.amendments, amendment.id))
    if event.comment is not None:
        comments = (*state.comments.get(amendment.note.id, ()), event.comment)
        state = replace(state, comments=put(state.comments, amendment.note.id, comments))
    return _without_note(state, amendment.note) if note is None else with_note(state, note)


def _comments_loaded(state: AppState, event: ev.CommentsLoaded) -> AppState:
    if event.problem is not None:
        return notice(state, f"comments {event.note_id}", event.problem)
    state = notice(state, f"comments {event.note_id}", None)
    return replace(state, comments=put(state.comments, event.note_id, event.comments))


NOTE_FOLDS: Mapping[type[ev.Event], Callable[[AppState, Any], AppState]] = {
    ev.AmendmentChanged: _amendment_changed,
    ev.AmendmentRefused: _amendment_refused,
    ev.AmendmentRemoved: _amendment_removed,
    ev.AmendmentDone: _amendment_done,
    ev.CommentsLoaded: _comments_loaded,
}

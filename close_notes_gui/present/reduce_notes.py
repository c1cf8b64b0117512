"""The part of the fold that is about notes in Close: pins, deletions, comments. Pure.

What was asked for shows at once (`show_notes`); what Close has stays as it is until Close did it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from close_notes_gui.markup.joining import joined
from close_notes_gui.model import events as ev
from close_notes_gui.model.amendment import AmendmentKind
from close_notes_gui.model.ids import LeadId, NoteId
from close_notes_gui.model.note import Comment, Note
from close_notes_gui.present.state import AppState, NoteComments, drop, notice, put


def with_note(state: AppState, note: Note) -> AppState:
    """The state with the note as Close has it now, at its place, or first where it is new."""
    known = state.notes.get(note.lead_id)
    if known is None:
        return state
    if any(n.id == note.id for n in known.notes):
        notes = tuple(note if n.id == note.id else n for n in known.notes)
    else:
        notes = (note, *known.notes)
    return replace(state, notes=put(state.notes, note.lead_id, replace(known, notes=notes)))


def without_note(state: AppState, lead_id: LeadId, note_id: NoteId) -> AppState:
    """The state without a note that Close no longer has."""
    known = state.notes.get(lead_id)
    deleted = state.deleted | {note_id}
    state = replace(state, comments=drop(state.comments, note_id), deleted=deleted)
    if known is None:
        return state
    notes = tuple(n for n in known.notes if n.id != note_id)
    return replace(state, notes=put(state.notes, lead_id, replace(known, notes=notes)))


def _amendment_changed(state: AppState, event: ev.AmendmentChanged) -> AppState:
    amendment = event.amendment
    state = replace(state, amendments=put(state.amendments, amendment.id, amendment))
    known = state.comments.get(amendment.note.id)
    if known is None or known.adding != amendment.id:
        return state
    # On disk now: what was typed since stays in the field, what is kept leaves it.
    text = "" if known.text_html == amendment.body_html else known.text_html
    known = replace(known, text_html=text, adding=None)
    return replace(state, comments=put(state.comments, amendment.note.id, known))


def _amendment_refused(state: AppState, event: ev.AmendmentRefused) -> AppState:
    """Not on disk: what was typed stays in its field."""
    comments = {
        note_id: replace(known, adding=None) if known.adding == event.amendment_id else known
        for note_id, known in state.comments.items()
    }
    return notice(
        replace(state, comments=comments), f"amendment {event.amendment_id}", event.problem
    )


def _amendment_removed(state: AppState, event: ev.AmendmentRemoved) -> AppState:
    """The words of a comment come back, before those that are being written."""
    removed = state.amendments.get(event.amendment_id)
    state = replace(state, amendments=drop(state.amendments, event.amendment_id))
    if removed is None or removed.kind is not AmendmentKind.COMMENT:
        return state
    known = state.comments.get(removed.note.id, NoteComments())
    known = replace(known, text_html=joined(removed.body_html, known.text_html))
    return replace(state, comments=put(state.comments, removed.note.id, known))


def _amendment_done(state: AppState, event: ev.AmendmentDone) -> AppState:
    amendment = event.amendment
    state = replace(state, amendments=drop(state.amendments, amendment.id))
    if event.comment is not None:
        state = _with_comment(state, event.comment)
    if event.note is not None:
        return with_note(state, event.note)
    if amendment.kind is AmendmentKind.DELETE:
        return without_note(state, amendment.note.lead_id, amendment.note.id)
    return state


def _with_comment(state: AppState, comment: Comment) -> AppState:
    known = state.comments.get(comment.note_id, NoteComments())
    if any(there.id == comment.id for there in known.comments):
        return state
    known = replace(known, comments=(*known.comments, comment), made=(*known.made, comment))
    return replace(state, comments=put(state.comments, comment.note_id, known))


def _comments_loaded(state: AppState, event: ev.CommentsLoaded) -> AppState:
    known = state.comments.get(event.note_id, NoteComments())
    if event.problem and not event.comments:
        comments = known.comments
    else:
        listed = {comment.id for comment in event.comments}
        comments = (*event.comments, *(c for c in known.made if c.id not in listed))
    known = replace(known, comments=comments, is_loading=False, problem=event.problem)
    return replace(state, comments=put(state.comments, event.note_id, known))


NOTE_FOLDS: Mapping[type[ev.Event], Callable[[AppState, Any], AppState]] = {
    ev.AmendmentChanged: _amendment_changed,
    ev.AmendmentRefused: _amendment_refused,
    ev.AmendmentRemoved: _amendment_removed,
    ev.AmendmentDone: _amendment_done,
    ev.CommentsLoaded: _comments_loaded,
}

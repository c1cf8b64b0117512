"""The part of the fold that is about leads: the search, the index, their notes. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from close_notes_gui.model import events as ev
from close_notes_gui.model.ids import LeadId
from close_notes_gui.model.lead import Lead
from close_notes_gui.model.note import Note
from close_notes_gui.model.paging import merged
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.present.state import AppState, LeadNotes, drop, lead_notice, notice, put

SENT_NOTES_KEPT = timedelta(minutes=5)  # a list may lag behind a write; ours stays in sight


def _leads_found(state: AppState, event: ev.LeadsFound) -> AppState:
    known: Mapping[LeadId, Lead] = {
        **state.leads,
        **{hit.lead.id: hit.lead for hit in event.hits},
    }
    state = replace(state, leads=known)
    if event.seq != state.search.seq:
        return state
    return replace(
        state,
        search=replace(
            state.search,
            hits=event.hits,
            found_text=event.text,
            stage=event.stage,
            problem=event.problem,
        ),
    )


def _index_progressed(state: AppState, event: ev.IndexProgressed) -> AppState:
    return replace(state, index=event)


def _leads_refreshed(state: AppState, event: ev.LeadsRefreshed) -> AppState:
    """A draft keeps its lead: picking or sending tells that it is gone."""
    changed = {lead.id: lead for lead in event.changed}
    hits = tuple(hit for hit in state.search.hits if hit.lead.id not in event.gone)
    drafts = {
        draft.id: replace(draft, lead_name=changed[draft.lead_id].name)
        for draft in state.drafts.values()
        if draft.lead_id in changed
    }
    return replace(
        state,
        leads=drop({**state.leads, **changed}, *event.gone),
        drafts={**state.drafts, **drafts},
        recents=tuple(r for r in state.recents if r not in event.gone),
        search=replace(state.search, hits=hits),
    )


def _lead_loaded(state: AppState, event: ev.LeadLoaded) -> AppState:
    lead = event.lead
    recents = (lead.id, *(r for r in state.recents if r != lead.id))
    renamed = {
        d.id: replace(d, lead_name=lead.name)
        for d in state.drafts.values()
        if d.lead_id == lead.id and d.lead_name != lead.name
    }
    return replace(
        state,
        leads=put(state.leads, lead.id, lead),
        recents=recents,
        drafts={**state.drafts, **renamed},
    )


def _lead_missing(state: AppState, event: ev.LeadMissing) -> AppState:
    gone = state.leads.get(event.lead_id)
    name = gone.name if gone else state.draft.lead_name
    into = event.merged_into
    leads = drop(state.leads, event.lead_id)
    missing = Problem(
        ProblemKind.LEAD_GONE,
        detail=into.name if into else "",
        lead_id=into.id if into else None,
    )
    state = replace(
        state,
        leads=put(leads, into.id, into) if into else leads,
        recents=tuple(r for r in state.recents if r != event.lead_id),
        notes=put(state.notes, event.lead_id, LeadNotes(is_loading=False, problem=missing)),
    )
    return notice(state, lead_notice(event.lead_id), replace(missing, subject=name))


def _notes_loaded(state: AppState, event: ev.NotesLoaded) -> AppState:
    before = state.notes.get(event.lead_id, LeadNotes())
    notes, has_more, stuck_at = before.notes, before.has_more, before.stuck_at
    if event.problem and not event.notes:  # a failed look takes nothing out of sight
        stuck_at = len(notes) if event.skip else stuck_at
    else:
        stuck_at = None
        notes = _with_page(state, before, event)
        is_page_last = not notes or not event.notes or notes[-1].id == event.notes[-1].id
        has_more = event.has_more and (is_page_last or before.has_more)
    after = LeadNotes(
        notes=notes,
        has_more=has_more,
        is_cached=event.is_cached or bool(event.problem and before.is_cached),
        is_loading=event.is_cached and event.problem is None,
        fetched_at=event.fetched_at or before.fetched_at,
        problem=event.problem,
        stuck_at=stuck_at,
    )
    return replace(state, notes=put(state.notes, event.lead_id, after))


def _without_lag(state: AppState, before: LeadNotes, notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """A list may lag behind a write: what Close told since of a note counts on."""
    newer = {note.id: note for note in before.notes if note.updated_at is not None}
    return tuple(
        newer[note.id] if note.id in newer and _is_older(note, newer[note.id]) else note
        for note in notes
        if note.id not in state.deleted
    )


def _is_older(note: Note, than: Note) -> bool:
    there, here = note.updated_at, than.updated_at
    return there is not None and here is not None and there < here


def _with_page(state: AppState, before: LeadNotes, event: ev.NotesLoaded) -> tuple[Note, ...]:
    given = _without_lag(state, before, event.notes)
    sent = () if event.skip else _just_sent(before, event)
    sent_ids = {note.id for note in sent}
    known = tuple(note for note in before.notes if note.id not in sent_ids)
    return sent + merged(
        known, given, skip=event.skip, has_more=event.has_more, id_of=lambda note: note.id
    )


def _just_sent(before: LeadNotes, event: ev.NotesLoaded) -> tuple[Note, ...]:
    """What Close may not list yet."""
    listed = {note.id for note in event.notes}
    fetched_at = event.fetched_at
    return tuple(
        note
        for note in before.notes
        if note.id not in listed
        and fetched_at is not None
        and note.created_at is not None
        and timedelta(0) <= fetched_at - note.created_at < SENT_NOTES_KEPT
    )


LEAD_FOLDS: Mapping[type[ev.Event], Callable[[AppState, Any], AppState]] = {
    ev.LeadsFound: _leads_found,
    ev.IndexProgressed: _index_progressed,
    ev.LeadsRefreshed: _leads_refreshed,
    ev.LeadLoaded: _lead_loaded,
    ev.LeadMissing: _lead_missing,
    ev.NotesLoaded: _notes_loaded,
}

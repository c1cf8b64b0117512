"""The fold: (AppState, Event) → AppState. Pure but for ids of blank drafts, which are drawn anew.

An event that no longer fits changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from close_notes_gui.model import events as ev
from close_notes_gui.model.draft import Draft, OutboxState
from close_notes_gui.model.ids import DraftId, LeadId, new_draft_id
from close_notes_gui.model.lead import Lead
from close_notes_gui.model.note import Note
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.present.reduce_files import FILE_FOLDS
from close_notes_gui.present.state import (
    AppState,
    LeadNotes,
    SignInState,
    Transit,
    drop,
    notice,
    put,
)

SENT_NOTES_KEPT = timedelta(minutes=5)  # a list may lag behind a write; ours stays in sight


def reduce(state: AppState, event: ev.Event) -> AppState:
    """The state after the event."""
    return FOLDS[type(event)](state, event)


def is_blank(state: AppState, draft_id: DraftId) -> bool:
    """Whether a draft holds nothing that anyone would miss."""
    return not state.drafts[draft_id].has_words and not state.attachments_of(draft_id)


def _loaded(state: AppState, event: ev.Loaded) -> AppState:
    typed = {
        draft_id: draft
        for draft_id, draft in state.drafts.items()
        if (draft.has_words or draft.changed_at)
        and draft.revision > state.saved_revisions.get(draft_id, -1)
    }
    drafts = {draft.id: draft for draft in event.drafts} | typed
    if state.open_draft in typed:
        opened = state.open_draft
    elif event.focused_draft in drafts:
        opened = event.focused_draft
    else:
        opened = state.open_draft
        if opened not in drafts and opened in state.saved_revisions:
            opened = new_draft_id()  # it is in another account's store, and so is its text
        drafts.setdefault(opened, Draft(id=opened))
    loaded = replace(
        state,
        is_loaded=True,
        settings=event.settings,
        drafts=drafts,
        open_draft=opened,
        saved_revisions={draft.id: draft.revision for draft in event.drafts},
        attachments={a.id: a for a in event.attachments},
        progress={},
        last_discarded=None,  # it is put away in the store before this one
        outbox={entry.id: entry for entry in event.outbox},
        leads={lead.id: lead for lead in event.recents},
        recents=tuple(lead.id for lead in event.recents),
        notes={},
    )
    for problem in event.problems:
        loaded = notice(loaded, f"loaded {problem.kind.name}", problem)
    return loaded


def _signed_in(state: AppState, event: ev.SignedIn) -> AppState:
    signed_in = replace(
        state,
        sign_in=SignInState.SIGNED_IN,
        sign_in_problem=None,
        account=event.account,
        has_lost_index=False,
    )
    return notice(signed_in, "keyring", event.problem)


def _sign_in_failed(state: AppState, event: ev.SignInFailed) -> AppState:
    return replace(state, sign_in=SignInState.NEEDED, sign_in_problem=event.problem)


def _sign_in_needed(state: AppState, event: ev.SignInNeeded) -> AppState:
    return replace(state, sign_in=SignInState.NEEDED, sign_in_problem=event.problem)


def _signed_out(state: AppState, event: ev.SignedOut) -> AppState:
    blank = new_draft_id()  # one that no store has ever seen: the editor is cleared
    return replace(
        state,
        sign_in=SignInState.NEEDED,
        sign_in_problem=None,
        account=None,
        is_loaded=False,
        open_draft=blank,
        drafts={blank: Draft(id=blank)},
        saved_revisions={},
        attachments={},
        progress={},
        remarks={},
        offers={},
        note_files={},
        thumbnails={},
        outbox={},
        last_sent=None,
        last_discarded=None,
        leads={},
        recents=(),
        notes={},
        index=None,
        has_lost_index=event.index_deleted,
        search=replace(state.search, text="", hits=(), stage=None, problem=None),
        notices=(),
    )


def _directory_loaded(state: AppState, event: ev.DirectoryLoaded) -> AppState:
    return replace(state, directory=event.directory)


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
    state = replace(
        state,
        leads=put(leads, into.id, into) if into else leads,
        recents=tuple(r for r in state.recents if r != event.lead_id),
        notes=drop(state.notes, event.lead_id),
    )
    detail = into.name if into else ""
    problem = Problem(ProblemKind.LEAD_GONE, subject=name, detail=detail)
    return notice(state, f"lead {event.lead_id}", problem)


def _notes_loaded(state: AppState, event: ev.NotesLoaded) -> AppState:
    before = state.notes.get(event.lead_id, LeadNotes())
    if event.problem and not event.notes:
        notes = before.notes  # a failed refresh takes nothing out of sight
    elif event.skip:
        known = {note.id for note in before.notes}
        notes = before.notes + tuple(n for n in event.notes if n.id not in known)
    else:
        notes = _with_just_sent(before, event)
    after = LeadNotes(
        notes=notes,
        has_more=event.has_more,
        is_cached=event.is_cached or bool(event.problem and before.is_cached),
        is_loading=event.is_cached and event.problem is None,
        fetched_at=event.fetched_at or before.fetched_at,
        problem=event.problem,
    )
    return replace(state, notes=put(state.notes, event.lead_id, after))


def _with_just_sent(before: LeadNotes, event: ev.NotesLoaded) -> tuple[Note, ...]:
    listed = {note.id for note in event.notes}
    fetched_at = event.fetched_at
    kept = tuple(
        note
        for note in before.notes
        if note.id not in listed
        and fetched_at is not None
        and note.created_at is not None
        and timedelta(0) <= fetched_at - note.created_at < SENT_NOTES_KEPT
    )
    return kept + event.notes


def _draft_saved(state: AppState, event: ev.DraftSaved) -> AppState:
    saved = put(state.saved_revisions, event.draft_id, event.revision)
    return replace(state, saved_revisions=saved, save_problem=None)


def _draft_save_failed(state: AppState, event: ev.DraftSaveFailed) -> AppState:
    return replace(state, save_problem=event.problem)


def _draft_opened(state: AppState, event: ev.DraftOpened) -> AppState:
    draft = event.draft
    drafts = put(state.drafts, draft.id, draft)
    if draft.id != state.open_draft and is_blank(state, state.open_draft):
        drafts = drop(drafts, state.open_draft)
    discarded = state.last_discarded
    return replace(
        state,
        drafts=drafts,
        open_draft=draft.id,
        saved_revisions=put(state.saved_revisions, draft.id, draft.revision),
        attachments={**state.attachments, **{a.id: a for a in event.attachments}},
        last_discarded=None if discarded and discarded.id == draft.id else discarded,
    )


def _draft_discarded(state: AppState, event: ev.DraftDiscarded) -> AppState:
    if event.draft_id == state.open_draft:
        return state  # the window opens another one first
    return replace(state, drafts=drop(state.drafts, event.draft_id))


def _attachment_put(state: AppState, event: ev.AttachmentAdded | ev.AttachmentChanged) -> AppState:
    attachment = event.attachment
    return replace(
        state,
        attachments=put(state.attachments, attachment.id, attachment),
        progress=drop(state.progress, attachment.id),
    )


def _attachment_progressed(state: AppState, event: ev.AttachmentProgressed) -> AppState:
    if event.attachment_id not in state.attachments:
        return state
    moved = Transit(event.sent_bytes, event.total_bytes, event.bytes_per_s)
    return replace(state, progress=put(state.progress, event.attachment_id, moved))


def _attachment_refused(state: AppState, event: ev.AttachmentRefused) -> AppState:
    state = replace(state, attachments=drop(state.attachments, event.attachment_id))
    return notice(state, f"attachment {event.attachment_id}", event.problem)


def _attachment_removed(state: AppState, event: ev.AttachmentRemoved) -> AppState:
    return replace(
        state,
        attachments=drop(state.attachments, event.attachment_id),
        progress=drop(state.progress, event.attachment_id),
        remarks=drop(state.remarks, event.attachment_id),
    )


def _draft_queued(state: AppState, event: ev.DraftQueued) -> AppState:
    sent = state.drafts.get(event.draft_id, event.entry.frozen)
    heir = state.next_drafts.get(event.draft_id)
    drafts = drop(state.drafts, event.draft_id)
    opened = state.open_draft
    if opened == event.draft_id:
        opened = heir or DraftId(f"{event.draft_id}-next")
        drafts = put(
            drafts, opened, Draft(id=opened, lead_id=sent.lead_id, lead_name=sent.lead_name)
        )
    queued = replace(
        state,
        drafts=drafts,
        open_draft=opened,
        next_drafts=drop(state.next_drafts, event.draft_id),
        saved_revisions=drop(state.saved_revisions, event.draft_id),
        outbox=put(state.outbox, event.entry.id, event.entry),
    )
    return notice(queued, "send", None)


def _send_refused(state: AppState, event: ev.SendRefused) -> AppState:
    state = replace(state, next_drafts=drop(state.next_drafts, event.draft_id))
    return notice(state, "send", event.problem)


def _outbox_changed(state: AppState, event: ev.OutboxChanged) -> AppState:
    return replace(state, outbox=put(state.outbox, event.entry.id, event.entry))


def _outbox_removed(state: AppState, event: ev.OutboxRemoved) -> AppState:
    return replace(state, outbox=drop(state.outbox, event.outbox_id))


def _note_sent(state: AppState, event: ev.NoteSent) -> AppState:
    note = event.note
    before = state.notes.get(note.lead_id, LeadNotes(is_loading=False))
    rest = tuple(n for n in before.notes if n.id != note.id)
    entry = replace(event.entry, state=OutboxState.SENT)
    return replace(
        state,
        outbox=drop(state.outbox, entry.id),
        last_sent=entry,
        notes=put(state.notes, note.lead_id, replace(before, notes=(note, *rest))),
        attachments={k: a for k, a in state.attachments.items() if a.draft_id != entry.frozen.id},
    )


def _network_changed(state: AppState, event: ev.NetworkChanged) -> AppState:
    return replace(state, is_online=event.is_online)


def _settings_changed(state: AppState, event: ev.SettingsChanged) -> AppState:
    return replace(state, settings=event.settings)


def _trouble_arose(state: AppState, event: ev.TroubleArose) -> AppState:
    return notice(state, f"trouble {event.problem.kind.name}", event.problem)


def _stopped(state: AppState, _event: ev.Stopped) -> AppState:
    return replace(state, is_stopped=True)


FOLDS: Mapping[type[ev.Event], Callable[[AppState, Any], AppState]] = {
    ev.Loaded: _loaded,
    ev.SignedIn: _signed_in,
    ev.SignInFailed: _sign_in_failed,
    ev.SignInNeeded: _sign_in_needed,
    ev.SignedOut: _signed_out,
    ev.DirectoryLoaded: _directory_loaded,
    ev.LeadsFound: _leads_found,
    ev.IndexProgressed: _index_progressed,
    ev.LeadsRefreshed: _leads_refreshed,
    ev.LeadLoaded: _lead_loaded,
    ev.LeadMissing: _lead_missing,
    ev.NotesLoaded: _notes_loaded,
    ev.DraftSaved: _draft_saved,
    ev.DraftSaveFailed: _draft_save_failed,
    ev.DraftOpened: _draft_opened,
    ev.DraftDiscarded: _draft_discarded,
    ev.AttachmentAdded: _attachment_put,
    ev.AttachmentChanged: _attachment_put,
    ev.AttachmentProgressed: _attachment_progressed,
    ev.AttachmentRefused: _attachment_refused,
    ev.AttachmentRemoved: _attachment_removed,
    **FILE_FOLDS,
    ev.DraftQueued: _draft_queued,
    ev.SendRefused: _send_refused,
    ev.OutboxChanged: _outbox_changed,
    ev.OutboxRemoved: _outbox_removed,
    ev.NoteSent: _note_sent,
    ev.NetworkChanged: _network_changed,
    ev.SettingsChanged: _settings_changed,
    ev.TroubleArose: _trouble_arose,
    ev.Stopped: _stopped,
}

"""The part of the fold that is about the outbox: from the queued draft to the note. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from close_notes_gui.model import events as ev
from close_notes_gui.model.draft import Draft, OutboxState
from close_notes_gui.model.ids import DraftId
from close_notes_gui.present.reduce_notes import with_note
from close_notes_gui.present.state import AppState, LeadNotes, drop, notice, own_draft, put


def _draft_queued(state: AppState, event: ev.DraftQueued) -> AppState:
    sent = state.drafts.get(event.draft_id, event.entry.frozen)
    heir = state.next_drafts.get(event.draft_id)
    drafts = drop(state.drafts, event.draft_id)
    opened = state.open_draft
    if opened == event.draft_id:
        its_own = own_draft(state, sent.lead_id) if sent.is_edit else None
        opened = its_own.id if its_own else heir or DraftId(f"{event.draft_id}-next")
        blank = Draft(id=opened, lead_id=sent.lead_id, lead_name=sent.lead_name)
        drafts = put(drafts, opened, drafts.get(opened, blank))
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
    entry = replace(event.entry, state=OutboxState.SENT)
    if event.note.lead_id not in state.notes:
        known = LeadNotes(is_loading=False)
        state = replace(state, notes=put(state.notes, event.note.lead_id, known))
    state = with_note(state, event.note)
    return replace(
        state,
        outbox=drop(state.outbox, entry.id),
        last_sent=entry,
        attachments={k: a for k, a in state.attachments.items() if a.draft_id != entry.frozen.id},
    )


OUTBOX_FOLDS: Mapping[type[ev.Event], Callable[[AppState, Any], AppState]] = {
    ev.DraftQueued: _draft_queued,
    ev.SendRefused: _send_refused,
    ev.OutboxChanged: _outbox_changed,
    ev.OutboxRemoved: _outbox_removed,
    ev.NoteSent: _note_sent,
}

"""The part of the fold that is about drafts and what is attached to them. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from close_notes_gui.model import events as ev
from close_notes_gui.present.state import AppState, Transit, drop, is_blank, notice, put


def _draft_saved(state: AppState, event: ev.DraftSaved) -> AppState:
    """A revision later than the window's own is not the text that the rep sees: theirs becomes a
    revision after it, and is saved anew (see `follow_up`).
    """
    draft = state.drafts.get(event.draft_id)
    if draft is None:
        return replace(state, save_problem=None)  # queued or put away meanwhile
    saved = put(state.saved_revisions, event.draft_id, event.revision)
    state = replace(state, saved_revisions=saved, save_problem=None)
    if event.revision <= draft.revision:
        return state
    return replace(
        state, drafts=put(state.drafts, draft.id, replace(draft, revision=event.revision + 1))
    )


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
    # All of the draft's: the files of a folder come under ids of their own.
    others = {k: d for k, d in state.expected.items() if d != attachment.draft_id}
    state = replace(state, expected=others)
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
    state = replace(
        state,
        attachments=drop(state.attachments, event.attachment_id),
        expected=drop(state.expected, event.attachment_id),
    )
    return notice(state, f"attachment {event.attachment_id}", event.problem)


def _attachment_removed(state: AppState, event: ev.AttachmentRemoved) -> AppState:
    return replace(
        state,
        attachments=drop(state.attachments, event.attachment_id),
        expected=drop(state.expected, event.attachment_id),
        progress=drop(state.progress, event.attachment_id),
        remarks=drop(state.remarks, event.attachment_id),
    )


DRAFT_FOLDS: Mapping[type[ev.Event], Callable[[AppState, Any], AppState]] = {
    ev.DraftSaved: _draft_saved,
    ev.DraftSaveFailed: _draft_save_failed,
    ev.DraftOpened: _draft_opened,
    ev.DraftDiscarded: _draft_discarded,
    ev.AttachmentAdded: _attachment_put,
    ev.AttachmentChanged: _attachment_put,
    ev.AttachmentProgressed: _attachment_progressed,
    ev.AttachmentRefused: _attachment_refused,
    ev.AttachmentRemoved: _attachment_removed,
}

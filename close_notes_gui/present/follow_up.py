"""What the window asks for on its own after an event, pure: (before, event, after) → commands."""

from close_notes_gui.model import commands as cmd
from close_notes_gui.model import events as ev
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.note import CommentText
from close_notes_gui.present.saving import unsaved
from close_notes_gui.present.state import AppState, SignInState


def follow_up(before: AppState, event: ev.Event, after: AppState) -> tuple[cmd.Command, ...]:
    """Commands to post; mostly none."""
    match event:
        case ev.Loaded():
            return (cmd.AcknowledgeStore(), *_save(unsaved(after)), *_open_lead(after))
        case ev.SignedOut():
            return (cmd.AcknowledgeStore(),)
        case ev.SignedIn() | ev.NetworkChanged() if _is_back(before, event):
            return (*_open_lead(after), *_search_again(after))
        case ev.DraftSaved():
            return _after_saving(before, event, after)
        case ev.DraftQueued() if before.open_draft == event.draft_id:
            return (cmd.FocusDraft(after.open_draft),)
        case ev.DraftOpened():
            left = _left_behind(before, after)
            return (*left, cmd.FocusDraft(event.draft.id), *_open_lead(after))
        case ev.AmendmentChanged() | ev.AmendmentRemoved():
            return _keep_comment_texts(before, after)
        case _:
            return ()


def _keep_comment_texts(before: AppState, after: AppState) -> tuple[cmd.Command, ...]:
    """What is being written as comments, where the event has changed it."""
    return tuple(
        cmd.KeepCommentText(CommentText(note_id, known.text_html))
        for note_id, known in after.comments.items()
        if known is not before.comments.get(note_id)
    )


def _is_back(before: AppState, event: ev.SignedIn | ev.NetworkChanged) -> bool:
    """Whether Close can be asked, and could not be before."""
    if isinstance(event, ev.SignedIn):
        return before.sign_in is not SignInState.SIGNED_IN
    return event.is_online and not before.is_online


def _after_saving(
    before: AppState, event: ev.DraftSaved, after: AppState
) -> tuple[cmd.Command, ...]:
    """Where the disk takes things again: all that it refused; where other words were on it: the
    window's.
    """
    draft = before.drafts.get(event.draft_id)
    is_behind = draft is not None and event.revision > draft.revision
    if before.save_problem is not None or is_behind:
        return _save(unsaved(after))
    return ()


def _left_behind(before: AppState, after: AppState) -> tuple[cmd.Command, ...]:
    """An edit that changed nothing is not kept when another draft takes its place."""
    left = before.draft
    is_gone = left.is_edit and left.id not in after.drafts
    return (cmd.DiscardDraft(left.id),) if is_gone else ()


def _save(drafts: tuple[Draft, ...]) -> tuple[cmd.Command, ...]:
    return tuple(cmd.ReviseDraft(draft) for draft in drafts)


def _open_lead(state: AppState) -> tuple[cmd.Command, ...]:
    lead_id = state.draft.lead_id
    return (cmd.OpenLead(lead_id),) if lead_id is not None else ()


def _search_again(state: AppState) -> tuple[cmd.Command, ...]:
    search = state.search
    return (cmd.SearchLeads(search.seq, search.text),) if search.text.strip() else ()

"""Which drafts are on no disk yet, and what to do about it. Pure."""

from close_notes_gui.model import commands as cmd
from close_notes_gui.model.draft import Draft
from close_notes_gui.present.edits import is_untouched
from close_notes_gui.present.state import AppState


def unsaved(state: AppState) -> tuple[Draft, ...]:
    """Drafts with words of which the last revision is not known to be on disk."""
    return tuple(
        draft
        for draft in state.drafts.values()
        if draft.has_words
        and draft.id not in state.next_drafts
        and state.saved_revisions.get(draft.id, -1) < draft.revision
        and not is_untouched(draft)
    )


def is_at_risk(state: AppState) -> bool:
    """Whether the disk refused words that only the window holds now."""
    return state.save_problem is not None and bool(unsaved(state))


def save_again(state: AppState) -> tuple[AppState, tuple[cmd.Command, ...]]:
    """After the disk refused it: try what is not saved, though nothing was typed since."""
    if state.save_problem is None:
        return state, ()
    return state, tuple(cmd.ReviseDraft(draft) for draft in unsaved(state))

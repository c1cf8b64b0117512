"""What the rep does with notes that are in Close, as pure steps like those in `actions`."""

from close_notes_gui.model import commands as cmd
from close_notes_gui.model.amendment import AmendmentKind
from close_notes_gui.model.ids import AmendmentId, NoteId, OutboxId
from close_notes_gui.model.note import Note
from close_notes_gui.present.actions import Step
from close_notes_gui.present.state import AppState


def overwrite_note(state: AppState, outbox_id: OutboxId) -> Step:
    """The edit goes over what Close has now."""
    return state, (cmd.OverwriteNote(outbox_id),)


def send_as_new(state: AppState, outbox_id: OutboxId) -> Step:
    """The edit of a note that is gone goes as a new note."""
    return state, (cmd.SendAsNew(outbox_id),)


def amend_note(
    state: AppState,
    amendment_id: AmendmentId,
    kind: AmendmentKind,
    note: Note,
    *,
    body_html: str = "",
) -> Step:
    """Pin, unpin, delete, comment."""
    return state, (cmd.AmendNote(amendment_id, kind, note, body_html),)


def undo_amendment(state: AppState, amendment_id: AmendmentId) -> Step:
    """Take it back."""
    return state, (cmd.UndoAmendment(amendment_id),)


def retry_amendment(state: AppState, amendment_id: AmendmentId) -> Step:
    """Try it now."""
    return state, (cmd.RetryAmendment(amendment_id),)


def load_comments(state: AppState, note_id: NoteId) -> Step:
    """Read the comments on a note."""
    return state, (cmd.LoadComments(note_id),)

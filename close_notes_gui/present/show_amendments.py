"""What was asked of notes in Close, in words: undo, how far it is, or why not. Pure."""

from close_notes_gui.model.amendment import Amendment, AmendmentKind, AmendmentState
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.present.state import AppState, SignInState
from close_notes_gui.present.views import Action, ActionKind, Line, Tone
from close_notes_gui.present.wording import words_for

K, S = AmendmentKind, AmendmentState

_DONE = {K.PIN: "Pinned.", K.UNPIN: "Unpinned.", K.DELETE: "Note deleted.", K.COMMENT: "Comment"}
_DOING = {K.PIN: "Pinning…", K.UNPIN: "Unpinning…", K.DELETE: "Deleting…", K.COMMENT: "Adding…"}
_NOT_DONE = {
    K.PIN: "The note was not pinned.",
    K.UNPIN: "The note is still pinned.",
    K.DELETE: "The note was not deleted.",
    K.COMMENT: "The comment was not added.",
}
DEEDS = {
    K.PIN: "Pin a note",
    K.UNPIN: "Unpin a note",
    K.DELETE: "Delete a note",
    K.COMMENT: "Comment on a note",
}


def amendment_line(state: AppState, amendment: Amendment) -> Line:
    """How it stands with one thing that was asked."""
    kind = amendment.kind
    undo = (Action(ActionKind.UNDO_AMENDMENT, "Undo", amendment.id),) * amendment.can_undo
    now = Action(ActionKind.RETRY_AMENDMENT, "Try now", amendment.id)
    match amendment.state:
        case S.HELD:
            return Line(_DONE[kind], Tone.QUIET, undo)
        case S.QUEUED:
            return _waiting_line(state, amendment, undo, now)
        case S.DOING:
            return Line(_DOING[kind], Tone.BUSY)
        case S.UNCERTAIN:
            words = "Checking whether Close has the comment; it will not be added twice."
            return Line(words, Tone.BUSY)
        case S.FAILED:
            return _failed_line(amendment)


def _waiting_line(
    state: AppState, amendment: Amendment, undo: tuple[Action, ...], now: Action
) -> Line:
    if state.sign_in is SignInState.NEEDED:
        return Line("Waits until you sign in.", Tone.WARNING, undo)
    if not state.is_online:
        done = _DONE[amendment.kind].rstrip(".")
        return Line(f"{done} here. Waiting for network.", Tone.WARNING, undo)
    if amendment.problem is not None:
        return Line(words_for(amendment.problem).what, Tone.WARNING, (now, *undo))
    return Line(_DOING[amendment.kind], Tone.BUSY, undo)


def _failed_line(amendment: Amendment) -> Line:
    kind = amendment.kind
    again = Action(ActionKind.RETRY_AMENDMENT, "Try again", amendment.id)
    leave = Action(ActionKind.UNDO_AMENDMENT, "Leave it", amendment.id)
    if kind is K.COMMENT:
        leave = Action(ActionKind.UNDO_AMENDMENT, "Edit", amendment.id)
    words = words_for(amendment.problem or Problem(ProblemKind.REFUSED)).what
    return Line(f"{_NOT_DONE[kind]} {words}", Tone.BAD, (again, leave))

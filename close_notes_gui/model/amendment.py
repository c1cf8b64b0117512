"""What a rep asks to be done to a note that is in Close, other than writing it anew.

Any thread. Kept on disk until Close has done it, as a queued note is.
"""

from datetime import datetime
from enum import Enum

from close_notes_gui.model.ids import AmendmentId
from close_notes_gui.model.note import Note
from close_notes_gui.model.problem import Problem
from close_notes_gui.model.values import dataclass


class AmendmentKind(Enum):
    """The deed."""

    PIN = "pin"
    UNPIN = "unpin"
    DELETE = "delete"
    COMMENT = "comment"


class AmendmentState(Enum):
    """How far it is. All but COMMENT may be asked of Close again without harm; a comment whose
    answer was lost is looked for among the note's comments before it is asked again.
    """

    HELD = "held"  # within the time for undo; never for COMMENT
    QUEUED = "queued"
    DOING = "doing"
    FAILED = "failed"  # refused for certain: the view shows the note as Close has it, and why
    UNCERTAIN = "uncertain"  # COMMENT only: the answer was lost; being looked up


@dataclass(frozen=True, slots=True)
class Amendment:
    """One deed on one note. `note` is the note as the rep saw it; `body_html` is the text of a
    COMMENT, canonical, empty otherwise.
    """

    id: AmendmentId
    kind: AmendmentKind
    note: Note
    asked_at: datetime
    body_html: str = ""
    state: AmendmentState = AmendmentState.QUEUED
    not_before: datetime | None = None
    next_try_at: datetime | None = None
    problem: Problem | None = None
    attempts: int = 0

    @property
    def can_undo(self) -> bool:
        """Whether it can be taken back (or, where it FAILED, put away): Close was never asked."""
        if self.state is AmendmentState.FAILED:
            return True
        is_waiting = self.state in {AmendmentState.HELD, AmendmentState.QUEUED}
        return is_waiting and self.attempts == 0

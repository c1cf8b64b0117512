"""The decisions of delivery: who goes next, and what an attempt's outcome means.

Pure; any thread. Commits nothing, waits for nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from close_notes_gui.closeapi import errors as close
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.model.draft import OutboxEntry, OutboxState
from close_notes_gui.model.ids import LeadId
from close_notes_gui.model.problem import Problem, ProblemKind


@dataclass(frozen=True, slots=True)
class Timings:
    """How long delivery waits for what.

    `quiet_s`: no second try sooner after an attempt whose answer was lost, for Close may still
    be at it (and its lists lag up to 60 s behind). `look_gap_s`: looks closer together than this
    count as one. `quick_looks_s`: the first looks, to find a note soon that is there.
    """

    first_backoff_s: float = 2.0
    longest_backoff_s: float = 300.0
    quiet_s: float = 120.0
    look_gap_s: float = 30.0
    looks_needed: int = 2
    quick_looks_s: tuple[float, ...] = (2.0, 8.0)
    heal_after_s: float = 600.0
    disk_retry_s: float = 5.0
    stop_grace_s: float = 1.0
    longest_undo_s: float = 30.0
    most_posts: int = 5
    most_at_once: int = 3
    keep_sent: timedelta = timedelta(days=30)
    keep_discarded: timedelta = timedelta(days=30)


DEFAULT_TIMINGS: Final = Timings()

#: Rungs on which a note keeps the later ones of its lead waiting. FAILED and ASKING wait for
#: the rep, who may be away for days; the others go past them.
IN_THE_WAY: Final = frozenset(
    {
        OutboxState.HELD,
        OutboxState.QUEUED,
        OutboxState.UPLOADING,
        OutboxState.POSTING,
        OutboxState.UNCERTAIN,
    }
)

#: Rungs from which something can be done now.
CAN_STEP: Final = frozenset({OutboxState.HELD, OutboxState.QUEUED, OutboxState.UNCERTAIN})


def heads(entries: Sequence[OutboxEntry]) -> tuple[OutboxEntry, ...]:
    """The entry of each lead that the later ones of that lead wait for."""
    first: dict[LeadId | None, OutboxEntry] = {}
    for entry in entries:
        if entry.state in IN_THE_WAY:
            first.setdefault(entry.frozen.lead_id, entry)
    return tuple(first.values())


def backoff_s(tries: int, *, timings: Timings, chance: float) -> float:
    """How long to wait after the `tries`-th failure in a row (1 is the first).

    Doubles up to the longest; `chance` (0 to 1) spreads it over half to the whole of that, so
    that many programs do not come back at the same moment.
    """
    whole = min(timings.first_backoff_s * 2.0 ** min(tries - 1, 20), timings.longest_backoff_s)
    return whole * (0.5 + 0.5 * chance)


@dataclass(frozen=True, slots=True)
class Again:
    """Certainly not created; try again, after `wait_s` where Close said how long."""

    problem: Problem
    wait_s: float | None = None


@dataclass(frozen=True, slots=True)
class PauseAll:
    """Certainly not created; nothing will go until the rep has signed in again."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Stop:
    """Certainly not created, and the same again would fail again: the rep must act."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class AskAboutLead:
    """Certainly not created because something is gone: find out whether it is the lead."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class RenewFiles:
    """Certainly not created because of the files' addresses: upload them again."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Lost:
    """May have been created: look it up, never repeat it."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class LookAgain:
    """An edit that may have been carried out: the next attempt looks, as each does."""

    problem: Problem


Outcome = Again | PauseAll | Stop | AskAboutLead | RenewFiles | Lost | LookAgain


def outcome_of(error: Exception, *, lead_name: str, has_files: bool) -> Outcome:
    """What a failed create call means. An error that nobody foresaw counts as lost."""
    problem = problem_from(error, subject=lead_name)
    match error:
        case close.AnswerLost():
            return Lost(problem)
        case close.NotAuthorized():
            return PauseAll(problem)
        case close.Throttled():
            return Again(problem, wait_s=error.retry_after_s)
        case close.Gone():
            return AskAboutLead(problem)
        case close.Refused() if has_files and _is_about_files(error):
            return RenewFiles(problem)
        case close.Refused() | close.Forbidden() | close.PlanLimit() | close.UnsafeAddress():
            return Stop(problem)
        case close.CloseError():
            return Again(problem)
    return Lost(Problem(ProblemKind.ANSWER_LOST, subject=lead_name))


def outcome_of_edit(
    error: close.CloseError, *, lead_name: str, has_files: bool, was_asked: bool
) -> Outcome:
    """What a failed edit means. `was_asked`: it was the change that failed, not the look."""
    match error:
        case close.Gone():
            return Stop(Problem(ProblemKind.NOTE_GONE, subject=lead_name))
        case close.Offline() | close.TimedOut() | close.ServerTrouble() | close.BadAnswer() if (
            was_asked and error.was_sent
        ):
            return LookAgain(problem_from(error, subject=lead_name))
    return outcome_of(error, lead_name=lead_name, has_files=has_files)


def _is_about_files(error: close.Refused) -> bool:
    names = " ".join(name for name, _ in error.fields) or error.reason
    return "attachment" in names.lower()

"""The one place where the world's errors become Problems.

Any thread. Takes kinds and cleaned reasons only; never a traceback, a key or a note's text.
"""

import errno
from typing import Final

from close_notes_gui.closeapi import errors as close
from close_notes_gui.model.problem import Problem, ProblemKind

_KINDS: Final[tuple[tuple[type[close.CloseError], ProblemKind], ...]] = (
    (close.Offline, ProblemKind.OFFLINE),
    (close.TimedOut, ProblemKind.TIMED_OUT),
    (close.AnswerLost, ProblemKind.ANSWER_LOST),
    (close.Throttled, ProblemKind.THROTTLED),
    (close.NotAuthorized, ProblemKind.KEY_REFUSED),
    (close.PlanLimit, ProblemKind.PLAN_LIMIT),
    (close.Forbidden, ProblemKind.NOT_ALLOWED),
    (close.Gone, ProblemKind.LEAD_GONE),
    (close.Refused, ProblemKind.REFUSED),
    (close.ServerTrouble, ProblemKind.SERVER_TROUBLE),
    (close.BadAnswer, ProblemKind.STRANGE_ANSWER),
    (close.TlsFailed, ProblemKind.TLS_FAILED),
    (close.UnsafeAddress, ProblemKind.UNSAFE_ADDRESS),
    (close.StorageRefused, ProblemKind.STORAGE_REFUSED),
    (close.FileChanged, ProblemKind.FILE_CHANGED),
    (close.FileVanished, ProblemKind.FILE_VANISHED),
)

#: Faults of the way to Close rather than of what was asked: waiting helps, changing does not.
_PASSING: Final = (
    close.Offline,
    close.TimedOut,
    close.AnswerLost,
    close.Throttled,
    close.ServerTrouble,
    close.BadAnswer,
    close.TlsFailed,
    close.PolicyExpired,
)

_DISK_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


def problem_from(error: BaseException, *, subject: str = "") -> Problem:
    """The Problem that `error` is: CloseError, StoreError, VaultError or OSError.

    Anything else is a bug of ours (BUG). `subject` is what it is about, a file's or lead's name.
    """
    if isinstance(error, close.CloseError):
        return _of_close(error, subject=subject)
    if isinstance(error, OSError):
        return _of_disk(error, subject=subject)
    return Problem(ProblemKind.BUG, detail=type(error).__name__, subject=subject)


def is_passing(error: BaseException) -> bool:
    """Whether waiting may cure it: no network, no answer, throttled, 5xx, a captive portal."""
    return isinstance(error, _PASSING)


def _of_close(error: close.CloseError, *, subject: str) -> Problem:
    kind = next((kind for known, kind in _KINDS if isinstance(error, known)), ProblemKind.BUG)
    retry_at = error.reset_at if isinstance(error, close.Throttled) else None
    return Problem(kind, detail=_reason(error), subject=subject, retry_at=retry_at)


def _reason(error: close.CloseError) -> str:
    if isinstance(error, close.Refused) and error.fields:
        return "; ".join(f"{name}: {why}" if name else why for name, why in error.fields)[:300]
    if isinstance(error, close.StorageRefused):
        return f"{error.code}: {error.message}" if error.message else error.code
    return error.reason


def _of_disk(error: OSError, *, subject: str) -> Problem:
    if error.errno in _DISK_FULL:
        return Problem(ProblemKind.DISK_FULL, subject=subject)
    if isinstance(error, FileNotFoundError):
        return Problem(ProblemKind.FILE_VANISHED, subject=subject)
    detail = error.strerror or type(error).__name__
    return Problem(ProblemKind.FILE_UNREADABLE, detail=detail, subject=subject)

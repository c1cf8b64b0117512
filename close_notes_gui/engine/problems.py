"""The one place where the world's errors become Problems.

Any thread. Takes kinds and cleaned reasons only; never a traceback, a key or a note's text.
"""

import errno
from typing import Final

from close_notes_gui.closeapi import errors as close
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store import errors as store
from close_notes_gui.vault import VaultError

#: The first class that fits counts: a subclass stands before its base.
_KINDS: Final[tuple[tuple[type[Exception], ProblemKind], ...]] = (
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
    (store.StoreFull, ProblemKind.DISK_FULL),
    (store.StoreNewer, ProblemKind.STORE_NEWER),
    (store.StoreDamaged, ProblemKind.STORE_DAMAGED),
    (store.StoreError, ProblemKind.STORE_FAILED),
    (store.SpoolFull, ProblemKind.DISK_FULL),
    (store.FileVanished, ProblemKind.FILE_VANISHED),
    (store.FileChanged, ProblemKind.FILE_CHANGED),
    (store.SpoolError, ProblemKind.FILE_UNREADABLE),
    (VaultError, ProblemKind.KEYRING_FAILED),
    (FileNotFoundError, ProblemKind.FILE_VANISHED),
    (NotADirectoryError, ProblemKind.FILE_VANISHED),
    (OSError, ProblemKind.FILE_UNREADABLE),
)

#: Faults of the way rather than of what was asked: waiting helps, changing it does not.
_PASSING: Final = (
    close.Offline,
    close.TimedOut,
    close.AnswerLost,
    close.Throttled,
    close.NotAuthorized,
    close.ServerTrouble,
    close.BadAnswer,
    close.TlsFailed,
    store.StoreError,
)

_DISK_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_TELLING: Final = (store.StoreLocked, store.StoreFailed, store.FileUnreadable)


def problem_from(error: BaseException, *, subject: str = "") -> Problem:
    """The Problem that `error` is: a CloseError, StoreError, SpoolError, VaultError or OSError.

    Anything else is a bug of ours (BUG). `subject` is what it is about, a file's or lead's name.
    """
    kind = next((kind for known, kind in _KINDS if isinstance(error, known)), ProblemKind.BUG)
    if isinstance(error, OSError) and error.errno in _DISK_FULL:
        kind = ProblemKind.DISK_FULL
    if isinstance(error, store.StoreFailed) and error.path is not None:
        subject = subject or str(error.path)
    retry_at = error.reset_at if isinstance(error, close.Throttled) else None
    return Problem(kind, detail=_detail(error), subject=subject, retry_at=retry_at)


def is_passing(error: BaseException) -> bool:
    """Whether waiting may cure it: no network, no answer, throttled, 5xx, a captive portal, a
    key that is refused (until signed in again), a disk that will have room.
    """
    return isinstance(error, _PASSING)


def _detail(error: BaseException) -> str:
    if isinstance(error, close.Refused) and error.fields:
        return "; ".join(f"{name}: {why}" if name else why for name, why in error.fields)[:300]
    if isinstance(error, close.StorageRefused):
        return f"{error.code}: {error.message}" if error.message else error.code
    if isinstance(error, close.CloseError):
        return error.reason
    if isinstance(error, _TELLING):
        return str(error)
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return type(error).__name__

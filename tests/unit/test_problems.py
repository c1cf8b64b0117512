"""Every error of the rooms below is some Problem, and none of them is taken for a bug of ours."""

import errno
from datetime import UTC, datetime

import pytest

from close_notes_gui.closeapi import errors as close
from close_notes_gui.engine.problems import is_passing, problem_from
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.store import errors as store
from close_notes_gui.vault import VaultError

K = ProblemKind
RESET_AT = datetime(2026, 3, 2, tzinfo=UTC)


def kinds_below(base: type[Exception]) -> list[type[Exception]]:
    return [kind for sub in base.__subclasses__() for kind in (sub, *kinds_below(sub))]


def made(kind: type[Exception]) -> Exception:
    if kind is close.Throttled:
        return close.Throttled("slow down", retry_after_s=5, reset_at=RESET_AT)
    return kind("reason")


NOT_TOLD = {close.UploadCancelled, store.SpoolCancelled}


@pytest.mark.parametrize(
    "kind",
    [
        *kinds_below(close.CloseError),
        *kinds_below(store.StoreError),
        *kinds_below(store.SpoolError),
        VaultError,
    ],
    ids=lambda kind: f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}",
)
def test_no_error_is_unmapped(kind: type[Exception]):
    if kind in NOT_TOLD:
        assert not is_passing(made(kind))
    else:
        assert problem_from(made(kind)).kind is not K.BUG


def test_what_waiting_cures_and_what_it_does_not():
    assert is_passing(close.Offline())
    assert is_passing(made(close.Throttled))
    assert is_passing(close.ServerTrouble())
    assert is_passing(store.StoreFull("full"))
    assert not is_passing(close.Refused())
    assert not is_passing(close.Gone())
    assert not is_passing(close.FileChanged())
    assert not is_passing(ValueError())


def test_details_are_the_outside_words():
    refused = close.Refused("no", fields=(("title", "too long"), ("", "and odd")))
    assert problem_from(refused, subject="A").detail == "title: too long; and odd"
    assert problem_from(refused, subject="A").subject == "A"
    assert problem_from(close.StorageRefused("TooLarge", "5 GB")).detail == "TooLarge: 5 GB"
    assert problem_from(made(close.Throttled)).retry_at == RESET_AT


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "No space left"), K.DISK_FULL),
        (FileNotFoundError(errno.ENOENT, "gone", "/secret/path"), K.FILE_VANISHED),
        (PermissionError(errno.EACCES, "denied", "/secret/path"), K.FILE_UNREADABLE),
    ],
)
def test_errors_of_the_disk(error: OSError, kind: ProblemKind):
    problem = problem_from(error)
    assert problem.kind is kind
    assert "secret" not in problem.detail


def test_a_bug_tells_its_type_and_nothing_that_it_may_quote():
    problem = problem_from(ValueError("what the rep wrote"))
    assert (problem.kind, problem.detail) == (K.BUG, "ValueError")

"""What has happened to the program's own things: templates, the disk. See `events`.

Made on the engine's thread after the commit, folded on the window's by `present.reduce`.
"""

from pathlib import Path

from close_notes_gui.model.accounts import KnownAccount
from close_notes_gui.model.events import Event
from close_notes_gui.model.storage import StoragePart
from close_notes_gui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class TemplatesImported(Event):
    """So many templates came from files; `TemplatesChanged` was told before."""

    number: int


@dataclass(frozen=True, slots=True)
class TemplatesExported(Event):
    """So many templates are now Markdown files in the folder."""

    number: int
    folder: Path


@dataclass(frozen=True, slots=True)
class AccountsKnown(Event):
    """All accounts that can be gone on with, by the time they were used last."""

    accounts: tuple[KnownAccount, ...] = ()


@dataclass(frozen=True, slots=True)
class StorageMeasured(Event):
    """What lies on the disk, below `folder`. `are_caches_cleared`: just now, as asked."""

    folder: Path
    parts: tuple[StoragePart, ...] = ()
    are_caches_cleared: bool = False


@dataclass(frozen=True, slots=True)
class DiagnosticsSaved(Event):
    """The report is written."""

    target: Path

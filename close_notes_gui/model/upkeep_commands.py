"""What the window asks of the engine about the program's own things: templates, the disk.

See `commands`; carried out in order with those.
"""

from pathlib import Path

from close_notes_gui.model.commands import Command
from close_notes_gui.model.ids import OrganizationId, UserId
from close_notes_gui.model.template import Template
from close_notes_gui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class ImportTemplates(Command):
    """Keep a template for each of these Markdown files, named as the file is."""

    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class ExportTemplates(Command):
    """Write each template as a Markdown file into the folder; no file there is replaced."""

    templates: tuple[Template, ...]
    folder: Path


@dataclass(frozen=True, slots=True)
class UseAccount(Command):
    """Go on as another account whose key is kept; the one before stays as it is."""

    organization_id: OrganizationId
    user_id: UserId


@dataclass(frozen=True, slots=True)
class MeasureStorage(Command):
    """Tell what lies on the disk and how much it is."""


@dataclass(frozen=True, slots=True)
class ClearCaches(Command):
    """Delete what can be read from Close again: notes, and files of notes; not the leads."""


@dataclass(frozen=True, slots=True)
class SaveDiagnostics(Command):
    """Write a report for those who help: versions, settings, counts, states, the log; no key, no
    text of a note, no name. `about` is what only the window knows, as pairs of words.
    """

    target: Path
    about: tuple[tuple[str, str], ...] = ()

"""Templates from Markdown files, and as Markdown files.

Engine thread; the disk is read and written in threads beside it (a network drive may hang).
Never replaces a file, never a template.
"""

import errno
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TextIO

from close_notes_gui.engine.aside import aside
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.jobs import Jobs
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.markup import markdown_to_note_html, note_html_to_markdown
from close_notes_gui.model.events import (
    Event,
    TemplatesChanged,
    TroubleArose,
)
from close_notes_gui.model.filenames import LONGEST_BYTES, local_filename, safe_filename
from close_notes_gui.model.ids import new_template_id
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.template import LONGEST_NAME, Template
from close_notes_gui.model.upkeep_commands import ExportTemplates, ImportTemplates
from close_notes_gui.model.upkeep_events import TemplatesExported, TemplatesImported
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.spool import NO_ROOM
from close_notes_gui.store.store import Store

_LARGEST_BYTES: Final = 1024 * 1024
_MOST_TWINS: Final = 1000
_ENDING: Final = ".md"


class TemplateFiles:
    """Invariant: what is told as imported is in the store, as exported on the disk."""

    def __init__(
        self, *, store: Store, clock: Clock, jobs: Jobs, emit: Callable[[Event], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._jobs = jobs
        self._emit = emit

    def take(self, command: ImportTemplates) -> None:
        """TemplatesChanged and TemplatesImported; TroubleArose for each file that is none."""
        self._jobs.start(self._taken(command.files), name="importing templates")

    def write(self, command: ExportTemplates) -> None:
        """TemplatesExported, or TroubleArose."""
        self._jobs.start(self._written(command), name="exporting templates")

    async def _taken(self, files: tuple[Path, ...]) -> None:
        number = 0
        for path in files:
            try:
                html = await aside(lambda path=path: _read(path), name="template")  # type: ignore[misc]
                self._keep(path.stem, html)
                number += 1
            except _TooLarge:
                self._tell(ProblemKind.FILE_TOO_LARGE, path.name)
            except (OSError, UnicodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else "not text"
                self._tell(ProblemKind.FILE_UNREADABLE, path.name, reason or "")
            except StoreError as error:
                self._emit(TroubleArose(problem_from(error)))
                break
        if number:
            self._emit(TemplatesChanged(self._store.templates.all()))
            self._emit(TemplatesImported(number))

    def _keep(self, name: str, note_html: str) -> None:
        name = " ".join(safe_filename(name).split())[:LONGEST_NAME]
        taken = {template.name for template in self._store.templates.all()}
        free = next(one for one in _numbered(name) if one not in taken)
        template = Template(new_template_id(), free, note_html, self._clock.now())
        self._store.templates.keep(template)

    async def _written(self, command: ExportTemplates) -> None:
        try:
            await aside(lambda: _write(command.templates, command.folder), name="templates")
        except OSError as error:
            kind = ProblemKind.FILE_UNWRITABLE
            kind = ProblemKind.DISK_FULL if error.errno in NO_ROOM else kind
            self._tell(kind, command.folder.name, error.strerror or "")
        else:
            self._emit(TemplatesExported(len(command.templates), command.folder))

    def _tell(self, kind: ProblemKind, subject: str, detail: str = "") -> None:
        self._emit(TroubleArose(Problem(kind, detail=detail, subject=subject)))


class _TooLarge(Exception):
    """No template is that long."""


def _read(path: Path) -> str:
    """The file as `note_html`. A long text takes seconds to convert, beside the loop too."""
    with path.open("rb") as file:
        content = file.read(_LARGEST_BYTES + 1)
    if len(content) > _LARGEST_BYTES:
        raise _TooLarge
    return markdown_to_note_html(content.decode("utf-8-sig"))


def _write(templates: Iterable[Template], folder: Path) -> None:
    for template in templates:
        text = note_html_to_markdown(template.note_html)
        with _new_file(folder, template.name) as file:
            file.write(text)


def _new_file(folder: Path, name: str) -> TextIO:
    """Raises OSError, FileExistsError too where there are too many of this name."""
    for free in _numbered(name, longest_bytes=LONGEST_BYTES - len(_ENDING)):
        try:
            return (folder / local_filename(f"{free}{_ENDING}")).open("x", encoding="utf-8")
        except FileExistsError:
            continue
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def _numbered(name: str, *, longest_bytes: int | None = None) -> Iterable[str]:
    """The name, then with a number behind it; cut before that where it would be too long."""
    for ending in ("", *(f" ({number})" for number in range(2, _MOST_TWINS))):
        room = None if longest_bytes is None else longest_bytes - len(ending)
        yield name.encode("utf-8", "replace")[:room].decode("utf-8", "ignore") + ending

"""What lies on the disk, what of it can be cleared, and the report for those who help.

Engine thread; files are measured, read and written in threads beside it. Works where no store
could be opened as well: that is when a report is wanted most.
"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from close_notes_gui.engine.aside import aside
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.jobs import Jobs
from close_notes_gui.engine.network import Network
from close_notes_gui.engine.premises import UNSIGNED_FOLDER, Premises
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.engine.scrub import scrubbed
from close_notes_gui.engine.workplace import Workplace
from close_notes_gui.model.events import Event, TroubleArose
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.storage import StorageKind, StoragePart
from close_notes_gui.model.upkeep_commands import SaveDiagnostics
from close_notes_gui.model.upkeep_events import DiagnosticsSaved, StorageMeasured
from close_notes_gui.store.db import FILE_NAME
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.spool import NO_ROOM

LOG_NAME: Final = "close-notes.log"
CRASH_NAME: Final = "crash.txt"
_LARGEST_LOG_BYTES: Final = 512 * 1024
_LEADS_NAME: Final = "leads.db"


class Upkeep:
    """Invariant: nothing is cleared that cannot be read from Close again."""

    def __init__(
        self,
        premises: Premises,
        *,
        network: Network,
        clock: Clock,
        jobs: Jobs,
        emit: Callable[[Event], None],
    ) -> None:
        self._premises = premises
        self._network = network
        self._clock = clock
        self._jobs = jobs
        self._emit = emit

    def measure(self) -> None:
        """StorageMeasured."""
        self._jobs.start(self._measured(), name="measuring")

    def clear(self) -> None:
        """StorageMeasured after what is cached is gone; TroubleArose where it is not."""
        self._jobs.start(self._cleared(), name="clearing caches")

    def save_report(self, command: SaveDiagnostics) -> None:
        """DiagnosticsSaved, or TroubleArose."""
        self._jobs.start(self._reported(command), name="writing the report")

    # --- within

    async def _measured(self, *, are_caches_cleared: bool = False) -> None:
        root, own = self._premises.profile.root, self._own_folder()
        parts = await aside(lambda: measured(root, own), name="measure")
        self._emit(StorageMeasured(root, parts, are_caches_cleared))

    async def _cleared(self) -> None:
        workplace = self._premises.workplace
        try:
            if workplace is not None:
                await workplace.note_files.forget()
                workplace.store.notes.clear()
                workplace.store.shrink()
        except StoreError as error:
            self._emit(TroubleArose(problem_from(error)))
            return
        await self._measured(are_caches_cleared=True)

    async def _reported(self, command: SaveDiagnostics) -> None:
        facts = self._facts()
        root, own = self._premises.profile.root, self._own_folder()

        def write() -> None:
            sizes = {part.kind.value: part.size_bytes for part in measured(root, own)}
            free = shutil.disk_usage(root).free
            facts["disk"] = {"bytes": sizes, "free bytes": free}
            facts["last hard crash"] = _written_at(root / CRASH_NAME)
            log = scrubbed(_last_lines(root / LOG_NAME))
            crash = scrubbed(_last_lines(root / CRASH_NAME))
            text = _report(command.about, facts, log="\n".join(log), crash="\n".join(crash))
            command.target.write_text(text, encoding="utf-8")

        try:
            await aside(write, name="report")
        except OSError as error:
            kind = ProblemKind.FILE_UNWRITABLE
            kind = ProblemKind.DISK_FULL if error.errno in NO_ROOM else kind
            problem = Problem(kind, detail=error.strerror or "", subject=command.target.name)
            self._emit(TroubleArose(problem))
        else:
            self._emit(DiagnosticsSaved(command.target))

    def _own_folder(self) -> Path | None:
        workplace = self._premises.workplace
        return workplace.store.folder if workplace is not None else None

    def _facts(self) -> dict[str, object]:
        workplace = self._premises.workplace
        facts: dict[str, object] = {
            "written at": self._clock.now().isoformat(timespec="seconds"),
            "is online": self._network.is_online,
            "store": "open" if workplace else self._premises.no_store.kind.name,
        }
        if workplace is not None:
            account = workplace.account
            facts["key from"] = account.key_origin.value if account else "nobody signed in"
            facts |= _figures(workplace)
        return facts


def _figures(workplace: Workplace) -> dict[str, object]:
    try:
        census = workplace.store.census
        return {
            "schema": census.schema(),
            "settings": asdict(workplace.store.settings.get()),
            "counts": census.figures(),
        }
    except StoreError as error:
        return {"counts": type(error).__name__}


def measured(root: Path, own: Path | None) -> tuple[StoragePart, ...]:
    """What lies below the data folder; `own` is the folder of the store that is open."""
    sizes = dict.fromkeys(StorageKind, 0)
    for folder, _, names in os.walk(root):
        for name in names:
            kind = _kind_of(Path(folder), name, own)
            try:
                sizes[kind] += (Path(folder) / name).lstat().st_size
            except OSError:  # gone meanwhile
                continue
    return tuple(StoragePart(kind, size) for kind, size in sizes.items())


def _kind_of(folder: Path, name: str, own: Path | None) -> StorageKind:
    if own is None or (folder != own and own not in folder.parents):
        if "accounts" in folder.parts:
            return StorageKind.ACCOUNTS
        return StorageKind.NOTES if UNSIGNED_FOLDER in folder.parts else StorageKind.LOG
    within = folder.relative_to(own).parts
    if within:
        return {"spool": StorageKind.ATTACHMENTS, "files": StorageKind.OPENED}.get(
            within[0], StorageKind.BACKUPS
        )
    if name.startswith(_LEADS_NAME):
        return StorageKind.LEADS
    is_live = name in {FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"}
    return StorageKind.NOTES if is_live else StorageKind.BACKUPS


def _last_lines(path: Path) -> list[str]:
    """The end of the file; nothing where it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _LARGEST_LOG_BYTES))
            lines = file.read(_LARGEST_LOG_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return lines[1:] if len(lines) > 1 and path.stat().st_size > _LARGEST_LOG_BYTES else lines


def _written_at(path: Path) -> str:
    """When something was written there last; `none` where nothing was."""
    try:
        status = path.stat()
    except OSError:
        return "none"
    at = datetime.fromtimestamp(status.st_mtime, UTC)
    return at.isoformat(timespec="seconds") if status.st_size else "none"


def _report(
    about: tuple[tuple[str, str], ...], facts: dict[str, object], *, log: str, crash: str
) -> str:
    versions = "\n".join(f"{name}: {value}" for name, value in about)
    figures = json.dumps(facts, indent=2, ensure_ascii=False)
    parts = (
        ("Close Notes, a report. It holds no key, no text of a note and no name.", versions),
        ("Facts", figures),
        ("Log", log or "empty"),
        ("Crash", crash or "none"),
    )
    return "\n\n".join(f"== {heading}\n{text}" for heading, text in parts) + "\n"

"""Open an account's database: migrated, newer ones refused, damaged ones rescued.

Engine thread, at the start and at signing in.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.database import Database
from close_notes_gui.store.errors import StoreDamaged, StoreFailed, StoreNewer
from close_notes_gui.store.rescue import rescue, set_aside
from close_notes_gui.store.schema import STEPS
from close_notes_gui.store.store import Store

FILE_NAME = "close-notes.db"
_BACKUPS_KEPT = 3


class HasNow(Protocol):
    """The part of a clock that is needed here."""

    def now(self) -> datetime:
        """The wall clock, aware UTC."""


@dataclass(frozen=True, slots=True)
class OpenedStore:
    """The store, and what there is to tell about how it was opened (STORE_DAMAGED)."""

    store: Store
    problems: tuple[Problem, ...] = ()


def open_store(
    folder: Path, *, clock: HasNow, steps: Sequence[Sequence[str]] = STEPS
) -> OpenedStore:
    """Open the store in this folder, made where it is new.

    A database that cannot be read is set aside (`*.damaged-<time>`, with its log) and whatever
    can be read of it is carried over. Raises StoreNewer (nothing touched), StoreFull, StoreFailed.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / FILE_NAME
    _refuse_newer(path, known=len(steps))
    problems: tuple[Problem, ...] = ()
    try:
        database = _open_sound(path)
    except StoreDamaged:
        aside = set_aside(path, stamp=_stamp(clock))
        database = _made_anew(path, aside, steps=steps, clock=clock)
        _save_orphans(folder, database, aside)
        problems = (Problem(ProblemKind.STORE_DAMAGED, detail=str(aside)),)
    try:
        _migrate(database, steps=steps, clock=clock)
    except BaseException:
        database.close()
        raise
    return OpenedStore(Store(folder, database), problems)


def _open_sound(path: Path) -> Database:
    """Open and check it. Raises StoreDamaged where it is not sound."""
    wal = path.with_name(path.name + "-wal")
    is_empty = not path.exists() or path.stat().st_size == 0
    if is_empty and wal.exists() and wal.stat().st_size > 0:
        raise StoreDamaged("the database is empty, its log is not", path=path)
    _make_private(path)
    database = Database(path)
    try:
        verdict = database.one("PRAGMA quick_check(1)")
        if verdict is None or verdict[0] != "ok":
            raise StoreDamaged("quick_check", path=path)
        broken = database.one("PRAGMA foreign_key_check")
        if broken is not None:
            raise StoreDamaged("foreign_key_check", path=path)
    except BaseException:
        database.close()
        raise
    return database


def _made_anew(
    path: Path, aside: Path, *, steps: Sequence[Sequence[str]], clock: HasNow
) -> Database:
    _make_private(path)
    database = Database(path)
    try:
        _migrate(database, steps=steps, clock=clock)
        rescue(aside, into=database)
    except BaseException:
        database.close()
        raise
    return database


def _migrate(database: Database, *, steps: Sequence[Sequence[str]], clock: HasNow) -> None:
    """Take the schema to the newest version, each step whole or not at all, a copy made first."""
    version = _version(database)
    if version > len(steps):  # it stood only in the log
        raise StoreNewer(f"schema {version}, known {len(steps)}", path=database.path)
    if 0 < version < len(steps):
        folder = database.path.parent
        backup = folder / f"{FILE_NAME}.backup-v{version}-{_stamp(clock)}"
        _make_private(backup)
        database.copy_to(backup)
        _drop_old_backups(folder)
    for number, statements in enumerate(steps[version:], start=version + 1):
        with database.write() as write:
            for statement in statements:
                write.change(statement)
            write.change(f"PRAGMA user_version = {number}")


def _refuse_newer(path: Path, *, known: int) -> None:
    """Look at the header's bytes, so that SQLite touches nothing of what it does not know."""
    if not path.exists():
        return
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise StoreFailed(error.strerror or "cannot be read", path=path) from error
    version = int.from_bytes(header[60:64], "big") if header.startswith(b"SQLite format 3") else 0
    if version > known:
        raise StoreNewer(f"schema {version}, known {known}", path=path)


def _save_orphans(folder: Path, database: Database, aside: Path) -> None:
    """Files whose attachment was lost go beside the damaged database, not to the bin."""
    spool = folder / "spool"
    if not spool.is_dir():
        return
    known = {row["id"] for row in database.read("SELECT id FROM attachment")}
    for path in spool.iterdir():
        if path.name not in known:
            target = aside.with_name(aside.name + "-files")
            target.mkdir(mode=0o700, exist_ok=True)
            path.replace(target / path.name)


def _version(database: Database) -> int:
    row = database.one("PRAGMA user_version")
    return 0 if row is None else int(row[0])


def _stamp(clock: HasNow) -> str:
    return clock.now().strftime("%Y%m%dT%H%M%SZ")


def _make_private(path: Path) -> None:
    """Make the file 0600 before SQLite does; its log takes the same mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if os.name == "posix":
        path.chmod(0o600)


def _drop_old_backups(folder: Path) -> None:
    backups = sorted(folder.glob(f"{FILE_NAME}.backup-*"), key=lambda path: path.stat().st_mtime)
    for path in backups[:-_BACKUPS_KEPT]:
        with suppress(OSError):
            path.unlink()

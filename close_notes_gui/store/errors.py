"""What can go wrong on this machine's disk.

Engine thread; spool errors also from pool threads.

    StoreError
    ├── StoreFull       no room left; nothing of the transaction was kept
    ├── StoreFailed     any other failure of the disk or of SQLite
    ├── StoreDamaged    the database cannot be read any more (found while running)
    ├── StoreNewer      written by a newer version of the program; nothing was touched
    └── StoreLocked     another process works on this data folder
    SpoolError
    ├── SpoolFull       no room for the copy; nothing of it is left
    ├── SpoolCancelled  asked to stop; nothing of the copy is left
    ├── FileVanished    the file to attach is not there (any more)
    ├── FileChanged     the file is not the one that was attached
    └── FileUnreadable  not allowed, not a plain file, or the disk failed
"""

import sqlite3
from pathlib import Path

_FULL = {sqlite3.SQLITE_FULL}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class StoreError(Exception):
    """Base: the database could not do what was asked. The text holds no content of notes."""

    def __init__(self, reason: str, *, path: Path | None = None) -> None:
        super().__init__(reason)
        self.path = path


class StoreFull(StoreError):
    """The disk (or the database's limit) is full; the transaction was rolled back."""


class StoreFailed(StoreError):
    """The disk or SQLite failed otherwise; the transaction was rolled back."""


class StoreDamaged(StoreError):
    """The database is malformed; the next start sets it aside and rescues what it can."""


class StoreNewer(StoreError):
    """The database has a schema that this version does not know; it was left as it is."""


class StoreLocked(StoreError):
    """Another process holds the data folder."""


class SpoolError(Exception):
    """Base: the bytes of an attachment could not be kept or found."""

    def __init__(self, reason: str, *, path: Path | None = None) -> None:
        super().__init__(reason)
        self.path = path


class SpoolFull(SpoolError):
    """No room for the copy."""


class SpoolCancelled(SpoolError):
    """The copying was cancelled."""


class FileVanished(SpoolError):
    """The file is not there."""


class FileChanged(SpoolError):
    """The file's size, time or bytes are not those that were attached."""


class FileUnreadable(SpoolError):
    """The file cannot be read."""


def from_sqlite(error: sqlite3.Error, *, path: Path | None = None) -> StoreError:
    """The store's word for an error of SQLite, by its primary result code."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    reason = str(error)
    if primary in _FULL:
        return StoreFull(reason, path=path)
    if primary in _DAMAGED:
        return StoreDamaged(reason, path=path)
    return StoreFailed(reason, path=path)

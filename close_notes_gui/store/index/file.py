"""The index's database file: made private, opened twice, deleted without a trace of names.

Engine thread; the writing connection is used by one thread at a time. What is in the file can be
read from Close again, so a file that is damaged or of another version is made anew.
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final

from close_notes_gui.store.errors import StoreFailed, from_sqlite
from close_notes_gui.store.index.terms import VERSION

FILE_NAME: Final = "leads.db"
_SIDE_FILES: Final = ("", "-wal", "-shm", "-journal")
_CACHE_KIB: Final = 16 * 1024
_WAL_PAGES: Final = 2000
# Reading through a map took a third of the time at a million leads. The file is never cut short
# while it is mapped: it grows, or is unlinked after both connections are closed.
_MAPPED_BYTES: Final = 4 * 1024**3

# Beginnings of up to three letters have lists of their own: made while searching, they take
# a tenth of a second for one letter of 200,000 leads. They add a twentieth to the size.
_SCHEMA: Final = (
    "PRAGMA page_size = 8192",
    "PRAGMA journal_mode = WAL",
    """
    CREATE TABLE lead (
        rowid INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        key TEXT NOT NULL,
        body TEXT NOT NULL,
        generation INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX lead_by_key ON lead (key)",
    """
    CREATE VIRTUAL TABLE words USING fts5 (
        name, initials, people, mail, more, status,
        content = '', detail = column, columnsize = 0, prefix = '1 2 3',
        tokenize = "ascii tokenchars '+#'"
    )
    """,
    """
    CREATE VIRTUAL TABLE digits USING fts5 (
        phones, content = '', columnsize = 0, tokenize = "trigram"
    )
    """,
    "CREATE TABLE vocabulary (term TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE fact (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT",
)


def path_in(folder: Path) -> Path:
    """Where the index of the account in this folder is."""
    return folder / FILE_NAME


def prepare(path: Path) -> None:
    """Make sure that there is a sound file of this version, readable by its owner alone.

    Raises StoreError.
    """
    try:
        if _is_current(path):
            return
        delete(path)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        connection = connect(path)
        try:
            for statement in _SCHEMA:
                connection.execute(statement)
            connection.execute("INSERT INTO fact VALUES ('version', ?)", (VERSION,))
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise from_sqlite(error, path=path) from error
    except OSError as error:
        raise StoreFailed(error.strerror or "cannot be made", path=path) from error


def _is_current(path: Path) -> bool:
    if not path.exists():
        return False
    if os.name == "posix":
        path.chmod(0o600)
    try:
        connection = connect(path)
        try:
            found = connection.execute("SELECT value FROM fact WHERE name = 'version'").fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        return False
    return found is not None and found[0] == VERSION


def connect(path: Path) -> sqlite3.Connection:
    """The writing connection; may be used by any thread, one at a time.

    A power cut may undo the last batches: the state of the reading goes with them.
    """
    connection = sqlite3.connect(path, isolation_level=None, timeout=5, check_same_thread=False)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
    return connection


def connect_reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, and never waits for one that does."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=1
    )
    connection.execute("PRAGMA query_only = ON")
    connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
    return connection


def delete(path: Path) -> None:
    """Delete the file and what SQLite keeps beside it. Raises StoreFailed."""
    try:
        for suffix in _SIDE_FILES:
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise StoreFailed(error.strerror or "cannot be deleted", path=path) from error


def size_bytes(path: Path) -> int:
    """What the index takes on the disk."""
    total = 0
    for suffix in _SIDE_FILES:
        with suppress(OSError):
            total += path.with_name(path.name + suffix).stat().st_size
    return total

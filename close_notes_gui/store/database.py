"""One SQLite connection, its pragmas, and transactions that are whole or not at all.

Engine thread only. Every error of SQLite leaves this file as a `StoreError`.
"""

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from close_notes_gui.store.errors import from_sqlite

Value = str | int | float | bytes | None
Row = sqlite3.Row


class Database:
    """Invariant: outside `write()` no transaction is open, so whatever returned is on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._connection = connect(path)
        except sqlite3.Error as error:
            raise from_sqlite(error, path=path) from error

    def read(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        """All rows of a query."""
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise from_sqlite(error, path=self.path) from error

    def one(self, sql: str, values: Sequence[Value] = ()) -> Row | None:
        """The first row of a query, if there is one."""
        rows = self.read(sql, values)
        return rows[0] if rows else None

    @contextmanager
    def write(self) -> Iterator["Write"]:
        """A transaction: committed (and synced) at the end, rolled back by any exception.

        Raises `StoreFull`, `StoreFailed`, `StoreDamaged`.
        """
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Write(self._connection)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise from_sqlite(error, path=self.path) from error

    def change(self, sql: str, values: Sequence[Value] = ()) -> int:
        """One statement in its own transaction; the number of rows changed."""
        with self.write() as write:
            return write.change(sql, values)

    def copy_to(self, path: Path) -> None:
        """A consistent copy of the whole database by SQLite's backup."""
        try:
            target = sqlite3.connect(path)
            try:
                self._connection.backup(target)
            finally:
                target.close()
        except sqlite3.Error as error:
            raise from_sqlite(error, path=path) from error

    def shrink(self) -> None:
        """Give free room back to the disk; takes as long as writing the database once."""
        try:
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise from_sqlite(error, path=self.path) from error

    def close(self) -> None:
        """Close the connection; SQLite folds the log into the database."""
        try:
            self._connection.close()
        except sqlite3.Error as error:
            raise from_sqlite(error, path=self.path) from error


class Write:
    """An open transaction; lives inside `Database.write()` only."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def change(self, sql: str, values: Sequence[Value] = ()) -> int:
        """Run one statement; the number of rows changed."""
        return self._connection.execute(sql, values).rowcount

    def change_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each of the rows."""
        self._connection.executemany(sql, rows)

    def read(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        """All rows of a query, as this transaction sees them."""
        return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, values: Sequence[Value] = ()) -> Row | None:
        """The first row, as this transaction sees it."""
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row


def connect(path: Path) -> sqlite3.Connection:
    """A connection set up as this store needs it.

    WAL with synchronous FULL: with NORMAL a power cut may undo the last commit, and a note that
    was being posted would go out a second time.
    """
    connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if sys.platform == "darwin":  # a plain fsync there leaves the drive's cache unwritten
            connection.execute("PRAGMA fullfsync = ON")
            connection.execute("PRAGMA checkpoint_fullfsync = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
    except sqlite3.Error:
        connection.close()
        raise
    return connection

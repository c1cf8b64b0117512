"""Leads into the index, out of it, and the state of their reading with them.

In threads beside the engine's, one at a time; a lock keeps it so. Reads nothing for searches.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from close_notes_gui.model.ids import LeadId
from close_notes_gui.model.lead import Lead
from close_notes_gui.store.errors import StoreFailed, from_sqlite
from close_notes_gui.store.index import rows, state
from close_notes_gui.store.index.file import connect
from close_notes_gui.store.index.state import FillState
from close_notes_gui.store.index.terms import Terms, key_of, terms_for

_MOST_REMEMBERED: Final = 300_000
_PRUNED_AT_ONCE: Final = 500
_WORDS_IN: Final = "INSERT INTO words (rowid, name, initials, people, mail, more, status)"
_WORDS_OUT: Final = "INSERT INTO words (words, rowid, name, initials, people, mail, more, status)"


class IndexWriter:
    """Invariant: after each call a lead stands in the index once, with its terms, or not at all,
    and the state of the reading fits what is there.
    """

    def __init__(self, path: Path) -> None:
        """Raises StoreError. The file was prepared."""
        self.path = path
        self._lock = threading.Lock()
        self._is_closed = False
        self._vocabulary: set[str] = set()
        try:
            self._connection = connect(path)
        except sqlite3.Error as error:
            raise from_sqlite(error, path=path) from error

    def count(self) -> int:
        """How many leads are kept."""
        with self._write() as write:
            return _count(write)

    def state(self) -> FillState:
        """How far the reading is."""
        with self._write() as write:
            return _state(write)

    def keep_state(self, fill: FillState) -> None:
        """Keep how far the reading is."""
        with self._write() as write:
            _keep(write, "state", state.to_text(fill))

    def put(
        self, leads: Sequence[Lead], *, fill: FillState | None = None, is_newest: bool = False
    ) -> int:
        """Keep these leads as they are now, and the state; the number of leads kept afterwards.

        `is_newest`: new ones come before all others, where nothing else tells them apart.
        """
        with self._write() as write:
            if fill is not None:
                _keep(write, "state", state.to_text(fill))
            generation = (fill or _state(write)).generation
            unique = {lead.id: lead for lead in leads}
            known = _known(write, tuple(unique))
            fresh = [lead for lead in unique.values() if lead.id not in known]
            for lead in unique.values():
                if lead.id in known:
                    self._change(write, known[lead.id], lead, generation)
            self._add(write, fresh, generation, is_newest=is_newest)
            return _keep_count(write, len(fresh))

    def remove(self, lead_ids: Iterable[LeadId], *, fill: FillState | None = None) -> int:
        """Take these leads out; the number of leads kept afterwards."""
        with self._write() as write:
            if fill is not None:
                _keep(write, "state", state.to_text(fill))
            known = _known(write, tuple(lead_ids))
            for row, lead_id, body in known.values():
                _out(write, row, terms_for(rows.from_text(lead_id, body)))
                write.execute("DELETE FROM lead WHERE rowid = ?", (row,))
            return _keep_count(write, -len(known))

    def prune(self, generation: int) -> int:
        """Take out some of the leads that the walk of this generation did not meet; how many."""
        with self._write() as write:
            found = write.execute(
                "SELECT rowid, id, body FROM lead WHERE generation < ? LIMIT ?",
                (generation, _PRUNED_AT_ONCE),
            ).fetchall()
            for row, lead_id, body in found:
                _out(write, row, terms_for(rows.from_text(lead_id, body)))
                write.execute("DELETE FROM lead WHERE rowid = ?", (row,))
            _keep_count(write, -len(found))
            return len(found)

    def close(self) -> None:
        """Close, after what is being written; later calls raise StoreFailed."""
        with self._lock:
            if not self._is_closed:
                self._is_closed = True
                self._connection.close()

    # --- within

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._is_closed:
                raise StoreFailed("the index is closed", path=self.path)
            connection = self._connection
            try:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    self._vocabulary.clear()  # it may tell of words that were rolled back
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise from_sqlite(error, path=self.path) from error

    def _add(
        self, write: sqlite3.Connection, leads: list[Lead], generation: int, *, is_newest: bool
    ) -> None:
        if not leads:
            return
        lowest, highest = write.execute("SELECT min(rowid), max(rowid) FROM lead").fetchone()
        first = (lowest or 0) - len(leads) if is_newest else (highest or 0) + 1
        numbered = list(enumerate(leads, start=first))
        write.executemany(
            "INSERT INTO lead VALUES (?, ?, ?, ?, ?)",
            (
                (n, lead.id, key_of(lead.name), rows.to_text(lead), generation)
                for n, lead in numbered
            ),
        )
        self._into(write, [(number, terms_for(lead)) for number, lead in numbered])

    def _change(
        self,
        write: sqlite3.Connection,
        known: tuple[int, str, str],
        lead: Lead,
        generation: int,
    ) -> None:
        row, lead_id, before = known
        after = rows.to_text(lead)
        if after == before:
            write.execute("UPDATE lead SET generation = ? WHERE rowid = ?", (generation, row))
            return
        write.execute(
            "UPDATE lead SET key = ?, body = ?, generation = ? WHERE rowid = ?",
            (key_of(lead.name), after, generation, row),
        )
        old, new = terms_for(rows.from_text(lead_id, before)), terms_for(lead)
        if old != new:
            _out(write, row, old)
            self._into(write, [(row, new)])

    def _into(self, write: sqlite3.Connection, numbered: list[tuple[int, Terms]]) -> None:
        write.executemany(
            f"{_WORDS_IN} VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((number, *terms.columns) for number, terms in numbered),
        )
        write.executemany(
            "INSERT INTO digits (rowid, phones) VALUES (?, ?)",
            ((number, terms.digits) for number, terms in numbered if terms.digits),
        )
        new = {word for _, terms in numbered for word in terms.vocabulary} - self._vocabulary
        write.executemany("INSERT OR IGNORE INTO vocabulary VALUES (?)", ((word,) for word in new))
        if len(self._vocabulary) < _MOST_REMEMBERED:
            self._vocabulary |= new


def _out(write: sqlite3.Connection, row: int, terms: Terms) -> None:
    """An index that holds no text is told what to take out."""
    write.execute(f"{_WORDS_OUT} VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)", (row, *terms.columns))
    if terms.digits:
        write.execute(
            "INSERT INTO digits (digits, rowid, phones) VALUES ('delete', ?, ?)",
            (row, terms.digits),
        )


def _known(
    write: sqlite3.Connection, lead_ids: tuple[LeadId, ...]
) -> dict[str, tuple[int, str, str]]:
    found: dict[str, tuple[int, str, str]] = {}
    for start in range(0, len(lead_ids), _PRUNED_AT_ONCE):
        part = lead_ids[start : start + _PRUNED_AT_ONCE]
        marks = ",".join("?" * len(part))
        query = f"SELECT rowid, id, body FROM lead WHERE id IN ({marks})"  # noqa: S608 (marks only)
        found.update((row[1], row) for row in write.execute(query, part))
    return found


def _state(write: sqlite3.Connection) -> FillState:
    found = write.execute("SELECT value FROM fact WHERE name = 'state'").fetchone()
    return FillState() if found is None else state.from_text(found[0])


def _keep(write: sqlite3.Connection, name: str, value: str) -> None:
    write.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))


def _count(write: sqlite3.Connection) -> int:
    """Kept as a number: counting a million rows takes longer than a search may."""
    found = write.execute("SELECT value FROM fact WHERE name = 'count'").fetchone()
    return 0 if found is None else int(found[0])


def _keep_count(write: sqlite3.Connection, change: int) -> int:
    count = _count(write) + change
    if change:
        _keep(write, "count", str(count))
    return count

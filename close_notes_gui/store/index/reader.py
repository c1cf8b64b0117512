"""Leads out of the index: a few dozen that may be meant, in a few milliseconds.

Engine thread, on a connection of its own that never waits for one that writes. Ranks nothing
finely: whoever asks does that with the leads at hand.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from close_notes_gui.model.folding import UNSPACED, grams, runs_of
from close_notes_gui.model.ids import LeadId
from close_notes_gui.model.lead import Lead
from close_notes_gui.model.typing_errors import (
    ROUGH_SLIPS,
    is_roughly,
    may_be_rough,
    may_slip,
    slips,
)
from close_notes_gui.store.errors import from_sqlite
from close_notes_gui.store.index import rows
from close_notes_gui.store.index.file import connect_reading
from close_notes_gui.store.index.query import LeadQuery

_LAST: Final = "\U0010ffff"
_MANY: Final = 48  # more than can be shown: from here on, the better columns are asked alone
_NAMES: Final = 20
_PEOPLE: Final = 10
_MOST_SPELLINGS: Final = 12
_MOST_LOOKED_AT: Final = 3000  # words with the same two first letters
_TAIL_DIGITS: Final = (9, 7)


@dataclass(frozen=True, slots=True)
class Found:
    """A lead that may be meant. `is_guess`: only if something was mistyped."""

    lead: Lead
    is_guess: bool = False


class IndexReader:
    """Invariant: sees whole batches only, whatever is being written."""

    def __init__(self, path: Path) -> None:
        """Raises StoreError. The file was prepared."""
        self.path = path
        try:
            self._connection = connect_reading(path)
        except sqlite3.Error as error:
            raise from_sqlite(error, path=path) from error

    def find(self, query: LeadQuery) -> list[Found]:
        """What may be meant, likelier ones first as far as the index can tell. StoreError."""
        try:
            exact = self._exact(query)
            guesses = self._guesses(query) if len(exact) < query.enough else []
            known = set(exact)
            more = [row for row in dict.fromkeys(guesses) if row not in known]
            leads = self._leads([*exact, *more])
        except sqlite3.Error as error:
            raise from_sqlite(error, path=self.path) from error
        found = [Found(leads[row]) for row in exact if row in leads]
        return found + [Found(leads[row], is_guess=True) for row in more if row in leads]

    def find_roughly(self, query: LeadQuery) -> list[Lead]:
        """What may be meant if long words have two slips: for where `find` gives nothing that
        will do. StoreError.
        """
        if not any(may_be_rough(word) for word in query.needed):
            return []
        try:
            spelt = {word: [*self._spellings(word), *self._rough(word)] for word in query.needed}
            rows = self._spelt_so(spelt, query)
            return list(self._leads(rows).values())
        except sqlite3.Error as error:
            raise from_sqlite(error, path=self.path) from error

    def get(self, lead_id: LeadId) -> Lead | None:
        """The lead as it was last read. StoreError."""
        try:
            row = self._connection.execute(
                "SELECT body FROM lead WHERE id = ?", (lead_id,)
            ).fetchone()
        except sqlite3.Error as error:
            raise from_sqlite(error, path=self.path) from error
        return None if row is None else rows.from_text(lead_id, row[0])

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    # --- within

    def _exact(self, query: LeadQuery) -> list[int]:
        found: dict[int, None] = {}
        if query.words and not query.status and not query.address:
            _add(found, self._by_key(query.key))
        if query.initials:
            found_initials = self._matching(f'initials : "{query.initials}"', query, limit=6)
            _add(found, found_initials)
        if query.digits:
            _add(found, self._by_digits(query))
        if query.words:
            _add(found, self._by_words(query, query.words, has_names=len(found) >= _NAMES))
            if query.needed != query.words and len(found) < _MANY:
                _add(found, self._by_words(query, query.needed, has_names=False))
        elif query.status:
            _add(found, self._matching("", query, limit=_MANY))
        return list(found)

    def _by_words(self, query: LeadQuery, words: Iterable[str], *, has_names: bool) -> list[int]:
        """`has_names`: enough names begin so; no need to look for others that hold the words."""
        if has_names and len(query.key) == 1:
            return []
        asked = " AND ".join(_beginning(word) for word in words)
        anywhere = self._matching(asked, query, limit=_MANY) if len(query.key) > 1 else []
        if len(query.key) > 1 and len(anywhere) < _MANY:
            return anywhere
        found: dict[int, None] = {}
        if not has_names:
            _add(found, self._matching(f"name : ({asked})", query, limit=_NAMES))
        _add(found, self._matching(f"people : ({asked})", query, limit=_PEOPLE))
        if len(found) < _NAMES:
            _add(found, anywhere[:_NAMES])
        return list(found)

    def _by_key(self, key: str) -> list[int]:
        found = self._connection.execute(
            "SELECT rowid FROM lead WHERE key >= ? AND key < ? ORDER BY key LIMIT ?",
            (key, key + _LAST, _NAMES),
        )
        return [row[0] for row in found]

    def _by_digits(self, query: LeadQuery) -> list[int]:
        digits = query.digits
        tails = [digits, digits.lstrip("0")]
        tails += [digits[-length:] for length in _TAIL_DIGITS if len(digits) > length]
        for tail in dict.fromkeys(tails):
            if len(tail) < 3:
                continue
            found = self._connection.execute(
                "SELECT rowid FROM digits WHERE digits MATCH ? LIMIT ?", (f'"{tail}"', _MANY // 2)
            ).fetchall()
            if found:
                return [row[0] for row in found]
        return []

    def _matching(self, asked: str, query: LeadQuery, *, limit: int) -> list[int]:
        if query.status:
            wanted = f"status : {_beginning(query.status)}"
            asked = f"({asked}) AND {wanted}" if asked else wanted
        found = self._connection.execute(
            "SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", (asked, limit)
        )
        return [row[0] for row in found]

    def _guesses(self, query: LeadQuery) -> list[int]:
        if not any(may_slip(word) for word in query.needed):
            return []
        return self._spelt_so({word: self._spellings(word) for word in query.needed}, query)

    def _spelt_so(self, spellings: dict[str, list[str]], query: LeadQuery) -> list[int]:
        """Leads that have each word, or one of the beginnings that it may stand for."""
        asked = [
            f"({' OR '.join(_beginning(one) for one in (word, *others))})"
            for word, others in spellings.items()
        ]
        return self._matching(" AND ".join(asked), query, limit=_MANY // 2)

    def _rough(self, word: str) -> list[str]:
        """The words that are there and that two slips turn into `word`."""
        if not may_be_rough(word):
            return []
        found = self._connection.execute(
            """
            SELECT term FROM vocabulary
            WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ? LIMIT ?
            """,
            (
                word[:2],
                word[:2] + _LAST,
                len(word) - ROUGH_SLIPS,
                len(word) + ROUGH_SLIPS,
                _MOST_LOOKED_AT,
            ),
        )
        rough = (row[0] for row in found if is_roughly(row[0], word))
        return list(rough)[:_MOST_SPELLINGS]

    def _spellings(self, word: str) -> list[str]:
        """The beginnings of words that are there and that one slip turns into `word`."""
        if not may_slip(word):
            return []
        found = self._connection.execute(
            """
            SELECT DISTINCT slip.value FROM json_each(?) AS slip WHERE EXISTS (
                SELECT 1 FROM vocabulary WHERE term >= slip.value AND term < slip.value || ?)
            """,
            (json.dumps(list(slips(word))), _LAST),
        ).fetchall()
        spellings = sorted((row[0] for row in found), key=lambda s: (len(s) < len(word), s))
        return spellings[:_MOST_SPELLINGS]

    def _leads(self, numbers: list[int]) -> dict[int, Lead]:
        marks = ",".join("?" * len(numbers))
        query = f"SELECT rowid, id, body FROM lead WHERE rowid IN ({marks})"  # noqa: S608 (marks)
        return {
            number: rows.from_text(lead_id, body)
            for number, lead_id, body in self._connection.execute(query, numbers)
        }


def _add(found: dict[int, None], more: Iterable[int]) -> None:
    for number in more:
        found[number] = None


def _beginning(word: str) -> str:
    """The query for words that begin so; within unspaced scripts, that hold it anywhere."""
    asked = []
    for run in runs_of(word):
        if not UNSPACED.match(run) or len(run) == 1:
            asked.append(f'"{run}"*')
        else:
            asked += [f'"{pair}"' for pair in grams(run)[:-1]]
    return asked[0] if len(asked) == 1 else f"({' AND '.join(asked)})"

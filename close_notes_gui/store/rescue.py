"""Save what can be read of a damaged database, row by row.

Engine thread, at the start. Works on a copy; what was set aside is left as it was found.
"""

import re
import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from html import escape, unescape
from pathlib import Path

from close_notes_gui.model.richtext import EMPTY_NOTE_HTML
from close_notes_gui.store.database import Database, Value

# Parents before children. Caches of what Close has are left behind; `lead` is for the recents.
_TABLES = (
    "draft",
    "attachment",
    "minted_url",
    "outbox",
    "token",
    "claim",
    "amendment",
    "comment_claim",
    "template",
    "fact",
    "lead",
)
_LOGS = ("-wal", "-shm")
_HEADER_BYTES = 100
_PAGE_BYTES = 4096
_SIZE_AND_FREE_LIST_AT = 28
_MOST_PROBES = 50_000
_PROBES_PAST_THE_END = 1_000
_ILLEGIBLE = re.compile("[\x00-\x08\ufffd]+")
_WORDS = frozenset({"note_html", "look_alike_html", "body_html", "title", "lead_name", "filename"})
#: What can be done without; an edit that has lost its base opens as a draft (`_mend`).
_SPARED = {"problem": None, "base": None, "found": None, "kept_files": "[]", "also_leads": "[]"}
_TAG = re.compile(r"<[^<>]*>?")
_LOST_DRAFT = (
    "INSERT OR IGNORE INTO draft (id, place, lead_name, note_html, title, pinned,"
    " cursor_position, revision) VALUES (?, 'open', '', ?, '', 0, 0, 0)"
)


def set_aside(path: Path, *, stamp: str) -> Path:
    """Move the database and its log out of the way; the new name of the database."""
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    for ending in ("", *_LOGS):
        source = path.with_name(path.name + ending)
        if source.exists():
            source.replace(aside.with_name(aside.name + ending))
    return aside


def rescue(damaged: Path, *, into: Database) -> int:
    """Carry over every row that can be read; how many. Raises StoreFull, StoreFailed."""
    with tempfile.TemporaryDirectory(
        dir=damaged.parent, prefix="rescue-", ignore_cleanup_errors=True
    ) as folder:
        saved = 0
        for attempt, graft_bytes in enumerate((0, _HEADER_BYTES, _PAGE_BYTES)):
            copy = _copy_of(damaged, Path(folder) / f"attempt-{attempt}.db")
            _make_readable(copy, into, graft_bytes=graft_bytes)
            saved = sum(_carry_over(copy, table, into) for table in _TABLES)
            if saved:
                break
    _mend(into)
    return saved


def _copy_of(damaged: Path, target: Path) -> Path:
    for ending in ("", "-wal"):
        source = damaged.with_name(damaged.name + ending)
        if source.exists():
            shutil.copyfile(source, target.with_name(target.name + ending))
    return target


def _make_readable(copy: Path, sound: Database, *, graft_bytes: int) -> None:
    """Give the copy the first bytes of a sound database of the same schema (the same tables are
    on the same pages there), and let SQLite count the pages for itself.
    """
    head = b""
    if graft_bytes:
        template = copy.with_name("template.db")
        sound.copy_to(template)
        is_empty = copy.stat().st_size < _HEADER_BYTES
        # Only the log is left: its pages go over those of an empty database.
        head = template.read_bytes()[: None if is_empty else graft_bytes]
    elif copy.stat().st_size < _HEADER_BYTES:
        return
    with copy.open("r+b") as file:
        file.write(head)
        file.seek(_SIZE_AND_FREE_LIST_AT)
        file.write(bytes(12))


def _carry_over(copy: Path, table: str, into: Database) -> int:
    """The rows of one table, in one transaction; rows that do not fit (halves, children whose
    parents are lost) are left behind.
    """
    columns = [row["name"] for row in into.read(f"PRAGMA table_info({table})")]
    rows = _readable_rows(copy, table)
    saved = 0
    with into.write() as write:
        for row in rows:
            try:
                kept = {name: _mended(name, row[name]) for name in row.keys() if name in columns}  # noqa: SIM118
            except ValueError:
                continue
            if table == "draft" and kept.get("base") is None is not row["base"]:
                kept["place"] = "open"  # an edit of a note that nobody knows any more
            if table == "attachment":
                write.change(_LOST_DRAFT, (kept.get("draft_id"), EMPTY_NOTE_HTML))
            with suppress(sqlite3.IntegrityError):
                saved += write.change(
                    f"INSERT OR IGNORE INTO {table} ({', '.join(kept)})"  # noqa: S608
                    f" VALUES ({', '.join('?' * len(kept))})",
                    list(kept.values()),
                )
    return saved


def _mended(column: str, value: Value) -> Value:
    """A text that ran into a lost page has zeros or broken characters: what is legible of words.
    Raises ValueError for an id, a state and the like: of those a part is worse than nothing.
    """
    if not isinstance(value, str) or not _ILLEGIBLE.search(value):
        return value
    if column in _SPARED:
        return _SPARED[column]
    if column not in _WORDS:
        raise ValueError(column)
    text = _ILLEGIBLE.sub("", value)
    if not column.endswith("_html"):
        return text
    words = " ".join(_TAG.sub(" ", text).split())
    return f"<body><p>{escape(unescape(words), quote=False)}</p></body>"


def _readable_rows(copy: Path, table: str) -> list[sqlite3.Row]:
    """Forwards to the first row that cannot be read, backwards likewise, then one by one."""
    rows: dict[int, sqlite3.Row] = {}
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")  # passes over what is malformed in it
        connection.row_factory = sqlite3.Row
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        if _take(connection, rows, f"SELECT rowid AS _row, * FROM {table} ORDER BY rowid"):  # noqa: S608
            return list(rows.values())
        first_lost = max(rows, default=0) + 1
        _take(connection, rows, f"SELECT rowid AS _row, * FROM {table} ORDER BY rowid DESC")  # noqa: S608
        above = [number for number in rows if number > first_lost]
        last_lost = min(above) if above else first_lost + _PROBES_PAST_THE_END
        for number in range(first_lost, min(last_lost, first_lost + _MOST_PROBES)):
            _take(connection, rows, f"SELECT rowid AS _row, * FROM {table} WHERE rowid = {number}")  # noqa: S608
    return [rows[number] for number in sorted(rows)]


def _take(connection: sqlite3.Connection, rows: dict[int, sqlite3.Row], sql: str) -> bool:
    """Read into `rows` for as long as it goes; whether it went to the end."""
    try:
        for row in connection.execute(sql):
            rows.setdefault(row["_row"], row)
    except (sqlite3.Error, OverflowError):
        return False
    return True


def _mend(database: Database) -> None:
    """A frozen draft whose entry is lost opens as a draft again: never sent behind one's back. So
    does an edit that has lost its base: it would be sent as a new note.
    """
    database.change(
        "DELETE FROM outbox WHERE draft_id IN (SELECT id FROM draft WHERE place = 'open')"
    )
    database.change(
        "UPDATE draft SET place = 'open' WHERE place = 'queued'"
        " AND id NOT IN (SELECT draft_id FROM outbox)"
    )

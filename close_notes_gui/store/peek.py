"""A look into the store of an account that is not open: how much waits there.

Any thread. Opens the database to read only, for a moment; changes nothing in it.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from close_notes_gui.store.db import FILE_NAME

_WAITING = (
    "SELECT (SELECT COUNT(*) FROM outbox WHERE state <> 'sent') + (SELECT COUNT(*) FROM amendment)"
)


def waiting_in(folder: Path) -> int | None:
    """The notes and changes that wait in this folder's store; None where it cannot be told."""
    path = folder / FILE_NAME
    if not path.is_file():
        return 0
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            return int(database.execute(_WAITING).fetchone()[0])
    except sqlite3.Error:  # damaged, of another version, in the middle of a change
        return None

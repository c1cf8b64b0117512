"""How long keeping a revision takes: `python tests/bench/bench_store.py`.

The peer is a bare SQLite commit of one row of the same size, in the same run, with the same
pragmas: what the disk costs and nothing else.
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from close_notes_gui.model.draft import Draft
from close_notes_gui.model.ids import DraftId, LeadId, OutboxId
from close_notes_gui.store.database import connect
from close_notes_gui.store.db import open_store

ROUNDS = 300
WORDS = "<body><p>" + "word " * 4_000 + "</p></body>"  # 20 kB


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def times(work: Callable[[int], object]) -> list[float]:
    taken = []
    for n in range(ROUNDS):
        began = time.perf_counter()
        work(n)
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)


def bare(folder: Path) -> Callable[[int], object]:
    connection: sqlite3.Connection = connect(folder / "bare.db")
    connection.execute("CREATE TABLE one (id INTEGER PRIMARY KEY, text TEXT)")
    sql = "INSERT OR REPLACE INTO one VALUES (1, ?)"
    return lambda n: connection.execute(sql, (f"{WORDS}{n}",))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        store = open_store(Path(name), clock=_Clock()).store
        now = datetime.now(UTC)

        def draft(n: int, draft_id: str) -> Draft:
            html = f"{WORDS[:-11]}{n}</p></body>"
            return Draft(DraftId(draft_id), LeadId("lead_1"), note_html=html, revision=n)

        def queue(n: int) -> object:
            one = draft(n, f"q{n}")
            return store.outbox.queue(one, entry_id=OutboxId(f"o{n}"), queued_at=now)

        rows = {
            "bare SQLite commit (the peer)": times(bare(Path(name))),
            "a revision of a draft, 20 kB": times(lambda n: store.drafts.save(draft(n, "d"))),
            "Send: frozen into the outbox": times(queue),
        }
        store.close()
    peer = statistics.median(rows["bare SQLite commit (the peer)"])
    for label, taken in rows.items():
        p99 = taken[int(len(taken) * 0.99)]
        middle = statistics.median(taken)
        print(
            f"{label:32} p50 {middle:6.2f} ms  p99 {p99:6.2f}  max {taken[-1]:6.2f}"
            f"  ratio {middle / peer:.2f}"
        )


if __name__ == "__main__":
    main()

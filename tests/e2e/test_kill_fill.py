"""The engine killed with SIGKILL while it reads all leads for the first time, again and again, on a
line that throttles, breaks and lets cursors die: in the end every lead is kept once.
"""

import json
import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from close_notes_gui.sandbox import search as sandbox_search
from close_notes_gui.sandbox.faults import Fault, FaultKind
from close_notes_gui.sandbox.server import SandboxServer

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.kill,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills by POSIX signals, forks its engines"),
]
LEADS = 1500  # 8 pages, three listings
MOST_OBJECTS = 600
KILLS = 6
SEARCH = "/data/search/"
FAULTS = (
    Fault(FaultKind.THROTTLE, path=SEARCH, skip=1, reset_s=0.2),
    Fault(FaultKind.RESET_AFTER, path=SEARCH, skip=1),
    Fault(FaultKind.CUT_SHORT, path=SEARCH, skip=1),
    Fault(FaultKind.STATUS_BEFORE, path=SEARCH, status=400, skip=1),
)


class Reading:
    """Orders one engine after the other from the nursery, on one data folder."""

    def __init__(self, folder: Path, server: SandboxServer, nursery: subprocess.Popen[str]) -> None:
        self._folder = folder
        self._server = server
        self._nursery = nursery
        self.odd: list[str] = []
        self.complete: list[int] = []

    def run(self, *, kill_at_page: int | None, then_s: float = 0.0) -> int:
        """One life; the exit code, negative where a signal ended it."""
        order = {
            "folder": str(self._folder),
            "base_url": self._server.base_url,
            "key": self._server.api_key,
            "kill_at_page": kill_at_page,
            "then_s": then_s,
            "kill_after_s": 60.0,
        }
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(json.dumps(order) + "\n")
        self._nursery.stdin.flush()
        for line in self._nursery.stdout:
            verb, *words = line.split()
            if verb == "ENDED":
                return int(words[0])
            if verb == "COMPLETE":
                self.complete.append(int(words[0]))
            elif verb != "KNOWN":
                self.odd.append(line)
        raise AssertionError("the nursery is gone")

    def kept(self) -> list[str]:
        """The ids in the index; it is whole, and its own count is right."""
        found = list(self._folder.glob("accounts/*/leads.db"))
        if not found:
            return []
        with closing(sqlite3.connect(found[0])) as connection:
            ids = [row[0] for row in connection.execute("SELECT id FROM lead ORDER BY id")]
            connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
            connection.execute("INSERT INTO digits (digits) VALUES ('integrity-check')")
            counted = connection.execute("SELECT value FROM fact WHERE name = 'count'").fetchone()
        assert int(counted[0] if counted else 0) == len(ids)
        assert len(set(ids)) == len(ids)
        return ids


def test_kill_9_while_reading_leaves_an_index_that_becomes_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sandbox_search, "MOST_OBJECTS", MOST_OBJECTS)
    monkeypatch.setattr(sandbox_search, "CURSOR_LIFE", timedelta(seconds=0.1))
    chance = random.Random(5)
    with (
        SandboxServer(leads=LEADS) as server,
        subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.engine_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        ) as nursery,
    ):
        assert nursery.stdout is not None
        assert nursery.stdout.readline() == "READY\n"
        fake, reading = server.fake, Reading(tmp_path, server, nursery)
        on_the_way = []
        for turn in range(KILLS):
            if turn % 2:
                fake.faults.add(FAULTS[turn // 2 % len(FAULTS)])
            ids = fake.lead_ids()
            fake.rename_lead(ids[turn * 100 + 7], f"Renamed {turn}")
            fake.delete_lead(ids[turn * 100 + 50])
            fake.create_lead(f"New {turn}")
            code = reading.run(kill_at_page=chance.randrange(2, 4), then_s=chance.random() * 0.1)
            assert code == -9, reading.odd
            on_the_way.append(len(reading.kept()))
        fake.faults.clear()
        assert reading.run(kill_at_page=None) == 0
        whole = reading.kept()
        assert nursery.stdin is not None
        nursery.stdin.close()
    print(f"\nkept at each kill {on_the_way}, in the end {len(whole)}")
    assert on_the_way == sorted(on_the_way), "what was kept stays"
    assert sum(0 < count < LEADS for count in on_the_way) >= KILLS // 2, "killed on the way"
    assert whole == sorted(fake.lead_ids())
    assert reading.odd == []
    assert reading.complete[-1] == len(whole)

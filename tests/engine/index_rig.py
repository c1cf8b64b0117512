"""What tests of the index of leads share: an organisation to read, and looks at what is kept."""

import asyncio
import sqlite3
import threading
from pathlib import Path

from close_notes_gui.engine.index_fill import REFRESH_S
from close_notes_gui.model.commands import SearchLeads
from close_notes_gui.model.events import IndexProgressed, LeadsFound
from close_notes_gui.model.ids import LeadId
from tests.engine.engine_rig import Bench
from tests.engine.fakes import settle

LEADS = 900
WRITING = "close-notes-lead-index"


def filling(bench: Bench):
    return bench.signed_in(reads_all_leads=True)


def index_file(bench: Bench) -> Path:
    return next(bench.folder.glob("accounts/*/leads.db"))


def kept(bench: Bench) -> list[str]:
    """The ids in the index, every one of them, as another process sees them."""
    connection = sqlite3.connect(index_file(bench))
    try:
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        return [row[0] for row in connection.execute("SELECT id FROM lead ORDER BY id")]
    finally:
        connection.close()


async def complete(bench: Bench, *, since: int = 0) -> IndexProgressed:
    return await bench.passes(IndexProgressed, lambda e: e.is_complete, since=since)


async def local(bench: Bench, seq: int, text: str) -> list[LeadId]:
    bench.post(SearchLeads(seq, text))
    found = await bench.told(LeadsFound, lambda e: e.seq == seq)
    return [hit.lead.id for hit in found.hits]


async def assert_whole(bench: Bench) -> None:
    """Complete, no doubles; and found without asking."""
    told = await complete(bench)
    assert told.known == LEADS
    assert kept(bench) == sorted(bench.fake.lead_ids())


async def refreshed(bench: Bench) -> None:
    """Until the next refresh has been made: each ends by asking the log twice. The first comes
    right after all were read.
    """
    done = await rounds(bench, at_least=4)
    for _ in range(int(REFRESH_S) + 5):
        await bench.clock.advance(1)
    await rounds(bench, at_least=done + 2)


async def _written() -> None:
    await asyncio.sleep(0.005)
    while any(t.name == WRITING for t in threading.enumerate()):  # noqa: ASYNC110 (no event)
        await asyncio.sleep(0.005)


async def rounds(bench: Bench, *, at_least: int) -> int:
    """Wait for the log to be asked so often, and for what comes of it; threads take real time."""
    async with asyncio.timeout(10):
        while bench.asked("GET", "/event/") < at_least:
            await _written()  # the clock stands still meanwhile, however slow the machine is
            await bench.clock.advance(0.5 if bench.asked("GET", "/event/") < 4 else 0)
        await settle()
        await _written()
        await settle()
    return bench.asked("GET", "/event/")

"""Reading all leads: whole and without doubles, whatever Close does; then only what changes."""

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from close_notes_gui.engine.index_fill import REFRESH_S
from close_notes_gui.model.commands import (
    ChangeSettings,
    ClearIndex,
    OpenLead,
    SearchLeads,
    SignOut,
)
from close_notes_gui.model.events import (
    IndexProgressed,
    LeadLoaded,
    LeadMissing,
    LeadsFound,
    LeadsRefreshed,
    Loaded,
    SettingsChanged,
    SignedOut,
)
from close_notes_gui.model.ids import LeadId
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.sandbox import search as sandbox_search
from close_notes_gui.sandbox.faults import Fault, FaultKind
from close_notes_gui.store.index.writer import IndexWriter
from tests.engine.engine_rig import SEARCH, Bench
from tests.engine.fakes import settle

pytestmark = pytest.mark.anyio
LEADS = 900
WRITING = "close-notes-lead-index"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, leads=LEADS)


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


async def test_all_leads_are_read_and_found_without_asking(bench: Bench):
    async with filling(bench):
        await assert_whole(bench)
        expected = [e.expected for e in bench.all(IndexProgressed) if e.expected]
        assert expected
        assert set(expected) == {LEADS}
        asked = bench.asked("POST", SEARCH)
        assert (await local(bench, 1, "rocket surg"))[0] == bench.fake.lead_named(
            "🚀 Rocket Surgery Labs"
        )
        assert bench.asked("POST", SEARCH) == asked


async def test_a_listing_that_ends_early_is_gone_on_with(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sandbox_search, "MOST_OBJECTS", 250)
    async with filling(bench):
        await assert_whole(bench)


async def test_cursors_that_die_at_once_lose_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sandbox_search, "CURSOR_LIFE", timedelta(0))
    async with filling(bench):
        await assert_whole(bench)


async def test_many_changed_at_one_moment(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    """A bulk edit: more leads share a moment than a page holds."""
    moment = bench.server_now() - timedelta(days=1)
    monkeypatch.setattr(bench.fake._leads._sample, "dates", lambda _place: (moment, moment))
    async with filling(bench):
        await assert_whole(bench)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.THROTTLE, path=SEARCH, skip=2, times=4, reset_s=40),
        Fault(FaultKind.STATUS_BEFORE, path=SEARCH, skip=1, times=2, status=503),
        Fault(FaultKind.TRUNCATED_JSON, path=SEARCH, skip=1, times=2),
        Fault(FaultKind.DNS_FAILURE, path=SEARCH, skip=3, times=2),
        Fault(FaultKind.STATUS_BEFORE, path=SEARCH, times=1, status=400),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
async def test_faults_on_the_way_are_waited_out(bench: Bench, fault: Fault):
    bench.fake.faults.add(fault)
    async with filling(bench):
        await assert_whole(bench)


async def test_a_429_is_waited_out_before_the_next_request(bench: Bench):
    bench.fake.faults.add(Fault(FaultKind.THROTTLE, path=SEARCH, skip=2, times=1, reset_s=20))
    async with filling(bench):
        await assert_whole(bench)
    seen = [r for r in bench.fake.requests if r.path.endswith(SEARCH)]
    limited = next(place for place, r in enumerate(seen) if r.status == 429)
    assert seen[limited + 1].at - seen[limited].at >= timedelta(seconds=20)


async def test_stopped_on_the_way_it_goes_on_where_it_was(bench: Bench):
    async with filling(bench):
        await bench.passes(IndexProgressed, lambda e: e.known >= 400)
    before = bench.asked("POST", SEARCH)
    assert len(kept(bench)) < LEADS
    async with filling(bench):
        await assert_whole(bench)
    pages_left = (LEADS - 400) // 200 + 1
    ends = 3  # to find the end of the listing
    assert bench.asked("POST", SEARCH) - before <= pages_left + ends + 1


KILLED = """
import sys
from pathlib import Path
from dataclasses import replace
from close_notes_gui.store.index import file
from close_notes_gui.store.index.state import FillState
from close_notes_gui.store.index.writer import IndexWriter
from tests.sample_leads import sample_leads
path = Path(sys.argv[1])
file.prepare(path)
writer, leads = IndexWriter(path), list(sample_leads(4000))
for start in range(0, 4000, 50):
    batch = leads[start : start + 50]
    writer.put(batch, fill=FillState(is_walking=True, before_at=batch[-1].updated_at, expected=start + 50))
    print(start + 50, flush=True)
"""


def test_killed_while_writing_leads_and_state_agree(tmp_path: Path, project_root: Path):
    if os.name != "posix":
        pytest.skip("there is no SIGKILL on this system")
    path = tmp_path / "leads.db"
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)],
        cwd=project_root,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    while int(child.stdout.readline()) < 600:
        pass
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    writer = IndexWriter(path)
    count, state = writer.count(), writer.state()
    writer.close()
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT count(*), count(DISTINCT id) FROM lead").fetchone()
    connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    connection.close()
    assert count >= 600
    assert rows == (count, count)
    assert state.expected == count


# --- what changes


async def refreshed(bench: Bench) -> None:
    """Until the next refresh has been made: each ends by asking the log twice."""
    done = await rounds(bench, at_least=2)
    for _ in range(int(REFRESH_S) + 5):
        await bench.clock.advance(1)
    await rounds(bench, at_least=done + 2)


async def rounds(bench: Bench, *, at_least: int) -> int:
    """Wait for the log to be asked so often, and for what comes of it; threads take real time."""
    async with asyncio.timeout(10):
        while bench.asked("GET", "/event/") < at_least:
            await asyncio.sleep(0.005)
            await bench.clock.advance(0)
        await settle()
        while any(t.name == WRITING for t in threading.enumerate()):  # noqa: ASYNC110 (no event)
            await asyncio.sleep(0.005)
        await settle()
    return bench.asked("GET", "/event/")


async def test_renamed_new_merged_and_deleted_leads_move_within_one_refresh(bench: Bench):
    async with filling(bench):
        await complete(bench)
        fake = bench.fake
        renamed, merged, deleted = (fake.lead_ids()[place] for place in (3, 4, 5))
        fake_names = [fake.lead(each)["name"] for each in (renamed, merged, deleted)]
        fake.rename_lead(renamed, "Quagga Zoo")
        fake.merge_leads(merged, renamed)
        fake.delete_lead(deleted)
        new = fake.create_lead("Okapi Park", contacts=[{"name": "Xiomara Quux"}])
        asked = bench.asked("POST", SEARCH)
        await refreshed(bench)
        assert bench.asked("POST", SEARCH) - asked <= 2, "only what changed"
        assert await local(bench, 1, "quagga") == [renamed]
        assert await local(bench, 2, "xiomara") == [new]
        assert merged not in await local(bench, 3, fake_names[1])
        assert deleted not in await local(bench, 4, fake_names[2])
    assert kept(bench) == sorted(fake.lead_ids())


async def test_a_change_that_shows_late_is_seen_all_the_same(bench: Bench):
    async with filling(bench):
        await complete(bench)
        bench.fake.rename_lead(bench.fake.lead_ids()[7], "Newest Of All")
        await refreshed(bench)
        bench.fake.behaviour.clock_skew_s = -300  # dated five minutes back, visible only now
        late = bench.fake.create_lead("Tardy Tapir")
        bench.fake.behaviour.clock_skew_s = 0
        await refreshed(bench)
        assert await local(bench, 1, "tardy") == [late]


async def test_recent_leads_are_told_when_they_change_or_go(bench: Bench):
    async with filling(bench):
        await complete(bench)
        one, other = bench.leads[:2]
        bench.post(OpenLead(one))
        await bench.told(LeadLoaded, lambda e: e.lead.id == one)
        bench.post(OpenLead(other))
        await bench.told(LeadLoaded, lambda e: e.lead.id == other)
        bench.fake.rename_lead(one, "Renamed")
        bench.fake.delete_lead(other)
        await refreshed(bench)
        told = bench.all(LeadsRefreshed)
        assert [lead.name for e in told for lead in e.changed] == ["Renamed"]
        assert [lead_id for e in told for lead_id in e.gone] == [other]
    async with bench.running() as again:
        assert [
            lead.name for lead in (await again.told(Loaded, lambda e: bool(e.recents))).recents
        ] == ["Renamed"]


async def test_picking_one_that_is_gone_says_so_and_takes_it_out(bench: Bench):
    async with filling(bench):
        await complete(bench)
        gone = LeadId(bench.fake.lead_named("Wayne Enterprises"))
        bench.fake.delete_lead(gone)
        assert (await local(bench, 1, "wayne"))[0] == gone
        bench.post(OpenLead(gone))
        assert (await bench.told(LeadMissing)).lead_id == gone
        assert gone not in await local(bench, 2, "wayne")


# --- what the rep may say about it


async def test_no_more_leads_than_the_setting_allows(bench: Bench):
    async with bench.signed_in():
        bench.post(ChangeSettings(Settings(largest_index_leads=300)))
        await bench.told(SettingsChanged)
    async with filling(bench):
        told = await complete(bench)
        assert told.is_limited
        assert 300 <= told.known < 600


async def test_paused_it_asks_nothing_until_it_may_go_on(bench: Bench):
    async with filling(bench):
        bench.post(ChangeSettings(Settings(index_is_paused=True)))
        await bench.told(SettingsChanged)
        await bench.clock.advance(10)
        asked = bench.asked("POST", SEARCH)
        await bench.clock.advance(300)
        assert bench.asked("POST", SEARCH) <= asked + 1
        bench.post(ChangeSettings(Settings()))
        await assert_whole(bench)


async def test_switched_off_nothing_is_kept_and_close_is_asked(bench: Bench):
    async with filling(bench):
        await complete(bench)
        path = index_file(bench)
        bench.post(ChangeSettings(Settings(index_leads=False)))
        await bench.told(SettingsChanged)
        await bench.told(IndexProgressed, lambda e: e.known == 0 and not e.is_complete, since=3)
        assert not path.exists()
        assert await local(bench, 1, "rocket") == []
        bench.post(SearchLeads(2, "rocket"))
        found = await bench.passes(LeadsFound, lambda e: e.seq == 2 and bool(e.hits))
        assert found.hits[0].lead.name == "🚀 Rocket Surgery Labs"


async def test_cleared_it_is_read_anew(bench: Bench):
    async with filling(bench):
        await complete(bench)
        before = bench.place
        bench.post(ClearIndex())
        assert (await complete(bench, since=before)).known == LEADS


async def test_a_damaged_index_is_made_anew(bench: Bench):
    async with filling(bench):
        await complete(bench)
    path = index_file(bench)
    path.write_bytes(b"no database" * 1000)
    async with filling(bench):
        await assert_whole(bench)


async def test_only_its_owner_can_read_it(bench: Bench):
    async with filling(bench):
        await bench.passes(IndexProgressed, lambda e: e.known >= 200)
        for path in index_file(bench).parent.glob("leads.db*"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name


async def test_signing_out_deletes_it_and_says_so(bench: Bench):
    async with filling(bench):
        await complete(bench)
        folder = index_file(bench).parent
        bench.post(SignOut())
        assert (await bench.told(SignedOut)).index_deleted
        assert not list(folder.glob("leads.db*"))


async def test_a_refused_key_is_told_as_a_problem_of_the_index(bench: Bench):
    async with filling(bench):
        await bench.passes(IndexProgressed, lambda e: e.known >= 200)
        bench.fake.revoke_key(bench.fake.api_key)
        told = await bench.passes(IndexProgressed, lambda e: e.problem is not None)
        assert told.problem is not None
        assert told.problem.kind is ProblemKind.KEY_REFUSED

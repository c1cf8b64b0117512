"""Reading all leads: whole and without doubles, whatever Close does; and the rep's say in it."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from close_notes_gui.engine.index_fill import REFRESH_S
from close_notes_gui.model.commands import (
    ChangeSettings,
    ClearIndex,
    SearchLeads,
    SignOut,
)
from close_notes_gui.model.events import (
    IndexProgressed,
    LeadsFound,
    SettingsChanged,
    SignedOut,
)
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.sandbox import search as sandbox_search
from close_notes_gui.sandbox.faults import Fault, FaultKind
from close_notes_gui.store.index.writer import IndexWriter
from tests.engine.engine_rig import SEARCH, Bench
from tests.engine.index_rig import (
    LEADS,
    assert_whole,
    complete,
    filling,
    index_file,
    kept,
    local,
    rounds,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, leads=LEADS)


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


async def test_what_changed_while_all_were_read_comes_right_after(bench: Bench):
    async with filling(bench):
        await bench.passes(IndexProgressed, lambda e: e.known >= 400)
        new = bench.fake.create_lead("Okapi Park")
        await complete(bench)
        done = bench.clock.monotonic()
        await rounds(bench, at_least=4)
        assert bench.clock.monotonic() - done < REFRESH_S / 2
        assert await local(bench, 1, "okapi") == [new]


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

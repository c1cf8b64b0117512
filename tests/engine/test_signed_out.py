"""After signing out, what was read from Close is gone from the disk; the rep's own work is not, and
nobody else sees it.
"""

from pathlib import Path

import pytest

from close_notes_gui.model.commands import (
    LoadNotes,
    OpenLead,
    ReviseDraft,
    SearchLeads,
    SignIn,
    SignOut,
)
from close_notes_gui.model.events import (
    DirectoryLoaded,
    DraftSaved,
    LeadLoaded,
    LeadsFound,
    Loaded,
    NotesLoaded,
    SignedIn,
    SignedOut,
)
from close_notes_gui.model.secret import ApiKey
from tests.engine.engine_rig import Bench
from tests.engine.index_rig import complete, filling, index_file

pytestmark = pytest.mark.anyio


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, leads=60)


async def opened_a_lead(bench: Bench) -> str:
    """The text of a note that was read with it."""
    lead_id = bench.leads[0]
    bench.fake.add_notes(lead_id, 3)
    bench.post(OpenLead(lead_id))
    await bench.told(LeadLoaded)
    read = await bench.told(NotesLoaded, lambda e: bool(e.notes) and not e.is_cached)
    return read.notes[0].note_text


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def signed_in_as(bench: Bench, key: str) -> Loaded:
    before = bench.place
    bench.post(SignIn(ApiKey(key)))
    await bench.told(SignedIn, since=before)
    return await bench.told(Loaded, since=before)


async def test_notes_leads_and_colleagues_are_gone_from_the_disk(bench: Bench):
    async with filling(bench):
        await complete(bench)
        people = (await bench.told(DirectoryLoaded)).directory.users
        text = await opened_a_lead(bench)
        folder = index_file(bench).parent
        draft = bench.draft()
        bench.post(ReviseDraft(draft))
        await bench.told(DraftSaved)
        words = text.split("\n")[0][:20].encode()
        assert words in bytes_of(folder)
        assert people[3].email.encode() in bytes_of(folder)
        pictures = folder / "files" / "thumbnails"
        pictures.mkdir(parents=True)
        (pictures / "some").write_bytes(b"a small picture")
        opened = folder / "files" / "opened" / "x" / "contract.txt"
        opened.parent.mkdir(parents=True)
        opened.write_bytes(b"perhaps written in since")
        bench.post(SignOut())
        assert (await bench.told(SignedOut)).index_deleted
        left = bytes_of(folder)
        assert words not in left
        assert people[3].email.encode() not in left
        assert bench.fake.lead(bench.fake.lead_ids()[50])["name"].encode() not in left
        assert not list(folder.glob("leads.db*"))
        assert not pictures.exists()
        assert opened.exists()
        assert draft.note_html.encode() in left, "the rep's own work stays"


async def test_the_next_one_to_sign_in_sees_nothing_of_it_and_the_same_one_what_was_theirs(
    bench: Bench,
):
    async with filling(bench):
        await complete(bench)
        await opened_a_lead(bench)
        bench.post(SignOut())
        await bench.told(SignedOut)
        unsigned = await bench.told(Loaded, lambda e: not e.recents, since=bench.place - 2)
        assert unsigned.recents == ()
        other = await signed_in_as(bench, bench.fake.issue_key(user=1))
        assert other.recents == ()
        bench.post(SearchLeads(1, ""))
        assert (await bench.told(LeadsFound)).hits == ()
        before = bench.place
        bench.post(LoadNotes(bench.leads[0]))
        assert not (await bench.told(NotesLoaded, since=before)).is_cached
        bench.post(SignOut())
        await bench.told(SignedOut, since=before)
        again = await signed_in_as(bench, bench.fake.issue_key(user=0))
        assert [lead.id for lead in again.recents] == [bench.leads[0]]
        before = bench.place
        bench.post(LoadNotes(bench.leads[0]))
        assert not (await bench.told(NotesLoaded, since=before)).is_cached


async def test_a_key_for_one_run_signs_nobody_out(bench: Bench):
    async with filling(bench):
        await complete(bench)
        first = index_file(bench)
    async with bench.running(environment_key=bench.env(bench.fake.issue_key(user=1))):
        await bench.told(SignedIn, lambda e: e.account.user_id == bench.fake.user_ids[1])
        assert first.exists()

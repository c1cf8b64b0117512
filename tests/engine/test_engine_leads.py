"""Search while typing, opening leads, reading notes: fresh where possible, known where not."""

import pytest

from close_notes_gui.model.commands import CheckNetwork, LoadNotes, OpenLead, SearchLeads
from close_notes_gui.model.events import (
    DirectoryLoaded,
    LeadLoaded,
    LeadMissing,
    LeadsFound,
    NetworkChanged,
    NotesLoaded,
    SearchStage,
)
from close_notes_gui.model.ids import LeadId
from close_notes_gui.model.lead import MatchedBy
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.sandbox.faults import Fault, FaultKind
from tests.engine.engine_rig import SEARCH, Bench

pytestmark = pytest.mark.anyio
K = ProblemKind
LOCAL, CLOSE = SearchStage.LOCAL, SearchStage.CLOSE


@pytest.fixture
async def bench(tmp_path):
    bench = Bench(tmp_path)
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
        yield bench


def close_says(seq: int):
    return lambda found: found.seq == seq and found.stage is CLOSE


def is_lead(lead_id: LeadId):
    return lambda loaded: loaded.lead.id == lead_id


async def found(bench: Bench, seq: int, text: str) -> LeadsFound:
    bench.post(SearchLeads(seq, text))
    return await bench.passes(LeadsFound, close_says(seq))


async def test_three_letters_find_the_lead_at_close_then_at_once(bench: Bench):
    lead_id = LeadId(bench.fake.create_lead("Xyworth Öl GmbH"))
    hits = (await found(bench, 1, "xyw")).hits
    assert [hit.lead.id for hit in hits] == [lead_id]
    assert hits[0].matched_by is MatchedBy.NAME
    bench.post(SearchLeads(2, "XYWO ol"))
    local = await bench.told(LeadsFound, lambda f: f.seq == 2 and f.stage is LOCAL)
    assert [hit.lead.id for hit in local.hits] == [lead_id], "known now, without asking"


async def test_what_is_shown_does_not_move_and_new_ones_are_added(bench: Bench):
    first = LeadId(bench.fake.create_lead("Zebra One"))
    await found(bench, 1, "zeb")
    second = LeadId(bench.fake.create_lead("Zebra Two"))
    bench.fake.rename_lead(first, "Zebra One and a half")
    answer = await found(bench, 2, "zeb")
    assert [hit.lead.id for hit in answer.hits] == [first, second]
    assert answer.hits[0].lead.name == "Zebra One and a half"


async def test_typing_on_asks_close_once(bench: Bench):
    asked = bench.asked("POST", SEARCH)
    bench.post(*(SearchLeads(seq, "wan"[:seq]) for seq in (1, 2, 3)))
    await bench.passes(LeadsFound, close_says(3))
    assert bench.asked("POST", SEARCH) == asked + 1
    assert not [f for f in bench.all(LeadsFound) if f.stage is CLOSE and f.seq < 3]


async def test_a_late_answer_never_overtakes(bench: Bench):
    bench.fake.create_lead("Slowly AG")
    bench.fake.create_lead("Quickly AG")
    bench.fake.faults.add(Fault(FaultKind.HOLD_AFTER, path=SEARCH, times=1))
    bench.post(SearchLeads(1, "slow"))
    await bench.clock.advance(1)
    answer = await found(bench, 2, "quick")
    assert [hit.lead.name for hit in answer.hits] == ["Quickly AG"]
    bench.fake.faults.release()
    await found(bench, 3, "quickly")
    assert not [f for f in bench.all(LeadsFound) if f.seq == 1 and f.stage is CLOSE]


async def test_nothing_found_is_an_answer(bench: Bench):
    answer = await found(bench, 1, "qqqqzzzz")
    assert (answer.hits, answer.problem) == ((), None)


async def test_empty_text_shows_the_recents_the_latest_first(bench: Bench):
    for lead_id in bench.leads[:3]:
        bench.post(OpenLead(lead_id))
        await bench.told(LeadLoaded, is_lead(lead_id))
        await bench.clock.advance(1)
    bench.post(SearchLeads(1, "  "))
    answer = await bench.told(LeadsFound, close_says(1))
    assert [hit.lead.id for hit in answer.hits] == bench.leads[2::-1]
    assert {hit.matched_by for hit in answer.hits} == {MatchedBy.RECENT}


async def test_a_leads_address_is_that_lead(bench: Bench):
    lead_id = bench.leads[2]
    for seq, text in enumerate([lead_id, f"https://app.close.com/lead/{lead_id}/"], start=1):
        answer = await found(bench, seq, text)
        assert [(h.lead.id, h.matched_by) for h in answer.hits] == [(lead_id, MatchedBy.URL)]


async def test_an_email_a_phone_and_a_person_are_told_as_such(bench: Bench):
    lead_id = bench.fake.create_lead(
        "Some Company",
        contacts=[{"name": "Zoë Quux", "email": "zoe@quux.example", "phone": "+49 30 1234567"}],
    )
    reasons: dict[str, MatchedBy] = {}
    for seq, text in enumerate(["zoe qu", "zoe@quux.example", "301234567"], start=1):
        answer = await found(bench, seq, text)
        reasons[text] = next(h.matched_by for h in answer.hits if h.lead.id == lead_id)
    assert reasons["zoe qu"] is MatchedBy.CONTACT
    assert reasons["zoe@quux.example"] is MatchedBy.EMAIL
    assert reasons["301234567"] is MatchedBy.PHONE


async def test_offline_the_known_ones_are_found_and_the_rest_when_it_is_back(bench: Bench):
    bench.fake.create_lead("Kelp One")
    await found(bench, 1, "kelp")
    bench.fake.create_lead("Kelp Two")
    bench.break_line()
    answer = await found(bench, 2, "kelp")
    assert answer.problem is not None
    assert answer.problem.kind is K.OFFLINE
    assert [hit.lead.name for hit in answer.hits] == ["Kelp One"]
    assert (await bench.told(NetworkChanged)).is_online is False
    bench.mend_line()
    before = bench.place
    bench.post(CheckNetwork())
    again = await bench.passes(LeadsFound, close_says(2), since=before)
    assert {hit.lead.name for hit in again.hits} == {"Kelp One", "Kelp Two"}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (FaultKind.STATUS_BEFORE, K.SERVER_TROUBLE),
        (FaultKind.CAPTIVE_PORTAL, K.STRANGE_ANSWER),
        (FaultKind.TRUNCATED_JSON, K.STRANGE_ANSWER),
        (FaultKind.WRONG_JSON, K.STRANGE_ANSWER),
        (FaultKind.DNS_FAILURE, K.OFFLINE),
    ],
)
async def test_a_failed_search_says_why(bench: Bench, fault: FaultKind, kind: ProblemKind):
    bench.fake.faults.add(Fault(fault, path=SEARCH, times=None, status=503))
    answer = await found(bench, 1, "any")
    assert answer.problem is not None
    assert answer.problem.kind is kind


async def test_one_strange_answer_is_not_taken_for_no_network(bench: Bench):
    bench.fake.faults.add(Fault(FaultKind.WRONG_JSON, path=SEARCH))
    await found(bench, 1, "any")
    await bench.clock.advance(5)
    assert bench.count(NetworkChanged) == 0


async def test_opening_a_lead_loads_it_and_its_notes(bench: Bench):
    lead_id = bench.leads[0]
    bench.fake.add_notes(lead_id, 40)
    bench.post(OpenLead(lead_id))
    lead = (await bench.told(LeadLoaded)).lead
    assert lead.name == bench.fake.lead(lead_id)["display_name"]
    assert [c.id for c in lead.contacts] == [c["id"] for c in bench.fake.lead(lead_id)["contacts"]]
    notes = await bench.told(NotesLoaded)
    assert (len(notes.notes), notes.has_more, notes.is_cached) == (30, True, False)
    bench.post(LoadNotes(lead_id, skip=30))
    more = await bench.told(NotesLoaded, lambda e: e.skip > 0)
    assert more.notes[30 - more.skip :]
    new = {note.id for note in more.notes[30 - more.skip :]}
    assert not new & {note.id for note in notes.notes}


async def test_opened_again_offline_the_last_known_notes_are_there(bench: Bench):
    lead_id = bench.leads[0]
    bench.post(OpenLead(lead_id))
    fresh = await bench.told(NotesLoaded)
    bench.break_line()
    before = bench.place
    bench.post(OpenLead(lead_id))
    cached = await bench.told(NotesLoaded, since=before)
    assert cached.is_cached
    assert cached.notes == fresh.notes
    failed = await bench.told(NotesLoaded, lambda e: e.problem is not None, since=before)
    assert failed.problem is not None
    assert failed.problem.kind is K.OFFLINE


async def test_a_lead_that_was_deleted_is_missing_and_forgotten(bench: Bench):
    lead_id = LeadId(bench.fake.create_lead("Gone Inc"))
    bench.post(OpenLead(lead_id))
    await bench.told(NotesLoaded)
    await bench.told(LeadLoaded)
    bench.fake.delete_lead(lead_id)
    bench.post(OpenLead(lead_id))
    missing = await bench.told(LeadMissing)
    assert (missing.lead_id, missing.merged_into) == (lead_id, None)
    bench.post(SearchLeads(1, "gone inc"))
    local = await bench.told(LeadsFound)
    assert local.hits == ()
    before = bench.place
    bench.post(LoadNotes(lead_id))
    assert not (await bench.told(NotesLoaded, since=before)).is_cached


async def test_a_merged_lead_tells_where_it_went(bench: Bench):
    source = LeadId(bench.fake.create_lead("Source"))
    heir = LeadId(bench.fake.create_lead("Heir"))
    bench.fake.merge_leads(source, heir)
    bench.post(OpenLead(source))
    missing = await bench.told(LeadMissing)
    assert missing.merged_into is not None
    assert missing.merged_into.id == heir


async def test_going_on_to_the_next_lead_drops_the_one_before(bench: Bench):
    slow, quick = bench.leads[:2]
    bench.fake.faults.add(Fault(FaultKind.HOLD_AFTER, path=f"/lead/{slow}"))
    bench.post(OpenLead(slow), OpenLead(quick))
    assert (await bench.told(LeadLoaded)).lead.id == quick
    bench.fake.faults.release()
    assert [e.lead.id for e in bench.all(LeadLoaded)] == [quick]

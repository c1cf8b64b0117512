"""Leads that change at Close move or disappear within one refresh."""

from pathlib import Path

import pytest

from close_notes_gui.model.commands import OpenLead
from close_notes_gui.model.events import LeadLoaded, LeadMissing, LeadsRefreshed, Loaded
from close_notes_gui.model.ids import LeadId
from tests.engine.engine_rig import SEARCH, Bench
from tests.engine.index_rig import LEADS, complete, filling, kept, local, refreshed, rounds

pytestmark = pytest.mark.anyio


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, leads=LEADS)


async def test_a_renamed_lead_is_found_by_its_new_name_alone(bench: Bench):
    async with filling(bench):
        await complete(bench)
        lead_id = LeadId(bench.fake.lead_ids()[3])
        before = bench.fake.lead(lead_id)["name"]
        bench.fake.rename_lead(lead_id, "Quagga Zoo")
        asked = await asked_for_leads(bench)
        await refreshed(bench)
        assert await asked_for_leads(bench) - asked <= 2, "only what changed"
        assert await local(bench, 1, "quagga") == [lead_id]
        assert lead_id not in await local(bench, 2, before)


async def test_a_new_lead_is_found_with_its_people(bench: Bench):
    async with filling(bench):
        await complete(bench)
        new = bench.fake.create_lead("Okapi Park", contacts=[{"name": "Xiomara Quux"}])
        await refreshed(bench)
        assert await local(bench, 1, "okapi") == [new]
        assert await local(bench, 2, "xiomara") == [new]
    assert kept(bench) == sorted(bench.fake.lead_ids())


async def test_a_deleted_lead_is_found_no_more(bench: Bench):
    async with filling(bench):
        await complete(bench)
        gone = LeadId(bench.fake.lead_named("Wandering Minds"))
        assert gone in await local(bench, 1, "wandering minds")
        bench.fake.delete_lead(gone)
        await refreshed(bench)
        assert gone not in await local(bench, 2, "wandering minds")
    assert kept(bench) == sorted(bench.fake.lead_ids())


async def test_a_merged_lead_is_found_no_more_and_its_people_at_the_other(bench: Bench):
    async with filling(bench):
        await complete(bench)
        source = LeadId(bench.fake.lead_named("Wayne Enterprises"))
        heir = LeadId(bench.fake.lead_named("Acme Corporation"))
        bench.fake.merge_leads(source, heir)
        await refreshed(bench)
        assert source not in await local(bench, 1, "wayne enterprises")
        assert (await local(bench, 2, "lucius fox"))[0] == heir
    assert kept(bench) == sorted(bench.fake.lead_ids())


async def test_a_lead_with_another_status_moves_to_that_status(bench: Bench):
    async with filling(bench):
        await complete(bench)
        lead_id = LeadId(bench.fake.lead_named("Wayne Enterprises"))
        was = bench.fake.lead(lead_id)["status_label"]
        bench.fake.set_status(lead_id, "Customer" if was != "Customer" else "Qualified")
        now = bench.fake.lead(lead_id)["status_label"]
        await refreshed(bench)
        assert await local(bench, 1, f'wayne status:"{now}"') == [lead_id]
        assert lead_id not in await local(bench, 2, f'wayne status:"{was}"')


async def test_a_reassigned_contact_is_found_at_the_other_lead(bench: Bench):
    async with filling(bench):
        await complete(bench)
        source = LeadId(bench.fake.lead_named("Wayne Enterprises"))
        other = LeadId(bench.fake.lead_named("Acme Corporation"))
        fox = bench.fake.lead(source)["contacts"][0]["id"]
        bench.fake.move_contact(fox, other)
        await refreshed(bench)
        assert await local(bench, 1, "lucius fox") == [other]


async def asked_for_leads(bench: Bench) -> int:
    """How often leads were asked for, once the round that follows the reading of all is over."""
    await rounds(bench, at_least=4)
    return bench.asked("POST", SEARCH)


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


async def test_picking_one_that_was_merged_names_the_other_and_reads_what_changed(bench: Bench):
    async with filling(bench):
        await complete(bench)
        await rounds(bench, at_least=4)
        source = LeadId(bench.fake.lead_named("Wayne Enterprises"))
        heir = LeadId(bench.fake.lead_named("Acme Corporation"))
        bench.fake.merge_leads(source, heir)
        bench.post(OpenLead(source))
        missing = await bench.told(LeadMissing)
        assert missing.merged_into is not None
        assert missing.merged_into.id == heir
        await rounds(bench, at_least=6)  # at once: nothing waited for the next refresh
        assert (await local(bench, 1, "lucius fox"))[0] == heir
        assert source not in await local(bench, 2, "wayne")

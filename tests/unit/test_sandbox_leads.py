"""Leads, contacts, comments and the event log at the fake, and what happens to them."""

from datetime import timedelta

import pytest

from close_notes_gui.sandbox import names
from close_notes_gui.sandbox.exchange import Refusal
from close_notes_gui.sandbox.fake_close import FakeClose
from tests.unit.sandbox_caller import START, Caller, field_errors


@pytest.fixture
def caller() -> Caller:
    return Caller()


def test_a_lead_shows_its_contacts_and_firsts(caller: Caller) -> None:
    lead = caller.ok(caller.get(f"/lead/{caller.fake.lead_named('Wayne Enterprises')}/"))
    assert {
        "id", "display_name", "name", "status_id", "status_label", "description", "url", "html_url", "contact_ids",
        "contacts", "contacts_summary", "primary_email", "primary_phone", "addresses", "date_created", "date_updated",
        "organization_id",
    } <= lead.keys()  # fmt: skip
    assert lead["html_url"] == f"https://app.close.com/lead/{lead['id']}/"
    contact = lead["contacts"][0]
    assert lead["primary_email"] == contact["emails"][0]
    assert set(contact["phones"][0]) == {"phone", "phone_formatted", "type"}
    assert caller.ok(caller.get(f"/contact/{contact['id']}/")) == contact
    assert caller.ok(caller.get("/contact/", lead_id=lead["id"]))["data"] == lead["contacts"]
    assert caller.ok(caller.get(f"/lead/{lead['id']}/", _fields="id,name")) == {
        "id": lead["id"],
        "name": "Wayne Enterprises",
    }


def test_contacts_are_listed_by_lead_only(caller: Caller) -> None:
    assert field_errors(caller.get("/contact/")) == {"lead_id"}
    assert caller.get("/contact/", lead_id="lead_none").status == 404
    assert caller.get("/contact/cont_none/").status == 404


@pytest.mark.parametrize(
    "wrong", ["lead_none", "lead_", "cont_x", "lead_000000" + "x" * 36, "lead_äöü"]
)
def test_unknown_leads_are_not_found(caller: Caller, wrong: str) -> None:
    assert caller.get(f"/lead/{wrong}/").status == 404


def test_an_unnamed_lead_is_shown_by_its_contact(caller: Caller) -> None:
    assert caller.fake.lead(caller.fake.lead_named(""))["display_name"] == "Una Named"


def test_the_same_seed_gives_the_same_organisation() -> None:
    def everything(seed: int) -> tuple[object, ...]:
        fake = FakeClose(clock=lambda: START, seed=seed, leads=80)
        return [fake.lead(one) for one in fake.lead_ids()], fake.all_notes(), fake.api_key

    assert everything(1) == everything(1)
    assert all(one != other for one, other in zip(everything(1), everything(2), strict=True))


def test_the_sample_is_various(caller: Caller) -> None:
    fake = FakeClose(clock=lambda: START)
    leads = [fake.lead(one) for one in fake.lead_ids()]
    assert len(leads) == 300
    assert {company for company, _ in names.CURATED} <= {lead["name"] for lead in leads}
    assert len({lead["status_id"] for lead in leads}) == len(names.STATUSES)
    assert len({lead["id"] for lead in leads}) == 300
    assert {len(lead["contacts"]) for lead in leads} >= {0, 1, 2, 3}
    assert all(lead["date_created"] <= lead["date_updated"] < START.isoformat() for lead in leads)
    notes = fake.all_notes()
    counts = {lead["id"]: 0 for lead in leads}
    for note in notes:
        counts[note["lead_id"]] += 1
    assert max(counts.values()) == 60
    assert any(note["pinned"] for note in notes)
    attached = [one for note in notes for one in note["attachments"]]
    assert attached
    assert all(fake.file_sha256(one["url"]) for one in attached)


def test_a_large_organisation_has_more_alike_dates_than_one_search_returns() -> None:
    fake = FakeClose(clock=lambda: START, leads=200_000)
    midnight = START.replace(hour=0, minute=0, second=0, microsecond=0)
    sample = fake._leads._sample
    bulk = sum(
        midnight - sample.dates(place)[1] <= timedelta(minutes=10)
        for place in range(0, 200_000, 40)
    )
    assert bulk * 40 > 10_000


def test_merging_moves_notes_and_contacts_and_is_logged(caller: Caller) -> None:
    source, destination = caller.fake.lead_ids(2)
    moved = caller.fake.lead(source)["contact_ids"]
    note = caller.note(lead_id=source, contact_id=moved[0])
    caller.fake.merge_leads(source, destination)
    assert caller.get(f"/lead/{source}/").status == 404
    assert caller.post("/activity/note/", {"lead_id": source, "note": "x"}).status == 404
    assert caller.ok(caller.get(f"/activity/note/{note['id']}/"))["lead_id"] == destination
    assert set(moved) <= set(caller.ok(caller.get(f"/lead/{destination}/"))["contact_ids"])
    assert caller.ok(caller.get(f"/contact/{moved[0]}/"))["lead_id"] == destination
    (event,) = caller.ok(caller.get("/event/", object_type="lead", action="merged"))["data"]
    assert event["meta"] == {
        "merge_source_lead_id": source,
        "merge_destination_lead_id": destination,
    }
    with pytest.raises(Refusal):
        caller.fake.merge_leads(source, destination)
    with pytest.raises(Refusal):
        caller.fake.merge_leads(destination, destination)


def test_deleting_takes_notes_and_contacts_along_and_is_logged(caller: Caller) -> None:
    lead_id = caller.fake.lead_ids(1)[0]
    contact_id = caller.fake.lead(lead_id)["contact_ids"][0]
    note = caller.note(lead_id=lead_id)
    caller.fake.delete_lead(lead_id)
    for path in (f"/lead/{lead_id}/", f"/activity/note/{note['id']}/", f"/contact/{contact_id}/"):
        assert caller.get(path).status == 404
    (event,) = caller.ok(caller.get("/event/", object_type="lead", action="deleted"))["data"]
    assert event["object_id"] == lead_id


def test_renaming_is_logged_with_what_was(caller: Caller) -> None:
    lead_id = caller.fake.lead_ids(1)[0]
    caller.fake.rename_lead(lead_id, "Other")
    (event,) = caller.ok(caller.get("/event/", object_type="lead", action="updated"))["data"]
    assert "name" in event["changed_fields"]
    assert (event["previous_data"]["name"], event["data"]["name"]) == ("Wayne Enterprises", "Other")


def test_notes_are_logged(caller: Caller) -> None:
    note = caller.note()
    caller.put(f"/activity/note/{note['id']}/", {"title": "t"})
    caller.delete(f"/activity/note/{note['id']}/")
    events = caller.ok(caller.get("/event/", object_id=note["id"]))["data"]
    assert [event["action"] for event in events] == ["deleted", "updated", "created"]
    assert set(events[1]["changed_fields"]) == {"title"}


def test_the_log_is_paged_by_cursors_and_keeps_thirty_days(caller: Caller) -> None:
    caller.note(title="old")
    caller.clock.advance(86_400 * 30 - 60)
    for turn in range(5):
        caller.clock.advance(1)
        caller.note(title=str(turn))
    page = caller.ok(caller.get("/event/", _limit=2))
    seen = [event["data"]["title"] for event in page["data"]]
    caller.note(title="meanwhile")
    while page["cursor_next"] is not None:
        page = caller.ok(caller.get("/event/", _limit=2, _cursor=page["cursor_next"]))
        seen += [event["data"]["title"] for event in page["data"]]
    assert seen == ["4", "3", "2", "1", "0", "old"]
    caller.clock.advance(120)
    recent = caller.ok(caller.get("/event/"))["data"]
    assert "old" not in [event["data"]["title"] for event in recent]
    since = caller.ok(caller.get("/event/", date_updated__gt=recent[1]["date_updated"]))["data"]
    assert [event["id"] for event in since] == []


@pytest.mark.parametrize(
    "filters",
    [
        {"action": "merged"},
        {"object_id": "x", "lead_id": "y"},
        {"_cursor": "ev_none"},
        {"_limit": 51},
        {"type": "x"},
    ],
)
def test_the_log_takes_only_some_combinations(caller: Caller, filters: dict[str, object]) -> None:
    assert caller.get("/event/", **filters).status == 400


def test_comments_are_kept_counted_and_listed(caller: Caller) -> None:
    note = caller.note()
    assert "comment_summary" not in note
    made = caller.post("/comment/", {"object_id": note["id"], "body": "<body><p>Nice</p></body>"})
    assert made.status == 201
    listed = caller.ok(caller.get("/comment/", object_id=note["id"]))["data"]
    assert listed == [made.json()]
    summary = caller.ok(caller.get(f"/activity/note/{note['id']}/"))["comment_summary"]
    assert summary["comment_count"] == 1
    assert summary["thread_id"] == listed[0]["thread_id"]
    assert listed[0]["created_by"] == caller.fake.user_ids[0]


def test_comments_are_checked(caller: Caller) -> None:
    note = caller.note()
    assert field_errors(caller.post("/comment/", {"object_id": note["id"], "body": "plain"})) == {
        "body"
    }
    assert caller.ok(caller.get("/comment/", object_id=note["id"]))["data"] == []
    assert field_errors(caller.post("/comment/", {"object_id": note["id"]})) == {"body"}
    assert field_errors(caller.post("/comment/", {"body": "<body><p>x</p></body>"})) == {
        "object_id"
    }
    assert field_errors(
        caller.post("/comment/", {"object_id": note["id"], "body": "x", "text": "x"})
    ) == {"text"}
    assert (
        caller.post("/comment/", {"object_id": "acti_none", "body": "<body><p>x</p></body>"}).status
        == 404
    )
    assert field_errors(caller.get("/comment/")) == {"object_id"}
    caller.fake.behaviour.read_lag_s = 5
    caller.post("/comment/", {"object_id": note["id"], "body": "<body><p>x</p></body>"})
    assert caller.ok(caller.get("/comment/", object_id=note["id"]))["data"] == []


def test_more_notes_can_be_put_on_a_lead(caller: Caller) -> None:
    lead_id = caller.fake.create_lead("Busy")
    caller.fake.add_notes(lead_id, 500)
    assert len(caller.fake.notes_on(lead_id)) == 500

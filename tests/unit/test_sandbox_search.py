"""Searching at the fake: the query language, cursors, caps, and its size."""

from typing import Any

import pytest

from tests.unit.sandbox_caller import Caller, field_errors


@pytest.fixture(scope="module")
def caller() -> Caller:
    """One organisation for all: these tests only read."""
    return Caller(leads=300)


def field(name: str, condition: dict[str, Any], subject: str = "lead") -> dict[str, Any]:
    return {
        "type": "field_condition",
        "field": {"type": "regular_field", "object_type": subject, "field_name": name},
        "condition": condition,
    }


def text(value: str, mode: str = "beginning_of_words") -> dict[str, Any]:
    return {"type": "text", "mode": mode, "value": value}


def related(this: str, other: str, query: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "has_related",
        "this_object_type": this,
        "related_object_type": other,
        "related_query": query,
    }


def body(*queries: dict[str, Any], subject: str = "lead", **more: Any) -> dict[str, Any]:
    top = {"type": "and", "queries": [{"type": "object_type", "object_type": subject}, *queries]}
    return {"query": top, "_fields": {subject: ["id", "name"]}, "_limit": 200, **more}


def found(
    caller: Caller, *queries: dict[str, Any], subject: str = "lead", **more: Any
) -> list[str]:
    answer = caller.ok(caller.post("/data/search/", body(*queries, subject=subject, **more)))
    return [row["name"] for row in answer["data"]]


def sort(name: str, direction: str = "asc") -> list[dict[str, Any]]:
    return [
        {
            "direction": direction,
            "field": {"type": "regular_field", "object_type": "lead", "field_name": name},
        }
    ]


WAN = ["Wanda's Wondrous Wares", "Wandering Minds"]


def test_three_letters_find_the_company(caller: Caller) -> None:
    assert found(caller, field("name", text("wan"))) == WAN
    assert found(caller, text("wan")) == WAN
    assert found(caller, field("display_name", text("WAYN ENT"))) == ["Wayne Enterprises"]


def test_rows_are_bare_without_fields(caller: Caller) -> None:
    asked = body(field("name", text("wayne")))
    del asked["_fields"]
    answer = caller.ok(caller.post("/data/search/", asked))
    assert set(answer) == {"data", "cursor"}
    assert [set(row) for row in answer["data"]] == [{"__object_type", "id"}]


def test_text_modes_differ(caller: Caller) -> None:
    def names(value: str, mode: str) -> list[str]:
        return found(caller, field("name", text(value, mode)))

    assert names("wand", "full_words") == []
    assert names("wares wanda", "full_words") == [WAN[0]]
    assert names("wares wanda", "phrase") == []
    assert names("wondrous wares", "phrase") == [WAN[0]]
    assert names("wondrous ware", "phrase") == []
    assert names("wares wond", "beginning_of_words") == [WAN[0]]
    assert names("ares", "beginning_of_words") == []
    assert names("wandering", "exact_value") == []
    assert names("WANDERING minds", "exact_value") == [WAN[1]]
    assert names("北京", "beginning_of_words") == ["北京长城科技有限公司"]
    assert names("ромашка", "full_words") == ["ООО «Ромашка»"]
    assert names("...", "full_words") == []


def test_and_or_negate_match_all(caller: Caller) -> None:
    wand, minds = field("name", text("wand")), field("name", text("minds"))
    assert found(caller, {"type": "and", "queries": [wand, minds]}) == [WAN[1]]
    assert found(caller, {"type": "or", "queries": [minds, field("name", text("wayne"))]}) == [
        "Wayne Enterprises",
        WAN[1],
    ]
    assert found(caller, wand, minds | {"negate": True}) == [WAN[0]]
    assert found(caller, wand, {"type": "match_all"}) == WAN
    assert found(caller, wand, {"type": "match_all", "negate": True}) == []


def test_related_contacts_emails_and_phones(caller: Caller) -> None:
    lead = caller.fake.lead(caller.fake.lead_named("Wayne Enterprises"))
    contact = lead["contacts"][0]
    email = related(
        "contact",
        "contact_email",
        field("email", text(contact["emails"][0]["email"], "phrase"), "contact_email"),
    )
    phone = related(
        "contact",
        "contact_phone",
        field("phone", text(contact["phones"][0]["phone"], "phrase"), "contact_phone"),
    )
    for query in (
        email,
        phone,
        field("name", text("lucius"), "contact"),
        field("id", {"type": "term", "values": [contact["id"]]}, "contact"),
    ):
        assert found(caller, related("lead", "contact", query)) == ["Wayne Enterprises"]
    assert found(caller, related("lead", "address", field("city", text("αθήνα"), "address")))
    assert found(caller, email, subject="contact") == ["Lucius Fox"]


def test_bare_text_looks_at_contacts_too(caller: Caller) -> None:
    assert found(caller, text("lucius", "full_words")) == ["Wayne Enterprises"]
    assert found(caller, text("lucius.fox@wayneenterprises.example", "phrase")) == [
        "Wayne Enterprises"
    ]


def test_contacts_can_be_searched(caller: Caller) -> None:
    assert found(caller, field("name", text("lucius"), "contact"), subject="contact") == [
        "Lucius Fox"
    ]
    answer = caller.ok(caller.post("/data/search/", body(text("lucius"), subject="contact")))
    assert answer["data"][0]["__object_type"] == "contact"


def test_terms_references_and_existence(caller: Caller) -> None:
    wayne = caller.fake.lead(caller.fake.lead_named("Wayne Enterprises"))
    status = wayne["status_id"]
    by_reference = {"type": "reference", "reference_type": "status.lead", "object_ids": [status]}
    names = found(caller, field("status_id", by_reference))
    assert names == found(caller, field("status_id", {"type": "term", "values": [status]}))
    assert "Wayne Enterprises" in names
    assert 0 < len(names) < 200
    assert found(caller, field("name", {"type": "exists"}) | {"negate": True}) == [""]
    assert found(caller, field("id", {"type": "term", "values": [wayne["id"]]})) == [
        "Wayne Enterprises"
    ]


def test_moment_ranges_are_half_open(caller: Caller) -> None:
    wayne = caller.fake.lead(caller.fake.lead_named("Wayne Enterprises"))

    def within(name: str, **bounds: Any) -> bool:
        return "Wayne Enterprises" in found(
            caller, field("name", text("wayne")), field(name, {"type": "moment_range", **bounds})
        )

    for name in ("date_created", "date_updated"):
        there = {"type": "fixed_utc", "value": wayne[name]}
        assert within(name, on_or_after=there, before=None)
        assert not within(name, on_or_after=None, before=there)
        assert within(name, before={"type": "now"})
        day = {"type": "fixed_local_date", "value": wayne[name][:10]}
        assert within(name, on_or_after=day | {"which": "start"}, before=day | {"which": "end"})
    offset = {
        "type": "offset",
        "direction": "past",
        "moment": {"type": "now"},
        "offset": {"weeks": 5000},
        "which_day_end": "start",
    }
    assert within("date_created", on_or_after=offset)


def test_results_are_sorted(caller: Caller) -> None:
    names = found(caller, sort=sort("name"))
    assert names == sorted(names, key=str.casefold)
    assert found(caller, field("name", text("wan")), sort=sort("name", "desc")) == WAN[::-1]
    asked = body(sort=sort("date_updated", "desc")) | {"_fields": {"lead": ["date_updated"]}}
    dates = [row["date_updated"] for row in caller.ok(caller.post("/data/search/", asked))["data"]]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize(
    "query",
    [
        {"type": "near"}, {}, text("") , text("x", "fuzzy"), text("x") | {"boost": 2}, text("x") | {"negate": "yes"},
        {"type": "and", "queries": []}, {"type": "or", "queries": {}}, field("shoe_size", text("x")),
        field("name", {"type": "moment_range", "before": {"type": "now"}}), field("date_created", text("x")),
        field("name", text("x"), "contact"), field("name", text("x") | {"extra": 1}), field("name", {"type": "number_range"}),
        field("date_created", {"type": "moment_range"}), field("date_created", {"type": "moment_range", "gte": "x"}),
        field("date_created", {"type": "moment_range", "before": "2026-01-01"}),
        field("date_created", {"type": "moment_range", "before": {"type": "fixed_utc", "value": "x"}}),
        field("status_id", {"type": "reference", "reference_type": "status.lead", "object_ids": "x"}),
        related("lead", "contact_email", text("x")), related("contact", "lead", text("x")),
        {"type": "object_type", "object_type": "task"}, {"type": "field_condition", "field": {}, "condition": {}},
    ],
)  # fmt: skip
def test_unknown_words_of_the_query_language_are_refused(
    caller: Caller, query: dict[str, Any]
) -> None:
    assert caller.post("/data/search/", body(query)).status == 400


@pytest.mark.parametrize(
    ("change", "at_fault"),
    [
        ({"_limit": 201}, "_limit"), ({"_limit": 0}, "_limit"), ({"_limit": "5"}, "_limit"), ({"limit": 5}, "limit"),
        ({"_fields": ["id"]}, "_fields"), ({"_fields": {"lead": "id"}}, "_fields"), ({"sort": {}}, "sort"),
        ({"sort": sort("shoe_size")}, "sort"), ({"sort": sort("name", "up")}, "sort"), ({"results_limit": 0}, "results_limit"),
    ],
)  # fmt: skip
def test_the_frame_of_a_search_is_checked(
    caller: Caller, change: dict[str, Any], at_fault: str
) -> None:
    assert field_errors(caller.post("/data/search/", body() | change)) == {at_fault}


def test_an_object_type_is_required(caller: Caller) -> None:
    assert caller.post("/data/search/", {"query": text("x")}).status == 400


def pages(caller: Caller, limit: int, *queries: dict[str, Any]) -> list[list[str]]:
    asked = body(*queries, _limit=limit, _fields=None)
    gathered: list[list[str]] = []
    while True:
        answer = caller.ok(caller.post("/data/search/", asked))
        gathered.append([row["id"] for row in answer["data"]])
        if answer["cursor"] is None:
            return gathered
        asked = asked | {"cursor": answer["cursor"]}


def test_a_cursor_walks_through_everything_once(caller: Caller) -> None:
    walked = pages(caller, 70)
    assert [len(page) for page in walked] == [70, 70, 70, 70, 20]
    assert sorted(one for page in walked for one in page) == sorted(caller.fake.lead_ids())


def test_a_cursor_dies_after_thirty_seconds() -> None:
    caller = Caller()
    first = caller.ok(caller.post("/data/search/", body(_limit=10)))
    caller.clock.advance(29.9)
    second = caller.ok(caller.post("/data/search/", body(_limit=10, cursor=first["cursor"])))
    assert len(second["data"]) == 10
    caller.clock.advance(29.9)
    caller.ok(caller.post("/data/search/", body(_limit=10, cursor=second["cursor"])))
    caller.clock.advance(0.2)
    assert caller.post("/data/search/", body(_limit=10, cursor=second["cursor"])).status == 400
    assert caller.post("/data/search/", body(cursor="made up")).status == 400


def test_pages_do_not_shift_when_leads_change_meanwhile() -> None:
    caller = Caller()
    ids = caller.fake.lead_ids()
    first = caller.ok(caller.post("/data/search/", body(_limit=10)))
    caller.fake.delete_lead(ids[0])
    caller.fake.delete_lead(ids[12])
    caller.fake.create_lead("Newcomer")
    second = caller.ok(caller.post("/data/search/", body(_limit=10, cursor=first["cursor"])))
    assert [row["id"] for row in second["data"]] == [*ids[10:12], *ids[13:20]]


def test_counts_and_the_results_limit() -> None:
    caller = Caller()
    answer = caller.ok(
        caller.post("/data/search/", body(_limit=5, results_limit=5, include_counts=True))
    )
    assert answer["count"] == {"limited": 5, "total": 70}
    assert answer["cursor"] is None


def test_ten_thousand_objects_are_the_most() -> None:
    caller = Caller(leads=10_300)
    asked = body(_limit=200, include_counts=True, _fields=None)
    answer = caller.ok(caller.post("/data/search/", asked))
    assert answer["count"] == {"limited": 10_000, "total": 10_300}
    assert sum(map(len, pages(caller, 200))) == 10_000
    more = caller.ok(caller.post("/data/search/", asked | {"results_limit": 20_000}))
    assert more["count"] == {"limited": 10_000, "total": 10_300}


def test_two_hundred_thousand_leads_take_no_memory_until_looked_at() -> None:
    caller = Caller(leads=200_000)
    last = caller.fake._leads.at(199_999)
    assert last is not None
    assert caller.ok(caller.get(f"/lead/{last.id}/"))["name"] == last.name


def test_changed_leads_are_found_by_what_they_are_now() -> None:
    caller = Caller()
    lead_id = caller.fake.lead_named("Wayne Enterprises")
    assert found(caller, text("wayne")) == ["Wayne Enterprises"]
    caller.fake.rename_lead(lead_id, "Gotham Holdings")
    assert found(caller, field("name", text("wayne"))) == []
    assert found(caller, field("name", text("gotham"))) == ["Gotham Holdings"]
    assert found(caller, text("gotham lucius")) == ["Gotham Holdings"]
    caller.clock.advance(5)
    recent = {"type": "fixed_utc", "value": "2026-03-04T09:30:15Z"}
    assert found(
        caller, field("date_updated", {"type": "moment_range", "on_or_after": recent})
    ) == ["Gotham Holdings"]
    caller.fake.create_lead(
        "Brand New", contacts=[{"name": "Zora Neu", "email": "zora@new.example"}]
    )
    assert found(caller, text("zora")) == ["Brand New"]
    caller.fake.delete_lead(lead_id)
    assert found(caller, text("gotham")) == []


def test_the_old_list_of_leads_still_answers(caller: Caller) -> None:
    by_words = caller.ok(caller.get("/lead/", query="wayne", _fields="id,display_name"))
    assert by_words == {
        "data": [
            {"id": caller.fake.lead_named("Wayne Enterprises"), "display_name": "Wayne Enterprises"}
        ],
        "has_more": False,
        "total_results": 1,
    }
    assert caller.ok(caller.get("/lead/", query='name:"wandering"'))["total_results"] == 1
    assert caller.ok(caller.get("/lead/", _limit=7, _skip=298))["has_more"] is False
    assert caller.ok(caller.get("/lead/", _limit=7))["has_more"] is True
    assert field_errors(caller.get("/lead/", _skip=35_001)) == {"_skip"}

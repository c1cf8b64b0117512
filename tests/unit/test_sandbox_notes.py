"""Notes at the fake: what is taken, what is refused, what comes back."""

from datetime import datetime, timedelta

import pytest

from tests.unit.sandbox_caller import Caller, basic, field_errors


@pytest.fixture
def caller() -> Caller:
    return Caller()


@pytest.fixture
def lead_id(caller: Caller) -> str:
    return caller.fake.create_lead(
        "Quiet Ltd.", contacts=[{"name": "Ann", "email": "ann@quiet.example"}]
    )


ANSWERED = {
    "_type",
    "id",
    "lead_id",
    "contact_id",
    "user_id",
    "user_name",
    "users",
    "created_by",
    "created_by_name",
    "updated_by",
    "updated_by_name",
    "date_created",
    "date_updated",
    "activity_at",
    "organization_id",
    "title",
    "note",
    "note_html",
    "note_mentions",
    "pinned",
    "pinned_at",
    "source",
    "attachments",
}


def test_a_created_note_comes_back_whole(caller: Caller, lead_id: str) -> None:
    note = caller.note(lead_id=lead_id, title="Call", pinned=True)
    assert set(note) == ANSWERED
    assert (note["_type"], note["lead_id"], note["title"], note["pinned"]) == (
        "Note",
        lead_id,
        "Call",
        True,
    )
    assert note["user_id"] == note["created_by"] == caller.fake.user_ids[0]
    assert note["source"] == "api"
    assert caller.ok(caller.get(f"/activity/note/{note['id']}/")) == note
    assert caller.fake.notes_on(lead_id) == [note]


def test_moments_are_cut_to_milliseconds_and_written_with_six_digits(
    caller: Caller, lead_id: str
) -> None:
    note = caller.note(lead_id=lead_id, activity_at="2026-03-01T10:00:00.987654+02:00")
    assert note["date_created"] == "2026-03-04T09:30:15.123000+00:00"
    assert note["activity_at"] == "2026-03-01T08:00:00.987000+00:00"


@pytest.mark.parametrize(
    ("precision", "kept"),
    [
        ("us", "08:00:00.987654"),
        ("ms", "08:00:00.987000"),
        ("s", "08:00:00.000000"),
        ("ignored", "09:30:15.123000"),
    ],
)
def test_the_precision_of_activity_at_can_be_chosen(
    caller: Caller, lead_id: str, precision: str, kept: str
) -> None:
    caller.fake.behaviour.activity_at_precision = precision  # type: ignore[assignment]
    note = caller.note(lead_id=lead_id, activity_at="2026-03-04T08:00:00.987654Z")
    assert note["activity_at"] == f"2026-03-04T{kept}+00:00"


def test_naive_moments_are_in_the_zone_of_the_header(caller: Caller, lead_id: str) -> None:
    body = {"lead_id": lead_id, "note": "x", "activity_at": "2026-03-01T10:00:00"}
    note = caller.ok(caller.post("/activity/note/", body, ("X-TZ-Offset", "-5.0")))
    assert note["activity_at"] == "2026-03-01T15:00:00.000000+00:00"
    assert caller.post("/activity/note/", body, ("X-TZ-Offset", "west")).status == 400


@pytest.mark.parametrize("name", ["lead_name", "created_by_id", "id", "note_markdown"])
def test_create_refuses_unknown_properties(caller: Caller, lead_id: str, name: str) -> None:
    body = {"lead_id": lead_id, "note": "x", name: "y"}
    assert field_errors(caller.post("/activity/note/", body)) == {name}
    assert caller.fake.notes_on(lead_id) == []


def test_create_takes_every_documented_property(caller: Caller, lead_id: str) -> None:
    lead = caller.fake.lead(lead_id)
    colleague = caller.fake.user_ids[4]
    note = caller.note(
        lead_id=lead_id, note_html="<body><p>a</p></body>", note="b", title="t", pinned=False,
        contact_id=lead["contact_ids"][0], activity_at="2026-03-01T10:00:00Z", attachments=[], user_id=colleague,
        created_by=colleague, date_created="2026-02-01T00:00:00Z", organization_id=lead["organization_id"],
    )  # fmt: skip
    assert note["user_id"] == note["created_by"] == colleague
    assert note["contact_id"] == lead["contact_ids"][0]
    assert note["date_created"].startswith("2026-02-01T00:00:00")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", 7), ("pinned", "yes"), ("pinned", 1), ("activity_at", "soon"), ("activity_at", 12), ("note_html", 3),
        ("contact_id", "cont_nobody"), ("user_id", "user_nobody"), ("created_by", "user_nobody"),
        ("organization_id", "orga_other"), ("attachments", {}), ("attachments", [{}] * 1001), ("date_created", "x"),
    ],
)  # fmt: skip
def test_create_refuses_wrong_values(
    caller: Caller, lead_id: str, field: str, value: object
) -> None:
    body = {"lead_id": lead_id, "note_html": "<body><p>x</p></body>", field: value}
    assert field_errors(caller.post("/activity/note/", body)) == {field}
    assert caller.fake.notes_on(lead_id) == []


def test_the_lead_is_required_and_must_exist(caller: Caller, lead_id: str) -> None:
    assert field_errors(caller.post("/activity/note/", {"note": "x"})) == {"lead_id"}
    assert caller.post("/activity/note/", {"lead_id": "lead_none", "note": "x"}).status == 404
    caller.fake.delete_lead(lead_id)
    assert caller.post("/activity/note/", {"lead_id": lead_id, "note": "x"}).status == 404


@pytest.mark.parametrize(
    "rich",
    [
        "", "plain", "<p>no body</p>", "<body></body>", "<body>text only</body>", "<body><p>open</body>",
        "<body><br></body>", "<body><p>&nbsp;</p></body>", "<body><p a=b>x</p></body>", " <body><p>x</p></body>",
        '<body class="x"><p>x</p></body>', "<!DOCTYPE body><body><p>x</p></body>", "<body><p>x</p></body><body></body>",
        "<body><!-- c --><p>x</p></body>", "<?xml version='1.0'?><body><p>x</p></body>", "<body><p>\x00</p></body>",
        "<BODY><p>x</p></BODY>", "<body><p>a & b</p></body>",
    ],
)  # fmt: skip
def test_rich_text_must_be_well_formed_in_a_body(caller: Caller, lead_id: str, rich: str) -> None:
    assert field_errors(
        caller.post("/activity/note/", {"lead_id": lead_id, "note_html": rich})
    ) == {"note_html"}


def test_rich_text_wins_over_plain_text(caller: Caller, lead_id: str) -> None:
    note = caller.note(
        lead_id=lead_id,
        note_html="<body><p>rich &amp; <b>bold</b></p><p>two<br />three</p></body>",
        note="plain",
    )
    assert note["note_html"] == "<body><p>rich &amp; <b>bold</b></p><p>two<br />three</p></body>"
    assert note["note"] == "rich & bold\ntwo\nthree"


def test_plain_text_becomes_rich_text_by_escaping(caller: Caller, lead_id: str) -> None:
    note = caller.ok(
        caller.post("/activity/note/", {"lead_id": lead_id, "note": 'a < b & c\nnext "line"'})
    )
    assert note["note_html"] == '<body><p>a &lt; b &amp; c<br />next "line"</p></body>'
    assert note["note"] == 'a < b & c\nnext "line"'


def test_mentions_are_found(caller: Caller, lead_id: str) -> None:
    user_id = caller.fake.user_ids[1]
    span = f'<span data-type="mention" data-id="{user_id}" data-label="Dana" class="mention">@Dana</span>'
    assert caller.note(lead_id=lead_id, note_html=f"<body><p>{span} {span}</p></body>")[
        "note_mentions"
    ] == [user_id]


def test_a_normalising_server_writes_its_own_spelling(caller: Caller, lead_id: str) -> None:
    caller.fake.behaviour.normalises_html = True
    note = caller.note(
        lead_id=lead_id,
        note_html='<body><p>a  b\u00a0c <span class="mention" data-id="u">x</span><br /></p><ul><li>y</li></ul></body>',
    )
    assert note["note_html"] == (
        '<body>\n<p>a b&#160;c <span data-id="u" class="mention">x</span><br/></p>\n<ul><li>y</li>\n</ul>\n</body>'
    )
    assert (
        caller.put(f"/activity/note/{note['id']}/", {"note_html": note["note_html"]}).status == 200
    )


def test_a_server_may_drop_what_is_not_documented(caller: Caller, lead_id: str) -> None:
    caller.fake.behaviour.drops_undocumented = True
    rich = "<body><blockquote><p>yes</p></blockquote><pre>a  b</pre><p>.</p></body>"
    note = caller.note(lead_id=lead_id, note_html=rich)
    assert note["note_html"] == "<body><p>yes</p><p>a  b</p><p>.</p></body>"


def test_update_is_a_patch(caller: Caller, lead_id: str) -> None:
    before = caller.note(lead_id=lead_id, title="old", pinned=True)
    caller.clock.advance(60)
    after = caller.ok(caller.put(f"/activity/note/{before['id']}/", {"title": "new"}))
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"title", "date_updated"}
    unpinned = caller.ok(caller.put(f"/activity/note/{before['id']}/", {"pinned": False}))
    assert (unpinned["pinned"], unpinned["pinned_at"]) == (False, None)


def test_updating_by_a_colleague_names_them(caller: Caller, lead_id: str) -> None:
    note = caller.note(lead_id=lead_id)
    caller.auth = (basic(caller.fake.issue_key(user=5)),)
    after = caller.ok(caller.put(f"/activity/note/{note['id']}/", {"note": "edited"}))
    assert after["updated_by"] == caller.fake.user_ids[5]
    assert after["created_by"] == after["user_id"] == caller.fake.user_ids[0]
    assert "edited" in after["note_html"]


@pytest.mark.parametrize(
    "name", ["lead_id", "user_id", "created_by", "date_created", "organization_id", "colour"]
)
def test_update_refuses_what_only_create_takes(caller: Caller, lead_id: str, name: str) -> None:
    note = caller.note(lead_id=lead_id)
    assert field_errors(caller.put(f"/activity/note/{note['id']}/", {name: lead_id})) == {name}


def test_a_refused_update_changes_nothing(caller: Caller, lead_id: str) -> None:
    note = caller.note(lead_id=lead_id, title="old")
    assert (
        caller.put(f"/activity/note/{note['id']}/", {"title": "new", "note_html": "<p>"}).status
        == 400
    )
    assert caller.fake.notes_on(lead_id) == [note]


def test_deleted_notes_are_gone(caller: Caller, lead_id: str) -> None:
    note = caller.note(lead_id=lead_id)
    path = f"/activity/note/{note['id']}/"
    assert caller.delete(path).status == 200
    assert [
        caller.get(path).status,
        caller.delete(path).status,
        caller.put(path, {"title": "x"}).status,
    ] == [404] * 3
    assert caller.ok(caller.get("/activity/note/", lead_id=lead_id))["data"] == []


def test_lists_are_newest_first_in_pages(caller: Caller, lead_id: str) -> None:
    made = []
    for number in range(5):
        caller.clock.advance(1)
        made.append(caller.note(lead_id=lead_id, title=str(number))["id"])
    pages = [
        caller.ok(
            caller.get("/activity/note/", lead_id=lead_id, _limit=2, _skip=skip, _fields="id")
        )
        for skip in (0, 2, 4)
    ]
    assert [note["id"] for page in pages for note in page["data"]] == made[::-1]
    assert [page["has_more"] for page in pages] == [True, True, False]
    assert set(pages[0]["data"][0]) == {"id"}


def test_the_default_page_is_a_hundred(caller: Caller, lead_id: str) -> None:
    caller.fake.add_notes(lead_id, 130)
    first = caller.ok(caller.get("/activity/note/", lead_id=lead_id))
    assert (len(first["data"]), first["has_more"]) == (100, True)
    assert len(caller.ok(caller.get("/activity/note/", lead_id=lead_id, _skip=100))["data"]) == 30


def test_lists_can_be_filtered(caller: Caller, lead_id: str) -> None:
    contact_id = caller.fake.lead(lead_id)["contact_ids"][0]
    one = caller.note(lead_id=lead_id, contact_id=contact_id, activity_at="2026-01-01T00:00:00Z")
    caller.clock.advance(10)
    two = caller.note(
        lead_id=lead_id, user_id=caller.fake.user_ids[1], activity_at="2026-01-02T00:00:00Z"
    )

    def found(**filters: object) -> list[str]:
        answer = caller.ok(caller.get("/activity/note/", lead_id=lead_id, **filters))
        return [note["id"] for note in answer["data"]]

    assert found() == [two["id"], one["id"]]
    assert found(contact_id=contact_id) == [one["id"]]
    assert found(user_id=caller.fake.user_ids[1]) == [two["id"]]
    assert found(id__in=f"{one['id']},acti_none") == [one["id"]]
    assert found(organization_id="orga_other") == []
    for name, bound in (
        ("date_created", one["date_created"]),
        ("activity_at", "2026-01-01T00:00:00Z"),
    ):
        assert found(**{f"{name}__gt": bound}) == [two["id"]]
        assert found(**{f"{name}__gte": bound}) == [two["id"], one["id"]]
        assert found(**{f"{name}__lt": bound}) == []
        assert found(**{f"{name}__lte": bound}) == [one["id"]]
    assert field_errors(caller.get("/activity/note/", date_created__gt="yesterday")) == {
        "date_created__gt"
    }


def test_lists_lag_behind_writes_but_single_notes_do_not(caller: Caller, lead_id: str) -> None:
    caller.fake.behaviour.read_lag_s = 60

    def titles() -> list[str]:
        return [
            note["title"]
            for note in caller.ok(caller.get("/activity/note/", lead_id=lead_id))["data"]
        ]

    note = caller.note(lead_id=lead_id, title="first")
    path = f"/activity/note/{note['id']}/"
    assert titles() == []
    assert caller.ok(caller.get(path))["title"] == "first"
    assert [one["title"] for one in caller.fake.notes_on(lead_id)] == ["first"]
    caller.clock.advance(59.9)
    assert titles() == []
    caller.clock.advance(0.2)
    assert titles() == ["first"]
    caller.ok(caller.put(path, {"title": "second"}))
    assert titles() == ["first"]
    caller.clock.advance(60)
    assert titles() == ["second"]
    caller.delete(path)
    assert titles() == ["second"]
    caller.clock.advance(60)
    assert titles() == []


def test_the_servers_clock_may_differ_from_ours(caller: Caller, lead_id: str) -> None:
    caller.fake.behaviour.clock_skew_s = -3600
    written_at = datetime.fromisoformat(caller.note(lead_id=lead_id)["date_created"])
    assert caller.clock.now - written_at > timedelta(minutes=59)

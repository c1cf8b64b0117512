"""Close's JSON is read leniently, and nothing in it can crash the program."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from close_notes_gui.closeapi import contract, query, wire
from close_notes_gui.closeapi.errors import BadAnswer, CloseError
from close_notes_gui.closeapi.merges import MergeLog
from close_notes_gui.model.ids import ContactId, LeadId, NoteId
from close_notes_gui.model.lead import Contact, Lead
from close_notes_gui.model.note import NewNote, NoteAttachment, NoteChanges
from close_notes_gui.sandbox.notes import CREATABLE, UPDATABLE

NOON = datetime(2026, 3, 2, 12, 0, 0, 123_456, tzinfo=UTC)
FILE = NoteAttachment("https://app.close.com/go/file/x/", "x.pdf", "application/pdf", 7)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from([
            "id", "data", "lead_id", "note", "note_html", "contacts", "emails", "email", "meta",
            "attachments", "url", "upload", "fields", "download", "organizations", "date_created",
            "activity_at", "comment_summary", "comment_count", "cursor", "has_more", "pinned",
            "cursor_next", "merge_source_lead_id", "merge_destination_lead_id", "size",
        ]),
        inner,
        max_size=8,
    ),
    max_leaves=25,
)  # fmt: skip


@given(JSON)
def test_any_json_is_read_or_refused_and_what_is_read_can_be_stored(answer: object) -> None:
    readers = (
        wire.account, wire.user, wire.group, wire.lead, wire.contact, wire.lead_status, wire.note,
        wire.comment_on(NoteId("acti_1")), wire.rows, wire.has_more, wire.cursor, MergeLog().read,
        lambda value: wire.signed_upload(value, signed_at=NOON),
    )  # fmt: skip
    for read in readers:
        try:
            made = read(answer)
        except CloseError:
            continue
        repr(made)
    read_note = wire.note(answer)
    if read_note is not None:
        read_note.note_html.encode("utf-8")


def test_a_note_in_full() -> None:
    note = wire.note({
        "_type": "Note", "id": "acti_1", "lead_id": "lead_1", "contact_id": "cont_1",
        "user_id": "user_1", "user_name": "Ann", "date_created": "2026-03-02T12:00:00.123000+00:00",
        "date_updated": "2026-03-02T12:00:00Z", "activity_at": "2026-03-02T14:00:00+02:00",
        "title": "T", "note": "a", "note_html": "<body><p>a</p></body>", "pinned": True,
        "attachments": [
            {"url": "u", "filename": "f", "content_type": None, "size": 3, "thumbnail_url": "t"},
            {"filename": "without an address"}, 7,
        ],
        "comment_summary": {"comment_count": 2, "thread_id": "x"}, "something": "new",
    })  # fmt: skip
    assert note is not None
    assert note.created_at == datetime(2026, 3, 2, 12, 0, 0, 123_000, tzinfo=UTC)
    assert note.activity_at == note.updated_at == datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    assert note.attachments == (NoteAttachment("u", "f", None, 3, "t"),)
    assert (note.author_name, note.pinned, note.comment_count) == ("Ann", True, 2)


def test_odd_parts_of_a_note_become_defaults() -> None:
    note = wire.note({
        "id": "acti_1", "lead_id": "lead_1", "title": None, "pinned": "yes", "attachments": {},
        "date_created": "yesterday", "activity_at": "9999-12-31T23:59:59-23:59", "note": "a\n<b>",
        "contact_id": "../../me", "comment_summary": None, "user_id": 5,
    })  # fmt: skip
    assert note is not None
    assert note.note_html == "<body><p>a<br />&lt;b&gt;</p></body>"
    assert (note.title, note.pinned, note.attachments, note.contact_id) == ("", False, (), None)
    assert note.created_at is None
    assert note.activity_at is None


@pytest.mark.parametrize("answer", [None, [], {}, {"id": "acti_1"}, {"id": 3, "lead_id": "lead_1"}])
def test_a_note_without_ids_is_none(answer: object) -> None:
    assert wire.note(answer) is None


def test_lone_surrogates_do_not_get_in() -> None:
    lead = wire.lead({"id": "lead_1", "display_name": "A\ud800B"})
    assert lead == Lead(LeadId("lead_1"), "A\ufffdB")


def test_a_lead_with_contacts() -> None:
    lead = wire.lead({
        "id": "lead_1", "name": "Wayne", "status_label": "Potential",
        "contacts": [
            {"id": "cont_1", "name": "Bruce", "emails": [{"email": "b@w.com"}, {}, None],
             "phones": [{"phone": "+1555", "phone_formatted": "+1 555"}, {"phone": "+49"}]},
            {"name": "no id"},
        ],
    })  # fmt: skip
    assert lead is not None
    assert lead.name == "Wayne"
    assert lead.contacts == (
        Contact(ContactId("cont_1"), "Bruce", "", ("b@w.com",), ("+1 555", "+49")),
    )


def test_an_account_needs_a_user_and_little_else() -> None:
    with pytest.raises(BadAnswer):
        wire.account({"email": "a@b.c"})
    account = wire.account({"id": "user_1", "memberships": [{"organization_id": "orga_2"}]})
    assert (account.user_id, account.organization_id) == ("user_1", "orga_2")


def test_a_new_note_says_only_what_is_set() -> None:
    assert wire.new_note(NewNote(LeadId("lead_1"), "<body/>")) == {
        "lead_id": "lead_1",
        "note_html": "<body/>",
    }
    full = NewNote(LeadId("lead_1"), "h", "T", ContactId("cont_1"), True, NOON, (FILE,))
    assert wire.new_note(full) == {
        "lead_id": "lead_1", "note_html": "h", "title": "T", "contact_id": "cont_1", "pinned": True,
        "activity_at": "2026-03-02T12:00:00.123+00:00",
        "attachments": [{"url": FILE.url, "filename": "x.pdf", "content_type": "application/pdf"}],
    }  # fmt: skip


def test_changes_say_only_what_is_set_and_can_take_away() -> None:
    assert wire.note_changes(NoteChanges()) == {}
    assert wire.note_changes(NoteChanges(pinned=False)) == {"pinned": False}
    changes = NoteChanges(
        contact_id=None, attachments=(), title="", activity_at=NOON, note_html="h"
    )
    assert wire.note_changes(changes) == {
        "contact_id": None, "attachments": [], "title": "", "note_html": "h",
        "activity_at": "2026-03-02T12:00:00.123+00:00",
    }  # fmt: skip


def test_all_that_the_calls_accept_can_be_sent_but_what_is_left_to_close() -> None:
    contact, lead, html = ContactId("cont_1"), LeadId("lead_1"), "<body><p>x</p></body>"
    new = wire.new_note(NewNote(lead, html, "T", contact, True, NOON, (FILE,)))
    changes = wire.note_changes(NoteChanges(html, "T", contact, True, NOON, (FILE,)))
    assert new.keys() == contract.CREATE_NOTE - contract.LEFT_TO_CLOSE.keys()
    assert changes.keys() == contract.UPDATE_NOTE - contract.LEFT_TO_CLOSE.keys()
    assert contract.LEFT_TO_CLOSE.keys() < contract.CREATE_NOTE
    assert contract.CREATE_NOTE == CREATABLE
    assert contract.UPDATE_NOTE == UPDATABLE


def test_times_go_out_in_utc_or_not_at_all() -> None:
    east = NOON.astimezone(timezone(timedelta(hours=9)))
    assert wire.moment_out(east) == "2026-03-02T12:00:00.123+00:00"
    with pytest.raises(ValueError, match="zone"):
        wire.moment_out(datetime(2026, 3, 2))  # noqa: DTZ001  a naive time is the point


def signed(**changes: object) -> dict[str, object]:
    answer: dict[str, object] = {
        "upload": {
            "url": "https://b.s3.amazonaws.com/",
            "fields": {"key": "k", "policy": "p" * 20},
        },
        "download": {"url": "https://app.close.com/go/file/temporary/x/"},
    }
    return {**answer, **changes}


def test_a_signed_upload_shows_no_policy() -> None:
    upload = wire.signed_upload(signed(), signed_at=NOON)
    assert upload.fields == (("key", "k"), ("policy", "p" * 20))
    assert "p" * 20 not in repr(upload)


@pytest.mark.parametrize(
    "changes",
    [{"upload": None}, {"download": {}}, {"upload": {"url": "u", "fields": {}}},
     {"upload": {"url": "u", "fields": {"key": ["nested"]}}}, {"upload": {"fields": {"key": "k"}}}],
)  # fmt: skip
def test_half_a_signed_upload_is_none(changes: dict[str, object]) -> None:
    with pytest.raises(BadAnswer):
        wire.signed_upload(signed(**changes), signed_at=NOON)


def test_merges_are_followed_to_the_end_and_never_in_circles() -> None:
    def event(source: str, destination: str) -> dict[str, object]:
        meta = {"merge_source_lead_id": source, "merge_destination_lead_id": destination}
        return {"meta": meta}

    log = MergeLog()
    rows = [
        event("lead_b", "lead_c"),
        event("lead_a", "lead_b"),
        {"meta": 3},
        event("lead_c", "lead_b"),
    ]
    assert log.read({"data": rows, "cursor_next": "older"}) == "older"
    assert log.destination(LeadId("lead_a")) == "lead_c"
    assert log.destination(LeadId("lead_z")) is None


# --- the words typed


@pytest.mark.parametrize(
    ("typed", "words"),
    [("  wan ", "wan"), ("a\n\tb", "a b"), ("...", ""), ("", ""), ("e\u0301", "é"), ("株式", "株式"),
     ("\ud800", ""), ("x" * 900, "x" * 200)],
)  # fmt: skip
def test_words(typed: str, words: str) -> None:
    assert query.normalised(typed) == words


@pytest.mark.parametrize(
    "typed",
    ["lead_AbCdEf123", "https://app.close.com/lead/lead_AbCdEf123/", "app.close.com/lead/lead_AbCdEf123",
     "https://app.close.com/lead/lead_AbCdEf123/#activity=acti_1"],
)  # fmt: skip
def test_a_leads_id_or_page(typed: str) -> None:
    assert query.lead_id_in(typed) == "lead_AbCdEf123"


@pytest.mark.parametrize(
    "typed", ["lead_", "lead gen", "https://evil.example/lead/lead_AbCdEf123/"]
)
def test_no_leads_id(typed: str) -> None:
    assert query.lead_id_in(typed) is None


def asked(words: str) -> list[object]:
    """The values of all conditions in the query, with the field they look at."""
    body = query.search_body(words, limit=20, cursor=None)
    found: list[object] = []

    def walk(value: object, field_name: str = "") -> None:
        if isinstance(value, dict):
            field = value.get("field")
            name = field["field_name"] if isinstance(field, dict) else field_name
            if value.get("type") == "text":
                found.append((name, value["mode"], value["value"]))
            for inner in value.values():
                walk(inner, name)
        elif isinstance(value, list):
            for inner in value:
                walk(inner, field_name)

    walk(body["query"])
    return found


def test_each_kind_of_words_has_its_query() -> None:
    words, phrase = "beginning_of_words", "phrase"
    assert asked("wayne ent") == [("", words, "wayne ent")]
    assert asked("b@wayne.com") == [("", words, "b@wayne.com"), ("email", phrase, "b@wayne.com")]
    assert asked("wayne.com") == [("", words, "wayne.com"), ("email", phrase, "wayne.com")]
    assert ("email", phrase, "wayne.com") in asked("https://www.wayne.com/about?x=1")
    assert asked("+1 (555) 123-45") == [
        ("", words, "+1 (555) 123-45"),
        ("phone", phrase, "+1 (555) 123-45"),
        ("phone", phrase, "155512345"),
        ("phone", phrase, "+155512345"),
    ]
    assert asked("365") == [("", words, "365")]


def test_the_body_of_a_search() -> None:
    body = query.search_body("wan", limit=5000, cursor="c")
    assert body["_limit"] == 200
    assert body["cursor"] == "c"
    assert body["_fields"] == {"lead": list(wire.SEARCH_FIELDS)}


def test_changes_are_asked_for_by_whole_days() -> None:
    body = query.changed_body(
        since=NOON.date(), until=NOON.date(), newest_first=False, limit=100, cursor=None
    )
    parts = body["query"]["queries"]
    assert parts[1]["condition"] == {
        "type": "moment_range",
        "on_or_after": {"type": "fixed_local_date", "value": "2026-03-02", "which": "start"},
        "before": {"type": "fixed_local_date", "value": "2026-03-02", "which": "end"},
    }
    everything = query.changed_body(
        since=None, until=None, newest_first=True, limit=100, cursor=None
    )
    assert everything["query"] == {
        "type": "and",
        "queries": [{"type": "object_type", "object_type": "lead"}],
    }

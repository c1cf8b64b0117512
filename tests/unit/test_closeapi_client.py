"""The client against answers made by hand: what it sends, and what it makes of each answer."""

import logging
import ssl
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from close_notes_gui.closeapi import session
from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.closeapi.errors import (
    AnswerLost,
    BadAnswer,
    CloseError,
    Gone,
    NotAuthorized,
    Offline,
    Refused,
    ServerTrouble,
    Throttled,
    TimedOut,
    TlsFailed,
    UnsafeAddress,
)
from close_notes_gui.model.ids import ContactId, LeadId, NoteId, UserId
from close_notes_gui.model.note import NoteChanges
from tests.unit.closeapi_line import BASIC, KEY, LEAD, NEW, NOTE, START, Answer, Line, listing, ok

pytestmark = pytest.mark.anyio


async def test_every_call_asks_what_the_contract_says() -> None:
    line = Line(ok({**NOTE, "contacts": [], "data": [], "has_more": False, "cursor_next": ""}))
    async with line.client() as client:
        await client.me()
        await client.users()
        await client.groups()
        await client.lead_statuses()
        await client.search_leads("wan")
        await client.leads_changed()
        await client.lead(LEAD)
        await client.contacts(LEAD)
        await client.merged_into(LEAD)
        await client.notes(LEAD, user_id=UserId("user_1"), created_after=START, skip=30, limit=10)
        await client.note(NoteId("acti_1"))
        await client.create_note(NEW)
        await client.update_note(NoteId("acti_1"), NoteChanges(pinned=True))
        await client.delete_note(NoteId("acti_1"))
        await client.comments(NoteId("acti_1"))
        await client.add_comment(NoteId("acti_1"), "<body><p>c</p></body>")
    assert line.targets == [
        "GET me/", "GET user/", "GET group/", "GET status/lead/", "POST data/search/",
        "POST data/search/", "GET lead/lead_1/", "GET contact/", "GET event/",
        "GET activity/note/", "GET activity/note/acti_1/", "POST activity/note/",
        "PUT activity/note/acti_1/", "DELETE activity/note/acti_1/", "GET comment/",
        "POST comment/",
    ]  # fmt: skip
    notes = line.requests[9].url.params
    assert {name: notes[name] for name in ("lead_id", "user_id", "_limit", "_skip")} == {
        "lead_id": "lead_1", "user_id": "user_1", "_limit": "10", "_skip": "30",
    }  # fmt: skip
    assert notes["date_created__gte"] == "2026-03-02T12:00:00.000+00:00"
    assert line.bodies[3] == {"pinned": True}


async def test_each_request_carries_the_key_the_agent_and_no_cookie() -> None:
    line = Line(listing())
    line.answers = [httpx.Response(200, json={"data": []}, headers={"set-cookie": "a=b; Path=/"})]
    async with line.client() as client:
        await client.groups()
        await client.groups()
    for request in line.requests:
        assert request.headers["authorization"] == BASIC
        assert request.headers["user-agent"].startswith("close-notes/")
        assert request.headers["x-tz-offset"] == "0"
        assert "cookie" not in request.headers


CALLS: dict[str, Callable[[CloseClient], Any]] = {
    "me": lambda client: client.me(),
    "search": lambda client: client.search_leads("wan"),
    "notes": lambda client: client.notes(LEAD),
    "lead": lambda client: client.lead(LEAD),
    "sign": lambda client: client.sign_upload("a.txt", "text/plain"),
    "update": lambda client: client.update_note(NoteId("acti_1"), NoteChanges(title="t")),
    "delete": lambda client: client.delete_note(NoteId("acti_1")),
    "create": lambda client: client.create_note(NEW),
    "comment": lambda client: client.add_comment(NoteId("acti_1"), "<body><p>c</p></body>"),
}
CREATES = {"create", "comment"}


def tls_failure() -> Exception:
    error = httpx.ConnectError("x")
    error.__cause__ = ssl.SSLError(1, "bad")
    return error


HTML = httpx.Response(200, html="<html>Welcome to our café</html>")
CUT = httpx.Response(200, content=b'{"id": "acti_1", "lead_id": "le')
LIST = httpx.Response(200, json=[1])
EMPTY = httpx.Response(200)

# what came, what it means, what it means where a note may have been made
FAULTS: dict[str, tuple[Answer, type[CloseError], type[CloseError]]] = {
    "refused connection": (httpx.ConnectError("x"), Offline, Offline),
    "no way": (httpx.ConnectTimeout("x"), Offline, Offline),
    "bad certificate": (tls_failure(), TlsFailed, TlsFailed),
    "no answer": (httpx.ReadTimeout("x"), TimedOut, AnswerLost),
    "stuck": (httpx.WriteTimeout("x"), TimedOut, AnswerLost),
    "dropped": (httpx.RemoteProtocolError("x"), Offline, AnswerLost),
    "reset": (httpx.ReadError("x"), Offline, AnswerLost),
    "401": (httpx.Response(401, json={"error": "no"}), NotAuthorized, NotAuthorized),
    "404": (httpx.Response(404, json={"error": "no"}), Gone, Gone),
    "400": (httpx.Response(400, json={"errors": ["no"]}), Refused, Refused),
    "429": (httpx.Response(429), Throttled, Throttled),
    "500": (httpx.Response(500), ServerTrouble, AnswerLost),
    "503": (httpx.Response(503, html="<h1>busy</h1>"), ServerTrouble, AnswerLost),
    "redirect": (
        httpx.Response(302, headers={"location": "https://evil.example/"}),
        BadAnswer,
        AnswerLost,
    ),
    "captive portal": (HTML, BadAnswer, AnswerLost),
    "cut JSON": (CUT, BadAnswer, AnswerLost),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", CALLS)
async def test_every_fault_of_every_call(call: str, fault: str) -> None:
    answer, harmless, creating = FAULTS[fault]
    line = Line(answer)
    meaning = creating if call in CREATES else harmless
    async with line.client() as client:
        with pytest.raises(meaning) as caught:
            await CALLS[call](client)
    assert type(caught.value) is meaning
    shown = repr(caught.value) + str(caught.value)
    assert KEY not in shown
    assert caught.value.__context__ is None  # no httpx error, which holds the request, hangs on
    assert {one.url.host for one in line.requests} == {"api.close.com"}


@pytest.mark.parametrize("call", sorted(CALLS.keys() - {"delete"}))
@pytest.mark.parametrize("answer", [LIST, EMPTY, ok(None), ok({"id": 7}), ok("x")])
async def test_the_wrong_json_is_an_error_of_every_call(call: str, answer: httpx.Response) -> None:
    async with Line(answer).client() as client:
        with pytest.raises(AnswerLost if call in CREATES else BadAnswer):
            await CALLS[call](client)


async def test_deleting_may_answer_nothing() -> None:
    for answer in (httpx.Response(200), httpx.Response(204), ok({})):
        async with Line(answer).client() as client:
            await client.delete_note(NoteId("acti_1"))


@pytest.mark.parametrize("call", ["notes", "create"])
async def test_an_endless_answer_is_refused(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "LARGEST_ANSWER_BYTES", 1000)
    taken = 0

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            nonlocal taken
            while True:
                taken += 1
                yield b"x" * 100

    async with Line(httpx.Response(200, stream=Endless())).client() as client:
        with pytest.raises(AnswerLost if call in CREATES else BadAnswer):
            await CALLS[call](client)
    assert taken < 20


async def test_search_fails_fast_while_its_group_is_blocked() -> None:
    line = Line(
        httpx.Response(429, headers={"ratelimit": "limit=1, remaining=0, reset=5"}), listing()
    )
    async with line.client() as client:
        with pytest.raises(Throttled) as caught:
            await client.search_leads("wan")
        assert caught.value.retry_after_s == 5
        assert caught.value.reset_at == START + timedelta(seconds=5)
        with pytest.raises(Throttled):
            await client.search_leads("wane")
        assert len(line.requests) == 1
        await client.groups()  # another group
        assert client.throttled_for_s("data/search/") == 5
        line.watch.slept.append(5)
        assert (await client.search_leads("wane")).leads == ()


async def test_the_fill_waits_as_long_as_its_patience() -> None:
    blocked = httpx.Response(429, headers={"retry-after": "4"})
    line = Line(blocked, blocked, listing())
    async with line.client() as client:
        await client.leads_changed(patience_s=10)
        assert line.watch.slept == [4, 4]
    line = Line(blocked)
    async with line.client() as client:
        with pytest.raises(Throttled):
            await client.leads_changed(patience_s=10)
    assert line.watch.slept == [4, 4]


async def test_lists_are_read_to_their_end() -> None:
    page = listing(*({"id": f"group_{n}", "name": "g"} for n in range(100)), has_more=True)
    line = Line(page, listing({"id": "group_z", "name": "z"}))
    async with line.client() as client:
        assert len(await client.groups()) == 101
    assert [one.url.params["_skip"] for one in line.requests] == ["0", "100"]


async def test_a_list_without_end_is_refused() -> None:
    async with Line(listing({"id": "group_1"}, has_more=True)).client() as client:
        with pytest.raises(BadAnswer):
            await client.groups()


async def test_an_id_is_looked_up_and_a_gone_one_finds_nothing() -> None:
    line = Line(
        ok({"id": "lead_AbCdEf12", "display_name": "W", "contacts": []}), httpx.Response(404)
    )
    async with line.client() as client:
        page = await client.search_leads("https://app.close.com/lead/lead_AbCdEf12/")
        assert [lead.name for lead in page.leads] == ["W"]
        assert (await client.search_leads("lead_AbCdEf12")).leads == ()
    assert line.targets == ["GET lead/lead_AbCdEf12/"] * 2


async def test_a_refused_condition_falls_back_to_bare_words() -> None:
    line = Line(httpx.Response(400), listing({"id": "lead_1", "display_name": "W"}))
    async with line.client() as client:
        assert len((await client.search_leads("b@wayne.com")).leads) == 1
        line.answers = [httpx.Response(400)]
        with pytest.raises(Refused):
            await client.search_leads("wayne")
    assert len(line.requests) == 3


async def test_contacts_are_fetched_where_the_lead_no_longer_brings_them() -> None:
    contact = {"id": "cont_1", "lead_id": "lead_1", "name": "Bruce"}
    line = Line(ok({"id": "lead_1", "display_name": "W"}), listing(contact))
    async with line.client() as client:
        lead = await client.lead(LEAD)
    assert [one.id for one in lead.contacts] == [ContactId("cont_1")]


@pytest.mark.parametrize("bad", ["", "../me", "lead_1/../x", "a b", "lead_1?x=1", "é", "x" * 101])
async def test_an_id_that_is_none_never_gets_into_a_path(bad: str) -> None:
    line = Line(ok({}))
    async with line.client() as client:
        with pytest.raises(Gone):
            await client.lead(LeadId(bad))
    assert line.requests == []


async def test_merges_are_found_over_pages() -> None:
    meta = {"merge_source_lead_id": "lead_1", "merge_destination_lead_id": "lead_2"}
    line = Line(ok({"data": [{"meta": {}}], "cursor_next": "c"}), ok({"data": [{"meta": meta}]}))
    async with line.client() as client:
        assert await client.merged_into(LEAD) == "lead_2"
        assert await client.merged_into(LeadId("lead_9")) is None
    assert line.requests[1].url.params["_cursor"] == "c"


@pytest.mark.parametrize(
    "url", ["http://bucket.example/", "http://127.0.0.1/x", "https://a:b@c.example/"]
)
async def test_an_unsafe_upload_address_is_never_handed_out(url: str) -> None:
    answer = ok({"upload": {"url": url, "fields": {"key": "k"}}, "download": {"url": "https://d/"}})
    async with Line(answer).client() as client:
        with pytest.raises(UnsafeAddress):
            await client.sign_upload("a.txt", "text/plain")


async def test_the_offset_of_closes_clock_is_learned() -> None:
    line = Line(ok({"data": []}, date="Mon, 02 Mar 2026 13:00:00 GMT"))
    async with line.client() as client:
        assert client.server_clock_offset_s is None
        await client.groups()
        assert client.server_clock_offset_s == 3600.5


async def test_nothing_is_logged_of_addresses(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with Line(listing()).client() as client:
        await client.notes(LEAD)
    assert caplog.records == []

"""Close's official Python client against the loopback sandbox: a second opinion.

The client sets Close's address only in its ``Client`` class; the class below
it, ``API``, takes the base address as its first argument.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from closeio_api import API, APIError, ValidationError

from close_notes_gui.sandbox.server import SandboxServer

pytestmark = pytest.mark.e2e


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as server:
        yield server


@pytest.fixture
def api(server: SandboxServer) -> Iterator[Any]:
    api = API(f"{server.base_url}/", server.api_key, tz_offset="-5.0", max_retries=1)
    with api.session:
        yield api


def lead_id_of(api: Any, words: str) -> str:
    """The first lead whose name has words that begin like ``words``."""
    name = {"type": "regular_field", "object_type": "lead", "field_name": "name"}
    text = {"type": "text", "mode": "beginning_of_words", "value": words}
    queries = [
        {"type": "object_type", "object_type": "lead"},
        {"type": "field_condition", "field": name, "condition": text},
    ]
    body = {
        "query": {"type": "and", "queries": queries},
        "_fields": {"lead": ["id", "display_name"]},
        "_limit": 5,
    }
    return str(api.post("data/search", data=body)["data"][0]["id"])


def test_me_and_search(api: Any, server: SandboxServer) -> None:
    assert api.get("me")["id"] == server.fake.user_ids[0]
    lead_id = lead_id_of(api, "wan wond")
    assert api.get(f"lead/{lead_id}", params={"_fields": "name"}) == {
        "name": "Wanda's Wondrous Wares"
    }
    assert api.get("lead", params={"query": "wayne"})["total_results"] == 1


def test_a_note_is_created_changed_listed_and_deleted(api: Any, server: SandboxServer) -> None:
    lead_id = lead_id_of(api, "wayne")
    rich = "<body><p>Spoke with <strong>Lucius</strong></p></body>"
    note = api.post("activity/note", data={"lead_id": lead_id, "note_html": rich, "pinned": True})
    assert note["note_html"] == rich
    changed = api.put(f"activity/note/{note['id']}", data={"title": "Call"})
    assert (changed["title"], changed["pinned"]) == ("Call", True)
    listed = api.get("activity/note", params={"lead_id": lead_id, "_limit": 1})
    assert [one["id"] for one in listed["data"]] == [note["id"]]
    api.delete(f"activity/note/{note['id']}")
    with pytest.raises(APIError) as gone:
        api.get(f"activity/note/{note['id']}")
    assert gone.value.response.status_code == 404
    assert note["id"] not in [one["id"] for one in server.fake.all_notes()]


def test_refusals_name_the_field(api: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        api.post("activity/note", data={"lead_id": lead_id_of(api, "wayne"), "note_markdown": "x"})
    assert set(refused.value.field_errors) == {"note_markdown"}


def test_a_file_goes_up_and_onto_a_note(api: Any, server: SandboxServer) -> None:
    content = b"%PDF-1.7 not really\n" * 1000
    signed = api.post(
        "files/upload", data={"filename": "quote.pdf", "content_type": "application/pdf"}
    )
    answer = requests.post(
        signed["upload"]["url"],
        data=signed["upload"]["fields"],
        files={"file": ("quote.pdf", content)},
        timeout=10,
    )
    assert answer.status_code == 201
    attachment = {
        "url": signed["download"]["url"],
        "filename": "quote.pdf",
        "content_type": "application/pdf",
    }
    note = api.post(
        "activity/note",
        data={"lead_id": lead_id_of(api, "wayne"), "note": "See file", "attachments": [attachment]},
    )
    saved = note["attachments"][0]
    assert saved["size"] == len(content)
    path = saved["url"].removeprefix("https://app.close.com")
    origin = server.base_url.removesuffix("/api/v1")
    assert api.session.get(origin + path, timeout=10).content == content
    assert server.fake.violations == []

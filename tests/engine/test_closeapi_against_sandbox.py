"""Every call of the client against the fake Close, in process and over loopback."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.closeapi.errors import (
    Gone,
    NotAuthorized,
    PolicyExpired,
    Refused,
)
from close_notes_gui.closeapi.upload import Upload
from close_notes_gui.model.ids import ContactId, LeadId
from close_notes_gui.model.note import NewNote, NoteAttachment, NoteChanges
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.sandbox.server import SandboxServer
from close_notes_gui.sandbox.transport import AsyncSandboxTransport
from tests.engine.closeapi_rig import HTML, Close, Wall, in_process, on_loopback

pytestmark = pytest.mark.anyio


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[SandboxServer]:
    with SandboxServer(leads=60) as running:
        yield running


@pytest.fixture
async def close(wall: Wall) -> AsyncIterator[Close]:
    async with in_process(wall) as found:
        yield found


@pytest.fixture
async def loopback(server: SandboxServer) -> AsyncIterator[Close]:
    async with on_loopback(server) as found:
        yield found


@pytest.fixture(params=["in process", "loopback"])
def either(request: pytest.FixtureRequest) -> Close:
    name = "close" if request.param == "in process" else "loopback"
    found: Close = request.getfixturevalue(name)
    return found


# --- every call


async def test_people(either: Close) -> None:
    account = await either.client.me()
    users = await either.client.users()
    assert account.user_id == either.fake.user_ids[0]
    assert {user.id for user in users} == set(either.fake.user_ids)
    assert all(user.name for user in users)
    assert account.organization_name
    assert all(group.id.startswith("group_") for group in await either.client.groups())
    assert all(status.label for status in await either.client.lead_statuses())


async def test_a_lead_its_contacts_and_its_search(either: Close) -> None:
    known = either.fake.lead(either.lead_id)
    lead = await either.client.lead(either.lead_id)
    assert lead.name == known["display_name"]
    assert lead.updated_at is not None
    assert {one.id for one in lead.contacts} == {one["id"] for one in known["contacts"]}
    assert {one.id for one in await either.client.contacts(lead.id)} == {
        c.id for c in lead.contacts
    }
    for words in (lead.name, lead.name.split()[0][:4], f"https://app.close.com/lead/{lead.id}/"):
        found = await either.client.search_leads(words, limit=200)
        assert lead.id in {one.id for one in found.leads}


async def test_a_lead_is_found_by_what_its_contacts_have(either: Close) -> None:
    contacts = [{"name": "Zoë Quux", "email": "zoe@quux.example", "phone": "+4930901820"}]
    made = either.fake.create_lead("Quux & Söhne", contacts=contacts)
    for words in ("zoe@quux.example", "quux.example", "+49 30 901820", "zoë qu", "+4930901820"):
        found = await either.client.search_leads(words)
        assert [one.id for one in found.leads] == [made], words
    either.fake.delete_lead(made)


async def test_search_goes_on_by_cursor_and_a_cursor_dies(close: Close, wall: Wall) -> None:
    first = await close.client.leads_changed(limit=25)
    second = await close.client.leads_changed(limit=25, cursor=first.cursor)
    third = await close.client.leads_changed(limit=25, cursor=second.cursor)
    everyone = {one.id for page in (first, second, third) for one in page.leads}
    assert everyone == set(close.fake.lead_ids())
    assert third.cursor is None
    wall.at += timedelta(seconds=31)
    with pytest.raises(Refused):
        await close.client.leads_changed(limit=25, cursor=first.cursor)


async def test_what_changed_since_a_day(close: Close, wall: Wall) -> None:
    wall.at += timedelta(days=1)
    close.fake.rename_lead(close.lead_id, "Renamed")
    today = wall.at.date()
    page = await close.client.leads_changed(since=today)
    assert [lead.name for lead in page.leads] == ["Renamed"]
    assert (await close.client.leads_changed(since=today, until=today)).leads == page.leads
    before = await close.client.leads_changed(until=today - timedelta(days=1), limit=200)
    assert close.lead_id not in {lead.id for lead in before.leads}


async def test_a_note_from_its_making_to_its_end(either: Close) -> None:
    client = either.client
    lead = await client.lead(either.lead_id)
    activity_at = datetime(2026, 3, 1, 10, 30, 0, 123_000, tzinfo=UTC)
    new = NewNote(lead.id, HTML, "Title", lead.contacts[0].id, True, activity_at)
    made = await client.create_note(new)
    assert (made.note_html, made.title, made.pinned, made.activity_at) == (
        HTML, "Title", True, activity_at,
    )  # fmt: skip
    assert made.contact_id == lead.contacts[0].id
    assert await client.note(made.id) == made
    page = await client.notes(lead.id, user_id=(await client.me()).user_id, limit=5)
    assert made in page.notes

    changed = await client.update_note(made.id, NoteChanges(title="Other", contact_id=None))
    assert (changed.title, changed.contact_id, changed.note_html) == ("Other", None, HTML)
    unpinned = await client.update_note(made.id, NoteChanges(pinned=False))
    assert not unpinned.pinned

    comment = await client.add_comment(made.id, "<body><p>Well done</p></body>")
    assert comment in await client.comments(made.id)
    assert (await client.note(made.id)).comment_count == 1

    await client.delete_note(made.id)
    for deed in (client.note(made.id), client.delete_note(made.id)):
        with pytest.raises(Gone):
            await deed


async def test_notes_come_in_pages(close: Close, wall: Wall) -> None:
    made = close.fake.create_lead("Long history")
    close.fake.add_notes(made, 12)
    first = await close.client.notes(LeadId(made), limit=5)
    rest = await close.client.notes(LeadId(made), limit=100, skip=5)
    assert (len(first.notes), first.has_more, len(rest.notes), rest.has_more) == (5, True, 7, False)
    late = await close.client.notes(LeadId(made), created_after=wall.at + timedelta(hours=1))
    assert late.notes == ()


async def test_files_go_up_and_come_down_byte_for_byte(either: Close, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(range(256)) * 5000)
    name = 'Angebot "Grün" 株式.txt'
    receipt = await either.upload(path, name)
    attached = (NoteAttachment(receipt.url, name, "text/plain"),)
    note = await either.client.create_note(NewNote(either.lead_id, HTML, attachments=attached))
    (kept,) = note.attachments
    assert (kept.filename, kept.size_bytes) == (name, path.stat().st_size)
    assert either.fake.file_sha256(kept.url) == receipt.sha256
    async with either.client.download(kept.url) as opened:
        content = b"".join([piece async for piece in opened.chunks])
    assert hashlib.sha256(content).hexdigest() == receipt.sha256
    async with either.client.download(kept.url, from_byte=1_000_000) as opened:
        tail = b"".join([piece async for piece in opened.chunks])
    assert content[opened.start_byte :] == tail


async def test_attachments_can_be_taken_away_and_kept(close: Close, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    attached = [
        NoteAttachment((await close.upload(path, name)).url, name, "text/plain")
        for name in ("one.txt", "two.txt")
    ]
    new = NewNote(close.lead_id, HTML, attachments=tuple(attached))
    note = await close.client.create_note(new)
    less = await close.client.update_note(note.id, NoteChanges(attachments=note.attachments[1:]))
    assert [one.filename for one in less.attachments] == ["two.txt"]


async def test_a_merged_lead_is_traced(close: Close) -> None:
    one, two, three = map(LeadId, close.fake.lead_ids(3))
    assert await close.client.merged_into(one) is None
    close.fake.merge_leads(one, two)
    close.fake.merge_leads(two, three)
    with pytest.raises(Gone):
        await close.client.lead(one)
    with pytest.raises(Gone):
        await close.client.create_note(NewNote(one, HTML))
    assert await close.client.merged_into(one) == three
    assert (await close.client.search_leads(one)).leads == ()


# --- refusals


async def test_a_refusal_names_its_fields(close: Close) -> None:
    with pytest.raises(Refused) as caught:
        await close.client.create_note(NewNote(close.lead_id, "no xhtml"))
    assert "note_html" in dict(caught.value.fields)
    with pytest.raises((Refused, Gone)):
        await close.client.create_note(
            NewNote(close.lead_id, HTML, contact_id=ContactId("cont_no"))
        )
    never = (NoteAttachment("https://app.close.com/go/file/temporary/user_x/y/z/", "z"),)
    with pytest.raises(Refused):
        await close.client.create_note(NewNote(close.lead_id, HTML, attachments=never))


async def test_wrong_and_revoked_keys(close: Close) -> None:
    transport = AsyncSandboxTransport(close.fake, inline=True)
    async with CloseClient(ApiKey("api_0000000000"), transport=transport) as other:
        with pytest.raises(NotAuthorized):
            await other.me()
    close.fake.revoke_key(close.fake.api_key)
    with pytest.raises(NotAuthorized) as caught:
        await close.client.create_note(NewNote(close.lead_id, HTML))
    assert close.fake.api_key not in repr(caught.value)


async def test_a_late_upload_is_refused_with_the_hosts_reason(
    close: Close, wall: Wall, tmp_path: Path
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    signed = await close.client.sign_upload("a.txt", "text/plain")
    wall.at += timedelta(seconds=61)
    late = Upload(
        path, filename="a.txt", content_type="text/plain", transport=close.storage_transport
    )
    with pytest.raises(PolicyExpired) as caught:
        late.run(signed)
    assert "expired" in caught.value.message.lower()


@pytest.mark.parametrize("skew_s", [-3600, 0, 7200])
async def test_closes_clock_is_known(close: Close, skew_s: int) -> None:
    close.fake.behaviour.clock_skew_s = skew_s
    before = close.fake.now() - datetime.now(UTC)
    await close.client.me()
    offset_s = close.client.server_clock_offset_s
    assert offset_s is not None
    assert abs(offset_s - before.total_seconds()) < 3

"""Close's API as typed calls: frozen values in and out, every failure one of `errors`.

Engine thread, on its asyncio loop. Retries nothing by itself; the engine decides.
Never touches disk, and never sends the key to any host but the API's own.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from types import TracebackType
from typing import Self

import httpx

from close_notes_gui.closeapi import query, wire
from close_notes_gui.closeapi.answers import LeadPage, NotePage, SignedUpload
from close_notes_gui.closeapi.clock import Clock, SystemClock
from close_notes_gui.closeapi.downloads import Download, open_download
from close_notes_gui.closeapi.errors import BadAnswer, Gone, Refused
from close_notes_gui.closeapi.hosts import API_URL, check_upload_address
from close_notes_gui.closeapi.merges import GoneLog, MergeLog
from close_notes_gui.closeapi.session import Ask, Session, item_path
from close_notes_gui.model.ids import LeadId, NoteId, UserId
from close_notes_gui.model.lead import Account, Contact, Group, Lead, LeadStatus, User
from close_notes_gui.model.note import Comment, NewNote, Note, NoteChanges
from close_notes_gui.model.secret import ApiKey

_PAGE = 100
_MOST_PAGES = 100
_MOST_EVENT_PAGES = 20


class CloseClient:
    """One signed-in key. Open from construction until `aclose`; not shared between loops.

    Every call may raise any `CloseError` that its kind allows (see `errors`): only
    `create_note` and `add_comment` raise AnswerLost, and whatever else these two raise means
    that nothing was created. All others may be asked again without harm.
    `patience_s` is how long a call may wait for a blocked endpoint group before it raises
    Throttled; 0 fails at once.
    """

    def __init__(
        self,
        key: ApiKey,
        *,
        base_url: str = API_URL,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Clock | None = None,
        user_agent: str | None = None,
    ) -> None:
        """Raise UnsafeAddress where `base_url` is neither https nor loopback."""
        self._session = Session(
            key,
            base_url=base_url,
            transport=transport,
            clock=clock or SystemClock(),
            user_agent=user_agent,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._session.aclose()

    @property
    def server_clock_offset_s(self) -> float | None:
        """Close's clock minus ours, to about a second; None before the first answer."""
        return self._session.server_clock_offset_s

    def throttled_for_s(self, path: str) -> float:
        """How long the endpoint group of this path is still blocked; 0 where it is not."""
        return self._session.limits.delay_s(path)

    # --- people

    async def me(self) -> Account:
        """Whose key this is. `GET /me/`."""
        return wire.account(await self._session.get("me/"))

    async def users(self) -> tuple[User, ...]:
        """Everyone in the organisation, by name. `GET /user/`."""
        params = {"_order_by": "first_name,last_name", "_fields": wire.USER_FIELDS}
        return wire.each(await self._all("user/", params), wire.user)

    async def groups(self) -> tuple[Group, ...]:
        """All groups. `GET /group/`."""
        return wire.each(await self._all("group/", {"_fields": "id,name"}), wire.group)

    async def lead_statuses(self) -> tuple[LeadStatus, ...]:
        """All lead statuses, in Close's order. `GET /status/lead/`."""
        return wire.each(await self._all("status/lead/", {}), wire.lead_status)

    # --- leads

    async def search_leads(
        self, text: str, *, limit: int = 20, cursor: str | None = None, patience_s: float = 0.0
    ) -> LeadPage:
        """Leads for the words typed, an email, a phone number, a domain, or a lead's id or page.

        `POST /data/search/`, at most 200 a page. Words without a letter or digit find nothing.
        """
        words = query.normalised(text)
        if not words:
            return LeadPage()
        lead_id = query.lead_id_in(words)
        if lead_id is not None:
            return await self._by_id(lead_id)
        fitting = query.search_body(words, limit=limit, cursor=cursor)
        try:
            return await self._search(fitting, patience_s=patience_s)
        except Refused:
            # The conditions on emails and phones are less certain than bare words.
            plain = query.plain_body(words, limit=limit, cursor=cursor)
            if plain == fitting:
                raise
        return await self._search(plain, patience_s=patience_s)

    async def leads_changed(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        newest_first: bool = False,
        limit: int = _PAGE,
        cursor: str | None = None,
        patience_s: float = 0.0,
        before: datetime | None = None,
        with_total: bool = False,
    ) -> LeadPage:
        """Leads by date of change, both days included (UTC); all of them where none is given.

        `before` is a moment (aware) to end with instead of a day.

        Close ends a listing after 10,000 objects and a cursor after 30 s: go on from the last
        lead's day, and expect to see some leads twice.
        """
        body = query.changed_body(
            since=since,
            until=until,
            newest_first=newest_first,
            limit=limit,
            cursor=cursor,
            before=before,
            with_total=with_total,
        )
        return await self._search(body, patience_s=patience_s)

    async def lead(self, lead_id: LeadId) -> Lead:
        """One lead with its contacts. `GET /lead/{id}/`. Gone where it is deleted or merged."""
        path = item_path("lead/", lead_id)
        answer = await self._session.get(path, {"_fields": wire.LEAD_FIELDS})
        found = wire.demand(wire.lead(answer), "a lead")
        if wire.field(answer, "contacts") is None:
            # Close calls contacts on the lead deprecated: they may stop coming.
            found = replace(found, contacts=await self.contacts(found.id))
        return found

    async def contacts(self, lead_id: LeadId) -> tuple[Contact, ...]:
        """All contacts of a lead. `GET /contact/`."""
        params = {"lead_id": lead_id, "_fields": wire.CONTACT_FIELDS}
        return wire.each(await self._all("contact/", params), wire.contact)

    async def merged_into(self, lead_id: LeadId) -> LeadId | None:
        """The lead that took this one over, by the event log of the last 30 days, else None."""
        log = MergeLog()
        cursor: str | None = None
        for _ in range(_MOST_EVENT_PAGES):
            params = {"object_type": "lead", "action": "merged", "_limit": "50"}
            if cursor:
                params["_cursor"] = cursor
            answer = await self._session.get("event/", params)
            cursor = log.read(answer)
            found = log.destination(lead_id)
            if found is not None or not cursor:
                return found
        return None

    async def leads_gone(self, *, since: datetime) -> frozenset[LeadId]:
        """Leads deleted or merged away since then (aware), at most 30 days back. `GET /event/`."""
        log = GoneLog(since)
        for action in ("deleted", "merged"):
            cursor: str | None = None
            for _ in range(_MOST_EVENT_PAGES):
                params = {"object_type": "lead", "action": action, "_limit": "50"}
                if cursor:
                    params["_cursor"] = cursor
                cursor = log.read(await self._session.get("event/", params))
                if not cursor:
                    break
        return frozenset(log.lead_ids)

    # --- notes

    async def notes(
        self,
        lead_id: LeadId,
        *,
        user_id: UserId | None = None,
        created_after: datetime | None = None,
        limit: int = _PAGE,
        skip: int = 0,
    ) -> NotePage:
        """Notes of a lead, newest first. `GET /activity/note/`. May lag 60 s behind a write.

        `created_after` is aware, by Close's clock, and inclusive.
        """
        params = {
            "lead_id": lead_id,
            "_limit": str(limit),
            "_skip": str(skip),
            "_fields": wire.NOTE_FIELDS,
        }
        if user_id is not None:
            params["user_id"] = user_id
        if created_after is not None:
            params["date_created__gte"] = wire.moment_out(created_after)
        answer = await self._session.get("activity/note/", params)
        return NotePage(wire.each(wire.rows(answer), wire.note), wire.has_more(answer))

    async def note(self, note_id: NoteId) -> Note:
        """One note. `GET /activity/note/{id}/`."""
        path = item_path("activity/note/", note_id)
        answer = await self._session.get(path, {"_fields": wire.NOTE_FIELDS})
        return wire.demand(wire.note(answer), "a note")

    async def create_note(self, new: NewNote) -> Note:
        """Make a note. `POST /activity/note/`. AnswerLost: it may exist; look before repeating."""
        return await self._session.create("activity/note/", wire.new_note(new), wire.note)

    async def update_note(self, note_id: NoteId, changes: NoteChanges) -> Note:
        """Change what is set in `changes`, nothing else. `PUT /activity/note/{id}/`."""
        ask = Ask("PUT", item_path("activity/note/", note_id), body=wire.note_changes(changes))
        return wire.demand(wire.note(await self._session.ask(ask)), "a note")

    async def delete_note(self, note_id: NoteId) -> None:
        """Delete a note. Gone where it is deleted already. `DELETE /activity/note/{id}/`."""
        ask = Ask("DELETE", item_path("activity/note/", note_id), may_be_empty=True)
        await self._session.ask(ask)

    async def comments(self, note_id: NoteId) -> tuple[Comment, ...]:
        """Comments on a note, in Close's order. `GET /comment/`."""
        rows = await self._all("comment/", {"object_id": note_id})
        return wire.each(rows, wire.comment_on(note_id))

    async def add_comment(self, note_id: NoteId, body_html: str) -> Comment:
        """Comment on a note. `POST /comment/`. AnswerLost: it may exist."""
        body: dict[str, object] = {"object_id": note_id, "body": body_html}
        return await self._session.create("comment/", body, wire.comment_on(note_id))

    # --- files

    async def sign_upload(self, filename: str, content_type: str) -> SignedUpload:
        """Leave to upload one file within 60 s. `POST /files/upload/`.

        Signing leaves nothing behind that counts, so it may be asked again.
        """
        signed_at = self._session.clock.now()
        body: dict[str, object] = {"filename": filename, "content_type": content_type}
        answer = await self._session.ask(Ask("POST", "files/upload/", body=body))
        signed = wire.signed_upload(answer, signed_at=signed_at)
        check_upload_address(signed.url, api_url=self._session.base_url)
        return signed

    @asynccontextmanager
    async def download(self, url: str, *, from_byte: int = 0) -> AsyncIterator[Download]:
        """Open an attachment or thumbnail as a stream of bytes, from a byte on if asked.

        The key goes to the API host alone; a redirect to the storage host is followed without.
        """
        async with open_download(self._session, url, from_byte=from_byte) as opened:
            yield opened

    # --- within

    async def _by_id(self, lead_id: LeadId) -> LeadPage:
        try:
            return LeadPage((await self.lead(lead_id),))
        except Gone:
            return LeadPage()

    async def _search(self, body: dict[str, object], *, patience_s: float) -> LeadPage:
        ask = Ask("POST", "data/search/", body=body, patience_s=patience_s, is_search=True)
        answer = await self._session.ask(ask)
        leads = wire.each(wire.rows(answer), wire.lead)
        return LeadPage(leads, wire.cursor(answer), wire.total(answer))

    async def _all(self, path: str, params: dict[str, str]) -> list[object]:
        found: list[object] = []
        for _ in range(_MOST_PAGES):
            page = {**params, "_limit": str(_PAGE), "_skip": str(len(found))}
            answer = await self._session.get(path, page)
            rows = wire.rows(answer)
            found += rows
            if not rows or not wire.has_more(answer):
                return found
        raise BadAnswer(f"{path} never ends")

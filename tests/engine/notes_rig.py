"""Notes that are in Close already, and what a rep and a colleague do with them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.model.amendment import Amendment, AmendmentKind, AmendmentState
from close_notes_gui.model.commands import AmendNote
from close_notes_gui.model.draft import Draft, OutboxState
from close_notes_gui.model.ids import AmendmentId, NoteId
from close_notes_gui.model.note import NewNote, Note, NoteAttachment, NoteChanges
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.model.settings import Settings
from close_notes_gui.sandbox.faults import FaultKind
from close_notes_gui.sandbox.transport import AsyncSandboxTransport
from tests.engine.delivery_rig import AT_ONCE, NOTE, Rig

COMMENT = "/comment/"
UNSETTLED = {OutboxState.FAILED, OutboxState.ASKING}


def html(text: str) -> str:
    return f"<body><p>{text}</p></body>"


class NotesRig(Rig):
    """A rig with notes in Close, made by the rep, and a colleague beside."""

    async def note(self, text: str = "as it was", *, lead: int = 0, **fields: object) -> Note:
        """A note that the rep made some time ago."""
        new = NewNote(self.leads[lead], html(text), **fields)  # type: ignore[arg-type]
        made = await self.client.create_note(new)
        await self.clock.advance(3600)
        return await self.client.note(made.id)

    async def note_with_file(self, content: bytes = b"an old file") -> Note:
        """A note that the rep made some time ago, with a file."""
        draft = self.draft(words="with a file")
        self.attach(draft, content, filename="old.txt")
        entry = await self.send(draft)
        note_id = self.entry(entry).note_id
        assert note_id is not None
        await self.clock.advance(3600)
        return await self.client.note(note_id)

    def edit(self, note: Note, **changes: object) -> Draft:
        """A draft that changes the note."""
        values: dict[str, object] = {
            "base": note,
            "kept_files": note.attachments,
            "note_html": note.note_html,
            "title": note.title,
            "contact_id": note.contact_id,
            "pinned": note.pinned,
        }
        return self.draft(**(values | changes))  # type: ignore[arg-type]

    @asynccontextmanager
    async def colleague(self) -> AsyncIterator[CloseClient]:
        transport = AsyncSandboxTransport(self.fake, inline=True)
        key = ApiKey(self.fake.issue_key(1))
        async with CloseClient(key, transport=transport, clock=self.clock) as client:
            yield client

    async def colleague_changes(self, note_id: NoteId, **changes: object) -> None:
        async with self.colleague() as client:
            await client.update_note(note_id, NoteChanges(**changes))  # type: ignore[arg-type]

    async def colleague_deletes(self, note_id: NoteId) -> None:
        async with self.colleague() as client:
            await client.delete_note(note_id)

    async def uploaded_by_colleague(self, filename: str, content: bytes) -> NoteAttachment:
        draft = self.draft()
        file_id = self.attach(draft, content, filename=filename)
        uploaded = await self.delivery._desk.uploads.ensure_uploaded(file_id)
        self.store.attachments.remove(file_id)
        assert uploaded.url is not None
        return NoteAttachment(uploaded.url, filename, "text/plain")

    def there(self, note: Note) -> dict | None:
        """The note as Close has it now."""
        return next((each for each in self.fake.all_notes() if each["id"] == note.id), None)

    def text(self, note: Note) -> str | None:
        there = self.there(note)
        return None if there is None else there["note"]

    def calls(self, method: str, path: str = NOTE) -> int:
        return sum(1 for seen in self.fake.requests if seen.method == method and path in seen.path)

    # --- amendments

    async def amend(
        self,
        kind: AmendmentKind,
        note: Note,
        *,
        body_html: str = "",
        settings: Settings = AT_ONCE,
    ) -> AmendmentId:
        self._count += 1
        amendment_id = AmendmentId(f"amendment{self._count}")
        command = AmendNote(amendment_id, kind, note, body_html)
        self.delivery.amending.amend(command, settings)
        await self.settle()
        return amendment_id

    def amendment(self, amendment_id: AmendmentId) -> Amendment | None:
        return self.store.amendments.get(amendment_id)

    def amendment_state(self, amendment_id: AmendmentId) -> AmendmentState | None:
        amendment = self.amendment(amendment_id)
        return None if amendment is None else amendment.state

    def comments(self, note: Note) -> list[str]:
        """What the comments on the note say, whatever lists show."""
        return self.fake.comments_on([note.id])

    async def run_until_done(self, *, longest_s: float = 1500.0) -> None:
        """Until every edit and amendment is done, FAILED or ASKING."""
        passed_s = 0.0
        await self.settle()
        while any(entry.state not in UNSETTLED for entry in self.store.outbox.entries()) or any(
            each.state is not AmendmentState.FAILED for each in self.store.amendments.all()
        ):
            assert passed_s < longest_s
            await self.clock.advance(5.0)
            await self.settle()
            passed_s += 5.0

    def lose(self, kind: FaultKind, method: str, path: str = NOTE, **how) -> None:
        self.fault(kind, method=method, path=path, **how)

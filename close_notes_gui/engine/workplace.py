"""One account's store and everything that works on it, put together and taken apart.

Engine thread. Decides nothing; knows which part carries out which command.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.engine.account import Seams
from close_notes_gui.engine.arranging import Arranging
from close_notes_gui.engine.attach import Attaching
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.directory import People
from close_notes_gui.engine.downloads import NoteFiles
from close_notes_gui.engine.drafting import Drafting
from close_notes_gui.engine.jobs import Jobs, report_bug
from close_notes_gui.engine.lead_finder import LeadFinder
from close_notes_gui.engine.lead_index import LeadIndex
from close_notes_gui.engine.line import Line
from close_notes_gui.engine.network import Network
from close_notes_gui.engine.offers import Offers
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.engine.reading import Reading
from close_notes_gui.engine.recovery import recover
from close_notes_gui.engine.search import LeadSearch
from close_notes_gui.engine.send import Delivery
from close_notes_gui.engine.template_files import TemplateFiles
from close_notes_gui.engine.uploads import Uploads
from close_notes_gui.model.commands import AmendNote, ChangeSettings, SendDraft
from close_notes_gui.model.draft import Attachment, AttachmentState
from close_notes_gui.model.events import (
    AmendmentRefused,
    DraftQueued,
    Event,
    Loaded,
    SendRefused,
    SettingsChanged,
)
from close_notes_gui.model.ids import DraftId
from close_notes_gui.model.lead import Account
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.db import OpenedStore
from close_notes_gui.store.errors import StoreError

_JOBS_STOP_S: Final = 0.5
_STOP_S: Final = 1.2
_CLIENTS_STOP_S: Final = 0.2
#: While stores are exchanged nothing presses, and no file must fall between them.
_DROPS_REST_S: Final = 10.0
FILES_FOLDER: Final = "files"
RECENTS_SHOWN: Final = 20
_OWN_LEADS: Final = 200  # opened before: these come first in a search


class Workplace:
    """Invariant: its store is open until `close`; nothing is asked of Close on behalf of a note
    before `go`. `account` None: nobody has signed in yet, drafts are kept all the same.
    """

    def __init__(
        self,
        opened: OpenedStore,
        *,
        account: Account | None,
        spare_client: CloseClient,
        network: Network,
        clock: Clock,
        emit: Callable[[Event], None],
        seams: Seams,
        on_key_refused: Callable[[], None],
    ) -> None:
        """`spare_client` has no key; it stands in until `go`, asking nothing. StoreError."""
        self.account = account
        self.store = opened.store
        self._problems = opened.problems
        self._network = network
        self._clock = clock
        self._emit = emit
        self._spare_client = spare_client
        self._on_key_refused = on_key_refused
        self._is_delivering = False
        self._retired: list[CloseClient] = []
        self._cut_off: tuple[Attachment, ...] = recover(self.store, clock=clock)
        self.jobs = Jobs(emit)
        self.line = Line(network=network, on_key_refused=on_key_refused)
        self._equip_for_leads(seams)
        self._equip_for_notes(seams)
        self.delivery = self._make_delivery(account, seams) if account is not None else None
        network.on_return(self._wake_delivery)

    def loaded(self) -> Loaded:
        """Everything that the window starts from. Raises StoreError."""
        store = self.store
        return Loaded(
            settings=store.settings.get(),
            drafts=store.drafts.all(),
            attachments=store.attachments.all(),
            outbox=store.outbox.entries(),
            recents=store.leads.recents(limit=RECENTS_SHOWN),
            focused_draft=store.drafts.focused(),
            problems=self._problems,
            amendments=store.amendments.all(),
            templates=store.templates.all(),
            comment_texts=store.comment_texts.all(),
        )

    def begin(self, account_folders: Iterable[Path] = ()) -> None:
        """After Loaded was told: open the index, go on with copies that were cut off, tidy up in
        these folders of accounts.
        """
        if self.account is not None:
            self.index.open()
        self.attaching.resume(self._cut_off)
        self.note_files.begin(folder / FILES_FOLDER for folder in account_folders)
        if self.store.settings.get().upload_on_drop:
            self._upload_waiting()

    def assume(self, client: CloseClient) -> None:
        """Close could not be asked whose key this is: it is good enough for reading."""
        self._retire(self.line.use(client))

    def go(self, client: CloseClient, *, account: Account) -> None:
        """Close has accepted the key: upload, deliver, read who can be mentioned."""
        assert self.delivery is not None  # an account is known
        self.account = account
        self._retire(self.line.use(client))
        self.uploads.start()
        self.delivery.resume(client)
        if not self._is_delivering:
            self.delivery.start()
            self._is_delivering = True
            self.jobs.start(self.people.keep_fresh(), name="directory")
        self.index.go()

    def rest(self) -> bool:
        """The key is refused: ask nothing more, until the next `go`. False where it is known."""
        self.uploads.pause()
        client = self.line.use(None)
        self._retire(client)
        return client is not None

    def change_settings(self, command: ChangeSettings) -> None:
        """SettingsChanged. Raises StoreError."""
        self.store.settings.put(command.settings)
        self._emit(SettingsChanged(command.settings))
        if command.settings.upload_on_drop:
            self._upload_waiting()
        if self.account is not None:
            self.index.change_settings(command.settings)

    def wake(self) -> None:
        """The network or the machine is back: try what waits."""
        self.uploads.wake()
        self._wake_delivery()
        self.index.wake()

    def send(self, command: SendDraft) -> None:
        """DraftQueued or SendRefused, once all that was dropped before has been looked at. One of
        them is told in any case: a draft that waits for it is sealed.
        """
        if not (self.attaching.is_unsettled(command.draft.id) or command.draft.also_leads):
            self._queue(command)
            return
        job = self.jobs.start(self._send_when_settled(command), name="sending")
        if job is None:
            self._refuse_for_another(command)
        else:
            job.add_done_callback(lambda ended: self._called_off(command, ended))

    def amend(self, command: AmendNote) -> None:
        """AmendmentChanged or AmendmentRefused."""
        if self.delivery is None:
            refused = Problem(ProblemKind.KEY_REFUSED)
            self._emit(AmendmentRefused(command.amendment_id, refused))
            return
        self.delivery.amending.amend(command, self.store.settings.get())

    async def stop(self, *, patience_s: float = _DROPS_REST_S) -> None:
        """Let what was dropped come to rest, for `patience_s` at most, then call off what runs, in
        less than one and a half seconds. The store stays open.
        """
        self._network.drop_wakes()
        await self.attaching.finish(within_s=patience_s)
        self.uploads.stop()
        ends = [asyncio.ensure_future(self.jobs.stop(within_s=_JOBS_STOP_S))]
        if self.delivery is not None and self._is_delivering:
            ends.append(asyncio.ensure_future(self.delivery.stop()))
        _, hanging = await asyncio.wait(ends, timeout=_STOP_S)
        for end in hanging:
            end.cancel()
        clients = (self._spare_client, *self._retired, self.line.use(None))
        await asyncio.wait(
            [asyncio.ensure_future(client.aclose()) for client in clients if client is not None],
            timeout=_CLIENTS_STOP_S,
        )

    async def forget(self) -> bool:
        """Signed out: leave nothing here of what can be read from Close again, but which leads
        were opened last. Whether there were leads for search. After `stop`. Raises StoreError,
        with everything done that can be.
        """
        await self.note_files.forget()
        self.people.forget()
        trouble = None
        try:
            self.store.notes.clear()
            self.store.shrink()  # what was written before stands in the log until then
        except StoreError as error:
            trouble = error
        index_deleted = self.index.delete()
        if trouble is not None:
            raise trouble
        return index_deleted

    def close(self) -> None:
        """Close the store. After `stop`."""
        self.index.close()
        self.store.close()

    # --- within

    def _equip_for_leads(self, seams: Seams) -> None:
        finder = LeadFinder(self.store.leads.recents(limit=_OWN_LEADS))
        self.index = LeadIndex(
            self.store,
            finder=finder,
            line=self.line,
            network=self._network,
            clock=self._clock,
            jobs=self.jobs,
            emit=self._emit,
            is_filled=seams.reads_all_leads,
        )
        self.search = LeadSearch(
            store=self.store,
            finder=finder,
            index=self.index,
            line=self.line,
            network=self._network,
            clock=self._clock,
            jobs=self.jobs,
            emit=self._emit,
        )
        self.reading = Reading(
            store=self.store,
            index=self.index,
            line=self.line,
            clock=self._clock,
            jobs=self.jobs,
            emit=self._emit,
        )

    def _equip_for_notes(self, seams: Seams) -> None:
        store, clock, emit = self.store, self._clock, self._emit
        self.drafting = Drafting(store=store, clock=clock, emit=emit)
        self.uploads = Uploads(
            store=store,
            line=self.line,
            network=self._network,
            clock=clock,
            jobs=self.jobs,
            emit=emit,
            storage_transport=seams.storage_transport,
        )
        self.attaching = Attaching(
            store=store, uploads=self.uploads, clock=clock, jobs=self.jobs, emit=emit
        )
        self.offers = Offers(
            store=store,
            attaching=self.attaching,
            web_transport=seams.web_transport,
        )
        self.note_files = NoteFiles(
            store.spool.folder.parent / FILES_FOLDER,
            line=self.line,
            clock=clock,
            jobs=self.jobs,
            emit=emit,
        )
        self.arranging = Arranging(
            store=store,
            uploads=self.uploads,
            jobs=self.jobs,
            emit=emit,
            opened_folder=self.note_files.opened_folder,
        )
        self.template_files = TemplateFiles(store=store, clock=clock, jobs=self.jobs, emit=emit)
        self.people = People(
            store=store, line=self.line, network=self._network, clock=clock, emit=emit
        )

    def _retire(self, client: CloseClient | None) -> None:
        """A client that may still have something under way; closed at the end."""
        if client is not None:
            self._retired.append(client)

    def _upload_waiting(self) -> None:
        for attachment in self.store.attachments.in_state(AttachmentState.WAITING):
            self.uploads.want(attachment.id)

    def _make_delivery(self, account: Account, seams: Seams) -> Delivery:
        return Delivery(
            store=self.store,
            client=self._spare_client,
            uploads=self.uploads,
            clock=self._clock,
            emit=self._emit,
            me=account,
            on_key_refused=self._on_key_refused,
            on_asked=self._network.heard,
            timings=seams.timings,
            checkpoint=seams.checkpoint,
        )

    def _wake_delivery(self) -> None:
        if self.delivery is not None and self._is_delivering:
            self.delivery.wake()

    async def _send_when_settled(self, command: SendDraft) -> None:
        try:
            problem = await self.attaching.settled(command.draft.id)
            if problem is None and command.draft.also_leads:
                files = self.store.attachments.of_draft(command.draft.id)
                await self.uploads.copied(file.id for file in files)
        except Exception as error:  # noqa: BLE001 (told; the draft must not stay sealed)
            report_bug(error, during="sending", emit=self._emit)
            problem = Problem(ProblemKind.BUG)
        if problem is None:
            self._queue(command)
        elif problem.kind is ProblemKind.BUG:
            self._emit(SendRefused(command.draft.id, problem))
        else:
            reason = Problem(ProblemKind.FILE_LEFT_OUT, subject=problem.subject)
            self._emit(SendRefused(command.draft.id, reason))

    def _called_off(self, command: SendDraft, ended: asyncio.Task[None]) -> None:
        if ended.cancelled():
            self._refuse_for_another(command)

    def _refuse_for_another(self, command: SendDraft) -> None:
        """The store closes under it; the draft stays in it."""
        reason = Problem(ProblemKind.ACCOUNT_CHANGED)
        self._emit(SendRefused(command.draft.id, reason))

    def _queue(self, command: SendDraft) -> None:
        draft = command.draft
        if self.delivery is None:
            self._emit(SendRefused(draft.id, Problem(ProblemKind.KEY_REFUSED)))
            return
        try:
            self.delivery.queue(draft, self.store.settings.get())
        except StoreError as error:
            self._emit(SendRefused(draft.id, problem_from(error)))
        except Exception as error:  # noqa: BLE001 (told; the draft must not stay sealed)
            report_bug(error, during="sending", emit=self._emit)
            self._answer_after_bug(draft.id)

    def _answer_after_bug(self, draft_id: DraftId) -> None:
        """Whatever went wrong, the disk knows whether the note is in the outbox."""
        entry = None
        with contextlib.suppress(StoreError):
            entry = self.store.outbox.of_draft(draft_id)
        if entry is not None:
            self._emit(DraftQueued(draft_id, entry))
        else:
            self._emit(SendRefused(draft_id, Problem(ProblemKind.BUG)))

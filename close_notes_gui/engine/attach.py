"""Takes what was dropped: looks at it, notes it, has it copied aside, then uploaded.

Engine thread; the disk is read in threads beside it, so that a dead network drive holds up
nothing. Never opens a file for anything but its bytes.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.copying import Copying
from close_notes_gui.engine.intake import (
    MOST_ON_A_NOTE,
    Found,
    Unfit,
    check_name_and_size,
    content_type,
    write_fit,
)
from close_notes_gui.engine.jobs import Jobs
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.engine.uploads import Uploads
from close_notes_gui.model.commands import (
    AttachBytes,
    AttachFiles,
    DroppedFile,
    RemoveAttachment,
    RetryAttachment,
)
from close_notes_gui.model.draft import Attachment, AttachmentState
from close_notes_gui.model.events import (
    AttachmentAdded,
    AttachmentChanged,
    AttachmentRefused,
    AttachmentRemarked,
    AttachmentRemoved,
    Event,
    FolderDropped,
    TroubleArose,
)
from close_notes_gui.model.filenames import safe_filename
from close_notes_gui.model.ids import AttachmentId, DraftId
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.store import Store

#: Who presses Send sooner after a refusal has not read it.
_TIME_TO_READ_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class _Refusal:
    """The last thing dropped on a draft that could not be attached, and when (monotonic)."""

    problem: Problem
    at_s: float


class Attaching:
    """Invariant: an attachment is on disk as a row before it is told, and whole in the spool (or
    fingerprinted, where it is large) before it may go up.
    """

    def __init__(
        self,
        *,
        store: Store,
        uploads: Uploads,
        clock: Clock,
        jobs: Jobs,
        emit: Callable[[Event], None],
    ) -> None:
        self._store = store
        self._uploads = uploads
        self._clock = clock
        self._jobs = jobs
        self._emit = emit
        self._looking: dict[DraftId, list[asyncio.Task[None]]] = {}
        self._refused: dict[DraftId, _Refusal] = {}
        self._copies = Copying(store=store, uploads=uploads, clock=clock, jobs=jobs, emit=emit)

    # --- commands

    def attach_files(self, command: AttachFiles) -> None:
        """AttachmentAdded in the order dropped, or AttachmentRefused, for each of the files."""
        earlier = tuple(self._looking.get(command.draft_id, ()))
        self.wait_for(command.draft_id, self._take_in(command, earlier))

    def attach_bytes(self, command: AttachBytes) -> None:
        """As `attach_files`, of bytes that never were a file."""
        earlier = tuple(self._looking.get(command.draft_id, ()))
        self.wait_for(command.draft_id, self._take_in_bytes(command, earlier))

    async def _take_in_bytes(
        self, command: AttachBytes, earlier: tuple[asyncio.Task[None], ...]
    ) -> None:
        if earlier:  # the order of the drops is the order on the note
            await asyncio.wait(earlier)
        filename, content = safe_filename(command.filename), command.content
        settings = self._store.settings.get()
        if not isinstance(content, bytes):
            found = Found(filename, command.content_type, 0)
            make = content
            self.attach_made(
                command.draft_id,
                command.id,
                found,
                lambda out: write_fit(make(), out, filename=filename, settings=settings),
            )
            return
        try:
            check_name_and_size(filename, len(content), settings=settings)
        except Unfit as error:
            self.refuse(command.draft_id, command.id, error.problem)
            return
        kind = command.content_type or content_type(filename, content[:64])
        found = Found(filename, kind, len(content))
        if self._add(command.draft_id, command.id, found, source=None):
            self._copies.later(
                command.id, lambda: self._store.spool.keep_bytes(command.id, content)
            )

    def attach_made(
        self,
        draft_id: DraftId,
        attachment_id: AttachmentId,
        found: Found,
        make: Callable[[BinaryIO], None],
    ) -> None:
        """As `attach_files`, of a file that `make` writes, in a thread beside the loop."""
        if self._add(draft_id, attachment_id, found, source=None):
            self._copies.later(
                attachment_id, lambda: self._store.spool.keep_made(attachment_id, make)
            )

    def remove(self, command: RemoveAttachment) -> None:
        """AttachmentRemoved; TroubleArose(TOO_LATE) where its note is in the outbox."""
        attachment_id = command.attachment_id
        try:
            is_removed = self._store.attachments.remove(attachment_id)
            is_there = not is_removed and self._store.attachments.get(attachment_id) is not None
        except StoreError as error:
            self._emit(TroubleArose(problem_from(error)))
            return
        if is_there:
            self._emit(TroubleArose(Problem(ProblemKind.TOO_LATE)))
            return
        self._uploads.cancel(attachment_id)
        self._copies.remove(attachment_id)
        self._emit(AttachmentRemoved(attachment_id))

    def retry(self, command: RetryAttachment) -> None:
        """AttachmentChanged: WAITING to go up, or COPYING again where the copy had failed."""
        attachment_id = command.attachment_id
        try:
            attachment = self._store.attachments.get(attachment_id)
            if attachment is None or attachment.state is not AttachmentState.FAILED:
                self._uploads.wake()
                return
            if self._store.attachments.kept(attachment_id) is None:
                self._copies.again(attachment)
                return
            attachment = self._store.attachments.forget_upload(attachment_id)
        except StoreError as error:
            self._emit(TroubleArose(problem_from(error)))
            return
        self._changed(attachment)
        self._uploads.want(attachment_id)

    # --- for the engine

    def resume(self, cut_off: Iterable[Attachment]) -> None:
        """Copy again what a crash or a full disk cut off, from where it was dropped."""
        for attachment in cut_off:
            self._copies.again(attachment)

    def is_unsettled(self, draft_id: DraftId) -> bool:
        """Whether something dropped on the draft has not been looked at yet, or was refused so
        short a time ago that the rep cannot have read it.
        """
        return bool(self._looking.get(draft_id)) or self._is_unread(draft_id)

    async def settled(self, draft_id: DraftId) -> Problem | None:
        """Wait until everything dropped on the draft so far has been looked at; the last refusal
        among it, so that nothing is sent without a file that the rep believes to be on it.
        """
        while waits := tuple(self._looking.get(draft_id, ())):
            await asyncio.wait(waits)  # a folder that was looked at begins looks at its files
            await asyncio.sleep(0)  # their callbacks take them off the list
        refusal = self._refused.pop(draft_id, None)
        return refusal.problem if refusal is not None else None

    async def finish(self, *, within_s: float) -> None:
        """Let everything dropped so far come to rest on disk. What takes longer is cut off: it is
        copied again from where it was dropped, if it could be looked at.
        """
        deadline = asyncio.get_running_loop().time() + within_s
        while tasks := {*self._copies.tasks, *(t for ts in self._looking.values() for t in ts)}:
            left_s = deadline - asyncio.get_running_loop().time()
            if left_s <= 0:
                return
            await asyncio.wait(tasks, timeout=left_s)
            await asyncio.sleep(0)  # their callbacks take them off the lists

    def wait_for(self, draft_id: DraftId, looking: Coroutine[Any, Any, None]) -> None:
        """Run `looking`; the draft is not sent before it has ended."""
        if not self.is_unsettled(draft_id):
            self._refused.pop(draft_id, None)
        task = self._jobs.start(looking, name="attaching")
        if task is not None:
            self._looking.setdefault(draft_id, []).append(task)
            task.add_done_callback(lambda done: self._looked(draft_id, done))

    def refuse(self, draft_id: DraftId, attachment_id: AttachmentId, problem: Problem) -> None:
        """AttachmentRefused; the draft is not sent before the rep has seen it."""
        self._refused[draft_id] = _Refusal(problem, self._clock.monotonic())
        self._emit(AttachmentRefused(draft_id, attachment_id, problem))

    def forgive_folder(self, draft_id: DraftId) -> None:
        """The rep said what becomes of a folder: it holds back the note no longer."""
        refusal = self._refused.get(draft_id)
        if refusal is not None and refusal.problem.kind is ProblemKind.FILE_IS_FOLDER:
            del self._refused[draft_id]

    def is_removed(self, attachment_id: AttachmentId) -> bool:
        """Whether the rep has taken it off. Any thread."""
        return self._copies.is_removed(attachment_id)

    # --- within

    def _is_unread(self, draft_id: DraftId) -> bool:
        refusal = self._refused.get(draft_id)
        return refusal is not None and self._clock.monotonic() - refusal.at_s < _TIME_TO_READ_S

    async def _take_in(self, command: AttachFiles, earlier: tuple[asyncio.Task[None], ...]) -> None:
        looks = [asyncio.ensure_future(self._copies.look(dropped)) for dropped in command.files]
        try:
            if earlier:  # the order of the drops is the order on the note
                await asyncio.wait(earlier)
            for dropped, look in zip(command.files, looks, strict=True):
                found = await look
                if isinstance(found, Problem) and found.kind is ProblemKind.FILE_IS_FOLDER:
                    self._refused[command.draft_id] = _Refusal(found, self._clock.monotonic())
                    self._emit(FolderDropped(command.draft_id, dropped.id, dropped.path))
                elif isinstance(found, Problem):
                    self.refuse(command.draft_id, dropped.id, found)
                elif self._add(command.draft_id, dropped.id, found, source=dropped):
                    self._copies.from_file(dropped)
        finally:
            for look in looks:
                look.cancel()

    def _add(
        self,
        draft_id: DraftId,
        attachment_id: AttachmentId,
        found: Found,
        *,
        source: DroppedFile | None,
    ) -> bool:
        """Commit the row and tell it. False: refused, or removed before it was even added."""
        if self._copies.is_removed(attachment_id):
            return False
        attachment = Attachment(
            attachment_id, draft_id, found.filename, found.content_type, found.size_bytes
        )
        try:
            if self._store.outbox.of_draft(draft_id) is not None:
                raise Unfit(Problem(ProblemKind.TOO_LATE, subject=found.filename))
            if len(self._store.attachments.of_draft(draft_id)) >= MOST_ON_A_NOTE:
                raise Unfit(Problem(ProblemKind.TOO_MANY_FILES, subject=found.filename))
            self._store.attachments.add(attachment, source=source.path if source else None)
        except StoreError as error:
            self.refuse(draft_id, attachment_id, problem_from(error, subject=found.filename))
            return False
        except Unfit as error:
            self.refuse(draft_id, attachment_id, error.problem)
            return False
        self._emit(AttachmentAdded(attachment))
        if found.links_to:
            self._emit(AttachmentRemarked(attachment_id, links_to=found.links_to))
        return True

    def _looked(self, draft_id: DraftId, task: asyncio.Task[None]) -> None:
        tasks = self._looking.get(draft_id, [])
        if task in tasks:
            tasks.remove(task)
        if not tasks:
            self._looking.pop(draft_id, None)

    def _changed(self, attachment: Attachment | None) -> None:
        if attachment is not None:
            self._emit(AttachmentChanged(attachment))

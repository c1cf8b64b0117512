"""Brings the bytes of attachments into the spool, a few at a time, and again after a crash.

Engine thread; the disk is read and written in threads beside it, so that a dead network drive
holds up nothing.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from close_notes_gui.engine.aside import aside, aside_within
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.intake import Found, Unfit, examine
from close_notes_gui.engine.jobs import Jobs
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.engine.uploads import Uploads
from close_notes_gui.model.commands import DroppedFile
from close_notes_gui.model.draft import Attachment, AttachmentState
from close_notes_gui.model.events import AttachmentChanged, AttachmentRemarked, Event
from close_notes_gui.model.filenames import safe_filename
from close_notes_gui.model.ids import AttachmentId
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.errors import SpoolCancelled, SpoolError, StoreError
from close_notes_gui.store.spool import Kept
from close_notes_gui.store.store import Store

#: A file that cannot even be looked at in this time is on a drive that does not answer.
LONGEST_LOOK_S: Final = 5.0
LONGEST_IN_PLACE_S: Final = 20.0
_COPIES_AT_ONCE: Final = 4


class Copying:
    """Invariant: whoever needs an attachment (`Uploads`) waits for its copy; what could not be
    kept can be kept again from the same source until the program ends.
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
        self._removed: set[AttachmentId] = set()
        self._unkept: dict[AttachmentId, Callable[[], Kept]] = {}
        self._places = asyncio.Semaphore(_COPIES_AT_ONCE)
        self.tasks: set[asyncio.Task[None]] = set()

    def is_removed(self, attachment_id: AttachmentId) -> bool:
        """Whether the rep has taken it off. Any thread."""
        return attachment_id in self._removed

    def remove(self, attachment_id: AttachmentId) -> None:
        """Stop copying it, and delete what is copied."""
        self._removed.add(attachment_id)
        self._unkept.pop(attachment_id, None)
        self._store.spool.remove(attachment_id)

    async def look(self, dropped: DroppedFile) -> Found | Problem:
        """What the file is, or why it cannot be attached."""
        settings = self._store.settings.get()
        try:
            return await aside_within(
                LONGEST_LOOK_S,
                lambda: examine(dropped.path, settings=settings),
                name="look",
                clock=self._clock,
            )
        except Unfit as error:
            return error.problem
        except TimeoutError:
            subject = safe_filename(dropped.path.name)
            return Problem(ProblemKind.FILE_UNREADABLE, detail="no answer", subject=subject)

    def again(self, attachment: Attachment) -> None:
        """Copy what was cut off, from where it was dropped. Raises StoreError."""
        unkept = self._unkept.get(attachment.id)
        source = self._store.attachments.source(attachment.id)
        if unkept is None and source is None:
            return  # pasted bytes that a crash took along
        self._changed(self._store.attachments.set_state(attachment.id, AttachmentState.COPYING))
        if unkept is not None:
            self.later(attachment.id, unkept)
        elif source is not None:
            self.from_file(DroppedFile(attachment.id, source), is_seen=False)

    def from_file(self, dropped: DroppedFile, *, is_seen: bool = True) -> None:
        """Copy it, or refer to it. `is_seen` False: it was looked at long ago, and its drive may be
        gone by now.
        """
        self.later(
            dropped.id,
            lambda: self._store.spool.keep(
                dropped.id, dropped.path, is_cancelled=lambda: dropped.id in self._removed
            ),
            unseen=None if is_seen else dropped,
        )

    def later(
        self,
        attachment_id: AttachmentId,
        keep: Callable[[], Kept],
        *,
        unseen: DroppedFile | None = None,
    ) -> None:
        """Do what keeps it, when there is a place."""
        self._unkept[attachment_id] = keep
        self._uploads.expect_copy(attachment_id)
        task = self._jobs.start(self._copy(attachment_id, keep, unseen), name="copying")
        if task is not None:
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _copy(
        self, attachment_id: AttachmentId, keep: Callable[[], Kept], unseen: DroppedFile | None
    ) -> None:
        try:
            found = await self.look(unseen) if unseen is not None else None
            if isinstance(found, Problem):
                self._copy_failed(attachment_id, found)
                return
            kept = await self._kept(keep)
            attachment = self._store.attachments.copied(attachment_id, kept)
        except SpoolCancelled:
            return
        except (SpoolError, StoreError) as error:
            self._copy_failed(attachment_id, problem_from(error))
            return
        except Unfit as error:
            self._copy_failed(attachment_id, error.problem)
            return
        finally:
            self._uploads.copy_ended(attachment_id)
        self._unkept.pop(attachment_id, None)
        if attachment is None:  # removed while it was copied
            self._store.spool.remove(attachment_id)
            return
        self._changed(attachment)
        twin = self._store.attachments.twin(attachment_id)
        if twin is not None:
            self._emit(AttachmentRemarked(attachment_id, repeats=twin))
        if self._store.settings.get().upload_on_drop:
            self._uploads.want(attachment_id)

    async def _kept(self, keep: Callable[[], Kept]) -> Kept:
        """What `keep` gives. It leaves its place after a while: a drive that does not answer must
        not hold up what is dropped from elsewhere.
        """
        await self._places.acquire()
        keeping = asyncio.ensure_future(aside(keep, name="copy"))
        limit = asyncio.ensure_future(self._clock.sleep(LONGEST_IN_PLACE_S))
        try:
            await asyncio.wait({keeping, limit}, return_when=asyncio.FIRST_COMPLETED)
        except BaseException:
            keeping.cancel()
            raise
        finally:
            limit.cancel()
            self._places.release()
        return await keeping

    def _copy_failed(self, attachment_id: AttachmentId, problem: Problem) -> None:
        attachment = self._store.attachments.get(attachment_id)
        if attachment is None:
            return
        problem = replace(problem, subject=attachment.filename)
        with contextlib.suppress(StoreError):  # COPYING on disk: the next start copies again
            self._changed(self._store.attachments.failed(attachment_id, problem))

    def _changed(self, attachment: Attachment | None) -> None:
        if attachment is not None:
            self._emit(AttachmentChanged(attachment))

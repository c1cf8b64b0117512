"""What a rep does with attachments of a draft: name them, order them, open them.

Engine thread; the disk is asked in threads beside it. Opens nothing itself: it gives the path of
a copy that may be opened.
"""

import contextlib
from collections.abc import Callable
from pathlib import Path

from close_notes_gui.engine.aside import aside
from close_notes_gui.engine.jobs import Jobs
from close_notes_gui.engine.opening import copy_aside, ready_file
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.engine.uploads import Uploads
from close_notes_gui.model.commands import MoveAttachment, RenameAttachment, ShowAttachment
from close_notes_gui.model.draft import Attachment
from close_notes_gui.model.events import (
    AttachmentChanged,
    AttachmentReady,
    AttachmentsArranged,
    Event,
    TroubleArose,
)
from close_notes_gui.model.filenames import renamed
from close_notes_gui.model.files import FilePurpose
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.store import Store


class Arranging:
    """Invariant: an attachment of a note in the outbox stays as it was when Send was pressed."""

    def __init__(
        self,
        *,
        store: Store,
        uploads: Uploads,
        jobs: Jobs,
        emit: Callable[[Event], None],
        opened_folder: Path,
    ) -> None:
        self._store = store
        self._uploads = uploads
        self._jobs = jobs
        self._emit = emit
        self._opened_folder = opened_folder

    def rename(self, command: RenameAttachment) -> None:
        """AttachmentChanged; TroubleArose(TOO_LATE) where its note is in the outbox.

        Close names a file when it signs for it, hence what is up goes up again.
        """
        attachments, attachment_id = self._store.attachments, command.attachment_id
        before = attachments.get(attachment_id)
        if before is None:
            return
        filename = renamed(before.filename, to=command.filename)
        if filename == before.filename:
            self._emit(AttachmentChanged(before))
            return
        try:
            if attachments.rename(attachment_id, filename) is None:
                self._emit(TroubleArose(Problem(ProblemKind.TOO_LATE)))
                return
            self._uploads.cancel(attachment_id)
            is_kept = attachments.kept(attachment_id) is not None
            changed = attachments.forget_upload(attachment_id)
        except StoreError as error:
            self._emit(TroubleArose(problem_from(error)))
            return
        assert changed is not None
        self._emit(AttachmentChanged(changed))
        if is_kept and self._store.settings.get().upload_on_drop:
            self._uploads.want(attachment_id)

    def move(self, command: MoveAttachment) -> None:
        """AttachmentsArranged; nothing where its note is in the outbox. Raises StoreError."""
        order = self._store.attachments.move(command.attachment_id, command.place)
        moved = self._store.attachments.get(command.attachment_id)
        if order is not None and moved is not None:
            self._emit(AttachmentsArranged(moved.draft_id, order))

    def show(self, command: ShowAttachment) -> None:
        """AttachmentReady; TroubleArose where there is nothing to show any more."""
        attachment = self._store.attachments.get(command.attachment_id)
        if attachment is None or attachment.path is None:
            return
        source = self._store.attachments.source(attachment.id)
        kept = self._store.attachments.kept(attachment.id)
        if kept is not None and not kept.is_copy:  # the rep's own file, too large to be copied
            self._emit(AttachmentReady(attachment.id, ready_file(kept.path, command.purpose)))
            return
        self._jobs.start(self._shown(attachment, source, command.purpose), name="showing")

    async def _shown(
        self, attachment: Attachment, source: Path | None, purpose: FilePurpose
    ) -> None:
        try:
            path = await aside(lambda: self._place(attachment, source, purpose), name="show")
        except OSError as error:
            self._emit(TroubleArose(problem_from(error, subject=attachment.filename)))
            return
        self._emit(AttachmentReady(attachment.id, ready_file(path, purpose)))

    def _place(self, attachment: Attachment, source: Path | None, purpose: FilePurpose) -> Path:
        if purpose is FilePurpose.REVEAL and source is not None:
            with contextlib.suppress(OSError):
                if source.is_file():
                    return source
        assert attachment.path is not None
        return copy_aside(attachment.path, self._opened_folder, attachment.filename)

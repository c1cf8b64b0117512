"""What a rep is writing (Draft, Attachment) and what waits to be sent (OutboxEntry).

Any thread. A draft is a plain value, cursor included, so that it can be kept, compared,
and brought back exactly.
"""

from datetime import datetime
from enum import Enum
from pathlib import Path

from close_notes_gui.model.ids import AttachmentId, ContactId, DraftId, LeadId, NoteId, OutboxId
from close_notes_gui.model.note import Note, NoteAttachment
from close_notes_gui.model.problem import Problem
from close_notes_gui.model.richtext import EMPTY_NOTE_HTML
from close_notes_gui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class OtherLead:
    """A lead that gets the same note as a note of its own."""

    lead_id: LeadId
    name: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A note being written. `revision` grows with every change; `note_html` is canonical.

    `activity_at` None means "when it is sent" (for an edit: "as it is in Close"). A draft may
    have no lead yet. An edit of a note in Close has `base`, the note as it was when the edit
    began, and `kept_files`, those of its files that shall stay. `also_leads` get the same note
    each (never with a `base`).
    """

    id: DraftId
    lead_id: LeadId | None = None
    lead_name: str = ""
    note_html: str = EMPTY_NOTE_HTML
    title: str = ""
    contact_id: ContactId | None = None
    activity_at: datetime | None = None
    pinned: bool = False
    cursor_position: int = 0
    revision: int = 0
    changed_at: datetime | None = None
    base: Note | None = None
    kept_files: tuple[NoteAttachment, ...] = ()
    also_leads: tuple[OtherLead, ...] = ()

    @property
    def is_edit(self) -> bool:
        """Whether it changes a note that is in Close, instead of making one."""
        return self.base is not None

    @property
    def has_words(self) -> bool:
        """Whether there is anything that a rep would miss, attachments apart."""
        return self.note_html != EMPTY_NOTE_HTML or bool(self.title.strip())


class AttachmentState(Enum):
    """The way of an attachment from the drop to the storage host."""

    COPYING = "copying"
    WAITING = "waiting"
    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a draft or to the queued note made of it.

    `draft_id` stays with the attachment when the draft is queued. `url` and `uploaded_at` are
    set once uploaded (an address counts for 24 h); `problem` where state is FAILED; `path` is
    where its bytes can be read for a look, None while they are being copied.
    """

    id: AttachmentId
    draft_id: DraftId
    filename: str
    content_type: str
    size_bytes: int
    state: AttachmentState = AttachmentState.COPYING
    problem: Problem | None = None
    url: str | None = None
    uploaded_at: datetime | None = None
    path: Path | None = None


class OutboxState(Enum):
    """The ladder. Each rung is committed before it is acted on."""

    HELD = "held"  # within the time for undo
    QUEUED = "queued"
    UPLOADING = "uploading"
    POSTING = "posting"
    SENT = "sent"
    FAILED = "failed"  # refused for certain; needs the rep
    UNCERTAIN = "uncertain"  # the answer was lost; being looked up
    ASKING = "asking"  # the look-up could not decide; the rep must


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A note on its way. `frozen` is the draft as it was when Send was pressed."""

    id: OutboxId
    frozen: Draft
    state: OutboxState
    queued_at: datetime
    not_before: datetime | None = None
    attempts: int = 0
    next_try_at: datetime | None = None
    problem: Problem | None = None
    note_id: NoteId | None = None
    look_alike_html: str | None = None  # what Close has, where the rep must decide (ASKING)
    found: Note | None = None  # of an edit: the note as Close has it now (ASKING, SENT)

    @property
    def can_recall(self) -> bool:
        """Whether it may still be taken back into the editor: nothing was ever posted for it, or
        (of an edit) nothing will be that the rep has not asked for again.
        """
        before_posting = {OutboxState.HELD, OutboxState.QUEUED, OutboxState.UPLOADING}
        if self.state is OutboxState.FAILED:
            return True
        if self.state is OutboxState.ASKING:
            return self.frozen.is_edit
        return self.attempts == 0 and self.state in before_posting

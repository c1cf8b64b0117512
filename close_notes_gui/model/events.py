"""What has happened, told by the engine to the window. Past tense; frozen.

Made on the engine's thread after the commit, folded on the window's by `present.reduce`.
"""

from dataclasses import field
from datetime import datetime
from enum import Enum

from close_notes_gui.model.amendment import Amendment
from close_notes_gui.model.draft import Attachment, Draft, OutboxEntry
from close_notes_gui.model.event import Event
from close_notes_gui.model.file_events import (
    AttachmentAdded,
    AttachmentChanged,
    AttachmentProgressed,
    AttachmentReady,
    AttachmentRefused,
    AttachmentRemarked,
    AttachmentRemoved,
    AttachmentsArranged,
    FolderDropped,
    NoteFileFailed,
    NoteFileProgressed,
    NoteFileSaved,
)
from close_notes_gui.model.ids import (
    AmendmentId,
    DraftId,
    LeadId,
    NoteId,
    OutboxId,
)
from close_notes_gui.model.lead import Account, Directory, Lead, LeadHit
from close_notes_gui.model.note import Comment, CommentText, Note
from close_notes_gui.model.problem import Problem
from close_notes_gui.model.settings import Settings
from close_notes_gui.model.template import Template
from close_notes_gui.model.values import dataclass

#: Defined in rooms of their own, and found here with the others.
__all__ = [
    "AttachmentAdded",
    "AttachmentChanged",
    "AttachmentProgressed",
    "AttachmentReady",
    "AttachmentRefused",
    "AttachmentRemarked",
    "AttachmentRemoved",
    "AttachmentsArranged",
    "Event",
    "FolderDropped",
    "NoteFileFailed",
    "NoteFileProgressed",
    "NoteFileSaved",
]


@dataclass(frozen=True, slots=True)
class Loaded(Event):
    """Everything that is on disk; the window can be built from this. Told at the start and when
    another store is opened; answered by `AcknowledgeStore`.

    `takes_over`: what the window holds and is not in `drafts` belongs into this store. Not so
    where the store before was another account's.
    """

    settings: Settings
    drafts: tuple[Draft, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    outbox: tuple[OutboxEntry, ...] = ()
    recents: tuple[Lead, ...] = ()
    focused_draft: DraftId | None = None
    problems: tuple[Problem, ...] = ()
    takes_over: bool = True
    amendments: tuple[Amendment, ...] = ()
    templates: tuple[Template, ...] = ()
    comment_texts: tuple[CommentText, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedIn(Event):
    """The key was accepted by Close (or the last known account is assumed while offline)."""

    account: Account
    problem: Problem | None = None  # e.g. KEYRING_MISSING: the key lasts for this run


@dataclass(frozen=True, slots=True)
class SignInFailed(Event):
    """The key was not accepted, or Close could not be asked."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class SignInNeeded(Event):
    """No key is known. `problem` says why where there was one before (KEY_REFUSED)."""

    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class SignedOut(Event):
    """The key is forgotten, and the notes that were read from Close; `index_deleted`: so are the
    leads that were kept for search. Answered by `AcknowledgeStore`.
    """

    index_deleted: bool = False


@dataclass(frozen=True, slots=True)
class DirectoryLoaded(Event):
    """Users and groups for mentions."""

    directory: Directory


class SearchStage(Enum):
    """Where the hits come from. CLOSE is the last word of a search; LOCAL comes before it."""

    LOCAL = "local"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class LeadsFound(Event):
    """Hits for `SearchLeads(seq, text)`, best first. With a problem, the hits are what is known
    without Close.
    """

    seq: int
    text: str
    hits: tuple[LeadHit, ...]
    stage: SearchStage
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class IndexProgressed(Event):
    """How far the leads kept on this computer for search are; at most twice a second.

    `expected` is how many Close has, None while not known. `is_complete`: all were read once,
    or as many as the setting allows (`is_limited`); only changes are read from then on.
    """

    known: int
    expected: int | None = None
    is_complete: bool = False
    is_limited: bool = False
    size_bytes: int = 0
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class LeadsRefreshed(Event):
    """Leads that the rep opened before have changed at Close, or are gone (deleted, merged)."""

    changed: tuple[Lead, ...] = ()
    gone: tuple[LeadId, ...] = ()


@dataclass(frozen=True, slots=True)
class LeadLoaded(Event):
    """The lead with all its contacts, fresh from Close."""

    lead: Lead


@dataclass(frozen=True, slots=True)
class LeadMissing(Event):
    """Close no longer has the lead. `merged_into` where the event log tells it."""

    lead_id: LeadId
    merged_into: Lead | None = None


@dataclass(frozen=True, slots=True)
class NotesLoaded(Event):
    """Notes of a lead, newest first, read after the first `skip`; see `model.paging` for what
    becomes of those known before. `is_cached` notes are the last known ones, as of `fetched_at`;
    with a problem, nothing fresher comes.
    """

    lead_id: LeadId
    notes: tuple[Note, ...]
    skip: int = 0
    has_more: bool = False
    is_cached: bool = False
    fetched_at: datetime | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class DraftSaved(Event):
    """This revision is on disk."""

    draft_id: DraftId
    revision: int


@dataclass(frozen=True, slots=True)
class DraftSaveFailed(Event):
    """The revision could not be kept (DISK_FULL, STORE_FAILED); it is in the window's memory."""

    draft_id: DraftId
    revision: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class DraftOpened(Event):
    """A draft that came back: recalled from the outbox, or restored. It belongs in the editor."""

    draft: Draft
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftDiscarded(Event):
    """The draft is put away; can be restored."""

    draft_id: DraftId


@dataclass(frozen=True, slots=True)
class DraftQueued(Event):
    """The draft is in the outbox, on disk; now the editor may be cleared."""

    draft_id: DraftId
    entry: OutboxEntry


@dataclass(frozen=True, slots=True)
class SendRefused(Event):
    """The draft was not queued (empty, no lead, not sendable, disk full); it stays as it is."""

    draft_id: DraftId
    problem: Problem


@dataclass(frozen=True, slots=True)
class OutboxChanged(Event):
    """A new state of a queued note."""

    entry: OutboxEntry


@dataclass(frozen=True, slots=True)
class OutboxRemoved(Event):
    """The entry is gone from the outbox (recalled or discarded)."""

    outbox_id: OutboxId


@dataclass(frozen=True, slots=True)
class NoteSent(Event):
    """Close has the note."""

    entry: OutboxEntry
    note: Note


@dataclass(frozen=True, slots=True)
class AmendmentChanged(Event):
    """A new state of what was asked of a note in Close; the first one as well."""

    amendment: Amendment


@dataclass(frozen=True, slots=True)
class AmendmentRefused(Event):
    """It was not taken (an empty comment, disk full): nothing is kept of it here."""

    amendment_id: AmendmentId
    problem: Problem


@dataclass(frozen=True, slots=True)
class AmendmentRemoved(Event):
    """It was taken back or put away: the note is shown as Close has it."""

    amendment_id: AmendmentId


@dataclass(frozen=True, slots=True)
class AmendmentDone(Event):
    """Close has done it. `note` is the note as it is now; None where it is deleted. `comment`:
    the one that was made.
    """

    amendment: Amendment
    note: Note | None = None
    comment: Comment | None = None


@dataclass(frozen=True, slots=True)
class CommentsLoaded(Event):
    """The comments on a note, oldest first; with a problem, those known before count on."""

    note_id: NoteId
    comments: tuple[Comment, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class TemplatesChanged(Event):
    """All templates, by name."""

    templates: tuple[Template, ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkChanged(Event):
    """Whether Close can be reached, as far as the last request showed."""

    is_online: bool


@dataclass(frozen=True, slots=True)
class SettingsChanged(Event):
    """The settings are kept."""

    settings: Settings


@dataclass(frozen=True, slots=True)
class TroubleArose(Event):
    """Something that concerns no draft or note in particular."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Stopped(Event):
    """The engine has closed everything; the last event. `problems`: it ended by an error, and
    nothing is saved or sent any more.
    """

    problems: tuple[Problem, ...] = field(default=())

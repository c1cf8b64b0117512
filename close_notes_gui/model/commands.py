"""What the window asks of the engine. Imperative names; frozen; nothing is answered directly.

Made on the window's thread, carried out in the order posted on the engine's. Whatever comes
of one is told by events (`model/events.py`).
"""

from collections.abc import Callable
from dataclasses import field
from pathlib import Path

from close_notes_gui.model.amendment import AmendmentKind
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.files import FilePurpose
from close_notes_gui.model.ids import (
    AmendmentId,
    AttachmentId,
    DraftId,
    LeadId,
    NoteId,
    OutboxId,
    TemplateId,
)
from close_notes_gui.model.note import CommentText, Note
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.model.settings import Settings
from close_notes_gui.model.template import Template
from close_notes_gui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """Base of all commands, so that one queue can carry them."""


@dataclass(frozen=True, slots=True)
class SignIn(Command):
    """Check the key against `/me/`, keep it in the OS keyring, and go on with that account."""

    key: ApiKey


@dataclass(frozen=True, slots=True)
class SignOut(Command):
    """Forget the key. Drafts and outbox stay on disk, closed until the same account is back."""


@dataclass(frozen=True, slots=True)
class SearchLeads(Command):
    """Find leads for the words typed. Cancels the search before it. Empty text asks for recents."""

    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class OpenLead(Command):
    """The rep picked a lead: note it among the recents, load it, its contacts and its notes."""

    lead_id: LeadId


@dataclass(frozen=True, slots=True)
class LoadNotes(Command):
    """Load the lead's latest notes, or those after the first `skip`."""

    lead_id: LeadId
    skip: int = 0


@dataclass(frozen=True, slots=True)
class ReviseDraft(Command):
    """Keep this revision of the draft; made anew where its id is not known yet."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class FocusDraft(Command):
    """This draft is the one in the editor now; it opens again at the next start."""

    draft_id: DraftId


@dataclass(frozen=True, slots=True)
class DiscardDraft(Command):
    """Put the draft away; `RestoreDraft` brings it back with its attachments."""

    draft_id: DraftId


@dataclass(frozen=True, slots=True)
class RestoreDraft(Command):
    """Undo a `DiscardDraft`."""

    draft_id: DraftId


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """A path that was dropped or picked, with the id that its attachment shall have."""

    id: AttachmentId
    path: Path


@dataclass(frozen=True, slots=True)
class AttachFiles(Command):
    """Attach the files, in this order. The draft was revised before, so it is known."""

    draft_id: DraftId
    files: tuple[DroppedFile, ...]


@dataclass(frozen=True, slots=True)
class AttachBytes(Command):
    """Attach bytes that never were a file (a pasted screenshot, as PNG).

    `content` may be what makes them, where that takes its time: it is called beside the loop.
    """

    draft_id: DraftId
    id: AttachmentId
    filename: str
    content_type: str
    content: bytes | Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class RemoveAttachment(Command):
    """Take the attachment off; its upload is cancelled, its copy is deleted."""

    attachment_id: AttachmentId


@dataclass(frozen=True, slots=True)
class RetryAttachment(Command):
    """Try the failed upload again now."""

    attachment_id: AttachmentId


@dataclass(frozen=True, slots=True)
class RenameAttachment(Command):
    """Give the attachment another name; its extension stays. What is up goes up again."""

    attachment_id: AttachmentId
    filename: str


@dataclass(frozen=True, slots=True)
class MoveAttachment(Command):
    """Put the attachment at this place (0 is the first) among those of its draft."""

    attachment_id: AttachmentId
    place: int


@dataclass(frozen=True, slots=True)
class ShowAttachment(Command):
    """Open the attachment with the system's program for it, or show it in its folder."""

    attachment_id: AttachmentId
    purpose: FilePurpose


@dataclass(frozen=True, slots=True)
class AttachFolder(Command):
    """Attach the files of a folder, those in its folders too, or all of it as one zip file."""

    draft_id: DraftId
    folder: DroppedFile
    as_zip: bool


@dataclass(frozen=True, slots=True)
class AttachAddress(Command):
    """Fetch the picture at this web address and attach it. The rep has said yes to that."""

    draft_id: DraftId
    id: AttachmentId
    url: str


@dataclass(frozen=True, slots=True)
class SaveNoteFile(Command):
    """Bring a file of a note in Close here: to `target`, else to a private place by its name."""

    url: str
    filename: str
    purpose: FilePurpose
    target: Path | None = None


@dataclass(frozen=True, slots=True)
class CancelNoteFile(Command):
    """Call a running download off."""

    url: str


@dataclass(frozen=True, slots=True)
class SendDraft(Command):
    """Freeze this revision into the outbox, in one transaction with its attachments."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class RecallNote(Command):
    """Bring a note that was never posted back into the editor ("Undo", "Edit")."""

    outbox_id: OutboxId


@dataclass(frozen=True, slots=True)
class RetryNote(Command):
    """Try now: skip the time for undo or the wait, or try a failed note again as it is."""

    outbox_id: OutboxId


@dataclass(frozen=True, slots=True)
class DiscardNote(Command):
    """Give the note up (FAILED or ASKING); its text becomes a discarded draft, restorable."""

    outbox_id: OutboxId


@dataclass(frozen=True, slots=True)
class ResolveNote(Command):
    """The rep's answer where the look-up could not decide: is it in Close or not?"""

    outbox_id: OutboxId
    is_in_close: bool


@dataclass(frozen=True, slots=True)
class ReassignNote(Command):
    """Send the failed note to another lead instead."""

    outbox_id: OutboxId
    lead_id: LeadId
    lead_name: str


@dataclass(frozen=True, slots=True)
class OverwriteNote(Command):
    """The rep saw what changed in Close meanwhile (ASKING, NOTE_CHANGED): the edit goes all the
    same.
    """

    outbox_id: OutboxId


@dataclass(frozen=True, slots=True)
class SendAsNew(Command):
    """The note that the edit was for is gone (FAILED, NOTE_GONE): send the text as a new note."""

    outbox_id: OutboxId


@dataclass(frozen=True, slots=True)
class AmendNote(Command):
    """Pin, unpin, delete or comment on a note that is in Close. `body_html`: of a COMMENT."""

    amendment_id: AmendmentId
    kind: AmendmentKind
    note: Note
    body_html: str = ""


@dataclass(frozen=True, slots=True)
class UndoAmendment(Command):
    """Take it back while it is HELD or QUEUED; or put a FAILED one away."""

    amendment_id: AmendmentId


@dataclass(frozen=True, slots=True)
class RetryAmendment(Command):
    """Try now: skip the time for undo or the wait, or try a failed one again."""

    amendment_id: AmendmentId


@dataclass(frozen=True, slots=True)
class LoadComments(Command):
    """Read the comments on a note."""

    note_id: NoteId


@dataclass(frozen=True, slots=True)
class KeepCommentText(Command):
    """Keep what is being written as a comment; an empty one is put away."""

    text: CommentText


@dataclass(frozen=True, slots=True)
class KeepTemplate(Command):
    """Keep this template; one with the same id is replaced."""

    template: Template


@dataclass(frozen=True, slots=True)
class DeleteTemplate(Command):
    """Delete the template; the window offers to keep it again."""

    template_id: TemplateId


@dataclass(frozen=True, slots=True)
class ChangeSettings(Command):
    """Keep these settings and act by them at once."""

    settings: Settings


@dataclass(frozen=True, slots=True)
class ClearIndex(Command):
    """Delete the leads kept for search, and read them anew where the settings want them."""


@dataclass(frozen=True, slots=True)
class AcknowledgeStore(Command):
    """The window has taken in one `Loaded` or `SignedOut`: what it posts from here on is meant for
    the store told there, what came before is meant for the one before.
    """


@dataclass(frozen=True, slots=True)
class CheckNetwork(Command):
    """The system says that the network or the machine woke up: try what waits, now."""


@dataclass(frozen=True, slots=True)
class Stop(Command):
    """Commit, cancel what runs, close the store; `Stopped` is the last event."""

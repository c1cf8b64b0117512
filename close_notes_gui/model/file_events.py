"""What has happened to files: those attached here, and those of notes in Close. See `events`."""

from pathlib import Path

from close_notes_gui.model.draft import Attachment
from close_notes_gui.model.event import Event
from close_notes_gui.model.files import FilePurpose, ReadyFile
from close_notes_gui.model.ids import AttachmentId, DraftId
from close_notes_gui.model.problem import Problem
from close_notes_gui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class AttachmentAdded(Event):
    """The file is known and noted on disk; copying goes on."""

    attachment: Attachment


@dataclass(frozen=True, slots=True)
class AttachmentChanged(Event):
    """A new state of an attachment."""

    attachment: Attachment


@dataclass(frozen=True, slots=True)
class AttachmentProgressed(Event):
    """Bytes on their way; at most 10 a second for each attachment. Not committed: only a sight."""

    attachment_id: AttachmentId
    sent_bytes: int
    total_bytes: int
    bytes_per_s: float = 0.0  # over the last seconds; 0 where it is not known yet


@dataclass(frozen=True, slots=True)
class AttachmentRefused(Event):
    """The file was not taken; `problem.subject` is its name."""

    draft_id: DraftId
    attachment_id: AttachmentId
    problem: Problem


@dataclass(frozen=True, slots=True)
class AttachmentRemoved(Event):
    """The attachment is off the draft."""

    attachment_id: AttachmentId


@dataclass(frozen=True, slots=True)
class AttachmentRemarked(Event):
    """Something worth knowing of it: it is the same file as `repeats`, or a link to `links_to`."""

    attachment_id: AttachmentId
    repeats: AttachmentId | None = None
    links_to: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentsArranged(Event):
    """The attachments of the draft stand in this order."""

    draft_id: DraftId
    order: tuple[AttachmentId, ...]


@dataclass(frozen=True, slots=True)
class FolderDropped(Event):
    """A folder was dropped. `AttachFolder` takes its files, or all of it as a zip."""

    draft_id: DraftId
    folder_id: AttachmentId
    path: Path


@dataclass(frozen=True, slots=True)
class AttachmentReady(Event):
    """The attachment can be opened, or shown in its folder."""

    attachment_id: AttachmentId
    file: ReadyFile


@dataclass(frozen=True, slots=True)
class NoteFileProgressed(Event):
    """A file on its way from Close; at most 10 a second for each. `total_bytes` None: not told."""

    url: str
    received_bytes: int
    total_bytes: int | None


@dataclass(frozen=True, slots=True)
class NoteFileSaved(Event):
    """The file is here, whole."""

    url: str
    file: ReadyFile


@dataclass(frozen=True, slots=True)
class NoteFileFailed(Event):
    """The file did not come. `problem` None: it was called off."""

    url: str
    purpose: FilePurpose
    problem: Problem | None = None

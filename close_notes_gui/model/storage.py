"""What this program takes on the disk. Any thread."""

from enum import Enum

from close_notes_gui.model.values import dataclass


class StorageKind(Enum):
    """What lies there."""

    NOTES = "notes"  # drafts, outbox, known leads, notes read from Close
    ATTACHMENTS = "attachments"  # copies of attached files until they are in Close
    LEADS = "leads"  # all leads, for search
    OPENED = "opened"  # files of notes that were opened, small pictures of them
    BACKUPS = "backups"  # copies made before a new version changed something; damaged files
    ACCOUNTS = "accounts"  # everything of the other accounts
    LOG = "log"


@dataclass(frozen=True, slots=True)
class StoragePart:
    """How much there is of one kind."""

    kind: StorageKind
    size_bytes: int

"""Answers of the client that are more than one value of the model. Any thread; frozen."""

from dataclasses import dataclass, field
from datetime import datetime

from close_notes_gui.model.lead import Lead
from close_notes_gui.model.note import Note


@dataclass(frozen=True, slots=True)
class LeadPage:
    """Leads in Close's order. `cursor` asks for the next page within 30 s; None: no more.

    `total` is how many there are in all, where that was asked for and told.
    """

    leads: tuple[Lead, ...] = ()
    cursor: str | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class NotePage:
    """Notes in Close's order, newest first. `has_more`: ask again with a larger `skip`."""

    notes: tuple[Note, ...] = ()
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class SignedUpload:
    """Leave to post one file to the storage host within 60 s of `signed_at` (aware UTC).

    `fields` are secret (policy, signature), hence never shown; `download_url` is what the note
    refers to, for 24 h, once the file is up.
    """

    url: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    download_url: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class UploadReceipt:
    """A file that is up: `url` for the note's attachment, `sha256` (hex) of the bytes
    sent, empty where it was not wanted.
    """

    url: str
    sha256: str
    size_bytes: int

"""Notes as Close holds them.

Any thread. `note_html` here came from outside: it passes `markup` before it is shown.
"""

from datetime import datetime
from enum import Enum
from typing import Final

from close_notes_gui.model.ids import CommentId, ContactId, LeadId, NoteId, UserId
from close_notes_gui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class NoteAttachment:
    """A file on a note. `url` begins `https://app.close.com/go/file/`."""

    url: str
    filename: str
    content_type: str | None = None
    size_bytes: int | None = None
    thumbnail_url: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A note that is in Close. Times are aware UTC."""

    id: NoteId
    lead_id: LeadId
    note_html: str
    note_text: str = ""
    title: str = ""
    contact_id: ContactId | None = None
    user_id: UserId | None = None
    author_name: str = ""
    pinned: bool = False
    activity_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    attachments: tuple[NoteAttachment, ...] = ()
    comment_count: int = 0


@dataclass(frozen=True, slots=True)
class NewNote:
    """What `POST /activity/note/` is asked to make. `activity_at` is aware, cut to milliseconds
    by Close; `attachments` refer to uploads younger than 24 h.
    """

    lead_id: LeadId
    note_html: str
    title: str = ""
    contact_id: ContactId | None = None
    pinned: bool = False
    activity_at: datetime | None = None
    attachments: tuple[NoteAttachment, ...] = ()


class Unset(Enum):
    """The type of UNSET, so that "leave it as it is" is told apart from None ("take it away")."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


@dataclass(frozen=True, slots=True)
class NoteChanges:
    """What `PUT /activity/note/{id}/` is asked to change; what is UNSET is not sent at all.

    `attachments` is the full list to be kept, never a part. A note cannot change its lead.
    """

    note_html: str | Unset = UNSET
    title: str | Unset = UNSET
    contact_id: ContactId | Unset | None = UNSET
    pinned: bool | Unset = UNSET
    activity_at: datetime | Unset = UNSET
    attachments: tuple[NoteAttachment, ...] | Unset = UNSET


@dataclass(frozen=True, slots=True)
class CommentText:
    """A comment that is being written to a note; canonical."""

    note_id: NoteId
    body_html: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a note. `body_html` came from outside: it passes `markup` before it is shown."""

    id: CommentId
    note_id: NoteId
    body_html: str
    user_id: UserId | None = None
    author_name: str = ""
    created_at: datetime | None = None

"""A note as the server holds it, and as it shows it.

Any thread. Values only.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from close_notes_gui.sandbox.exchange import Json
from close_notes_gui.sandbox.files import StoredFile
from close_notes_gui.sandbox.world import FILE_PREFIX, World, iso


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a note. Its address carries the token of the upload."""

    file: StoredFile
    filename: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note as the server holds it."""

    id: str
    lead_id: str
    user_id: str
    created_by: str
    updated_by: str
    created_at: datetime
    updated_at: datetime
    activity_at: datetime
    note_html: str
    note: str
    mentions: tuple[str, ...] = ()
    title: str | None = None
    contact_id: str | None = None
    pinned: bool = False
    pinned_at: datetime | None = None
    source: str | None = "api"
    attachments: tuple[Attachment, ...] = ()


def shown_note(note: Note, world: World, *, comments: int) -> Json:
    """A note as Close answers it."""
    summary = (
        {"comment_summary": {"comment_count": comments, "thread_id": f"thread_{note.id[5:]}"}}
        if comments
        else {}
    )
    return {
        "_type": "Note",
        "id": note.id,
        "lead_id": note.lead_id,
        "contact_id": note.contact_id,
        "user_id": note.user_id,
        "user_name": world.user_name(note.user_id),
        "users": [note.user_id],
        "created_by": note.created_by,
        "created_by_name": world.user_name(note.created_by),
        "updated_by": note.updated_by,
        "updated_by_name": world.user_name(note.updated_by),
        "date_created": iso(note.created_at),
        "date_updated": iso(note.updated_at),
        "activity_at": iso(note.activity_at),
        "organization_id": world.organization_id,
        "title": note.title,
        "note": note.note,
        "note_html": note.note_html,
        "note_mentions": list(note.mentions),
        "pinned": note.pinned,
        "pinned_at": iso(note.pinned_at) if note.pinned_at else None,
        "source": note.source,
        "attachments": [_shown_attachment(one, note.id, world) for one in note.attachments],
        **summary,
    }


def address(attachment: Attachment, note_id: str, world: World) -> str:
    home = f"{FILE_PREFIX}persisted/{world.organization_id}/activity.note/{note_id}/"
    return f"{home}{attachment.file.token}/{quote(attachment.file.filename)}/"


def _shown_attachment(attachment: Attachment, note_id: str, world: World) -> Json:
    url = address(attachment, note_id, world)
    picture = (
        {"thumbnail_url": f"{url}thumbnail/"}
        if attachment.content_type.startswith("image/")
        else {}
    )
    return {
        "url": url,
        "filename": attachment.filename,
        "content_type": attachment.content_type,
        "size": attachment.file.size_bytes,
        **picture,
    }

"""Notes of Close ↔ JSON for columns. Pure; any thread."""

import json
from typing import Any

from close_notes_gui.model.draft import OtherLead
from close_notes_gui.model.ids import CommentId, ContactId, LeadId, NoteId, UserId
from close_notes_gui.model.note import Comment, Note, NoteAttachment
from close_notes_gui.store.codec_times import from_time, to_time


def from_note(note: Note) -> str:
    """A note as JSON, its id and lead in it."""
    return json.dumps(
        {
            "id": note.id,
            "lead_id": note.lead_id,
            "note_html": note.note_html,
            "note_text": note.note_text,
            "title": note.title,
            "contact_id": note.contact_id,
            "user_id": note.user_id,
            "author_name": note.author_name,
            "pinned": note.pinned,
            "activity_at": from_time(note.activity_at),
            "created_at": from_time(note.created_at),
            "updated_at": from_time(note.updated_at),
            "attachments": _files(note.attachments),
            "comment_count": note.comment_count,
        }
    )


def to_note(text: str, *, note_id: str = "", lead_id: str = "") -> Note:
    """The note back; the ids are asked for where the JSON is of an older version without them."""
    body = json.loads(text)
    return Note(
        id=NoteId(body.get("id", note_id)),
        lead_id=LeadId(body.get("lead_id", lead_id)),
        note_html=body["note_html"],
        note_text=body["note_text"],
        title=body["title"],
        contact_id=None if body["contact_id"] is None else ContactId(body["contact_id"]),
        user_id=None if body["user_id"] is None else UserId(body["user_id"]),
        author_name=body["author_name"],
        pinned=body["pinned"],
        activity_at=to_time(body["activity_at"]),
        created_at=to_time(body["created_at"]),
        updated_at=to_time(body["updated_at"]),
        attachments=_to_files(body["attachments"]),
        comment_count=body["comment_count"],
    )


def from_comment(comment: Comment) -> str:
    """A comment as JSON, without its id and note."""
    return json.dumps(
        {
            "body_html": comment.body_html,
            "user_id": comment.user_id,
            "author_name": comment.author_name,
            "created_at": from_time(comment.created_at),
        }
    )


def to_comment(text: str, comment_id: str, note_id: NoteId) -> Comment:
    """The comment back."""
    body = json.loads(text)
    return Comment(
        CommentId(comment_id),
        note_id,
        body["body_html"],
        None if body["user_id"] is None else UserId(body["user_id"]),
        body["author_name"],
        to_time(body["created_at"]),
    )


def from_files(files: tuple[NoteAttachment, ...]) -> str:
    """Files of a note as JSON."""
    return json.dumps(_files(files))


def to_files(text: str) -> tuple[NoteAttachment, ...]:
    """Files of a note back."""
    return _to_files(json.loads(text))


def from_leads(leads: tuple[OtherLead, ...]) -> str:
    """Further leads of a draft as JSON."""
    return json.dumps([[lead.lead_id, lead.name] for lead in leads])


def to_leads(text: str) -> tuple[OtherLead, ...]:
    """Further leads of a draft back."""
    return tuple(OtherLead(LeadId(lead_id), name) for lead_id, name in json.loads(text))


def _files(files: tuple[NoteAttachment, ...]) -> list[list[Any]]:
    return [[f.url, f.filename, f.content_type, f.size_bytes, f.thumbnail_url] for f in files]


def _to_files(rows: list[list[Any]]) -> tuple[NoteAttachment, ...]:
    return tuple(NoteAttachment(*row) for row in rows)

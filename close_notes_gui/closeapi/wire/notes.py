"""Notes and comments from JSON, and what is asked of them to JSON. Any thread; pure."""

from collections.abc import Callable
from html import escape

from close_notes_gui.closeapi.wire.basics import (
    each,
    field,
    flag,
    identifier,
    items,
    moment,
    moment_out,
    part,
    text,
    whole,
)
from close_notes_gui.model.ids import CommentId, ContactId, LeadId, NoteId, UserId
from close_notes_gui.model.note import (
    UNSET,
    Comment,
    NewNote,
    Note,
    NoteAttachment,
    NoteChanges,
)
from close_notes_gui.model.richtext import EMPTY_NOTE_HTML

NOTE_FIELDS = (
    "id,lead_id,contact_id,user_id,user_name,created_by,created_by_name,date_created,"
    "date_updated,activity_at,title,note,note_html,pinned,attachments,comment_summary"
)


def note(value: object) -> Note | None:
    """A note; None where it lacks its id or its lead's."""
    note_id = identifier(field(value, "id"))
    lead_id = identifier(field(value, "lead_id"))
    if note_id is None or lead_id is None:
        return None
    plain = text(field(value, "note"))
    user_id = identifier(field(value, "user_id")) or identifier(field(value, "created_by"))
    contact_id = identifier(field(value, "contact_id"))
    return Note(
        id=NoteId(note_id),
        lead_id=LeadId(lead_id),
        note_html=text(field(value, "note_html")) or _html_of(plain),
        note_text=plain,
        title=text(field(value, "title")),
        contact_id=ContactId(contact_id) if contact_id else None,
        user_id=UserId(user_id) if user_id else None,
        author_name=text(field(value, "user_name")) or text(field(value, "created_by_name")),
        pinned=flag(field(value, "pinned")),
        activity_at=moment(field(value, "activity_at")),
        created_at=moment(field(value, "date_created")),
        updated_at=moment(field(value, "date_updated")),
        attachments=each(items(value, "attachments"), attachment),
        comment_count=whole(field(part(value, "comment_summary"), "comment_count")) or 0,
    )


def attachment(value: object) -> NoteAttachment | None:
    """A file on a note."""
    url = text(field(value, "url"))
    if not url:
        return None
    return NoteAttachment(
        url=url,
        filename=text(field(value, "filename")),
        content_type=text(field(value, "content_type")) or None,
        size_bytes=whole(field(value, "size")),
        thumbnail_url=text(field(value, "thumbnail_url")) or None,
    )


def new_note(new: NewNote) -> dict[str, object]:
    """The body of `POST /activity/note/`; what is empty is left to Close."""
    body: dict[str, object] = {"lead_id": new.lead_id, "note_html": new.note_html}
    if new.title:
        body["title"] = new.title
    if new.contact_id is not None:
        body["contact_id"] = new.contact_id
    if new.pinned:
        body["pinned"] = True
    if new.activity_at is not None:
        body["activity_at"] = moment_out(new.activity_at)
    if new.attachments:
        body["attachments"] = [_attachment_out(one) for one in new.attachments]
    return body


def note_changes(changes: NoteChanges) -> dict[str, object]:
    """The body of `PUT /activity/note/{id}/`: what is set, nothing else."""
    body: dict[str, object] = {}
    if changes.note_html is not UNSET:
        body["note_html"] = changes.note_html
    if changes.title is not UNSET:
        body["title"] = changes.title
    if changes.contact_id is not UNSET:
        body["contact_id"] = changes.contact_id
    if changes.pinned is not UNSET:
        body["pinned"] = changes.pinned
    if changes.activity_at is not UNSET:
        body["activity_at"] = moment_out(changes.activity_at)
    if changes.attachments is not UNSET:
        body["attachments"] = [_attachment_out(one) for one in changes.attachments]
    return body


def comment_on(note_id: NoteId) -> Callable[[object], Comment | None]:
    """A reader of comments on this note."""

    def comment(value: object) -> Comment | None:
        comment_id = identifier(field(value, "id"))
        if comment_id is None:
            return None
        user_id = identifier(field(value, "user_id")) or identifier(field(value, "created_by"))
        return Comment(
            id=CommentId(comment_id),
            note_id=note_id,
            body_html=text(field(value, "body")),
            user_id=UserId(user_id) if user_id else None,
            author_name=text(field(value, "user_name")) or text(field(value, "created_by_name")),
            created_at=moment(field(value, "date_created")),
        )

    return comment


def _attachment_out(one: NoteAttachment) -> dict[str, object]:
    return {"url": one.url, "filename": one.filename, "content_type": one.content_type}


def _html_of(plain: str) -> str:
    # as Close itself makes rich text of plain
    if not plain.strip():
        return EMPTY_NOTE_HTML
    lines = escape(plain, quote=False).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return f"<body><p>{'<br />'.join(lines)}</p></body>"

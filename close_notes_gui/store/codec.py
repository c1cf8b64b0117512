"""Model values ↔ columns. Pure; any thread. Lenient where a rescued row may lack something."""

import json
from pathlib import Path

from close_notes_gui.model.amendment import Amendment, AmendmentKind, AmendmentState
from close_notes_gui.model.draft import (
    Attachment,
    AttachmentState,
    Draft,
    OutboxEntry,
    OutboxState,
)
from close_notes_gui.model.ids import (
    AmendmentId,
    AttachmentId,
    ContactId,
    DraftId,
    LeadId,
    NoteId,
    OutboxId,
)
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.codec_notes import (
    from_files,
    from_leads,
    from_note,
    to_files,
    to_leads,
    to_note,
)
from close_notes_gui.store.codec_times import from_time, to_time
from close_notes_gui.store.database import Row, Value


def from_problem(problem: Problem | None) -> str | None:
    """A problem as JSON."""
    if problem is None:
        return None
    return json.dumps(
        {
            "kind": problem.kind.name,
            "detail": problem.detail,
            "subject": problem.subject,
            "retry_at": from_time(problem.retry_at),
            "lead_id": problem.lead_id,
        }
    )


def to_problem(text: str | None) -> Problem | None:
    """The problem back; a kind that is not known any more becomes BUG."""
    if text is None:
        return None
    value = json.loads(text)
    kind = ProblemKind.__members__.get(value["kind"], ProblemKind.BUG)
    return Problem(
        kind,
        detail=value["detail"],
        subject=value["subject"],
        retry_at=to_time(value["retry_at"]),
        lead_id=None if value.get("lead_id") is None else LeadId(value["lead_id"]),
    )


DRAFT_COLUMNS = (
    "lead_id, lead_name, note_html, title, contact_id, activity_at, pinned, cursor_position,"
    " revision, changed_at, base, kept_files, also_leads"
)


def from_draft(draft: Draft) -> tuple[Value, ...]:
    """Values for DRAFT_COLUMNS. A lone surrogate (it cannot be kept as UTF-8) becomes U+FFFD."""
    return (
        draft.lead_id,
        whole(draft.lead_name),
        whole(draft.note_html),
        whole(draft.title),
        draft.contact_id,
        from_time(draft.activity_at),
        int(draft.pinned),
        draft.cursor_position,
        draft.revision,
        from_time(draft.changed_at),
        None if draft.base is None else from_note(draft.base),
        from_files(draft.kept_files),
        from_leads(draft.also_leads),
    )


def to_draft(row: Row, *, id_column: str = "id") -> Draft:
    """A draft from a row that has DRAFT_COLUMNS and its id."""
    return Draft(
        id=DraftId(row[id_column]),
        lead_id=None if row["lead_id"] is None else LeadId(row["lead_id"]),
        lead_name=row["lead_name"],
        note_html=row["note_html"],
        title=row["title"],
        contact_id=None if row["contact_id"] is None else ContactId(row["contact_id"]),
        activity_at=to_time(row["activity_at"]),
        pinned=bool(row["pinned"]),
        cursor_position=row["cursor_position"],
        revision=row["revision"],
        changed_at=to_time(row["changed_at"]),
        base=None if row["base"] is None else to_note(row["base"]),
        kept_files=to_files(row["kept_files"]),
        also_leads=to_leads(row["also_leads"]),
    )


def to_attachment(row: Row, *, path: Path | None = None) -> Attachment:
    """An attachment from a row of its table; `path` is where its bytes are."""
    return Attachment(
        id=AttachmentId(row["id"]),
        draft_id=DraftId(row["draft_id"]),
        filename=row["filename"],
        content_type=row["content_type"],
        size_bytes=row["size_bytes"],
        state=AttachmentState(row["state"]),
        problem=to_problem(row["problem"]),
        url=row["url"],
        uploaded_at=to_time(row["uploaded_at"]),
        path=path,
    )


def to_entry(row: Row) -> OutboxEntry:
    """An outbox entry from a row of `outbox` joined with its draft."""
    queued_at = to_time(row["queued_at"])
    assert queued_at is not None
    return OutboxEntry(
        id=OutboxId(row["id"]),
        frozen=to_draft(row, id_column="draft_id"),
        state=OutboxState(row["state"]),
        queued_at=queued_at,
        not_before=to_time(row["not_before"]),
        attempts=row["attempts"],
        next_try_at=to_time(row["next_try_at"]),
        problem=to_problem(row["problem"]),
        note_id=None if row["note_id"] is None else NoteId(row["note_id"]),
        look_alike_html=row["look_alike_html"],
        found=None if row["found"] is None else to_note(row["found"]),
    )


def to_amendment(row: Row) -> Amendment:
    """An amendment from a row of its table."""
    asked_at = to_time(row["asked_at"])
    assert asked_at is not None
    return Amendment(
        id=AmendmentId(row["id"]),
        kind=AmendmentKind(row["kind"]),
        note=to_note(row["note"]),
        asked_at=asked_at,
        body_html=row["body_html"],
        state=AmendmentState(row["state"]),
        not_before=to_time(row["not_before"]),
        next_try_at=to_time(row["next_try_at"]),
        problem=to_problem(row["problem"]),
        attempts=row["attempts"],
    )


def whole(text: str) -> str:
    """The text, with lone surrogates made U+FFFD: they cannot be kept as UTF-8."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

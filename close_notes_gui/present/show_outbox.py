"""AppState → views of notes: those in Close, those on their way, and the status line. Pure."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from close_notes_gui import markup
from close_notes_gui.model.draft import Attachment, Draft, OutboxEntry, OutboxState
from close_notes_gui.model.lead import KeyOrigin
from close_notes_gui.model.note import Note
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.present.reduce_notes import amended
from close_notes_gui.present.show_files import note_file_view
from close_notes_gui.present.show_index import index_status
from close_notes_gui.present.state import AppState, LeadNotes, SignInState
from close_notes_gui.present.views import (
    Action,
    ActionKind,
    DraftRow,
    Line,
    NoteFileView,
    NoteItem,
    OutboxRow,
    OutboxView,
    StatusView,
    TimelineView,
    Tone,
)
from close_notes_gui.present.when import plural, relative, size_text
from close_notes_gui.present.wording import words_for

PREVIEW_CHARACTERS = 80
NEEDS_REP = {OutboxState.FAILED, OutboxState.ASKING}
LEAD_PAGE = "https://app.close.com/lead/{}/"


def timeline_view(state: AppState, now: datetime) -> TimelineView:
    """The open lead's notes: on their way first, then pinned, then newest first."""
    lead_id = state.draft.lead_id
    if lead_id is None:
        return TimelineView(None, line=Line("Choose a lead to see its notes."))
    known = state.notes.get(lead_id, LeadNotes())
    waiting = [e for e in state.outbox.values() if e.frozen.lead_id == lead_id]
    waiting.sort(key=lambda e: e.queued_at, reverse=True)
    notes = amended(state, known.notes)
    pinned = [n for n in notes if n.pinned]
    others = [n for n in notes if not n.pinned]
    items = (
        *(_waiting_item(state, entry, now) for entry in waiting),
        *(_note_item(state, note) for note in pinned + others),
    )
    return TimelineView(lead_id, items, _timeline_line(known, bool(items), now), known.has_more)


def _timeline_line(known: LeadNotes, has_items: bool, now: datetime) -> Line | None:
    age = relative(known.fetched_at, now)
    as_of = f" as of {age}" if age else ""
    if known.problem is not None:
        words = words_for(known.problem)
        kept = f" Showing the notes{as_of}." if has_items else ""
        return Line(words.what + kept, Tone.WARNING)
    if known.is_loading:
        return None if has_items else Line("Loading notes…", Tone.BUSY)
    if known.is_cached:
        return Line(f"Offline. Showing the notes{as_of}.", Tone.WARNING)
    return None if has_items else Line("No notes on this lead yet. Yours will be the first.")


def _note_item(state: AppState, note: Note) -> NoteItem:
    lead = state.leads.get(note.lead_id)
    contacts = lead.contacts if lead else ()
    names = [c.name for c in contacts if c.id == note.contact_id]
    files = tuple(note_file_view(state, file) for file in note.attachments)
    comments = plural(note.comment_count, "comment", "comments") if note.comment_count else ""
    return NoteItem(
        key=note.id,
        note_id=note.id,
        title=note.title,
        author=note.author_name,
        at=note.activity_at or note.created_at,
        note_html=note.note_html,
        pinned=note.pinned,
        files=files,
        contact=names[0] if names else "",
        comments=comments,
    )


def _waiting_item(state: AppState, entry: OutboxEntry, now: datetime) -> NoteItem:
    frozen = entry.frozen
    files = tuple(
        NoteFileView(a.filename, size_text(a.size_bytes), "", a.content_type)
        for a in state.attachments_of(frozen.id)
    )
    return NoteItem(
        key=entry.id,
        note_id=None,
        title=frozen.title,
        author=state.account.user_name if state.account else "",
        at=frozen.activity_at or entry.queued_at,
        note_html=frozen.note_html,
        pinned=frozen.pinned,
        files=files,
        pending=_entry_line(state, entry, now),
    )


def outbox_view(state: AppState, now: datetime) -> OutboxView:
    """What waits and why, those that need the rep first; and the open drafts, newest first."""
    entries = sorted(state.outbox.values(), key=lambda e: (e.state not in NEEDS_REP, e.queued_at))
    rows = tuple(
        OutboxRow(
            outbox_id=entry.id,
            lead_name=entry.frozen.lead_name,
            preview=_preview(entry.frozen, state.attachments_of(entry.frozen.id)),
            line=_entry_line(state, entry, now),
            queued_at=entry.queued_at,
            look_alike_html=entry.look_alike_html,
            note_html=entry.frozen.note_html,
        )
        for entry in entries
    )
    return OutboxView(
        rows=rows,
        drafts=tuple(_draft_rows(state)),
        badge=len(rows),
        needs_rep=any(e.state in NEEDS_REP for e in entries),
    )


def _draft_rows(state: AppState) -> Iterable[DraftRow]:
    drafts = [d for d in state.drafts.values() if d.has_words or state.attachments_of(d.id)]
    drafts.sort(key=lambda d: d.changed_at.timestamp() if d.changed_at else 0.0, reverse=True)
    for draft in drafts:
        yield DraftRow(
            draft_id=draft.id,
            lead_name=draft.lead_name or "No lead yet",
            preview=_preview(draft, state.attachments_of(draft.id)),
            changed_at=draft.changed_at,
            is_open=draft.id == state.open_draft,
        )


@lru_cache(maxsize=256)  # views are made anew with every event, the texts rarely are
def _first_line(note_html: str) -> str:
    return markup.first_line(note_html, limit=PREVIEW_CHARACTERS)


def _preview(draft: Draft, attached: tuple[Attachment, ...]) -> str:
    words = draft.title.strip() or _first_line(draft.note_html)
    return words or (plural(len(attached), "file", "files") if attached else "Empty note")


def _entry_line(state: AppState, entry: OutboxEntry, now: datetime) -> Line:
    retry = Action(ActionKind.RETRY_NOTE, "Try now", entry.id)
    edit = Action(ActionKind.EDIT_NOTE, "Edit", entry.id)
    match entry.state:
        case OutboxState.HELD:
            left = entry.not_before - now if entry.not_before else None
            seconds = max(0, round(left.total_seconds())) if left else 0
            undo = Action(ActionKind.UNDO_SEND, "Undo", entry.id)
            words = f"Sending in {seconds} s" if seconds else "Sending…"
            return Line(words, Tone.BUSY, (undo,))
        case OutboxState.QUEUED | OutboxState.UPLOADING | OutboxState.POSTING:
            return _moving_line(state, entry, (retry, edit))
        case OutboxState.UNCERTAIN:
            words = "Checking whether Close has it; it will not be sent twice."
            return Line(words, Tone.BUSY)
        case OutboxState.ASKING if entry.frozen.is_edit:
            mine = Action(ActionKind.OVERWRITE_NOTE, "Use mine", entry.id)
            again = Action(ActionKind.EDIT_NOTE, "Edit again", entry.id)
            discard = Action(ActionKind.DISCARD_NOTE, "Discard mine", entry.id)
            return Line(_why(entry), Tone.WARNING, (mine, again, discard))
        case OutboxState.ASKING:
            yes = Action(ActionKind.IS_IN_CLOSE, "It is there", entry.id)
            no = Action(ActionKind.NOT_IN_CLOSE, "Not there, send it", entry.id)
            words = "Close may already have this note. Compare the two and choose."
            return Line(words, Tone.WARNING, (yes, no))
        case OutboxState.FAILED:
            return Line(_why(entry), Tone.BAD, _mend(entry, retry, edit))
        case OutboxState.SENT:
            return Line("Sent", Tone.GOOD)


def _moving_line(state: AppState, entry: OutboxEntry, actions: tuple[Action, ...]) -> Line:
    if state.sign_in is SignInState.NEEDED:
        return Line("Waits until you sign in.", Tone.WARNING, actions[1:])
    if not state.is_online:
        return Line("Waiting for network.", Tone.WARNING, actions if entry.can_recall else ())
    if entry.problem is not None:
        text = words_for(entry.problem).what
        return Line(text, Tone.WARNING, actions if entry.can_recall else actions[:1])
    words = "Uploading files…" if entry.state is OutboxState.UPLOADING else "Sending…"
    return Line(words, Tone.BUSY, actions[1:] if entry.can_recall else ())


def _why(entry: OutboxEntry) -> str:
    return words_for(entry.problem or Problem(ProblemKind.REFUSED)).text


def _mend(entry: OutboxEntry, retry: Action, edit: Action) -> tuple[Action, ...]:
    discard = Action(ActionKind.DISCARD_NOTE, "Discard", entry.id)
    if entry.problem is not None and entry.problem.kind is ProblemKind.LEAD_GONE:
        return (Action(ActionKind.OTHER_LEAD, "Choose another lead", entry.id), edit, discard)
    if entry.problem is not None and entry.problem.kind is ProblemKind.NOTE_GONE:
        return (Action(ActionKind.SEND_AS_NEW, "Send as a new note", entry.id), edit, discard)
    return (edit, retry, discard)


def status_view(state: AppState, now: datetime) -> StatusView:
    """The one line that always tells how things stand."""
    return StatusView(_status_line(state, now), _account_text(state), state.is_online)


def _status_line(state: AppState, now: datetime) -> Line:
    entries = sorted(state.outbox.values(), key=lambda e: e.queued_at)
    needing = [e for e in entries if e.state in NEEDS_REP]
    moving = [e for e in entries if e.state not in NEEDS_REP]
    show = Action(ActionKind.SHOW_OUTBOX, "Show")
    if state.sign_in is SignInState.NEEDED and moving:
        return Line(f"Waiting for sign-in ({_notes(moving)})", Tone.WARNING, (show,))
    if not state.is_online and moving:
        return Line(f"Waiting for network ({_notes(moving)})", Tone.WARNING, (show,))
    held = [e for e in moving if e.state is OutboxState.HELD]
    if held:
        return _entry_line(state, held[-1], now)
    if needing:
        return Line(f"Needs you ({_notes(needing)})", Tone.BAD, (show,))
    if moving:
        return _busy_line(moving, show)
    if state.last_sent is not None and state.draft.note_html == Draft(state.open_draft).note_html:
        return _sent_line(state.last_sent)
    return index_status(state) or Line("" if state.is_online else "Offline", Tone.QUIET)


def _busy_line(moving: list[OutboxEntry], show: Action) -> Line:
    if any(e.state is OutboxState.UNCERTAIN for e in moving):
        return Line(f"Checking with Close ({_notes(moving)})", Tone.BUSY, (show,))
    return Line(
        f"Sending ({_notes(moving)})" if len(moving) > 1 else "Sending…", Tone.BUSY, (show,)
    )


def _sent_line(entry: OutboxEntry) -> Line:
    frozen = entry.frozen
    page = LEAD_PAGE.format(frozen.lead_id)
    name = frozen.lead_name or "Close"
    return Line(
        f"Sent to {name}", Tone.GOOD, (Action(ActionKind.OPEN_LEAD_PAGE, "Open in Close", page),)
    )


def _notes(entries: list[OutboxEntry]) -> str:
    return plural(len(entries), "note", "notes")


def _account_text(state: AppState) -> str:
    account = state.account
    if account is None:
        return "Not signed in"
    if account.key_origin is KeyOrigin.SANDBOX:
        return "Sandbox: nothing reaches Close"
    return f"{account.user_name}, {account.organization_name}"

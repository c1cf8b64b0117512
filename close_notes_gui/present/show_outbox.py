"""AppState → what is on its way: the outbox, the drafts, and the status line. Pure."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from close_notes_gui import markup
from close_notes_gui.model.amendment import Amendment, AmendmentState
from close_notes_gui.model.draft import Attachment, Draft, OutboxEntry, OutboxState
from close_notes_gui.model.lead import KeyOrigin
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.present.show_accounts import name_of, waiting_line
from close_notes_gui.present.show_amendments import DEEDS, amendment_line
from close_notes_gui.present.show_conflict import differences
from close_notes_gui.present.show_index import index_status
from close_notes_gui.present.state import AppState, SignInState, is_blank
from close_notes_gui.present.views import (
    Action,
    ActionKind,
    DraftRow,
    Line,
    OutboxRow,
    OutboxView,
    StatusView,
    Tone,
)
from close_notes_gui.present.when import plural
from close_notes_gui.present.wording import words_for

PREVIEW_CHARACTERS = 80
NEEDS_REP = {OutboxState.FAILED, OutboxState.ASKING}
LEAD_PAGE = "https://app.close.com/lead/{}/"


def outbox_view(state: AppState, now: datetime) -> OutboxView:
    """What waits and why, those that need the rep first; and the open drafts, newest first."""
    entries = sorted(state.outbox.values(), key=lambda e: (e.state not in NEEDS_REP, e.queued_at))
    rows = tuple(
        OutboxRow(
            outbox_id=entry.id,
            lead_name=entry.frozen.lead_name,
            preview=_preview(entry.frozen, state.attachments_of(entry.frozen.id)),
            line=entry_line(state, entry, now),
            queued_at=entry.queued_at,
            look_alike_html=entry.look_alike_html,
            note_html=entry.frozen.note_html,
            differences=_differences(state, entry),
        )
        for entry in entries
    )
    asked = [a for a in state.amendments.values() if a.state is not AmendmentState.HELD]
    asked.sort(key=lambda a: (a.state is not AmendmentState.FAILED, a.asked_at))
    has_failed = any(a.state is AmendmentState.FAILED for a in asked)
    return OutboxView(
        rows=(*rows, *(_amendment_row(state, amendment) for amendment in asked)),
        drafts=tuple(_draft_rows(state)),
        badge=len(rows) + len(asked),
        needs_rep=has_failed or any(e.state in NEEDS_REP for e in entries),
    )


def _differences(state: AppState, entry: OutboxEntry) -> tuple[str, ...]:
    if not _is_changed(entry):
        return ()
    lead_id = entry.frozen.lead_id
    return differences(entry, state.leads.get(lead_id) if lead_id else None)


def _amendment_row(state: AppState, amendment: Amendment) -> OutboxRow:
    note = amendment.note
    lead = state.leads.get(note.lead_id)
    name = " ".join(lead.name.split()) if lead else ""
    about = note.title.strip() or _first_line(note.note_html) or "Empty note"
    return OutboxRow(
        outbox_id=amendment.id,
        lead_name=f"{DEEDS[amendment.kind]}: {name}" if name else DEEDS[amendment.kind],
        preview=_first_line(amendment.body_html) if amendment.body_html else about,
        line=amendment_line(state, amendment),
        queued_at=amendment.asked_at,
    )


def _draft_rows(state: AppState) -> Iterable[DraftRow]:
    drafts = [d for d in state.drafts.values() if not is_blank(state, d.id)]
    drafts.sort(key=lambda d: d.changed_at.timestamp() if d.changed_at else 0.0, reverse=True)
    for draft in drafts:
        yield DraftRow(
            draft_id=draft.id,
            lead_name=_to(draft) or "No lead yet",
            preview=_preview(draft, state.attachments_of(draft.id)),
            changed_at=draft.changed_at,
            is_open=draft.id == state.open_draft,
            is_edit=draft.is_edit,
        )


def _to(draft: Draft) -> str:
    """The lead that a note goes to, and how many more."""
    name = " ".join(draft.lead_name.split())
    more = len(draft.also_leads)
    return f"{name} and {more} more" if more else name


@lru_cache(maxsize=256)  # views are made anew with every event, the texts rarely are
def _first_line(note_html: str) -> str:
    return markup.first_line(note_html, limit=PREVIEW_CHARACTERS)


def _preview(draft: Draft, attached: tuple[Attachment, ...]) -> str:
    words = draft.title.strip() or _first_line(draft.note_html)
    return words or (plural(len(attached), "file", "files") if attached else "Empty note")


def entry_line(state: AppState, entry: OutboxEntry, now: datetime) -> Line:
    retry = Action(ActionKind.RETRY_NOTE, "Try now", entry.id)
    edit = Action(ActionKind.EDIT_NOTE, "Edit", entry.id)
    match entry.state:
        case OutboxState.HELD:
            left = entry.not_before - now if entry.not_before else None
            seconds = max(0, round(left.total_seconds())) if left else 0
            undo = Action(ActionKind.UNDO_SEND, "Undo", entry.id)
            doing = _doing(entry)
            words = f"{doing} in {seconds} s" if seconds else f"{doing}…"
            return Line(words, Tone.BUSY, (undo,))
        case OutboxState.QUEUED | OutboxState.UPLOADING | OutboxState.POSTING:
            return _moving_line(state, entry, (retry, edit))
        case OutboxState.UNCERTAIN:
            words = "Checking whether Close has it; it will not be sent twice."
            return Line(words, Tone.BUSY)
        case OutboxState.ASKING if _is_changed(entry):
            return _changed_line(entry)
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
    is_uploading = entry.state is OutboxState.UPLOADING
    words = "Uploading files…" if is_uploading else f"{_doing(entry)}…"
    return Line(words, Tone.BUSY, actions[1:] if entry.can_recall else ())


def _doing(entry: OutboxEntry) -> str:
    return "Saving" if entry.frozen.is_edit else "Sending"


def _is_changed(entry: OutboxEntry) -> bool:
    return entry.problem is not None and entry.problem.kind is ProblemKind.NOTE_CHANGED


def _changed_line(entry: OutboxEntry) -> Line:
    mine = Action(ActionKind.OVERWRITE_NOTE, "Use mine", entry.id)
    again = Action(ActionKind.EDIT_NOTE, "Edit again", entry.id)
    leave = Action(ActionKind.DISCARD_NOTE, "Discard mine", entry.id)
    return Line(_why(entry), Tone.WARNING, (mine, again, leave))


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
    still = {AmendmentState.QUEUED, AmendmentState.DOING, AmendmentState.UNCERTAIN}
    waiting = len(moving) + sum(a.state in still for a in state.amendments.values())
    words = plural(waiting, "note", "notes")
    if state.sign_in is SignInState.NEEDED and waiting:
        return Line(f"Waiting for sign-in ({words})", Tone.WARNING, (show,))
    if not state.is_online and waiting:
        return Line(f"Waiting for network ({words})", Tone.WARNING, (show,))
    undoable = _undo_line(state, moving, now)
    if undoable is not None:
        return undoable
    number = len(needing) + sum(a.state is AmendmentState.FAILED for a in state.amendments.values())
    if number:
        return Line(f"Needs you ({plural(number, 'note', 'notes')})", Tone.BAD, (show,))
    if moving:
        return _busy_line(moving, show)
    if state.told:
        return Line(state.told, Tone.GOOD)
    if state.last_sent is not None and state.draft.note_html == Draft(state.open_draft).note_html:
        return _sent_line(state.last_sent)
    elsewhere = waiting_line(state)
    return (
        elsewhere or index_status(state) or Line("" if state.is_online else "Offline", Tone.QUIET)
    )


def _undo_line(state: AppState, moving: list[OutboxEntry], now: datetime) -> Line | None:
    """What was done a moment ago and can be taken back."""
    held = [e for e in moving if e.state is OutboxState.HELD]
    if held:
        return entry_line(state, held[-1], now)
    done = [a for a in state.amendments.values() if a.state is AmendmentState.HELD]
    return amendment_line(state, done[-1]) if done else None


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
    told = f"Saved the note of {name}" if frozen.is_edit else f"Sent to {name}"
    return Line(told, Tone.GOOD, (Action(ActionKind.OPEN_LEAD_PAGE, "Open in Close", page),))


def _notes(entries: list[OutboxEntry]) -> str:
    return plural(len(entries), "note", "notes")


def _account_text(state: AppState) -> str:
    account = state.account
    if account is None:
        return "Not signed in"
    if account.key_origin is KeyOrigin.SANDBOX:
        return "Sandbox: nothing reaches Close"
    return name_of(account)

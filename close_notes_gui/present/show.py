"""AppState → view states, pure. See `views` for the shapes; notes on their way in `show_outbox`."""

from functools import lru_cache

from close_notes_gui import markup
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.filenames import safe_filename
from close_notes_gui.model.lead import Contact
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.present.closing import closing_line
from close_notes_gui.present.edits import is_untouched, loss_words
from close_notes_gui.present.show_files import attachments_view, offer_line
from close_notes_gui.present.show_index import index_line
from close_notes_gui.present.show_leads import search_view
from close_notes_gui.present.show_notes import timeline_view
from close_notes_gui.present.show_outbox import outbox_view, status_view
from close_notes_gui.present.state import AppState, SignInState
from close_notes_gui.present.views import (
    Action,
    ActionKind,
    ComposeView,
    ContactChoice,
    EditView,
    KeptFileView,
    Line,
    OtherLeadView,
    SignInView,
    Tone,
)
from close_notes_gui.present.when import size_text
from close_notes_gui.present.wording import words_for

__all__ = [
    "attachments_view",
    "compose_view",
    "index_line",
    "notices_view",
    "outbox_view",
    "search_view",
    "sign_in_view",
    "status_view",
    "timeline_view",
]

SIGN_IN_KINDS = {ProblemKind.KEY_REFUSED, ProblemKind.KEY_MALFORMED}


def compose_view(state: AppState) -> ComposeView:
    """The fields around the editor."""
    draft = state.draft
    lead = state.leads.get(draft.lead_id) if draft.lead_id else None
    contacts = lead.contacts if lead else ()
    choices = (ContactChoice(None, "No contact"), *(_choice(c) for c in contacts))
    if draft.contact_id and all(c.contact_id != draft.contact_id for c in choices):
        choices = (*choices, ContactChoice(draft.contact_id, "Contact"))
    name = draft.lead_name or (lead.name if lead else "")
    return ComposeView(
        draft_id=draft.id,
        lead_id=draft.lead_id,
        lead_name=" ".join(name.split()) or ("Unnamed lead" if draft.lead_id else ""),
        lead_detail=lead.status_label if lead else "",
        title=draft.title,
        contacts=choices,
        contact_id=draft.contact_id,
        activity_at=draft.activity_at or (draft.base.activity_at if draft.base else None),
        pinned=draft.pinned,
        is_sending=draft.id in state.next_drafts,
        saved=_saved_line(state),
        edit=_edit_view(draft),
        also_leads=tuple(OtherLeadView(o.lead_id, o.name) for o in draft.also_leads),
        author=_author(state),
        suggested_title="" if draft.title else _heading(draft.note_html),
    )


def _author(state: AppState) -> str:
    """Who the note is by: of an edit, whoever wrote the note."""
    base = state.draft.base
    if base is not None:
        return base.author_name
    return state.account.user_name if state.account else ""


@lru_cache(maxsize=8)
def _heading(note_html: str) -> str:
    return markup.first_heading(note_html)


def _edit_view(draft: Draft) -> EditView | None:
    base = draft.base
    if base is None:
        return None
    kept = {file.url for file in draft.kept_files}
    files = tuple(
        KeptFileView(
            file.url,
            safe_filename(file.filename),
            size_text(file.size_bytes) if file.size_bytes is not None else "",
            file.url in kept,
        )
        for file in base.attachments
    )
    loss = loss_words(base.note_html)
    warning = f"{loss} Saving drops it; all of the text stays." if loss else ""
    return EditView(base.author_name, base.activity_at or base.created_at, warning, files)


def _choice(contact: Contact) -> ContactChoice:
    name = contact.name or (contact.emails[0] if contact.emails else "Unnamed contact")
    label = f"{name}, {contact.title}" if contact.title else name
    return ContactChoice(contact.id, " ".join(label.split()))


def _saved_line(state: AppState) -> Line:
    draft = state.draft
    if state.save_problem is not None:
        return Line(words_for(state.save_problem).text, Tone.BAD, key="save")
    if not draft.has_words or is_untouched(draft):
        return Line("")
    if state.saved_revisions.get(draft.id, -1) >= draft.revision:
        return Line("Saved", Tone.QUIET)
    return Line("Saving…" if state.is_loaded else "Kept in this window", Tone.BUSY)


def sign_in_view(state: AppState) -> SignInView:
    """The first-run screen, where no account is signed in."""
    busy = state.sign_in is SignInState.CHECKING
    line = closing_line(state)
    if line is None and state.sign_in_problem is not None:
        line = Line(words_for(state.sign_in_problem).text, Tone.BAD)
    elif line is None and busy:
        line = Line("Asking Close whose key this is…", Tone.BUSY)
    elif line is None and state.has_signed_out:
        what = "leads kept for search and the notes" if state.has_lost_index else "notes"
        told = f"Signed out. The {what} read from Close were deleted from this computer."
        stays = "Your drafts and waiting notes stay, and come back when you sign in again."
        line = Line(f"{told} {stays}", Tone.QUIET)
    is_asked = state.is_adding_account and state.sign_in is SignInState.SIGNED_IN
    return SignInView(
        is_needed=busy or is_asked or state.sign_in is SignInState.NEEDED,
        is_busy=busy,
        line=line,
        can_leave=is_asked,
    )


def notices_view(state: AppState) -> tuple[Line, ...]:
    """The bars above the editor: why the window does not close yet, then the oldest first."""
    lines = [
        Line(words_for(n.problem).text, _tone(n.problem), _notice_actions(n.problem, n.key), n.key)
        for n in state.notices
    ]
    closing = closing_line(state)
    if closing is not None:
        lines.insert(0, closing)
    lines += [offer_line(offer_id, offer) for offer_id, offer in state.offers.items()]
    if state.last_discarded is not None:
        undo = Action(ActionKind.RESTORE_DRAFT, "Undo", state.last_discarded.id)
        dismiss = Action(ActionKind.DISMISS, "Dismiss", "discarded")
        lines.append(Line("Draft discarded.", Tone.QUIET, (undo, dismiss), "discarded"))
    return tuple(lines)


def _tone(problem: Problem) -> Tone:
    gentle = {ProblemKind.KEYRING_MISSING, ProblemKind.NOTE_EMPTY, ProblemKind.NOTE_NO_LEAD}
    return Tone.WARNING if problem.kind in gentle else Tone.BAD


def _notice_actions(problem: Problem, key: str) -> tuple[Action, ...]:
    dismiss = Action(ActionKind.DISMISS, "Dismiss", key)
    if problem.kind in SIGN_IN_KINDS:
        return (Action(ActionKind.SIGN_IN, "Sign in"), dismiss)
    if problem.kind is ProblemKind.LEAD_GONE and problem.lead_id is not None:
        heir = " ".join(problem.detail.split()) or "that lead"
        return (Action(ActionKind.PICK_LEAD, f"Write to {heir}", problem.lead_id), dismiss)
    return (dismiss,)

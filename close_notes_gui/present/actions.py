"""What the rep does, as pure steps: (state, …) → (new state, commands to post).

The rep's own doing is true at once in the window; the engine's events confirm it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import Final

from close_notes_gui.model import commands as cmd
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.ids import AttachmentId, ContactId, DraftId, LeadId, OutboxId
from close_notes_gui.model.lead import Lead
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.present.state import (
    AppState,
    LeadNotes,
    Search,
    SignInState,
    drop,
    is_blank,
    lead_notice,
    notice,
    own_draft,
    put,
)

Step = tuple[AppState, tuple[cmd.Command, ...]]


class Unset(Enum):
    """Stands for "leave it as it is" where None has a meaning of its own."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


# search and leads


def type_search(state: AppState, text: str) -> Step:
    """The words in the search field changed. The hits shown stay until others come."""
    search = replace(state.search, seq=state.search.seq + 1, text=text, stage=None, problem=None)
    return replace(state, search=search), (cmd.SearchLeads(search.seq, text),)


def clear_search(state: AppState) -> Step:
    """Empty the search; the recents show again."""
    search = Search(seq=state.search.seq + 1)
    return replace(state, search=search), (cmd.SearchLeads(search.seq, ""),)


def pick_lead(
    state: AppState,
    lead_id: LeadId,
    *,
    contact_id: ContactId | None = None,
    new_draft_id: DraftId,
    is_new: bool = False,
) -> Step:
    """Write to this lead: its own draft opens where there is one, unless a new note is wanted;
    text that has no lead yet, or one that is gone, goes with it; otherwise a blank draft.
    """
    lead = state.leads.get(lead_id, Lead(id=lead_id, name=""))
    opened = _draft_for(state, lead, contact_id, new_draft_id, is_new=is_new)
    read = lead_notice(state.draft.lead_id)
    state, left = leave_untouched(state)
    known = state.notes.get(lead_id, LeadNotes())
    picked = replace(
        state,
        drafts=put(state.drafts, opened.id, opened),
        open_draft=opened.id,
        recents=(lead_id, *(r for r in state.recents if r != lead_id)),
        notes=put(state.notes, lead_id, replace(known, is_loading=True)),
        search=Search(seq=state.search.seq + 1),
        notices=tuple(n for n in state.notices if n.key != read),
        closing=None,
    )
    commands: list[cmd.Command] = list(left)
    if opened is not state.drafts.get(opened.id):
        commands.append(cmd.ReviseDraft(opened))
    return picked, (*commands, cmd.FocusDraft(opened.id), cmd.OpenLead(lead_id))


def _draft_for(
    state: AppState,
    lead: Lead,
    contact_id: ContactId | None,
    new_draft_id: DraftId,
    *,
    is_new: bool,
) -> Draft:
    current = state.draft
    if current.lead_id == lead.id and not current.is_edit:
        return current if contact_id is None else _changed(current, contact_id=contact_id)
    is_movable = not current.is_edit and not is_blank(state, current.id)
    if is_movable and _is_gone(state, current.lead_id):
        return _changed(current, lead_id=lead.id, lead_name=lead.name, contact_id=contact_id)
    its_own = own_draft(state, lead.id)
    if its_own is not None and not is_new:
        return its_own
    if current.lead_id is None:
        return _changed(current, lead_id=lead.id, lead_name=lead.name, contact_id=contact_id)
    return Draft(
        id=new_draft_id, lead_id=lead.id, lead_name=lead.name, contact_id=contact_id, revision=1
    )


def _is_gone(state: AppState, lead_id: LeadId | None) -> bool:
    """Whether Close said that it does not have this lead any more."""
    known = state.notes.get(lead_id) if lead_id is not None else None
    problem = known.problem if known is not None else None
    return problem is not None and problem.kind is ProblemKind.LEAD_GONE


def _changed(draft: Draft, **changes: object) -> Draft:
    return replace(draft, revision=draft.revision + 1, **changes)  # type: ignore[arg-type]


# writing


def revise(
    state: AppState,
    *,
    now: datetime,
    note_html: str | None = None,
    cursor_position: int | None = None,
    title: str | None = None,
    contact_id: ContactId | Unset | None = UNSET,
    activity_at: datetime | Unset | None = UNSET,
    pinned: bool | None = None,
) -> Step:
    """What is in the editor and its fields; only what is given changes. Nothing new, no step."""
    before = state.draft
    after = replace(
        before,
        note_html=before.note_html if note_html is None else note_html,
        cursor_position=before.cursor_position if cursor_position is None else cursor_position,
        title=before.title if title is None else title,
        contact_id=before.contact_id if isinstance(contact_id, Unset) else contact_id,
        activity_at=before.activity_at if isinstance(activity_at, Unset) else activity_at,
        pinned=before.pinned if pinned is None else pinned,
    )
    if after == before:
        return state, ()
    after = replace(after, revision=before.revision + 1, changed_at=now)
    state = replace(state, drafts=put(state.drafts, after.id, after), closing=None)
    return state, (cmd.ReviseDraft(after),)


def leave_untouched(state: AppState) -> Step:
    """An edit in which nothing was changed is not kept when the rep goes on to something else."""
    draft = state.draft
    if not draft.is_edit or draft.id in state.next_drafts or not is_blank(state, draft.id):
        return state, ()
    return replace(state, drafts=drop(state.drafts, draft.id)), (cmd.DiscardDraft(draft.id),)


def send(state: AppState, *, now: datetime, next_draft_id: DraftId) -> Step:
    """Queue the open draft as it is in the state; pressed twice, it is sent once."""
    draft = state.draft
    if draft.id in state.next_drafts:
        return state, ()
    draft = replace(draft, changed_at=draft.changed_at or now)
    sending = replace(state, next_drafts=put(state.next_drafts, draft.id, next_draft_id))
    return notice(sending, "send", None), (cmd.SendDraft(draft),)


def open_next(state: AppState) -> Step:
    """The note after the one that is being sent, before that is queued: it was written on."""
    sealed = state.draft
    heir = state.next_drafts.get(sealed.id)
    if heir is None:
        return state, ()
    blank = Draft(id=heir, lead_id=sealed.lead_id, lead_name=sealed.lead_name)
    drafts = state.drafts if heir in state.drafts else put(state.drafts, heir, blank)
    return replace(state, drafts=drafts, open_draft=heir), ()


def new_note(state: AppState, *, new_draft_id: DraftId, now: datetime) -> Step:
    """A blank note with no lead; what was being written is kept among the drafts."""
    if is_blank(state, state.open_draft) and state.draft.lead_id is None:
        return clear_search(state)
    draft = Draft(id=new_draft_id, revision=1, changed_at=now)
    state, left = leave_untouched(state)
    drafts = put(state.drafts, draft.id, draft)
    state = replace(state, drafts=drafts, open_draft=draft.id, closing=None)
    state, commands = clear_search(state)
    return state, (*left, cmd.ReviseDraft(draft), cmd.FocusDraft(draft.id), *commands)


def open_draft(state: AppState, draft_id: DraftId) -> Step:
    """Go on writing this draft."""
    draft = state.drafts.get(draft_id)
    if draft is None or draft_id == state.open_draft:
        return state, ()
    before = state.draft.lead_id
    state, left = leave_untouched(state)
    commands: list[cmd.Command] = [*left, cmd.FocusDraft(draft_id)]
    if draft.lead_id is not None and draft.lead_id != before:
        commands.append(cmd.OpenLead(draft.lead_id))
    return replace(state, open_draft=draft_id, closing=None), tuple(commands)


def discard_draft(state: AppState, draft_id: DraftId, *, new_draft_id: DraftId) -> Step:
    """Put the draft away; `restore_draft` brings it back."""
    draft = state.drafts.get(draft_id)
    if draft is None or draft_id in state.next_drafts:
        return state, ()
    is_missed = not (draft.is_edit and is_blank(state, draft_id))
    drafts = drop(state.drafts, draft_id)
    opened = state.open_draft
    if opened == draft_id:
        its_own = own_draft(state, draft.lead_id) if draft.is_edit else None
        opened = its_own.id if its_own else new_draft_id
        blank = Draft(id=opened, lead_id=draft.lead_id, lead_name=draft.lead_name)
        drafts = put(drafts, opened, its_own or blank)
    last = draft if is_missed else state.last_discarded
    state = replace(state, drafts=drafts, open_draft=opened, last_discarded=last)
    return state, (cmd.DiscardDraft(draft_id),)


def restore_draft(state: AppState) -> Step:
    """Undo the last discarding."""
    if state.last_discarded is None:
        return state, ()
    return state, (cmd.RestoreDraft(state.last_discarded.id),)


# attachments


def attach_files(state: AppState, files: tuple[cmd.DroppedFile, ...], *, now: datetime) -> Step:
    """Attach dropped or picked files to the open draft, in this order."""
    if not files:
        return state, ()
    draft = replace(state.draft, changed_at=now)
    state = replace(
        state,
        drafts=put(state.drafts, draft.id, draft),
        expected={**state.expected, **{file.id: draft.id for file in files}},
    )
    return state, (cmd.ReviseDraft(draft), cmd.AttachFiles(draft.id, files))


def attach_bytes(
    state: AppState,
    *,
    attachment_id: AttachmentId,
    filename: str,
    content_type: str,
    content: bytes | Callable[[], bytes],
    now: datetime,
) -> Step:
    """Attach a pasted picture to the open draft."""
    draft = replace(state.draft, changed_at=now)
    state = replace(
        state,
        drafts=put(state.drafts, draft.id, draft),
        expected=put(state.expected, attachment_id, draft.id),
    )
    attach = cmd.AttachBytes(draft.id, attachment_id, filename, content_type, content)
    return state, (cmd.ReviseDraft(draft), attach)


def remove_attachment(state: AppState, attachment_id: AttachmentId) -> Step:
    """Take it off."""
    return state, (cmd.RemoveAttachment(attachment_id),)


def retry_attachment(state: AppState, attachment_id: AttachmentId) -> Step:
    """Try its upload again."""
    return state, (cmd.RetryAttachment(attachment_id),)


# outbox


def recall_note(state: AppState, outbox_id: OutboxId) -> Step:
    """Bring it back into the editor."""
    return replace(state, closing=None), (cmd.RecallNote(outbox_id),)


def retry_note(state: AppState, outbox_id: OutboxId) -> Step:
    """Send it now, or again."""
    return state, (cmd.RetryNote(outbox_id),)


def discard_note(state: AppState, outbox_id: OutboxId) -> Step:
    """Give it up; its text can be restored as a draft."""
    entry = state.outbox.get(outbox_id)
    if entry is None:
        return state, ()
    return replace(state, last_discarded=entry.frozen), (cmd.DiscardNote(outbox_id),)


def resolve_note(state: AppState, outbox_id: OutboxId, *, is_in_close: bool) -> Step:
    """The rep looked: it is there, or it is not."""
    return state, (cmd.ResolveNote(outbox_id, is_in_close),)


def reassign_note(state: AppState, outbox_id: OutboxId, lead_id: LeadId) -> Step:
    """Send the failed note to another lead."""
    lead = state.leads.get(lead_id)
    name = lead.name if lead else ""
    return state, (cmd.ReassignNote(outbox_id, lead_id, name),)


# notes of the lead


def load_more_notes(state: AppState) -> Step:
    """The next page of the open lead's notes."""
    lead_id = state.draft.lead_id
    notes = state.notes.get(lead_id) if lead_id else None
    if lead_id is None or notes is None or notes.is_loading or not notes.has_more:
        return state, ()
    if notes.stuck_at == len(notes.notes):
        return state, ()
    state = replace(state, notes=put(state.notes, lead_id, replace(notes, is_loading=True)))
    return state, (cmd.LoadNotes(lead_id, skip=len(notes.notes)),)


def refresh_notes(state: AppState) -> Step:
    """The open lead's notes anew."""
    lead_id = state.draft.lead_id
    if lead_id is None:
        return state, ()
    notes = state.notes.get(lead_id, LeadNotes())
    state = replace(state, notes=put(state.notes, lead_id, replace(notes, is_loading=True)))
    return state, (cmd.LoadNotes(lead_id),)


# account and settings


def sign_in(state: AppState, key: ApiKey) -> Step:
    """Try this key."""
    is_adding = state.is_adding_account and state.sign_in is SignInState.SIGNED_IN
    state = replace(
        state,
        sign_in=SignInState.CHECKING,
        sign_in_problem=None,
        is_adding_account=is_adding,
    )
    return state, (cmd.SignIn(key),)


def ask_sign_in(state: AppState) -> Step:
    """Show the first screen, to sign in anew or to another account."""
    return replace(state, is_adding_account=True, sign_in_problem=None), ()


def leave_sign_in(state: AppState) -> Step:
    """Back to the window, where there is an account to go back to."""
    if state.sign_in is not SignInState.SIGNED_IN:
        return state, ()
    return replace(state, is_adding_account=False, sign_in_problem=None), ()


def sign_out(state: AppState) -> Step:
    """Forget the key."""
    return state, (cmd.SignOut(),)


def clear_index(state: AppState) -> Step:
    """Delete the leads kept for search."""
    return state, (cmd.ClearIndex(),)


def check_network(state: AppState) -> Step:
    """Try what waits, now."""
    return state, (cmd.CheckNetwork(),)


def dismiss(state: AppState, key: str) -> Step:
    """The line was read."""
    if key == "template":
        return replace(state, deleted_template=None, told_of_templates=""), ()
    if key == "discarded":
        return replace(state, last_discarded=None), ()
    if key == "closing":
        return replace(state, closing=None), ()
    return notice(state, key, None), ()

"""What the rep does to notes that are in Close, as pure steps: (state, …) → (state, commands).

What is done shows at once; the engine's events confirm it, or put it back with the reason.
"""

from dataclasses import replace
from datetime import datetime

from close_notes_gui import markup
from close_notes_gui.model import commands as cmd
from close_notes_gui.model.amendment import AmendmentKind, AmendmentState
from close_notes_gui.model.draft import Draft, OtherLead, OutboxEntry, OutboxState
from close_notes_gui.model.ids import AmendmentId, DraftId, LeadId, NoteId, OutboxId
from close_notes_gui.model.note import CommentText, Note, NoteAttachment
from close_notes_gui.model.richtext import EMPTY_NOTE_HTML
from close_notes_gui.present.actions import Step, leave_untouched, open_draft
from close_notes_gui.present.edits import begin_edit, canonical
from close_notes_gui.present.filtering import NoteFilter
from close_notes_gui.present.state import AppState, NoteComments, put


def find_note(state: AppState, note_id: NoteId) -> Note | None:
    """A note of the open lead, as Close had it last."""
    lead_id = state.draft.lead_id
    known = state.notes.get(lead_id) if lead_id else None
    return next((n for n in (known.notes if known else ()) if n.id == note_id), None)


def edit_on_its_way(state: AppState, note_id: NoteId) -> OutboxEntry | None:
    """The edit of this note that waits in the outbox."""
    edits = (e for e in state.outbox.values() if e.frozen.base and e.frozen.base.id == note_id)
    return next(edits, None)


def is_in_conflict(state: AppState, note_id: NoteId) -> bool:
    """Whether an edit of this note waits for the rep's word, as somebody changed it meanwhile."""
    waiting = edit_on_its_way(state, note_id)
    return waiting is not None and waiting.state is OutboxState.ASKING


def edit_note(state: AppState, note_id: NoteId, *, new_draft_id: DraftId, now: datetime) -> Step:
    """Open the note in the editor. An edit begun before goes on, one that waits comes back; but
    one that is in conflict does not: it would come back as if the other text had been seen.
    """
    if is_in_conflict(state, note_id):
        return state, ()
    waiting = edit_on_its_way(state, note_id)
    if waiting is not None:
        return state, (cmd.RecallNote(waiting.id),)
    begun = [d for d in state.drafts.values() if d.base is not None and d.base.id == note_id]
    if begun:
        return open_draft(state, begun[0].id)
    note = find_note(state, note_id)
    if note is None:
        return state, ()
    name = state.leads[note.lead_id].name if note.lead_id in state.leads else state.draft.lead_name
    return _open(state, begin_edit(note, lead_name=name, draft_id=new_draft_id, now=now))


def duplicate_note(
    state: AppState, note_id: NoteId, *, new_draft_id: DraftId, now: datetime
) -> Step:
    """A new note on the same lead with the same text; files stay where they are."""
    note = find_note(state, note_id)
    if note is None:
        return state, ()
    lead = state.leads.get(note.lead_id)
    copy = Draft(
        id=new_draft_id,
        lead_id=note.lead_id,
        lead_name=lead.name if lead else state.draft.lead_name,
        note_html=canonical(note.note_html),
        title=note.title,
        contact_id=note.contact_id,
        revision=1,
        changed_at=now,
    )
    told = "A new note with the same text. Its files were not copied." if note.attachments else ""
    state, commands = _open(state, copy)
    return replace(state, told=told), commands


def _open(state: AppState, draft: Draft) -> Step:
    state, left = leave_untouched(state)
    state = replace(state, drafts=put(state.drafts, draft.id, draft), open_draft=draft.id)
    return state, (*left, cmd.ReviseDraft(draft), cmd.FocusDraft(draft.id))


def drop_kept_file(state: AppState, url: str, *, now: datetime) -> Step:
    """The edit takes this file off the note."""
    kept = tuple(file for file in state.draft.kept_files if file.url != url)
    return _keep_files(state, kept, now)


def keep_file(state: AppState, url: str, *, now: datetime) -> Step:
    """The file stays after all, at its old place."""
    base = state.draft.base
    wanted = {file.url for file in state.draft.kept_files} | {url}
    kept = tuple(file for file in (base.attachments if base else ()) if file.url in wanted)
    return _keep_files(state, kept, now)


def _keep_files(state: AppState, kept: tuple[NoteAttachment, ...], now: datetime) -> Step:
    draft = state.draft
    if draft.base is None or kept == draft.kept_files:
        return state, ()
    return _revised(
        state, replace(draft, kept_files=kept, revision=draft.revision + 1, changed_at=now)
    )


def _revised(state: AppState, draft: Draft) -> Step:
    return replace(state, drafts=put(state.drafts, draft.id, draft)), (cmd.ReviseDraft(draft),)


def send_as_new(state: AppState, outbox_id: OutboxId) -> Step:
    """The note that was edited is gone from Close: its text goes as a new note."""
    return state, (cmd.SendAsNew(outbox_id),)


def overwrite_note(state: AppState, outbox_id: OutboxId) -> Step:
    """The rep has seen what Close has, and the edit goes all the same."""
    return state, (cmd.OverwriteNote(outbox_id),)


# several leads


def add_lead(state: AppState, lead_id: LeadId, *, now: datetime) -> Step:
    """The note goes to this lead as well, as a note of its own."""
    draft, lead = state.draft, state.leads.get(lead_id)
    known = {draft.lead_id, *(other.lead_id for other in draft.also_leads)}
    if lead is None or lead_id in known or draft.is_edit or draft.id in state.next_drafts:
        return state, ()
    also = (*draft.also_leads, OtherLead(lead_id, lead.name))
    return _revised(
        state, replace(draft, also_leads=also, revision=draft.revision + 1, changed_at=now)
    )


def remove_lead(state: AppState, lead_id: LeadId, *, now: datetime) -> Step:
    """The note does not go to this further lead."""
    draft = state.draft
    also = tuple(other for other in draft.also_leads if other.lead_id != lead_id)
    if also == draft.also_leads or draft.id in state.next_drafts:
        return state, ()
    return _revised(
        state, replace(draft, also_leads=also, revision=draft.revision + 1, changed_at=now)
    )


# pin, delete, comment


def amend(
    state: AppState, note_id: NoteId, kind: AmendmentKind, *, amendment_id: AmendmentId
) -> Step:
    """Pin, unpin or delete. One that failed is put away; what is in hand already goes on; to
    unpin what was pinned a moment ago takes that back.
    """
    note = find_note(state, note_id)
    if note is None:
        return state, ()
    commands: list[cmd.Command] = []
    for known in state.amendments.values():
        if known.note.id != note_id or known.kind is AmendmentKind.COMMENT:
            continue
        if known.state is AmendmentState.FAILED:
            commands.append(cmd.UndoAmendment(known.id))
        elif known.kind in {kind, AmendmentKind.DELETE}:
            return state, ()
        elif known.state is AmendmentState.HELD and kind is not AmendmentKind.DELETE:
            return state, (cmd.UndoAmendment(known.id),)
    return state, (*commands, cmd.AmendNote(amendment_id, kind, note))


def undo_amendment(state: AppState, amendment_id: AmendmentId) -> Step:
    """Take it back, or put the failed one away; the words of a comment come back to its field once
    it is certain that they are not added.
    """
    return state, (cmd.UndoAmendment(amendment_id),)


def retry_amendment(state: AppState, amendment_id: AmendmentId) -> Step:
    """Try it now, or again."""
    return state, (cmd.RetryAmendment(amendment_id),)


def toggle_comments(state: AppState, note_id: NoteId) -> Step:
    """Open or shut the comments beneath a note; what is being written stays."""
    known = state.comments.get(note_id, NoteComments())
    if known.is_open:
        return _with_comments(state, note_id, replace(known, is_open=False)), ()
    opened = replace(known, is_open=True, is_loading=True)
    return _with_comments(state, note_id, opened), (cmd.LoadComments(note_id),)


def write_comment(state: AppState, note_id: NoteId, body_html: str) -> Step:
    """What is in the comment's field now."""
    known = state.comments.get(note_id, NoteComments())
    if body_html == (known.text_html or EMPTY_NOTE_HTML):
        return state, ()
    state = _with_comments(state, note_id, replace(known, text_html=body_html))
    return state, (cmd.KeepCommentText(CommentText(note_id, body_html)),)


def add_comment(
    state: AppState, note_id: NoteId, body_html: str, *, amendment_id: AmendmentId
) -> Step:
    """Add what was written, once. The field is emptied when the engine has it on disk. What
    cannot be added is kept as what is being written.
    """
    known = state.comments.get(note_id, NoteComments())
    note = find_note(state, note_id)
    if not markup.has_content(body_html):
        return state, ()
    if known.adding is not None or note is None:
        return write_comment(state, note_id, body_html)
    known = replace(known, text_html=body_html, adding=amendment_id)
    add = cmd.AmendNote(amendment_id, AmendmentKind.COMMENT, note, body_html)
    keep = cmd.KeepCommentText(CommentText(note_id, body_html))
    return _with_comments(state, note_id, known), (keep, add)


def _with_comments(state: AppState, note_id: NoteId, comments: NoteComments) -> AppState:
    return replace(state, comments=put(state.comments, note_id, comments))


# what is shown


def filter_notes(state: AppState, wanted: NoteFilter) -> Step:
    """Show only the notes of the open lead that fit."""
    lead_id = state.draft.lead_id
    if lead_id is None:
        return state, ()
    return replace(state, note_filters=put(state.note_filters, lead_id, wanted)), ()


def tell(state: AppState, words: str) -> Step:
    """A short word in the status line, until the next one."""
    return replace(state, told=words), ()

"""AppState → the timeline: notes in Close as they will be, edits on their way, comments. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from close_notes_gui.markup import has_content
from close_notes_gui.model.amendment import Amendment, AmendmentKind, AmendmentState
from close_notes_gui.model.draft import OutboxEntry
from close_notes_gui.model.ids import NoteId
from close_notes_gui.model.note import Note
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.present.filtering import NoteFilter, matching
from close_notes_gui.present.show_amendments import amendment_line
from close_notes_gui.present.show_files import note_file_view
from close_notes_gui.present.show_outbox import entry_line
from close_notes_gui.present.state import AppState, LeadNotes, NoteComments
from close_notes_gui.present.views import (
    AuthorChoice,
    CommentsView,
    CommentView,
    Line,
    NoteFileView,
    NoteItem,
    TimelineView,
    Tone,
)
from close_notes_gui.present.when import plural, relative, size_text
from close_notes_gui.present.wording import words_for

K, S = AmendmentKind, AmendmentState


def timeline_view(state: AppState, now: datetime) -> TimelineView:
    """The open lead's notes: new ones on their way first, then pinned, then newest first."""
    lead_id = state.draft.lead_id
    if lead_id is None:
        return TimelineView(None, line=Line("Choose a lead to see its notes."))
    known = state.notes.get(lead_id, LeadNotes())
    entries = [e for e in state.outbox.values() if e.frozen.lead_id == lead_id]
    new = sorted((e for e in entries if not e.frozen.is_edit), key=lambda e: e.queued_at)
    wanted = state.note_filters.get(lead_id, NoteFilter())
    shown = matching(known.notes, wanted)
    items = (
        *(_waiting_item(state, e, now) for e in reversed(new) if not wanted.is_active),
        *_items(state, shown, now),
    )
    return TimelineView(
        lead_id,
        items,
        _line(known, wanted, bool(items), now),
        known.has_more,
        filter=wanted,
        authors=_authors(state, known.notes),
        found=_found(known, wanted, len(shown)),
    )


def _line(known: LeadNotes, wanted: NoteFilter, has_items: bool, now: datetime) -> Line | None:
    age = relative(known.fetched_at, now)
    as_of = f" as of {age}" if age else ""
    if known.problem is not None:
        words = words_for(known.problem)
        kept = f" Showing the notes{as_of}." if has_items else ""
        return Line(words.what + kept, Tone.WARNING)
    if known.is_loading and not wanted.is_active:
        return None if has_items else Line("Loading notes…", Tone.BUSY)
    if known.is_cached:
        return Line(f"Offline. Showing the notes{as_of}.", Tone.WARNING)
    if has_items or known.is_loading or known.has_more:
        return None
    if wanted.is_active:
        return Line("No note on this lead fits. Try fewer words or another filter.")
    return Line("No notes on this lead yet. Yours will be the first.")


def _found(known: LeadNotes, wanted: NoteFilter, number: int) -> str:
    if not wanted.is_active:
        return ""
    of = plural(len(known.notes), "note", "notes")
    if known.has_more:
        return f"{number} of the {of} read so far"
    return f"{number} of {of}"


def _authors(state: AppState, notes: tuple[Note, ...]) -> tuple[AuthorChoice, ...]:
    me = state.account.user_id if state.account else None
    names = {n.user_id: n.author_name or "Unknown" for n in notes if n.user_id is not None}
    others = sorted(
        (AuthorChoice(i, " ".join(name.split())) for i, name in names.items() if i != me),
        key=lambda choice: choice.label.casefold(),
    )
    mine = (AuthorChoice(me, "Me"),) if me is not None else ()
    return (AuthorChoice(None, "Anyone"), *mine, *others)


def _items(state: AppState, notes: tuple[Note, ...], now: datetime) -> Iterable[NoteItem]:
    """Each note as it will be once Close has done what was asked of it; pinned ones first."""
    asked: dict[NoteId, list[Amendment]] = {}
    for amendment in state.amendments.values():
        asked.setdefault(amendment.note.id, []).append(amendment)
    edits = {e.frozen.base.id: e for e in state.outbox.values() if e.frozen.base is not None}
    pinned: list[NoteItem] = []
    others: list[NoteItem] = []
    for note in notes:
        item = _item(state, note, asked.get(note.id, []), edits.get(note.id), now)
        (pinned if item.pinned else others).append(item)
    return (*pinned, *others)


def _item(
    state: AppState,
    note: Note,
    asked: list[Amendment],
    edit: OutboxEntry | None,
    now: datetime,
) -> NoteItem:
    item = _note_item(state, note)
    if edit is not None:
        item = _edited(state, item, edit, now)
    for amendment in asked:
        item = _amended(state, item, amendment)
    known = state.comments.get(note.id)
    if known is None:
        return item
    if known.is_open:
        return replace(item, comments=_comments_view(state, known, asked))
    return replace(item, has_comment_begun=bool(known.text_html) and has_content(known.text_html))


def _note_item(state: AppState, note: Note) -> NoteItem:
    contact = ""
    if note.contact_id is not None:
        lead = state.leads.get(note.lead_id)
        names = [c.name for c in (lead.contacts if lead else ()) if c.id == note.contact_id]
        contact = names[0] if names else ""
    item = _bare_item(note, contact)
    if not note.attachments:
        return item
    return replace(item, files=tuple(note_file_view(state, file) for file in note.attachments))


@lru_cache(maxsize=20_000)  # thousands are shown anew when one changes
def _bare_item(note: Note, contact: str) -> NoteItem:
    return NoteItem(
        key=note.id,
        note_id=note.id,
        title=note.title,
        author=note.author_name,
        at=note.activity_at or note.created_at,
        note_html=note.note_html,
        pinned=note.pinned,
        contact=contact,
        comment_count=note.comment_count,
    )


def _edited(state: AppState, item: NoteItem, edit: OutboxEntry, now: datetime) -> NoteItem:
    """The note as its edit will make it."""
    frozen = edit.frozen
    kept = tuple(note_file_view(state, file) for file in frozen.kept_files)
    return replace(
        item,
        title=frozen.title,
        at=frozen.activity_at or item.at,
        note_html=frozen.note_html,
        pinned=frozen.pinned,
        files=(*kept, *_new_files(state, edit)),
        pending=entry_line(state, edit, now),
    )


def _amended(state: AppState, item: NoteItem, amendment: Amendment) -> NoteItem:
    if amendment.kind is K.COMMENT:
        return item
    line = amendment_line(state, amendment)
    if amendment.state is S.FAILED:
        return replace(item, line=line)
    if amendment.kind is K.DELETE:
        return replace(item, line=line, is_deleted=True)
    return replace(item, line=line, pinned=amendment.kind is K.PIN)


def _waiting_item(state: AppState, entry: OutboxEntry, now: datetime) -> NoteItem:
    frozen = entry.frozen
    return NoteItem(
        key=entry.id,
        note_id=None,
        title=frozen.title,
        author=state.account.user_name if state.account else "",
        at=frozen.activity_at or entry.queued_at,
        note_html=frozen.note_html,
        pinned=frozen.pinned,
        files=_new_files(state, entry),
        pending=entry_line(state, entry, now),
    )


def _new_files(state: AppState, entry: OutboxEntry) -> tuple[NoteFileView, ...]:
    return tuple(
        NoteFileView(a.filename, size_text(a.size_bytes), "", a.content_type)
        for a in state.attachments_of(entry.frozen.id)
    )


def _comments_view(state: AppState, known: NoteComments, asked: list[Amendment]) -> CommentsView:
    there = [
        CommentView(c.id, c.author_name or "Unknown", c.created_at, c.body_html)
        for c in known.comments
    ]
    me = state.account.user_name if state.account else ""
    waiting = [
        CommentView(a.id, me, a.asked_at, a.body_html, amendment_line(state, a))
        for a in asked
        if a.kind is K.COMMENT
    ]
    return CommentsView(
        comments=(*there, *waiting),
        line=_comments_line(known, bool(there or waiting)),
        text_html=known.text_html,
        is_adding=known.adding is not None,
    )


def _comments_line(known: NoteComments, has_any: bool) -> Line | None:
    if known.problem is not None:
        offline = known.problem.kind is ProblemKind.OFFLINE
        told = "Offline." if offline else words_for(known.problem).what
        return Line(f"{told} The comments could not be read.", Tone.WARNING)
    if known.is_loading:
        return None if has_any else Line("Reading the comments…", Tone.BUSY)
    return None

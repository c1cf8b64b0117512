"""Edits of notes that are in Close, as drafts: how one begins, and whether it changes anything.

Pure.
"""

from datetime import datetime
from functools import lru_cache

from close_notes_gui import markup
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.ids import DraftId
from close_notes_gui.model.note import Note

# Words for what the editor cannot hold, by tag or attribute; what is named nowhere is "formatting".
_NAMES = {
    **dict.fromkeys(("table", "thead", "tbody", "tr", "td", "th", "caption"), "a table"),
    "details": "a fold-out part",
    "iframe": "an embedded page",
    "video": "a video",
    "audio": "a sound",
    "mark": "highlighted words",
    "sub": "lowered words",
    "sup": "raised words",
    "style": "colours or sizes",
}
_UNSEEN = {"div", "section", "font", "id", "lang", "dir", "colgroup", "col", "tfoot", "summary"}


def begin_edit(note: Note, *, lead_name: str, draft_id: DraftId, now: datetime) -> Draft:
    """The draft that changes this note, holding what the note holds."""
    return Draft(
        id=draft_id,
        lead_id=note.lead_id,
        lead_name=lead_name,
        note_html=canonical(note.note_html),
        title=note.title,
        contact_id=note.contact_id,
        pinned=note.pinned,
        revision=1,
        changed_at=now,
        base=note,
        kept_files=note.attachments,
    )


def is_untouched(draft: Draft) -> bool:
    """Whether the draft is an edit that would change nothing; new files are not looked at."""
    base = draft.base
    return (
        base is not None
        and draft.title == base.title
        and draft.contact_id == base.contact_id
        and draft.pinned == base.pinned
        and draft.activity_at in {None, base.activity_at}
        and draft.kept_files == base.attachments
        and draft.note_html in {base.note_html, canonical(base.note_html)}
    )


@lru_cache(maxsize=32)
def canonical(note_html: str) -> str:
    """A note of any origin as the editor holds it."""
    return markup.to_note_html(markup.from_note_html(note_html))


@lru_cache(maxsize=32)
def loss_words(note_html: str) -> str:
    """What of the note an edit would drop, in words; empty where all of it stays."""
    lost = markup.read_note(note_html).lost
    seen = [n for n in lost if n not in _UNSEEN and not n.startswith(("data-", "aria-"))]
    names = list(dict.fromkeys(_NAMES.get(name, "formatting") for name in seen))
    if not names:
        return ""
    listed = ", ".join(names[:-1])
    what = f"{listed} and {names[-1]}" if listed else names[-1]
    return f"This note has {what} that Close Notes cannot keep."

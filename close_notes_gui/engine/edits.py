"""What an edit wants of a note in Close, and whether that is in conflict with what Close has now.

Pure; any thread. Three versions are compared field by field: the note when the edit began (the
base), the edit, and the note as Close has it now. Markup is compared in canonical form, for Close
spells it in its own way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from close_notes_gui.engine.reconcile import file_token
from close_notes_gui.markup import canonical_text, from_note_html, to_note_html
from close_notes_gui.model.draft import Attachment, Draft
from close_notes_gui.model.ids import ContactId
from close_notes_gui.model.note import UNSET, Note, NoteAttachment, NoteChanges

_MILLISECOND_US: Final = 1000


@dataclass(frozen=True, slots=True)
class Fields:
    """What a note says, in a form that can be compared."""

    note_html: str
    title: str
    contact_id: ContactId | None
    pinned: bool
    activity_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that the edit adds: it is up, and `minted` is every address it ever had."""

    attachment: Attachment
    minted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Someone changed in Close what the edit would overwrite."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is still to be changed."""

    changes: NoteChanges


@dataclass(frozen=True, slots=True)
class Done:
    """Close has it all."""


def canonical(note_html: str) -> str:
    """The markup as this program would write it."""
    return to_note_html(from_note_html(note_html))


def changed_fields(draft: Draft) -> frozenset[str]:
    """Names of the Fields that the edit changes."""
    assert draft.base is not None
    base, edit = _fields_of(draft.base), _fields_of_edit(draft)
    return frozenset(
        name for name in Fields.__slots__ if getattr(base, name) != getattr(edit, name)
    )


def removed_files(draft: Draft) -> frozenset[str]:
    """Tokens of the files that the edit takes off."""
    assert draft.base is not None
    return _tokens(draft.base.attachments) - _tokens(draft.kept_files)


def compare(
    draft: Draft,
    now: Note,
    *,
    new_files: tuple[NewFile, ...] = (),
    was_asked: bool = False,
) -> Conflict | Wanted | Done:
    """What is to be done about the note as Close has it `now`.

    `was_asked`: an earlier attempt may have been carried out. An earlier edit of the rep's own
    that is not in the base is as much in conflict as a colleague's. Files are never in conflict:
    what others added stays, what others took off stays off.
    """
    assert draft.base is not None
    before, there, edit = _fields_of(draft.base), _fields_of(now), _fields_of_edit(draft)
    todo: set[str] = set()
    for name in changed_fields(draft):
        if _is_as_wanted(name, edit, there) or (
            was_asked and _is_respelled(name, edit, there, before)
        ):
            continue
        if getattr(there, name) != getattr(before, name):
            return Conflict()
        todo.add(name)
    files = _files_wanted(draft, now, new_files)
    if not todo and files is None:
        return Done()
    return Wanted(_changes(draft, todo, files))


def rebased(draft: Draft, now: Note) -> Draft:
    """The edit on what Close has now: the rep's where the rep changed something, Close's in
    everything else.
    """
    mine = changed_fields(draft)
    return replace(
        draft,
        base=now,
        note_html=draft.note_html if "note_html" in mine else canonical(now.note_html),
        title=draft.title if "title" in mine else now.title,
        contact_id=draft.contact_id if "contact_id" in mine else now.contact_id,
        pinned=draft.pinned if "pinned" in mine else now.pinned,
        activity_at=draft.activity_at if "activity_at" in mine else None,
        kept_files=_left_of(draft, now),
        revision=draft.revision + 1,
    )


def as_new_note(draft: Draft) -> Draft:
    """The edit of a note that is gone, as a new note of the same date. Its old files went with
    the note.
    """
    assert draft.base is not None
    return replace(
        draft,
        base=None,
        kept_files=(),
        activity_at=draft.activity_at or draft.base.activity_at,
    )


def _fields_of(note: Note) -> Fields:
    return Fields(
        note_html=canonical(note.note_html),
        title=_folded(note.title),
        contact_id=note.contact_id,
        pinned=note.pinned,
        activity_at=_whole_ms(note.activity_at),
    )


def _fields_of_edit(draft: Draft) -> Fields:
    assert draft.base is not None
    return Fields(
        note_html=canonical(draft.note_html),
        title=_folded(draft.title),
        contact_id=draft.contact_id,
        pinned=draft.pinned,
        activity_at=_whole_ms(draft.activity_at or draft.base.activity_at),
    )


def _is_as_wanted(name: str, edit: Fields, there: Fields) -> bool:
    wanted, value = getattr(edit, name), getattr(there, name)
    if isinstance(wanted, datetime):
        return value in {wanted, wanted.replace(microsecond=0)}  # a server that keeps seconds
    return bool(value == wanted)


def _is_respelled(name: str, edit: Fields, there: Fields, before: Fields) -> bool:
    """Whether it may be what we asked for, in a server's own way to write it: the new words, and
    only the markup is another.
    """
    if name != "note_html":
        return False
    words = canonical_text(edit.note_html)
    return canonical_text(there.note_html) == words != canonical_text(before.note_html)


def _files_wanted(
    draft: Draft, now: Note, new_files: tuple[NewFile, ...]
) -> tuple[NoteAttachment, ...] | None:
    """The full list to ask for; None where the note has the files that it shall have."""
    there = _tokens(now.attachments)
    missing = [new.attachment for new in new_files if not _tokens_of(new.minted) & there]
    left = _left_of(draft, now)
    if not missing and len(left) == len(now.attachments):
        return None
    return (
        *left,
        *(
            NoteAttachment(file.url, file.filename, file.content_type)
            for file in missing
            if file.url is not None
        ),
    )


def _left_of(draft: Draft, now: Note) -> tuple[NoteAttachment, ...]:
    """The note's files without those that the edit takes off."""
    removed = removed_files(draft)
    return tuple(file for file in now.attachments if file_token(file.url) not in removed)


def _changes(draft: Draft, todo: set[str], files: tuple[NoteAttachment, ...] | None) -> NoteChanges:
    date = draft.activity_at
    return NoteChanges(
        note_html=draft.note_html if "note_html" in todo else UNSET,
        title=draft.title if "title" in todo else UNSET,
        contact_id=draft.contact_id if "contact_id" in todo else UNSET,
        pinned=draft.pinned if "pinned" in todo else UNSET,
        activity_at=date if "activity_at" in todo and date is not None else UNSET,
        attachments=UNSET if files is None else files,
    )


def _tokens(files: tuple[NoteAttachment, ...]) -> frozenset[str]:
    return _tokens_of(file.url for file in files)


def _tokens_of(urls: Iterable[str]) -> frozenset[str]:
    return frozenset(file_token(url) for url in urls)


def _folded(title: str) -> str:
    return " ".join(title.split())


def _whole_ms(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    return at.replace(microsecond=at.microsecond // _MILLISECOND_US * _MILLISECOND_US)

"""Which notes of a lead are shown: by words, author, date, pin and files. Pure."""

from datetime import date
from functools import lru_cache

from close_notes_gui import markup
from close_notes_gui.model.folding import folded
from close_notes_gui.model.ids import UserId
from close_notes_gui.model.note import Note
from close_notes_gui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class NoteFilter:
    """What a note must have to be shown. Days are the rep's own, both included."""

    words: str = ""
    user_id: UserId | None = None
    since: date | None = None
    until: date | None = None
    is_pinned: bool = False
    has_files: bool = False

    @property
    def is_active(self) -> bool:
        """Whether it leaves anything out."""
        return self != NoteFilter() and (self != NoteFilter(words=self.words) or self.has_words)

    @property
    def has_words(self) -> bool:
        """Whether there are words to look for."""
        return bool(self.words.strip())


def matching(notes: tuple[Note, ...], wanted: NoteFilter) -> tuple[Note, ...]:
    """The notes that fit, in their order."""
    if not wanted.is_active:
        return notes
    words = folded(wanted.words).split()
    return tuple(note for note in notes if _fits(note, wanted, words))


def read_ahead(notes: tuple[Note, ...]) -> None:
    """Make the texts ready to be looked through: some at a time, while the rep thinks."""
    for note in notes:
        _text_of(note.note_html)


def _fits(note: Note, wanted: NoteFilter, words: list[str]) -> bool:
    if wanted.user_id is not None and note.user_id != wanted.user_id:
        return False
    if wanted.is_pinned and not note.pinned:
        return False
    if wanted.has_files and not note.attachments:
        return False
    if (wanted.since or wanted.until) and not _is_between(note, wanted.since, wanted.until):
        return False
    return not words or _has_words(note, words)


def _is_between(note: Note, since: date | None, until: date | None) -> bool:
    at = note.activity_at or note.created_at
    if at is None:
        return False
    day = at.astimezone().date()
    return (since is None or since <= day) and (until is None or day <= until)


def _has_words(note: Note, words: list[str]) -> bool:
    said = _text_of(note.note_html)
    if all(word in said for word in words):
        return True
    named = " ".join((note.title, note.author_name, *(file.filename for file in note.attachments)))
    said = f"{said} {folded(named)}"
    return all(word in said for word in words)


@lru_cache(maxsize=20_000)  # looked through again with every letter typed
def _text_of(note_html: str) -> str:
    return folded(markup.canonical_text(note_html))

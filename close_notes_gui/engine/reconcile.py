"""Tell whether a note whose answer was lost is among those that Close shows.

Pure; any thread. Never decides by one look that a note is absent; never sends anything.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol
from urllib.parse import urlsplit

from close_notes_gui.closeapi.answers import NotePage
from close_notes_gui.engine.ladder import Timings
from close_notes_gui.markup.plain import canonical_text
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.ids import NoteId, OutboxId
from close_notes_gui.model.note import Note
from close_notes_gui.store.facts import Precision
from close_notes_gui.store.traces import Trace

_MOST_PAGES: Final = 30
_SHORTEST_TOKEN: Final = 8
#: Close's clock is known to a second or two; a minute is safe.
_CLOCK_ERROR: Final = timedelta(seconds=60)
#: How much older than the first attempt the listed notes may be; it only makes the list longer.
MARGIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sought:
    """A note of ours, and everything that tells it among others.

    `claimed` are Close's notes that are known to be ours, `is_of_another` whether a date is the
    token of another entry. `has_twin`: another entry with the same words may be in Close as
    nobody knows which note.
    """

    outbox_id: OutboxId
    draft: Draft
    trace: Trace
    precision: Precision
    claimed: Mapping[NoteId, OutboxId]
    is_of_another: Callable[[datetime], bool]
    has_twin: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Close has it."""

    note: Note


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Close has something that may be it; only the rep can tell."""

    note: Note


@dataclass(frozen=True, slots=True)
class Absent:
    """Nothing of the kind is to be seen (yet)."""


Verdict = Found | LookAlike | Absent


def judge(notes: Iterable[Note], sought: Sought) -> Verdict:
    """Whether one of the rep's own notes on that lead is the one sought.

    By file addresses (minted once for each upload: certain); by our unique date with the same
    text; by text alone only while it is unknown what Close keeps of the date.
    """
    mine = [n for n in notes if sought.claimed.get(n.id, sought.outbox_id) == sought.outbox_id]
    tokens = {file_token(url) for url in sought.trace.urls}
    for note in mine:
        if tokens & {file_token(attachment.url) for attachment in note.attachments}:
            return Found(note)
    words = words_of(sought.draft.note_html, sought.draft.title)
    same_date = [note for note in mine if is_our_date(note, sought.trace, sought.precision)]
    for note in same_date:
        if words_of(note.note_html, note.title) == words:
            return Found(note)
    if same_date:
        return LookAlike(same_date[0])
    same_words = [note for note in mine if _is_same_by_words(note, words, sought)]
    if not same_words:
        return Absent()
    is_date_no_help = sought.precision in {Precision.UNKNOWN, Precision.IGNORED}
    are_words_enough = is_date_no_help and not tokens and not sought.has_twin
    if are_words_enough and _is_surely_newer(same_words[0], sought.trace):
        return Found(same_words[0])
    return LookAlike(same_words[0])


def extras(notes: Iterable[Note], sought: Sought, *, kept: NoteId) -> tuple[Note, ...]:
    """Notes that are certainly the same one posted again, apart from the `kept` one.

    None where the kept one is not to be seen (whatever it says by now: it may have been edited),
    and never by text alone. One with comments stays: somebody has answered to it.
    """
    notes = tuple(notes)
    if kept not in {note.id for note in notes}:
        return ()
    tokens = {file_token(url) for url in sought.trace.urls}
    words = words_of(sought.draft.note_html, sought.draft.title)
    same = [
        note
        for note in notes
        if words_of(note.note_html, note.title) == words
        and (
            is_our_date(note, sought.trace, sought.precision)
            or tokens & {file_token(attachment.url) for attachment in note.attachments}
        )
    ]
    return tuple(
        note
        for note in same
        if note.id != kept and note.id not in sought.claimed and not note.comment_count
    )


def words_of(note_html: str, title: str) -> tuple[str, str]:
    """What is left of a note however Close may rewrite its markup."""
    return canonical_text(note_html), " ".join(title.split())


def are_twins(one: Draft, other: Draft) -> bool:
    """Whether two notes of ours cannot be told apart by lead and words."""
    return one.lead_id == other.lead_id and words_of(one.note_html, one.title) == words_of(
        other.note_html, other.title
    )


def file_token(url: str) -> str:
    """The part of a file's address that stays when Close moves it from temporary to persisted:
    the segment before the file's name. The whole address where there is no such part.
    """
    parts = [part for part in urlsplit(url).path.split("/") if part]
    if len(parts) >= 2 and len(parts[-2]) >= _SHORTEST_TOKEN:
        return parts[-2]
    return url


def is_our_date(note: Note, trace: Trace, precision: Precision) -> bool:
    """Whether the note's date is our token, as far as Close keeps it. A token is unique, so that
    finding it is proof even before it is known what Close keeps.
    """
    whole, cut = trace.token_at, trace.token_at.replace(microsecond=0)
    match precision:
        case Precision.MILLISECONDS:
            return note.activity_at == whole
        case Precision.SECONDS:
            return note.activity_at == cut
        case Precision.UNKNOWN:
            return note.activity_at in {whole, cut}
        case Precision.IGNORED:
            return False


def precision_shown(*, sent: datetime, kept: datetime | None) -> Precision:
    """What an answered create call shows of how Close keeps dates."""
    if kept is None:
        return Precision.UNKNOWN
    if kept == sent:
        # A token on a whole second cannot tell the two apart.
        return Precision.MILLISECONDS if sent.microsecond else Precision.UNKNOWN
    if kept == sent.replace(microsecond=0):
        return Precision.SECONDS
    return Precision.IGNORED


def _is_same_by_words(note: Note, words: tuple[str, str], sought: Sought) -> bool:
    if not any(words) or words_of(note.note_html, note.title) != words:
        return False
    if note.activity_at is not None and sought.is_of_another(note.activity_at):
        return False
    first = sought.trace.first_posted_at
    return first is None or note.created_at is None or note.created_at >= first - _CLOCK_ERROR


def _is_surely_newer(note: Note, trace: Trace) -> bool:
    """Whether it was made since our first attempt; an older one is certainly another's."""
    first = trace.first_posted_at
    return (
        first is not None
        and note.created_at is not None
        and note.created_at >= first - _CLOCK_ERROR
    )


@dataclass(slots=True)
class LookUp:
    """The looks for one lost answer, on the monotonic clock (wall clocks jump).

    Invariant: `counted` looks found nothing, each at least a gap after the one before.
    """

    since_s: float
    looks: int = 0
    counted: int = 0
    last_counted_s: float | None = field(default=None)

    def saw_nothing(self, now_s: float, *, timings: Timings) -> bool:
        """Note a look that found nothing; whether that is enough to call it absent."""
        self.looks += 1
        last = self.last_counted_s
        if last is None or now_s - last >= timings.look_gap_s:
            self.counted += 1
            self.last_counted_s = now_s
        return (
            self.counted >= timings.looks_needed
            and now_s - self.since_s >= timings.quiet_s
            and self.last_counted_s == now_s
        )

    def next_look_s(self, *, timings: Timings) -> float:
        """How long until the next look: soon at first, then by the gap."""
        quick = timings.quick_looks_s
        return quick[self.looks] if self.looks < len(quick) else timings.look_gap_s


class PageAt(Protocol):
    """One page of the rep's own notes on a lead, after so many."""

    def __call__(self, skip: int, /) -> Awaitable[NotePage]:
        """May raise any CloseError that asking can."""


async def all_pages(page_at: PageAt) -> tuple[tuple[Note, ...], bool]:
    """All notes, and whether these are really all. Raises what a page raises."""
    found: list[Note] = []
    for _ in range(_MOST_PAGES):
        page = await page_at(len(found))
        found.extend(page.notes)
        if not page.has_more or not page.notes:
            return tuple(found), True
    return tuple(found), False

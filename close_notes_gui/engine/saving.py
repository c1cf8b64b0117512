"""An edit of a note in Close, at POSTING: look what Close has, and what is still to be changed.

Engine thread. Changing a note may be asked for again without harm, because each attempt looks
first: what an attempt whose answer was lost has done is found done.
"""

from contextlib import suppress

from close_notes_gui.closeapi.errors import CloseError
from close_notes_gui.engine.desk import Desk
from close_notes_gui.engine.edits import Conflict, Done, NewFile, Wanted, compare
from close_notes_gui.model.draft import Attachment, OutboxEntry
from close_notes_gui.model.events import NoteSent
from close_notes_gui.model.note import Note
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.errors import StoreError


class NotSaved(Exception):
    """The attempt ended with `error`. `was_asked`: it was the change that failed, not the look."""

    def __init__(self, error: CloseError, *, was_asked: bool) -> None:
        super().__init__(type(error).__name__)
        self.error = error
        self.was_asked = was_asked


async def save(desk: Desk, entry: OutboxEntry, files: tuple[Attachment, ...]) -> None:
    """Take an edit that is POSTING on disk to SENT or ASKING. Raises NotSaved."""
    base = entry.frozen.base
    assert base is not None
    try:
        now = await desk.ask(desk.client.note(base.id))
    except CloseError as error:
        raise NotSaved(error, was_asked=False) from error
    desk.checkpoint("compared")
    match _compared(desk, entry, now, files):
        case Conflict():
            await _ask_rep(desk, entry, now)
        case Done():
            await _land(desk, entry, now)
        case Wanted(changes):
            try:
                changed = await desk.ask(desk.client.update_note(base.id, changes))
            except CloseError as error:
                desk.checkpoint("refused")
                raise NotSaved(error, was_asked=True) from error
            desk.checkpoint("answered")
            await _land(desk, entry, changed)


def _compared(
    desk: Desk, entry: OutboxEntry, now: Note, files: tuple[Attachment, ...]
) -> Conflict | Wanted | Done:
    attachments = desk.store.attachments
    return compare(
        entry.frozen,
        now,
        new_files=tuple(NewFile(file, attachments.minted_urls(file.id)) for file in files),
        was_asked=entry.attempts > 1,
    )


async def _ask_rep(desk: Desk, entry: OutboxEntry, now: Note) -> None:
    problem = Problem(ProblemKind.NOTE_CHANGED, subject=entry.frozen.lead_name)
    asking = await desk.keep(
        lambda: desk.store.edits.conflict(entry.id, problem=problem, found=now)
    )
    if asking is not None:
        desk.checkpoint("asking")
        desk.tell(asking)


async def _land(desk: Desk, entry: OutboxEntry, note: Note) -> None:
    """Close has it as wanted: commit that, let the new files go, tell."""

    def commit() -> OutboxEntry | None:
        kept = desk.store.edits.saved(entry.id, found=note, at=desk.clock.now())
        if kept is None:
            return None
        for attachment_id in kept[1]:
            desk.store.spool.remove(attachment_id)
        return kept[0]

    sent = await desk.keep(commit)
    if sent is None:
        return
    desk.checkpoint("sent")
    desk.tell(sent)
    desk.emit(NoteSent(sent, note))
    with suppress(StoreError):  # only a cache
        desk.store.notes.add(note)

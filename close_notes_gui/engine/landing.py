"""What happens around a note's arrival: its form, the last gate, and what is kept of it.

Engine thread. Every announcement comes after its commit.
"""

import logging
from contextlib import suppress
from datetime import datetime

from close_notes_gui.closeapi.errors import CloseError, Gone
from close_notes_gui.engine.desk import Desk
from close_notes_gui.engine.reconcile import precision_shown
from close_notes_gui.markup import gate
from close_notes_gui.model.draft import Attachment, OutboxEntry, OutboxState
from close_notes_gui.model.events import LeadMissing, NoteSent
from close_notes_gui.model.ids import NoteId
from close_notes_gui.model.lead import Lead
from close_notes_gui.model.note import NewNote, Note, NoteAttachment
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.facts import Precision

log = logging.getLogger(__name__)

HEALS = 2  # ten minutes after, and at the next start


def new_note(
    entry: OutboxEntry, files: tuple[Attachment, ...], *, activity_at: datetime
) -> NewNote:
    """What Close is asked to make of a frozen draft. Its files have addresses."""
    draft = entry.frozen
    assert draft.lead_id is not None
    return NewNote(
        lead_id=draft.lead_id,
        note_html=draft.note_html,
        title=draft.title,
        contact_id=draft.contact_id,
        pinned=draft.pinned,
        activity_at=activity_at,
        attachments=tuple(
            NoteAttachment(file.url, file.filename, file.content_type)
            for file in files
            if file.url is not None
        ),
    )


async def land(
    desk: Desk, entry: OutboxEntry, note: Note, *, expect: OutboxState
) -> OutboxEntry | None:
    """Close has the note: commit that, let the files go, tell. None where it is settled already."""
    token = desk.store.traces.of(entry.id)
    shown = Precision.UNKNOWN
    if token is not None:
        shown = precision_shown(sent=token.token_at, kept=note.activity_at)

    def commit() -> OutboxEntry | None:
        if shown is not Precision.UNKNOWN:
            desk.store.facts.learn_activity_precision(shown)
        claim = desk.store.traces.claimed().get(note.id, entry.id)
        kept = desk.store.outbox.sent(
            entry.id,
            expect={expect},
            note_id=note.id if claim == entry.id else None,
            at=desk.clock.now(),
            heals=HEALS,
        )
        if kept is None:
            return None
        for attachment_id in kept[1]:
            desk.store.spool.remove(attachment_id)
        return kept[0]

    sent = await desk.keep(commit)
    if sent is not None:
        desk.checkpoint("sent")
        desk.tell(sent)
        desk.emit(NoteSent(sent, note))
        with suppress(StoreError):  # only a cache
            desk.store.notes.add(note)
    return sent


async def lead_problem(desk: Desk, entry: OutboxEntry, problem: Problem) -> Problem:
    """After a 404: whether the lead is gone, and which lead took it over."""
    lead_id = entry.frozen.lead_id
    assert lead_id is not None
    try:
        await desk.ask(desk.client.lead(lead_id))
    except Gone:
        into = await merged_into(desk, entry)
        desk.emit(LeadMissing(lead_id, merged_into=into))
        return Problem(
            ProblemKind.LEAD_GONE,
            subject=entry.frozen.lead_name,
            detail=into.name if into else "",
            lead_id=into.id if into else None,
        )
    except CloseError:
        return problem
    return Problem(ProblemKind.REFUSED, subject=problem.subject, detail=problem.detail)


async def merged_into(desk: Desk, entry: OutboxEntry) -> Lead | None:
    """The lead that took over the entry's, where Close's log tells and it can be read."""
    assert entry.frozen.lead_id is not None
    try:
        into = await desk.ask(desk.client.merged_into(entry.frozen.lead_id))
        return None if into is None else await desk.ask(desk.client.lead(into))
    except CloseError as error:
        log.info("the log of merged leads cannot be read: %s", type(error).__name__)
        return None


def gate_problem(note_html: str) -> Problem | None:
    """The last gate before the network: what it refuses is a bug of ours, and never altered."""
    try:
        gate.check(note_html)
    except gate.GateError as error:
        log.error("the gate stopped a note")  # the reason quotes the note: not here
        return Problem(ProblemKind.NOTE_NOT_SENDABLE, detail=error.reason[:200])
    return None


def note_of(entry: OutboxEntry, note_id: NoteId, *, at: datetime) -> Note:
    """The note as far as it is known here, where the rep found it in Close."""
    draft = entry.frozen
    assert draft.lead_id is not None
    return Note(
        id=note_id,
        lead_id=draft.lead_id,
        note_html=entry.look_alike_html or draft.note_html,
        title=draft.title,
        contact_id=draft.contact_id,
        pinned=draft.pinned,
        activity_at=at,
    )

"""What the start makes of what a crash left behind.

Engine thread, before anything is told or sent. Asks nothing of Close.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from close_notes_gui.engine.deeds import after_break
from close_notes_gui.engine.ladder import DEFAULT_TIMINGS, Timings
from close_notes_gui.model.amendment import AmendmentState
from close_notes_gui.model.draft import Attachment, AttachmentState, OutboxState
from close_notes_gui.model.events import AttachmentChanged, Event
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.db import HasNow
from close_notes_gui.store.errors import (
    FileChanged,
    FileVanished,
    SpoolError,
    SpoolFull,
)
from close_notes_gui.store.spool import Kept
from close_notes_gui.store.store import Store

log = logging.getLogger(__name__)

_SPOOL_KINDS: Final[tuple[tuple[type[SpoolError], ProblemKind], ...]] = (
    (SpoolFull, ProblemKind.DISK_FULL),
    (FileVanished, ProblemKind.FILE_VANISHED),
    (FileChanged, ProblemKind.FILE_CHANGED),
    (SpoolError, ProblemKind.FILE_UNREADABLE),
)


def recover(
    store: Store, *, clock: HasNow, timings: Timings = DEFAULT_TIMINGS
) -> tuple[Attachment, ...]:
    """Call once, before `Loaded` is told. Gives the attachments whose copying was cut off and
    can be begun again from their source; pass them to `recopy` once the loop runs.

    Raises StoreError.
    """
    recover_outbox(store)
    recover_amendments(store)
    for attachment in store.attachments.in_state(AttachmentState.UPLOADING):
        store.attachments.set_state(attachment.id, AttachmentState.WAITING)
    cut_off = tuple(_cut_off_copies(store))
    now = clock.now()
    store.drafts.purge(older_than=now - timings.keep_discarded)
    store.outbox.purge(sent_before=now - timings.keep_sent)
    removed = store.spool.sweep(store.attachments.ids())
    if removed:
        log.info("removed %d files that belonged to no attachment", removed)
    return cut_off


def recover_outbox(store: Store) -> None:
    """What was being posted may be in Close: UNCERTAIN, looked up first; an edit looks by itself.
    What was being uploaded begins again. Harmless where nothing was going on.
    """
    lost = Problem(ProblemKind.ANSWER_LOST)
    for entry in store.outbox.entries():
        if entry.state is OutboxState.POSTING and entry.frozen.is_edit:
            store.outbox.move(entry.id, expect={OutboxState.POSTING}, to=OutboxState.QUEUED)
        elif entry.state is OutboxState.POSTING:
            store.outbox.move(
                entry.id,
                expect={OutboxState.POSTING},
                to=OutboxState.UNCERTAIN,
                problem=lost,
            )
        elif entry.state is OutboxState.UPLOADING:
            store.outbox.move(entry.id, expect={OutboxState.UPLOADING}, to=OutboxState.QUEUED)


def recover_amendments(store: Store) -> None:
    """What was being done begins again; a comment is looked for first. Harmless where nothing was
    going on. Raises StoreError.
    """
    for amendment in store.amendments.all():
        if amendment.state is AmendmentState.DOING:
            store.amendments.move(
                amendment.id, expect={AmendmentState.DOING}, to=after_break(amendment.kind)
            )


async def recopy(
    store: Store, cut_off: tuple[Attachment, ...], *, emit: Callable[[Event], None]
) -> None:
    """Copy again, one by one, what a crash cut off. Told as AttachmentChanged each."""
    for attachment in cut_off:
        source = store.attachments.source(attachment.id)
        assert source is not None
        try:
            kept: Kept = await asyncio.to_thread(store.spool.keep, attachment.id, source)
        except SpoolError as error:
            changed = store.attachments.failed(
                attachment.id, spool_problem(error, subject=attachment.filename)
            )
        else:
            changed = store.attachments.copied(attachment.id, kept)
            if changed is None:  # removed meanwhile
                store.spool.remove(attachment.id)
        if changed is not None:
            emit(AttachmentChanged(changed))


def spool_problem(error: SpoolError, *, subject: str) -> Problem:
    """The Problem that a failed copy is."""
    kind = next(kind for known, kind in _SPOOL_KINDS if isinstance(error, known))
    detail = str(error) if kind is ProblemKind.FILE_UNREADABLE else ""
    return Problem(kind, subject=subject, detail=detail)


def _cut_off_copies(store: Store) -> list[Attachment]:
    """COPYING ones that have a source; pasted bytes and vanished files are FAILED at once."""
    cut_off = []
    for attachment in store.attachments.in_state(AttachmentState.COPYING):
        source = store.attachments.source(attachment.id)
        if source is not None and source.is_file():
            cut_off.append(attachment)
        else:
            problem = Problem(ProblemKind.FILE_VANISHED, subject=attachment.filename)
            store.attachments.failed(attachment.id, problem)
    return cut_off

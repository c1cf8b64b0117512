"""What the start makes of what a crash left behind.

Engine thread, before anything is told or sent. Asks nothing of Close.
"""

import logging

from close_notes_gui.engine.deeds import after_break
from close_notes_gui.engine.ladder import DEFAULT_TIMINGS, Timings
from close_notes_gui.model.amendment import AmendmentState
from close_notes_gui.model.draft import Attachment, AttachmentState, OutboxState
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.db import HasNow
from close_notes_gui.store.store import Store

log = logging.getLogger(__name__)


def recover(
    store: Store, *, clock: HasNow, timings: Timings = DEFAULT_TIMINGS
) -> tuple[Attachment, ...]:
    """Call once, before `Loaded` is told. Gives the attachments whose copying was cut off and
    can be begun again from their source; pass them to `Attaching.resume` once the loop runs.

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


def _cut_off_copies(store: Store) -> list[Attachment]:
    """COPYING ones that have a source, which may be on a dead drive: it is not looked at here.
    Pasted bytes are FAILED at once.
    """
    cut_off = []
    for attachment in store.attachments.in_state(AttachmentState.COPYING):
        source = store.attachments.source(attachment.id)
        if source is not None:
            cut_off.append(attachment)
        else:
            problem = Problem(ProblemKind.FILE_VANISHED, subject=attachment.filename)
            store.attachments.failed(attachment.id, problem)
    return cut_off

"""What the rep asks of the outbox: queue, recall, retry, discard, resolve, reassign.

Engine thread. Each is one commit, then its events; nothing here waits for Close.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final, TypeVar

from close_notes_gui.engine.desk import Desk, disk_problem
from close_notes_gui.engine.edits import as_new_note, changed_fields, rebased, removed_files
from close_notes_gui.engine.landing import gate_problem, note_of
from close_notes_gui.markup.plain import has_content
from close_notes_gui.model.draft import Attachment, AttachmentState, Draft, OutboxEntry, OutboxState
from close_notes_gui.model.events import (
    AttachmentChanged,
    DraftDiscarded,
    DraftOpened,
    DraftQueued,
    NoteSent,
    OutboxRemoved,
    SendRefused,
    TroubleArose,
)
from close_notes_gui.model.ids import LeadId, OutboxId, new_outbox_id
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.store.errors import StoreError

T = TypeVar("T")

_RETRIED: Final = frozenset({OutboxState.HELD, OutboxState.QUEUED, OutboxState.FAILED})


class Requests:
    """Invariant: an event is told only after its commit; a refused request changes nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def queue(self, draft: Draft, settings: Settings) -> OutboxEntry | None:
        """Freeze the draft: DraftQueued, or SendRefused and None. Asked twice for the same draft,
        it is queued once and told twice.
        """
        desk = self._desk
        try:
            problem = self._unfit(draft)
            if problem is None:
                entry = self._frozen(draft, settings)
                desk.emit(DraftQueued(draft.id, entry))
                desk.checkpoint("queued")
                return entry
        except StoreError as error:
            problem = disk_problem(error)
        desk.emit(SendRefused(draft.id, problem))
        return None

    def _frozen(self, draft: Draft, settings: Settings) -> OutboxEntry:
        outbox = self._desk.store.outbox
        now = self._desk.clock.now()
        hold_s = min(max(settings.undo_send_s, 0), self._desk.timings.longest_undo_s)
        entry = outbox.queue(
            replace(draft, changed_at=draft.changed_at or now),
            entry_id=new_outbox_id(),
            queued_at=now,
            not_before=now + timedelta(seconds=hold_s) if hold_s else None,
        )
        entry = entry or outbox.of_draft(draft.id)
        assert entry is not None
        return entry

    def _unfit(self, draft: Draft) -> Problem | None:
        """Why the draft cannot be sent."""
        if self._desk.store.outbox.of_draft(draft.id) is not None:
            return None
        if draft.lead_id is None:
            return Problem(ProblemKind.NOTE_NO_LEAD)
        attachments = self._desk.store.attachments.of_draft(draft.id)
        if not attachments and not draft.kept_files and is_empty(draft):
            return Problem(ProblemKind.NOTE_EMPTY)
        if draft.is_edit and not (attachments or changed_fields(draft) or removed_files(draft)):
            return Problem(ProblemKind.NOTE_UNCHANGED)
        lost = next((a for a in attachments if self._has_no_bytes(a)), None)
        if lost is not None:
            detail = lost.problem.detail if lost.problem else ""
            return Problem(ProblemKind.ATTACHMENT_FAILED, subject=lost.filename, detail=detail)
        return gate_problem(draft.note_html)

    def _has_no_bytes(self, attachment: Attachment) -> bool:
        is_failed = attachment.state is AttachmentState.FAILED
        return is_failed and self._desk.store.attachments.kept(attachment.id) is None

    def recall(self, outbox_id: OutboxId) -> bool:
        """OutboxRemoved and DraftOpened, or TroubleArose(TOO_LATE). An edit that is in conflict
        comes back on what Close has now.
        """
        desk = self._desk
        draft = self._tried(
            lambda: desk.store.outbox.recall(outbox_id, rebased=self._rebased(outbox_id))
        )
        if draft is None:
            return False
        desk.emit(OutboxRemoved(outbox_id))
        desk.emit(DraftOpened(draft, desk.store.attachments.of_draft(draft.id)))
        return True

    def discard(self, outbox_id: OutboxId) -> bool:
        """OutboxRemoved and DraftDiscarded."""
        desk = self._desk
        draft = self._tried(lambda: desk.store.outbox.discard(outbox_id, at=desk.clock.now()))
        if draft is None:
            return False
        desk.emit(OutboxRemoved(outbox_id))
        desk.emit(DraftDiscarded(draft.id))
        return True

    def retry(self, outbox_id: OutboxId) -> None:
        """To QUEUED from HELD, QUEUED or FAILED; files that failed get another try as well."""
        desk = self._desk

        def commit() -> OutboxEntry | None:
            entry = desk.store.outbox.get(outbox_id)
            if entry is None or entry.state not in _RETRIED:
                return None
            for attachment in desk.store.attachments.of_draft(entry.frozen.id):
                if attachment.state is AttachmentState.FAILED:
                    changed = desk.store.attachments.forget_upload(attachment.id)
                    if changed is not None and changed.state is not AttachmentState.FAILED:
                        desk.emit(AttachmentChanged(changed))
            return desk.store.outbox.move(outbox_id, expect=_RETRIED, to=OutboxState.QUEUED)

        self._told(commit, is_late_told=False)

    def reassign(self, outbox_id: OutboxId, *, lead_id: LeadId, lead_name: str) -> None:
        """FAILED to QUEUED on another lead."""
        outbox = self._desk.store.outbox
        self._told(lambda: outbox.reassign(outbox_id, lead_id=lead_id, lead_name=lead_name))

    def overwrite(self, outbox_id: OutboxId) -> None:
        """An edit, ASKING to QUEUED: it goes all the same, over what Close has now."""

        def commit() -> OutboxEntry | None:
            rebased_draft = self._rebased(outbox_id)
            if rebased_draft is None:
                return None
            return self._desk.store.edits.overwrite(outbox_id, rebased_draft)

        self._told(commit)

    def send_as_new(self, outbox_id: OutboxId) -> None:
        """An edit whose note is gone, FAILED to QUEUED: a new note."""

        def commit() -> OutboxEntry | None:
            entry = self._desk.store.outbox.get(outbox_id)
            if entry is None or not entry.frozen.is_edit:
                return None
            return self._desk.store.edits.send_as_new(outbox_id, as_new_note(entry.frozen))

        self._told(commit)

    def _rebased(self, outbox_id: OutboxId) -> Draft | None:
        """The edit that is in conflict, on what Close has now; None of any other entry."""
        entry = self._desk.store.outbox.get(outbox_id)
        if entry is None or entry.state is not OutboxState.ASKING or entry.found is None:
            return None
        return rebased(entry.frozen, entry.found)

    def resolve(self, outbox_id: OutboxId, *, is_in_close: bool) -> None:
        """ASKING to SENT, with what was shown beside it as the note; or to QUEUED."""
        outbox = self._desk.store.outbox
        asking = outbox.get(outbox_id)
        if asking is not None and asking.frozen.is_edit:
            return  # it was asked something else: `overwrite`, `recall` or `discard` answer that
        if is_in_close:
            self._is_there(outbox_id)
            return
        asked = {OutboxState.ASKING}
        self._told(lambda: outbox.move(outbox_id, expect=asked, to=OutboxState.QUEUED))

    def _is_there(self, outbox_id: OutboxId) -> None:
        desk = self._desk
        trace = desk.store.traces.of(outbox_id)
        asking = desk.store.outbox.get(outbox_id)
        if trace is None or asking is None:
            return
        note_id = trace.look_alike_id
        if note_id is not None and note_id in desk.store.traces.claimed():
            note_id = None
        sent = self._tried(
            lambda: desk.store.outbox.sent(
                outbox_id, expect={OutboxState.ASKING}, note_id=note_id, at=desk.clock.now()
            )
        )
        if sent is None:
            return
        for attachment_id in sent[1]:
            desk.store.spool.remove(attachment_id)
        desk.tell(sent[0])
        if note_id is not None:
            desk.emit(NoteSent(sent[0], note_of(asking, note_id, at=trace.token_at)))

    def _told(self, commit: Callable[[], OutboxEntry | None], *, is_late_told: bool = True) -> None:
        entry = self._tried(commit, is_late_told=is_late_told)
        if entry is not None:
            self._desk.tell(entry)

    def _tried(self, commit: Callable[[], T | None], *, is_late_told: bool = True) -> T | None:
        """The commit's result; a full disk or a rung that is past is told as trouble."""
        try:
            result = commit()
        except StoreError as error:
            self._desk.emit(TroubleArose(disk_problem(error)))
            return None
        if result is None and is_late_told:
            self._desk.emit(TroubleArose(Problem(ProblemKind.TOO_LATE)))
        return result


def is_empty(draft: Draft) -> bool:
    """Whether there is nothing to read or see in it, attachments apart."""
    return not draft.title.strip() and not has_content(draft.note_html)

"""What the rep asks of the outbox: queue, recall, retry, discard, resolve, reassign.

Engine thread. Each is one commit, then its events; nothing here waits for Close.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final, TypeVar

from close_notes_gui.engine.desk import Desk, disk_problem
from close_notes_gui.engine.edits import as_new_note, changed_fields, rebased, removed_files
from close_notes_gui.engine.landing import HEALS, gate_problem, note_of
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.markup.plain import has_content
from close_notes_gui.model.draft import Attachment, AttachmentState, Draft, OutboxEntry, OutboxState
from close_notes_gui.model.events import (
    AttachmentAdded,
    AttachmentChanged,
    AttachmentRemoved,
    DraftDiscarded,
    DraftOpened,
    DraftQueued,
    NoteSent,
    OutboxRemoved,
    SendRefused,
    TroubleArose,
)
from close_notes_gui.model.ids import (
    LeadId,
    OutboxId,
    new_attachment_id,
    new_draft_id,
    new_outbox_id,
)
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.store.batches import Part
from close_notes_gui.store.errors import SpoolError, StoreError

T = TypeVar("T")

_RETRIED: Final = frozenset({OutboxState.HELD, OutboxState.QUEUED, OutboxState.FAILED})


class Requests:
    """Invariant: an event is told only after its commit; a refused request changes nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def queue(self, draft: Draft, settings: Settings) -> tuple[OutboxEntry, ...]:
        """Freeze the draft: DraftQueued (and OutboxChanged for each further lead), or SendRefused
        and nothing. Asked twice for the same draft, it is queued once and told twice.
        """
        desk = self._desk
        try:
            problem = self._unfit(draft)
            if problem is None:
                first, *others = self._frozen(draft, settings)
                desk.emit(DraftQueued(draft.id, first))
                self._tell_others(others)
                desk.checkpoint("queued")
                return (first, *others)
        except StoreError as error:
            problem = disk_problem(error)
        except SpoolError as error:
            problem = problem_from(error)
        desk.emit(SendRefused(draft.id, problem))
        return ()

    def _frozen(self, draft: Draft, settings: Settings) -> tuple[OutboxEntry, ...]:
        now = self._desk.clock.now()
        hold_s = min(max(settings.undo_send_s, 0), self._desk.timings.longest_undo_s)
        not_before = now + timedelta(seconds=hold_s) if hold_s else None
        draft = replace(draft, changed_at=draft.changed_at or now)
        parts = parts_of(draft, self._desk.store.attachments.of_draft(draft.id))
        queued = None
        if self._desk.store.outbox.of_draft(draft.id) is None:
            self._share_bytes(parts)
            queued = self._desk.store.batches.queue(parts, queued_at=now, not_before=not_before)
        if queued:
            return queued
        entry = self._desk.store.outbox.of_draft(draft.id)
        assert entry is not None
        return (entry,)

    def _share_bytes(self, parts: tuple[Part, ...]) -> None:
        """Before the commit: what it does not come to is swept away at the next start."""
        store = self._desk.store
        for old, new in (pair for part in parts for pair in part.files):
            kept = store.attachments.kept(old)
            if kept is not None and kept.is_copy:
                store.spool.share(old, new)

    def _tell_others(self, entries: list[OutboxEntry]) -> None:
        for entry in entries:
            for attachment in self._desk.store.attachments.of_draft(entry.frozen.id):
                self._desk.emit(AttachmentAdded(attachment))
            self._desk.tell(entry)

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
        lost = next((a for a in attachments if self._has_no_bytes(a, draft)), None)
        if lost is not None:
            detail = lost.problem.detail if lost.problem else ""
            return Problem(ProblemKind.ATTACHMENT_FAILED, subject=lost.filename, detail=detail)
        return gate_problem(draft.note_html)

    def _has_no_bytes(self, attachment: Attachment, draft: Draft) -> bool:
        """Nor will have any: what is being copied has, but there is nothing of it to share yet."""
        is_failed = attachment.state is AttachmentState.FAILED
        return (is_failed or bool(draft.also_leads)) and self._desk.store.attachments.kept(
            attachment.id
        ) is None

    def recall(self, outbox_id: OutboxId) -> tuple[OutboxId, ...]:
        """OutboxRemoved and DraftOpened, or TroubleArose(TOO_LATE). An edit that is in conflict
        comes back on what Close has now; one of several leads, within the time for undo, with the
        others. Which entries are gone.
        """
        desk = self._desk
        try:
            undone = desk.store.batches.undo(outbox_id)
        except StoreError as error:
            desk.emit(TroubleArose(disk_problem(error)))
            return ()
        if undone is not None:
            for attachment_id in undone.attachments:
                desk.uploads.cancel(attachment_id)
                desk.store.spool.remove(attachment_id)
                desk.emit(AttachmentRemoved(attachment_id))
            return self._reopened(undone.draft, undone.entries)
        draft = self._tried(
            lambda: desk.store.outbox.recall(outbox_id, rebased=self._rebased(outbox_id))
        )
        return () if draft is None else self._reopened(draft, (outbox_id,))

    def _reopened(self, draft: Draft, entries: tuple[OutboxId, ...]) -> tuple[OutboxId, ...]:
        desk = self._desk
        for entry_id in entries:
            desk.emit(OutboxRemoved(entry_id))
        desk.emit(DraftOpened(draft, desk.store.attachments.of_draft(draft.id)))
        return entries

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
                outbox_id,
                expect={OutboxState.ASKING},
                note_id=note_id,
                at=desk.clock.now(),
                heals=HEALS if note_id is not None else 0,  # without it, nobody knows the extra
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


def parts_of(draft: Draft, attachments: tuple[Attachment, ...]) -> tuple[Part, ...]:
    """What each lead gets: the draft itself, and for each further lead (named once) a copy without
    the contact, who is of the first lead.
    """
    others = {lead.lead_id: lead for lead in draft.also_leads if lead.lead_id != draft.lead_id}
    if draft.is_edit:
        others = {}
    return (
        Part(replace(draft, also_leads=()), new_outbox_id()),
        *(
            Part(
                replace(
                    draft,
                    id=new_draft_id(),
                    lead_id=lead.lead_id,
                    lead_name=lead.name,
                    contact_id=None,
                    also_leads=(),
                ),
                new_outbox_id(),
                tuple((attachment.id, new_attachment_id()) for attachment in attachments),
            )
            for lead in others.values()
        ),
    )

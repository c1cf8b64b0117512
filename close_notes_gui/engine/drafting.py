"""Keeps drafts and templates: every revision is on disk before it is called saved.

Engine thread. Holds nothing of its own; the store is the only memory.
"""

from collections.abc import Callable

from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.model.commands import (
    DeleteTemplate,
    DiscardDraft,
    FocusDraft,
    KeepCommentText,
    KeepTemplate,
    RestoreDraft,
    ReviseDraft,
)
from close_notes_gui.model.events import (
    DraftDiscarded,
    DraftOpened,
    DraftSaved,
    DraftSaveFailed,
    Event,
    TemplatesChanged,
    TroubleArose,
)
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.store import Store


class Drafting:
    """Invariant: `DraftSaved` is told for what is committed, and for nothing else."""

    def __init__(self, *, store: Store, clock: Clock, emit: Callable[[Event], None]) -> None:
        self._store = store
        self._clock = clock
        self._emit = emit

    def revise(self, command: ReviseDraft) -> None:
        """DraftSaved or DraftSaveFailed. A late revision of a queued draft changes nothing and is
        told nothing. Where a later revision is on disk, that one is told.
        """
        draft, drafts = command.draft, self._store.drafts
        try:
            is_kept = drafts.save(draft)
            later = None if is_kept else drafts.later_revision(draft)
        except StoreError as error:
            self._emit(DraftSaveFailed(draft.id, draft.revision, problem_from(error)))
            return
        if is_kept:
            self._emit(DraftSaved(draft.id, draft.revision))
        elif later is not None:
            self._emit(DraftSaved(draft.id, later))

    def focus(self, command: FocusDraft) -> None:
        """Remember it for the next start; a full disk is no reason to disturb anyone."""
        try:
            self._store.drafts.focus(command.draft_id)
        except StoreError as error:
            self._emit(TroubleArose(problem_from(error)))

    def discard(self, command: DiscardDraft) -> None:
        """DraftDiscarded, also where it never was on disk; TroubleArose where it is still there."""
        try:
            self._store.drafts.discard(command.draft_id, at=self._clock.now())
        except StoreError as error:
            self._emit(TroubleArose(problem_from(error)))
        else:
            self._emit(DraftDiscarded(command.draft_id))

    def restore(self, command: RestoreDraft) -> None:
        """DraftOpened with its attachments; nothing where it is not put away."""
        try:
            draft = self._store.drafts.restore(command.draft_id)
            attachments = self._store.attachments.of_draft(command.draft_id)
        except StoreError as error:
            self._emit(TroubleArose(problem_from(error)))
            return
        if draft is not None:
            self._emit(DraftOpened(draft, attachments))

    def keep_comment_text(self, command: KeepCommentText) -> None:
        """Nothing, or TroubleArose where it could not be kept."""
        try:
            self._store.comment_texts.keep(command.text)
        except StoreError as error:
            self._emit(TroubleArose(problem_from(error)))

    def keep_template(self, command: KeepTemplate) -> None:
        """TemplatesChanged, or TroubleArose where it could not be kept."""
        self._change_templates(lambda: self._store.templates.keep(command.template))

    def delete_template(self, command: DeleteTemplate) -> None:
        """TemplatesChanged, or TroubleArose where it is still there."""
        self._change_templates(lambda: self._store.templates.delete(command.template_id))

    def _change_templates(self, change: Callable[[], None]) -> None:
        try:
            change()
            templates = self._store.templates.all()
        except StoreError as error:
            self._emit(TroubleArose(problem_from(error)))
        else:
            self._emit(TemplatesChanged(templates))

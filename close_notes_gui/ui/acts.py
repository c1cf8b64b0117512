"""The small things to press beside a line: each kind of Action and the step that it takes.

Window thread. Holds only what is in the rep's hand: what the lead picked next is for.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from close_notes_gui.model.ids import AmendmentId, AttachmentId, LeadId, OutboxId
from close_notes_gui.present import (
    actions,
    file_actions,
    note_actions,
    settings_actions,
    template_actions,
)
from close_notes_gui.present.views import Action, ActionKind
from close_notes_gui.ui.app_model import AppModel
from close_notes_gui.ui.services import Services

if TYPE_CHECKING:
    from close_notes_gui.ui.window import MainWindow

_OTHER_LEAD = "Find the lead that the waiting note belongs to"
_FURTHER_LEAD = "Find one more lead for this note"


class Acts(QObject):
    """Invariant: every ActionKind has its step."""

    outbox_asked = Signal()
    sign_in_asked = Signal()
    lead_picked = Signal(str)  # its id
    account_asked = Signal(str)
    recalled = Signal()  # a note is about to come back into the editor

    def __init__(self, window: "MainWindow", model: AppModel, services: Services) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._services = services
        self._purpose: Callable[[LeadId], None] | None = None
        do = model.do
        self.steps: Mapping[ActionKind, Callable[[str], None]] = {
            **self._outbox_steps(),
            ActionKind.PICK_LEAD: lambda target: self.lead_picked.emit(LeadId(target)),
            ActionKind.OPEN_LEAD_PAGE: services.open_address,
            ActionKind.RESTORE_DRAFT: lambda _target: do(actions.restore_draft),
            ActionKind.RETRY_ATTACHMENT: lambda target: do(
                actions.retry_attachment, AttachmentId(target)
            ),
            ActionKind.SIGN_IN: lambda _target: self.sign_in_asked.emit(),
            ActionKind.CHECK_NETWORK: lambda _target: do(actions.check_network),
            ActionKind.ATTACH_FOLDER_FILES: lambda target: do(
                file_actions.take_offer, AttachmentId(target), now=services.now()
            ),
            ActionKind.ATTACH_FOLDER_ZIP: lambda target: do(
                file_actions.take_offer, AttachmentId(target), now=services.now(), as_zip=True
            ),
            ActionKind.FETCH_PICTURE: lambda target: do(
                file_actions.take_offer, AttachmentId(target), now=services.now()
            ),
            ActionKind.LEAVE_OFFER: lambda target: do(
                file_actions.leave_offer, AttachmentId(target)
            ),
            ActionKind.DISMISS: lambda target: do(actions.dismiss, target),
            ActionKind.SHOW_OUTBOX: lambda _target: self.outbox_asked.emit(),
            ActionKind.CLOSE_NOW: lambda _target: services.close_now(),
            ActionKind.KEEP_SENDING: lambda _target: services.keep_sending(),
            **self._upkeep_steps(),
        }

    def _upkeep_steps(self) -> dict[ActionKind, Callable[[str], None]]:
        """Those about the program's own things: templates, keys, the report."""
        do, services = self._model.do, self._services
        return {
            ActionKind.RESTORE_TEMPLATE: lambda _target: do(template_actions.restore_template),
            ActionKind.USE_ACCOUNT: self.account_asked.emit,
            ActionKind.TAKE_KEY: lambda _target: do(settings_actions.take_key),
            ActionKind.LEAVE_KEY: lambda _target: do(settings_actions.leave_key),
            ActionKind.SHOW_FILE: lambda target: services.reveal_file(Path(target)),
        }

    def _outbox_steps(self) -> Mapping[ActionKind, Callable[[str], None]]:
        do = self._model.do
        return {
            ActionKind.UNDO_SEND: self._recall,
            ActionKind.EDIT_NOTE: self._recall,
            ActionKind.RETRY_NOTE: lambda target: do(actions.retry_note, OutboxId(target)),
            ActionKind.DISCARD_NOTE: lambda target: do(actions.discard_note, OutboxId(target)),
            ActionKind.IS_IN_CLOSE: lambda target: self._resolve(target, is_in_close=True),
            ActionKind.NOT_IN_CLOSE: lambda target: self._resolve(target, is_in_close=False),
            ActionKind.OVERWRITE_NOTE: lambda target: do(
                note_actions.overwrite_note, OutboxId(target)
            ),
            ActionKind.SEND_AS_NEW: lambda target: do(note_actions.send_as_new, OutboxId(target)),
            ActionKind.UNDO_AMENDMENT: lambda target: do(
                note_actions.undo_amendment, AmendmentId(target)
            ),
            ActionKind.RETRY_AMENDMENT: lambda target: do(
                note_actions.retry_amendment, AmendmentId(target)
            ),
            ActionKind.OTHER_LEAD: self._choose_other_lead,
        }

    @Slot(object)
    def act(self, action: Action) -> None:
        """Take the step."""
        self.steps[action.kind](action.target)

    def take_lead(self, lead_id: LeadId) -> bool:
        """The rep picked a lead. True where it was for something else than the next note."""
        purpose = self._purpose
        self.forget()
        if purpose is None:
            return False
        purpose(lead_id)
        self._model.do(actions.clear_search)
        return True

    def forget(self) -> None:
        """The next lead picked is for the note in the editor."""
        self._purpose = None
        self._window.picker.set_purpose("")

    def _recall(self, target: str) -> None:
        self.recalled.emit()
        self._model.do(actions.recall_note, OutboxId(target))
        self._window.outbox_panel.hide()
        self._window.compose.editor.setFocus()

    def _resolve(self, target: str, *, is_in_close: bool) -> None:
        self._model.do(actions.resolve_note, OutboxId(target), is_in_close=is_in_close)

    def _choose_other_lead(self, target: str) -> None:
        outbox_id = OutboxId(target)
        self._window.outbox_panel.hide()
        self._find(
            lambda lead_id: self._model.do(actions.reassign_note, outbox_id, lead_id), _OTHER_LEAD
        )

    def choose_further_lead(self) -> None:
        """The note in the editor goes to one more lead, found by the search."""
        now = self._services.now
        self._find(
            lambda lead_id: self._model.do(note_actions.add_lead, lead_id, now=now()), _FURTHER_LEAD
        )

    def _find(self, purpose: Callable[[LeadId], None], words: str) -> None:
        self._purpose = purpose
        self._window.picker.set_purpose(words)
        self._window.picker.open()

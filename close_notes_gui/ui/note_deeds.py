"""Between the cards of notes, the band over an edit, and the model: edit, pin, delete, copy.

Window thread.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from close_notes_gui.model.amendment import AmendmentKind
from close_notes_gui.model.ids import NoteId, new_amendment_id, new_draft_id
from close_notes_gui.present import actions, note_actions
from close_notes_gui.present.copies import CopyKind, copied
from close_notes_gui.present.filtering import read_ahead
from close_notes_gui.present.show_outbox import LEAD_PAGE
from close_notes_gui.present.views import NoteItem
from close_notes_gui.ui.app_model import AppModel
from close_notes_gui.ui.note_menu import NoteDeed
from close_notes_gui.ui.services import Services

if TYPE_CHECKING:
    from close_notes_gui.ui.window import MainWindow

_TOLD_MS = 8000
_AHEAD = 50
_KINDS = {
    NoteDeed.PIN: AmendmentKind.PIN,
    NoteDeed.UNPIN: AmendmentKind.UNPIN,
    NoteDeed.DELETE: AmendmentKind.DELETE,
}
_COPIES = {
    NoteDeed.COPY_TEXT: CopyKind.TEXT,
    NoteDeed.COPY_MARKDOWN: CopyKind.MARKDOWN,
    NoteDeed.COPY_HTML: CopyKind.HTML,
}


class NoteDeeds(QObject):
    """Invariant: what is in the editor is saved before another draft takes its place."""

    outbox_asked = Signal()

    def __init__(
        self,
        window: "MainWindow",
        model: AppModel,
        services: Services,
        *,
        save_all: Callable[[], None],
        leave_sheet: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._services = services
        self._save_all = save_all
        self._leave_sheet = leave_sheet
        self._told = QTimer(self)
        self._told.setSingleShot(True)
        self._told.setInterval(_TOLD_MS)
        self._told.timeout.connect(lambda: model.do(note_actions.tell, ""))
        self._ahead = QTimer(self)
        self._ahead.setInterval(0)
        self._ahead.timeout.connect(self._read_ahead)
        self._read_up_to = 0
        window.timeline.comment_written.connect(self._on_timeline_comment_written)
        window.timeline.comment_added.connect(self._on_timeline_comment_added)
        window.timeline.filter_opened.connect(self._on_timeline_filter_opened)
        window.timeline.deed_asked.connect(self._on_timeline_deed_asked)
        window.timeline.filter_changed.connect(
            lambda wanted: model.do(note_actions.filter_notes, wanted)
        )
        window.compose.band.cancel_asked.connect(self._on_band_cancel_asked)
        window.compose.band.file_toggled.connect(self._on_band_file_toggled)

    @Slot(object, object)
    def _on_timeline_deed_asked(self, deed: NoteDeed, item: NoteItem) -> None:
        if deed in _COPIES:
            self._copy(item, _COPIES[deed])
        elif item.note_id is None:
            return
        elif deed in _KINDS:
            kind, amendment_id = _KINDS[deed], new_amendment_id()
            self._model.do(note_actions.amend, item.note_id, kind, amendment_id=amendment_id)
        elif deed is NoteDeed.EDIT:
            self._edit(item.note_id)
        elif deed is NoteDeed.DUPLICATE:
            self._open(note_actions.duplicate_note, item.note_id)
        elif deed is NoteDeed.COMMENTS:
            self._toggle_comments(item)
        else:
            self._go_to_page(is_copy=deed is NoteDeed.COPY_LINK)

    def _on_timeline_filter_opened(self) -> None:
        self._read_up_to = 0
        self._ahead.start()

    def _read_ahead(self) -> None:
        """So that the first letters of a filter are as quick as the later ones."""
        state = self._model.state
        known = state.notes.get(state.draft.lead_id) if state.draft.lead_id else None
        some = known.notes[self._read_up_to : self._read_up_to + _AHEAD] if known else ()
        read_ahead(some)
        self._read_up_to += _AHEAD
        if not some:
            self._ahead.stop()

    def _edit(self, note_id: NoteId) -> None:
        if not note_actions.is_in_conflict(self._model.state, note_id):
            self._open(note_actions.edit_note, note_id)
        elif self._window.outbox_panel.isHidden():
            self.outbox_asked.emit()  # both texts stand there, and the rep must choose

    def _open(self, step: Callable[..., actions.Step], note_id: NoteId) -> None:
        self._leave_sheet()  # what was typed after Send is not for the note that opens
        now = self._services.now()
        self._model.do(step, note_id, new_draft_id=new_draft_id(), now=now)
        self._window.compose.editor.setFocus()
        self._tell_for_a_while()

    def _toggle_comments(self, item: NoteItem) -> None:
        assert item.note_id is not None
        self._window.timeline.flush()
        self._model.do(note_actions.toggle_comments, item.note_id)
        for card in self._window.timeline.cards:
            if card.item is not None and card.item.key == item.key:
                card.focus_comment()

    def _on_timeline_comment_written(self, note_id: str, text: str) -> None:
        self._model.do(note_actions.write_comment, NoteId(note_id), text)

    def _on_timeline_comment_added(self, note_id: str, text: str) -> None:
        self._model.do(
            note_actions.add_comment, NoteId(note_id), text, amendment_id=new_amendment_id()
        )

    def _copy(self, item: NoteItem, kind: CopyKind) -> None:
        taken = copied(item.note_html, kind, title=item.title)
        mime = QMimeData()
        mime.setText(taken.text)
        if taken.html:
            mime.setHtml(taken.html)
        QGuiApplication.clipboard().setMimeData(mime)
        self._tell(f"Copied as {kind.value}")

    def _go_to_page(self, *, is_copy: bool) -> None:
        """Close has no page for one note: the lead's shows it."""
        lead_id = self._model.state.draft.lead_id
        if lead_id is None:
            return
        address = LEAD_PAGE.format(lead_id)
        if is_copy:
            QGuiApplication.clipboard().setText(address)
            self._tell(f"Copied {address}")
        else:
            self._services.open_address(address)

    def _tell(self, words: str) -> None:
        self._model.do(note_actions.tell, words)
        self._tell_for_a_while()

    def _tell_for_a_while(self) -> None:
        if self._model.state.told:
            self._told.start()

    def _on_band_cancel_asked(self) -> None:
        self._save_all()
        draft_id = self._model.state.open_draft
        self._model.do(actions.discard_draft, draft_id, new_draft_id=new_draft_id())
        self._window.compose.editor.setFocus()

    def _on_band_file_toggled(self, url: str, is_kept: bool) -> None:
        step = note_actions.keep_file if is_kept else note_actions.drop_kept_file
        self._model.do(step, url, now=self._services.now())

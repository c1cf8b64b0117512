"""Between the widgets of files and the model: open, show, save, name, order, look at, drag out.

Window thread. Hands paths to the system only where the engine found them fit to be opened.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from close_notes_gui.model.filenames import local_filename
from close_notes_gui.model.files import FilePurpose
from close_notes_gui.model.ids import AttachmentId
from close_notes_gui.present import file_actions
from close_notes_gui.present.views import NoteFileView
from close_notes_gui.ui.app_model import AppModel
from close_notes_gui.ui.note_file import FileDeed
from close_notes_gui.ui.preview import Preview
from close_notes_gui.ui.services import Services

if TYPE_CHECKING:
    from close_notes_gui.ui.window import MainWindow


class Files(QObject):
    """Invariant: whatever becomes ready is opened or shown once; a drag begins only while the
    button that began it is still down.
    """

    def __init__(self, window: "MainWindow", model: AppModel, services: Services) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._services = services
        self._seen: object = None
        self._looked_at: NoteFileView | None = None  # on its way to the preview
        self._copied = ""  # of what is on its way to the clipboard, as below
        self._carried = ""  # the address or AttachmentId of what the mouse holds
        self.preview = Preview(window.page)
        strip = window.compose.strip
        strip.draw_pictures_from(services.pictures)
        window.timeline.draw_pictures_from(services.pictures)
        strip.open_asked.connect(lambda key: self._show(key, FilePurpose.OPEN))
        strip.reveal_asked.connect(lambda key: self._show(key, FilePurpose.REVEAL))
        strip.preview_asked.connect(self._on_strip_preview_asked)
        strip.copy_asked.connect(self._on_strip_copy_asked)
        strip.renamed.connect(self._on_strip_renamed)
        strip.moved.connect(self._on_strip_moved)
        strip.carried.connect(self._on_strip_carried)
        strip.carry_ended.connect(self._let_go)
        self.preview.left.connect(self._on_preview_left)
        window.timeline.file_asked.connect(self._on_timeline_file_asked)
        model.changed.connect(self._on_model_changed)

    def _show(self, attachment_id: str, purpose: FilePurpose) -> None:
        self._model.do(file_actions.show, AttachmentId(attachment_id), purpose)

    def _on_strip_preview_asked(self, attachment_id: str) -> None:
        for chip in self._window.compose.strip.views:
            if chip.attachment_id == attachment_id and chip.picture is not None:
                self.preview.open(chip.picture, chip.name, self._services.pictures)

    def _on_strip_renamed(self, attachment_id: str, name: str) -> None:
        self._model.do(file_actions.rename, AttachmentId(attachment_id), name)

    def _on_strip_moved(self, attachment_id: str, by: int) -> None:
        self._model.do(file_actions.move, AttachmentId(attachment_id), by=by)

    def _on_timeline_file_asked(self, deed: FileDeed, file: NoteFileView) -> None:
        match deed:
            case "look":
                self._look(file)
            case "open" | "reveal":
                self._bring(file, FilePurpose(deed))
            case "browse":
                self._services.open_address(file.url)
            case "stop":
                self._model.do(file_actions.stop_bringing, file.url)
            case "copy":
                self._copied = file.url
                self._have_at_hand(file)
            case "carry":
                self._carried = file.url
                self._have_at_hand(file)
            case "let go":
                self._let_go()
            case "save":
                place = self._services.choose_place(self._window, local_filename(file.name))
                if place is not None:
                    self._bring(file, FilePurpose.SAVE, place)

    def _bring(self, file: NoteFileView, purpose: FilePurpose, target: Path | None = None) -> None:
        self._model.do(file_actions.bring, file.url, file.name, purpose, target=target)

    def _have_at_hand(self, file: NoteFileView) -> None:
        path = self._model.state.at_hand.get(file.url)
        if path is not None and not path.is_file():
            self._model.do(file_actions.miss, file.url)
        self._bring(file, FilePurpose.AT_HAND)

    # looked at

    def _look(self, file: NoteFileView) -> None:
        if self._services.pictures is None:
            self._bring(file, FilePurpose.OPEN)
            return
        self.preview.open(file.picture, f"{file.name}, on its way here…", self._services.pictures)
        self._looked_at = file
        self._have_at_hand(file)

    def _draw_preview(self) -> None:
        file, state = self._looked_at, self._model.state
        if file is None or file.url in state.note_files:
            return
        self._looked_at = None
        path = state.at_hand.get(file.url)
        if path is not None:
            self.preview.open(path, file.name, self._services.pictures)
        else:  # it could not be brought; a line in the window says why
            self.preview.shut()

    @Slot()
    def _on_preview_left(self) -> None:
        file, self._looked_at = self._looked_at, None
        if file is not None:
            self._model.do(file_actions.stop_bringing, file.url)

    # copied, or dragged out

    def _on_strip_copy_asked(self, attachment_id: str) -> None:
        self._copied = attachment_id
        self._model.do(file_actions.hold, AttachmentId(attachment_id))

    def _on_strip_carried(self, attachment_id: str) -> None:
        self._carried = attachment_id
        self._model.do(file_actions.hold, AttachmentId(attachment_id))

    @Slot()
    def _let_go(self) -> None:
        self._carried = ""

    @Slot()
    def _drag_carried(self) -> None:
        key, self._carried = self._carried, ""
        path = self._model.state.at_hand.get(key)
        if path is None:
            return
        strip = self._window.compose.strip
        chip = strip.chip(key)
        source: QWidget | None = chip or self._window.timeline.file_button(key)
        strip.end_carry(key)
        if source is not None:
            self._services.drag_file(source, path, key if chip is not None else "")

    @Slot()
    def _on_model_changed(self) -> None:
        state = self._model.state
        if state.ready:
            self._model.do(file_actions.took_ready)
            for file in state.ready:
                if file.purpose is FilePurpose.OPEN and file.may_open:
                    self._services.open_file(file.path)
                else:
                    self._services.reveal_file(file.path)
        self._draw_preview()
        if self._copied in state.at_hand:
            copied, self._copied = self._copied, ""
            self._services.copy_file(state.at_hand[copied])
        if self._carried in state.at_hand:
            # A drag keeps the loop to itself until it ends: never within the model's own step.
            QTimer.singleShot(0, self._drag_carried)
        lead_id = state.draft.lead_id
        notes = state.notes.get(lead_id) if lead_id else None
        if lead_id is not None and notes is not None and notes is not self._seen:
            self._seen = notes
            if self._services.pictures is not None:
                self._model.do(file_actions.want_thumbnails, lead_id)

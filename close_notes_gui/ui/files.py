"""Between the widgets of files and the model: open, show, save, name, order, look at.

Window thread. Hands paths to the system only where the engine found them fit to be opened.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

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
    """Invariant: whatever becomes ready is opened or shown once."""

    def __init__(self, window: "MainWindow", model: AppModel, services: Services) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._services = services
        self._seen: object = None
        self.preview = Preview(window.page)
        strip = window.compose.strip
        strip.draw_pictures_from(services.pictures)
        window.timeline.draw_pictures_from(services.pictures)
        strip.open_asked.connect(lambda key: self._show(key, FilePurpose.OPEN))
        strip.reveal_asked.connect(lambda key: self._show(key, FilePurpose.REVEAL))
        strip.preview_asked.connect(self._on_strip_preview_asked)
        strip.renamed.connect(self._on_strip_renamed)
        strip.moved.connect(self._on_strip_moved)
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
            case "open":
                self._model.do(file_actions.bring, file.url, file.name, FilePurpose.OPEN)
            case "reveal":
                self._model.do(file_actions.bring, file.url, file.name, FilePurpose.REVEAL)
            case "browse":
                self._services.open_address(file.url)
            case "stop":
                self._model.do(file_actions.stop_bringing, file.url)
            case "save":
                place = self._services.choose_place(self._window, local_filename(file.name))
                if place is not None:
                    self._model.do(
                        file_actions.bring, file.url, file.name, FilePurpose.SAVE, target=place
                    )

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
        lead_id = state.draft.lead_id
        notes = state.notes.get(lead_id) if lead_id else None
        if lead_id is not None and notes is not None and notes is not self._seen:
            self._seen = notes
            if self._services.pictures is not None:
                self._model.do(file_actions.want_thumbnails, lead_id)

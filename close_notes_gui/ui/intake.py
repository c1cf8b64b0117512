"""What comes into the note from outside: files, pictures, text.

Window thread. Reads no file: paths and bytes in hand go on as they are.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Slot

from close_notes_gui.model.commands import DroppedFile
from close_notes_gui.model.filenames import safe_filename
from close_notes_gui.model.ids import new_attachment_id
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.present import actions, file_actions
from close_notes_gui.ui.app_model import AppModel
from close_notes_gui.ui.drops import (
    Picture,
    paths_of,
    picture_address_of,
    picture_of,
    text_of,
)
from close_notes_gui.ui.held_keys import HeldFor
from close_notes_gui.ui.services import Services
from close_notes_gui.ui.virtual_files import VirtualFile, virtual_files_of

if TYPE_CHECKING:
    from close_notes_gui.ui.window import MainWindow


class Intake(QObject):
    """Invariant: what is in the editor is saved before anything is attached or replaced."""

    def __init__(
        self,
        window: "MainWindow",
        model: AppModel,
        services: Services,
        save_all: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._services = services
        self._save_all = save_all
        self._waiting: list[Callable[[], None]] = []
        model.changed.connect(self.go_on)
        editor = window.compose.editor
        editor.filesDropped.connect(self._on_editor_files_dropped)
        editor.imagePasted.connect(self._attach_picture)
        window.dropped.connect(self._on_window_dropped)

    def choose(self) -> None:
        """Let the rep choose files."""
        self.attach(self._services.choose_files(self._window))

    def attach(self, paths: Iterable[Path]) -> None:
        """Attach these files to the note in the editor, in this order."""
        files = tuple(DroppedFile(new_attachment_id(), Path(path)) for path in paths)
        if files:
            self._once_open(lambda: self._attach(files))

    @property
    def is_waiting(self) -> bool:
        """Whether something waits for the note after the one that is being sent."""
        return bool(self._waiting)

    @Slot()
    def go_on(self) -> None:
        """Take in what waited, as far as the note in the editor is the one that it is for."""
        while self._waiting and not self._must_wait():
            self._waiting.pop(0)()

    def _must_wait(self) -> bool:
        state = self._model.state
        is_sealed = state.open_draft in state.next_drafts
        return is_sealed or self._window.compose.held.is_held_for(HeldFor.LEAD)

    def _attach(self, files: tuple[DroppedFile, ...]) -> None:
        self._save_all()
        self._model.do(actions.attach_files, files, now=self._services.now())

    def _once_open(self, step: Callable[[], None]) -> None:
        """Not into a note that is being sent, nor while the lead asked for is sought: into the
        one after it.
        """
        self._waiting.append(step)
        self.go_on()

    @Slot(list)
    def _on_editor_files_dropped(self, paths: list[Path]) -> None:
        self.attach(paths)

    @Slot(object)
    def _on_window_dropped(self, mime: QMimeData) -> None:
        paths = paths_of(mime)
        virtual = () if paths else virtual_files_of(mime)
        picture = None if paths or virtual else picture_of(mime)
        if paths:
            self.attach(paths)
        elif virtual:
            for file in virtual:
                self._attach_virtual(file)
        elif picture is not None:
            self._attach_picture(picture)
        elif address := picture_address_of(mime):
            self._model.do(file_actions.offer_address, new_attachment_id(), address)
        elif text := text_of(mime):
            self._once_open(lambda: self._window.compose.editor.insert_plain(text))

    def _attach_virtual(self, file: VirtualFile) -> None:
        if file.content:
            self._once_open(lambda: self._attach_bytes(file.filename, "", file.content))
        else:
            name = safe_filename(file.filename)
            problem = Problem(ProblemKind.FILE_NOT_GIVEN, subject=name)
            self._model.do(file_actions.refuse, problem)

    @Slot(object)
    def _attach_picture(self, picture: Picture) -> None:
        name, kind = picture.filename(self._services.now()), picture.content_type
        self._once_open(lambda: self._attach_bytes(name, kind, picture.content))

    def _attach_bytes(
        self, filename: str, content_type: str, content: bytes | Callable[[], bytes]
    ) -> None:
        self._save_all()
        self._model.do(
            actions.attach_bytes,
            attachment_id=new_attachment_id(),
            filename=filename,
            content_type=content_type,
            content=content,
            now=self._services.now(),
        )

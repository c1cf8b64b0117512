"""The row of buttons above the note: shows the state at the cursor, folds what does not fit."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from close_notes_gui.ui.richtext.editor import NoteEditor


class FormatToolbar(QWidget):
    """Invariant: each button shows what typing at the cursor would give. One row, any width."""

    previewToggled = Signal(bool)
    """The rep wants to see (or leave) the exact `note_html`."""

    def __init__(self, editor: NoteEditor, parent: QWidget | None = None) -> None: ...

"""Writing a template: its name and its text, in the editor that notes are written in.

Window thread. What is typed goes out by `revised`, by the same clock as a note.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from close_notes_gui.model.template import LONGEST_NAME
from close_notes_gui.present.template_fields import FIELDS
from close_notes_gui.ui.autosave import Autosave
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.richtext.editor import NoteEditor
from close_notes_gui.ui.richtext.toolbar import FormatToolbar

_HINT = "The fields in braces are filled in when the template goes into a note."
_EDITOR_HEIGHT = 280


class TemplateWriter(QWidget):
    """Invariant: between `load` and the next it holds that one template; nothing typed is left
    behind when it is hidden.
    """

    revised = Signal(str, str, str)  # TemplateId, name, note_html
    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._template_id = ""
        self._autosave = Autosave(self._save, self)
        self._name = QLineEdit()
        self._name.setAccessibleName("Template name")
        self._name.setPlaceholderText("Name, typed after / to insert it")
        self._name.setMaxLength(LONGEST_NAME)
        self.editor = NoteEditor()
        self.editor.setAccessibleName("Template text")
        self.editor.setPlaceholderText("What you write again and again")
        self.editor.setMinimumHeight(_EDITOR_HEIGHT)
        self._field = QPushButton("Insert a field")
        self._field.setMenu(self._field_menu())
        self._done = QPushButton("Done")
        self._done.setObjectName("main")
        self._lay_out()
        self._name.textEdited.connect(lambda _text: self._autosave.touch())
        self._name.returnPressed.connect(self.editor.setFocus)
        self.editor.revised.connect(self._autosave.touch)
        self.editor.sendRequested.connect(self.done)
        self._done.clicked.connect(self.done)

    def load(self, template_id: str, name: str, note_html: str) -> None:
        """Write on this template. What was there before must have been flushed."""
        self._autosave.forget()
        self._template_id = template_id
        self._name.setText(name)
        self.editor.load_note_html(note_html)

    def begin(self, *, at_name: bool) -> None:
        """Put the cursor into the name, all of it marked, or into the text."""
        if at_name:
            self._name.selectAll()
        (self._name if at_name else self.editor).setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Give out at once what was not given out yet."""
        if self._template_id:
            self.editor.take_in_rest()
            self._autosave.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.flush()

    def _save(self) -> None:
        self.revised.emit(self._template_id, self._name.text(), self.editor.note_html())

    def _field_menu(self) -> QMenu:
        menu = QMenu(self)
        for field, words in FIELDS:
            action = menu.addAction(f"{words}\t{{{{{field}}}}}")
            action.triggered.connect(lambda _on, field=field: self._insert_field(field))
        return menu

    def _insert_field(self, field: str) -> None:
        self.editor.insert_plain(f"{{{{{field}}}}}")
        self.editor.setFocus()

    def _lay_out(self) -> None:
        sheet = QFrame()
        sheet.setObjectName("card")
        inside = QVBoxLayout(sheet)
        inside.setContentsMargins(2, 2, 2, 2)
        inside.setSpacing(0)
        inside.addWidget(FormatToolbar(self.editor))
        inside.addWidget(self.editor, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._field)
        foot.addStretch(1)
        foot.addWidget(self._done)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._name)
        column.addWidget(sheet, 1)
        column.addWidget(label(_HINT, "quiet", wrap=True))
        column.addLayout(foot)

"""The content of the templates panel: the list of them, or the one that is being written.

Window thread.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from close_notes_gui.present.views import TemplateRow, TemplatesView
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.layouts import empty
from close_notes_gui.ui.line_view import LineView
from close_notes_gui.ui.templates.card import TemplateCard
from close_notes_gui.ui.templates.writer import TemplateWriter

_NONE = "No templates. Write one here, or keep a note as a template from the menu below it."
_HOW = "Type / and a name in a note to insert one."


class TemplateShelf(QWidget):
    """Invariant: shows either the list or the writer, which is made when first wanted: an editor
    takes a tenth of the time to start.
    """

    asked = Signal(str, str)  # insert, edit, export or delete; TemplateId
    new_asked = Signal()
    import_asked = Signal()
    export_asked = Signal()
    revised = Signal(str, str, str)  # TemplateId, name, note_html
    done = Signal()  # with writing
    acted = Signal(object)  # Action

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Templates")
        self._rows: tuple[TemplateRow, ...] | None = None
        self._writer: TemplateWriter | None = None
        self._list = QWidget()
        self._new = QPushButton("New template")
        self._cards = QVBoxLayout()
        self._cards.setSpacing(8)
        self._line = LineView()
        self._line.acted.connect(self.acted)
        self._none = label(_NONE, "quiet", wrap=True)
        self._lay_out()
        self.show_list()

    def show_view(self, view: TemplatesView) -> None:
        """Draw the list."""
        self._line.show_line(view.line)
        self._none.setVisible(not view.rows)
        if view.rows == self._rows:
            return
        self._rows = view.rows
        focused = QApplication.focusWidget()
        if focused is not None and self._list.isAncestorOf(focused):
            self._new.setFocus()  # where the focus leaves the panel, the panel shuts
        empty(self._cards)
        for row in view.rows:
            card = TemplateCard(row)
            card.asked.connect(self.asked)
            self._cards.addWidget(card)

    @property
    def writer(self) -> TemplateWriter:
        """Where one is written."""
        if self._writer is None:
            self._writer = TemplateWriter()
            self._writer.hide()
            self._writer.revised.connect(self.revised)
            self._writer.done.connect(self.done)
            self._column.addWidget(self._writer)
        return self._writer

    def flush(self) -> None:
        """Give out at once what is being written."""
        if self._writer is not None:
            self._writer.flush()

    def show_list(self) -> None:
        """Back to the list; what was written is given out."""
        self.flush()
        self._list.show()
        if self._writer is not None:
            if self._writer.isVisible():
                self._new.setFocus()
            self._writer.hide()

    def show_writer(self, *, at_name: bool) -> None:
        """Write the template that the writer was loaded with."""
        self.writer.show()
        # Before the list goes: its focus would go to a field outside, and that shuts the panel.
        self.writer.begin(at_name=at_name)
        self._list.hide()

    def _lay_out(self) -> None:
        acts = QHBoxLayout()
        acts.setSpacing(8)
        for button, signal in (
            (self._new, self.new_asked),
            (QPushButton("Import…"), self.import_asked),
            (QPushButton("Export all…"), self.export_asked),
        ):
            button.clicked.connect(signal)
            acts.addWidget(button)
        acts.addStretch(1)
        inside = QVBoxLayout(self._list)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addLayout(acts)
        inside.addWidget(label(_HOW, "quiet", wrap=True))
        inside.addWidget(self._line)
        inside.addWidget(self._none)
        inside.addLayout(self._cards)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._list)

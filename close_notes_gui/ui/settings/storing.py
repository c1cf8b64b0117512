"""Where everything lies on this computer, and how much it is. Window thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from close_notes_gui.present.views_settings import SettingsView, StorageView
from close_notes_gui.ui.labels import ElidedLabel, label
from close_notes_gui.ui.layouts import empty
from close_notes_gui.ui.line_view import LineView
from close_notes_gui.ui.settings.section import Section


class StorageSection(Section):
    """Invariant: what it shows was measured; what can be cleared can be read from Close again."""

    folder_asked = Signal(str)
    clear_asked = Signal()

    def fill(self) -> None:
        self._storage: StorageView | None = None
        self.heading("On this computer")
        self._folder = ElidedLabel("", "quiet", mode=Qt.TextElideMode.ElideMiddle)
        show = QPushButton("Show folder")
        show.clicked.connect(lambda: self.folder_asked.emit(self._folder.text()))
        place = QHBoxLayout()
        place.addWidget(self._folder, 1)
        place.addWidget(show)
        self.column.addLayout(place)
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 4, 0, 4)
        self._grid.setColumnStretch(0, 1)
        self._grid.setVerticalSpacing(4)
        self.column.addWidget(inside)
        self._line = LineView()
        self.column.addWidget(self._line)
        clear = QPushButton("Clear caches")
        clear.clicked.connect(self.clear_asked)
        self.column.addWidget(clear, 0, Qt.AlignmentFlag.AlignLeft)
        self.hint(
            "Deletes notes and pictures that were read from Close; they are read again when "
            "needed. Drafts, waiting notes, their files and your templates are never deleted."
        )

    def show_view(self, view: SettingsView) -> None:
        super().show_view(view)
        if view.storage == self._storage:
            return
        self._storage = view.storage
        self._folder.setText(view.storage.folder)
        self._line.show_line(view.storage.line)
        empty(self._grid)
        total = (("Together", view.storage.total, ""),) if view.storage.total else ()
        rows = [(row.words, row.size, row.hint) for row in view.storage.rows]
        for number, (words, size, hint) in enumerate((*rows, *total)):
            role = "strong" if number == len(rows) else ""
            told = label(words, role, wrap=True)
            told.setToolTip(hint)
            self._grid.addWidget(told, number, 0)
            self._grid.addWidget(label(size, role), number, 1, Qt.AlignmentFlag.AlignRight)

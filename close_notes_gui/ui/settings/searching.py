"""Settings of search: the leads kept on this computer. Window thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton

from close_notes_gui.present.views_settings import SettingsView
from close_notes_gui.ui.line_view import LineView
from close_notes_gui.ui.settings.section import Section


class SearchSection(Section):
    """What is kept for search, and how far it is."""

    clear_asked = Signal()

    def fill(self) -> None:
        self.switch(
            "index_leads",
            "Keep all leads on this computer, for instant search",
            hint="They are deleted when you sign out.",
        )
        self._pause = self.switch("index_is_paused", "Pause reading leads")
        self.number(
            "largest_index_leads",
            "Most leads kept",
            "Most leads kept, thousands",
            between=(1, 10_000),
            unit=",000",
            scale=1000,
        )
        self._line = LineView()
        self.column.addWidget(self._line)
        self._clear = QPushButton("Delete and read anew")
        self._clear.setAccessibleName("Delete the kept leads and read them anew")
        self._clear.clicked.connect(self.clear_asked)
        self.column.addWidget(self._clear, 0, Qt.AlignmentFlag.AlignLeft)

    def show_view(self, view: SettingsView) -> None:
        super().show_view(view)
        self._line.show_line(view.index)
        self._clear.setEnabled(view.settings.index_leads)
        self._pause.setEnabled(view.settings.index_leads)

"""What is running here, and the report for those who help. Window thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton

from close_notes_gui.present.views_settings import SettingsView
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.line_view import LineView
from close_notes_gui.ui.settings.section import Section
from close_notes_gui.ui.settings.versions import versions


class AboutSection(Section):
    """Versions, and a report that holds no key, no text of a note and no name."""

    report_asked = Signal()
    acted = Signal(object)  # Action

    def fill(self) -> None:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for number, (name, value) in enumerate(versions()):
            told = label(value, wrap=True)
            told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(label(name, "quiet"), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(told, number, 1)
        self.column.addLayout(grid)
        self.heading("When something does not work")
        self.hint(
            "The report holds versions, settings, counts and the log. It holds no key, no text of "
            "a note and no name; it is a text file that you can read before you send it."
        )
        save = QPushButton("Save a report…")
        save.clicked.connect(self.report_asked)
        self.column.addWidget(save, 0, Qt.AlignmentFlag.AlignLeft)
        self._line = LineView()
        self._line.acted.connect(self.acted)
        self.column.addWidget(self._line)

    def show_view(self, view: SettingsView) -> None:
        super().show_view(view)
        self._line.show_line(view.about_line)

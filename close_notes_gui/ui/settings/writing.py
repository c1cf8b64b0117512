"""Settings of the editor. Window thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton

from close_notes_gui.ui.settings.section import Section


class WritingSection(Section):
    """What the editor does by itself."""

    templates_asked = Signal()

    def fill(self) -> None:
        self.switch(
            "markdown_as_you_type",
            "Format Markdown while typing",
            hint="“# ”, “- ”, “**bold**” and their like; one Undo turns it back.",
        )
        self.switch("link_as_you_type", "Turn addresses into links while typing")
        self.heading("Templates")
        self.hint("Texts that you use again and again: type / and a name in a note.")
        templates = QPushButton("Write and change templates")
        templates.clicked.connect(self.templates_asked)
        self.column.addWidget(templates, 0, Qt.AlignmentFlag.AlignLeft)

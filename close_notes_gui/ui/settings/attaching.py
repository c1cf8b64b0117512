"""Settings of attachments. Window thread."""

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton

from close_notes_gui.model.settings import MIB, Settings
from close_notes_gui.ui.settings.section import Section


class AttachingSection(Section):
    """When files go up, how large they may be, and of which types none is taken."""

    def fill(self) -> None:
        self.switch(
            "upload_on_drop",
            "Upload files as soon as they are dropped",
            hint="The note then goes out at once. Otherwise they go up when you send it.",
        )
        self.number(
            "largest_file_bytes",
            "Largest file",
            "Largest file, megabytes",
            between=(1, 5_000),
            unit=" MB",
            scale=MIB,
        )
        self.heading("Blocked types")
        self.hint("Files of these types are not attached. Set a space between two.")
        self._blocked = QLineEdit()
        self._blocked.setAccessibleName("Blocked types")
        self._blocked.setPlaceholderText("None: every file is attached")
        self._bind("blocked_extensions", self._read_blocked, self._draw_blocked)
        self._blocked.textEdited.connect(self.on_any_changed)
        self.column.addWidget(self._blocked)
        reset = QPushButton("As at first")
        reset.setAccessibleName("Block the types that were blocked at first")
        reset.clicked.connect(self._on_reset_clicked)
        self.column.addWidget(reset, 0, Qt.AlignmentFlag.AlignLeft)

    def _read_blocked(self) -> tuple[str, ...]:
        return extensions_in(self._blocked.text())

    def _draw_blocked(self, extensions: tuple[str, ...]) -> None:
        """Words being typed are left as they are."""
        if self._read_blocked() != extensions:
            self._blocked.setText(" ".join(extensions))

    def _on_reset_clicked(self) -> None:
        self._blocked.setText(" ".join(Settings().blocked_extensions))
        self.on_any_changed()


def extensions_in(text: str) -> tuple[str, ...]:
    """The extensions that were typed, each once, in lower case and with its dot."""
    words = re.split(r"[\s,;]+", text.lower())
    bare = [word.lstrip("*").strip(".") for word in words]
    return tuple(dict.fromkeys(f".{word}" for word in bare if word))

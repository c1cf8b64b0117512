"""One waiting note, or one open draft, in the outbox panel.

Window thread.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from close_notes_gui.present.views import OutboxRow
from close_notes_gui.ui.labels import ElidedLabel, label
from close_notes_gui.ui.line_view import LineView
from close_notes_gui.ui.richtext.view import NoteView


class OutboxCard(QFrame):
    """Invariant: where the rep must decide whether Close has the note, both texts are shown."""

    acted = Signal(object)  # Action

    def __init__(self, row: OutboxRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(f"Note to {row.lead_name}")
        line = LineView()
        line.acted.connect(self.acted)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(4)
        column.addWidget(ElidedLabel(row.lead_name, "strong"))
        column.addWidget(ElidedLabel(row.preview, "quiet"))
        if row.look_alike_html is not None:
            column.addLayout(self._both_texts(row.note_html, row.look_alike_html))
        column.addWidget(line)
        line.show_line(row.line)

    def _both_texts(self, ours: str, theirs: str) -> QHBoxLayout:
        pair = QHBoxLayout()
        pair.setSpacing(8)
        for heading, note_html in (("Yours", ours), ("In Close", theirs)):
            text = NoteView()
            text.setAccessibleName(heading)
            text.show_note(note_html)
            side = QVBoxLayout()
            side.setSpacing(4)
            side.addWidget(label(heading, "quiet"))
            side.addWidget(text)
            side.addStretch(1)
            pair.addLayout(side, 1)
        return pair


class DraftCard(QFrame):
    """Invariant: opening and discarding tell of this one draft."""

    open_asked = Signal()
    discard_asked = Signal()

    def __init__(
        self, *, lead_name: str, preview: str, age: str, is_open: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(f"Draft to {lead_name}")
        told = " · ".join(part for part in ("in the editor" if is_open else "", age) if part)
        top = QHBoxLayout()
        top.addWidget(ElidedLabel(lead_name, "strong"), 1)
        top.addWidget(label(told, "quiet"))
        bottom = QHBoxLayout()
        bottom.addWidget(ElidedLabel(preview, "quiet"), 1)
        for words, signal, shown in (
            ("Open", self.open_asked, not is_open), ("Discard", self.discard_asked, True),
        ):
            button = QPushButton(words)
            button.setObjectName("act")
            button.setAccessibleName(f"{words} draft to {lead_name}")
            button.clicked.connect(signal)
            bottom.addWidget(button)
            button.setVisible(shown)  # not before it has a parent: it would be a window of its own
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(4)
        column.addLayout(top)
        column.addLayout(bottom)

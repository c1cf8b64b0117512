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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._row: OutboxRow | None = None
        self._lead = ElidedLabel("", "strong")
        self._preview = ElidedLabel("", "quiet")
        self._ours, self._theirs = NoteView(), NoteView()
        self._both = self._both_texts()
        self._differences = label("", "quiet", wrap=True)
        self._line = LineView()
        self._line.acted.connect(self.acted)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(4)
        for widget in (
            self._lead,
            self._preview,
            self._both,
            self._differences,
            self._line,
        ):
            column.addWidget(widget)

    def show_row(self, row: OutboxRow) -> None:
        """Draw the note; its texts only where they changed."""
        before, self._row = self._row, row
        if row == before:
            return
        self.setAccessibleName(f"Note to {row.lead_name}")
        self._lead.setText(row.lead_name)
        self._preview.setText(row.preview)
        self._line.show_line(row.line)
        self._differences.setText("\n".join(row.differences))
        self._differences.setVisible(bool(row.differences))
        self._both.setVisible(row.look_alike_html is not None)
        self._preview.setVisible(row.look_alike_html is None)
        if row.look_alike_html is not None and (
            before is None or before.look_alike_html != row.look_alike_html
        ):
            self._ours.show_note(row.note_html)
            self._theirs.show_note(row.look_alike_html)

    def _both_texts(self) -> QWidget:
        both = QWidget()
        pair = QHBoxLayout(both)
        pair.setContentsMargins(0, 0, 0, 4)
        pair.setSpacing(12)
        for heading, text in (("Yours", self._ours), ("In Close", self._theirs)):
            text.setAccessibleName(heading)
            side = QVBoxLayout()
            side.setSpacing(4)
            side.addWidget(label(heading, "quiet"))
            side.addWidget(text)
            side.addStretch(1)
            pair.addLayout(side, 1)
        return both


class DraftCard(QFrame):
    """Invariant: opening and discarding tell of this one draft."""

    open_asked = Signal()
    discard_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._lead = ElidedLabel("", "strong")
        self._told = label("", "quiet")
        self._preview = ElidedLabel("", "quiet")
        self._open, self._discard = QPushButton("Open"), QPushButton("Discard")
        self._open.clicked.connect(self.open_asked)
        self._discard.clicked.connect(self.discard_asked)
        top = QHBoxLayout()
        top.addWidget(self._lead, 1)
        top.addWidget(self._told)
        bottom = QHBoxLayout()
        bottom.addWidget(self._preview, 1)
        for button in (self._open, self._discard):
            button.setObjectName("act")
            bottom.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(4)
        column.addLayout(top)
        column.addLayout(bottom)

    def show_draft(
        self, *, lead_name: str, preview: str, age: str, is_open: bool, is_edit: bool
    ) -> None:
        """Draw the draft."""
        self.setAccessibleName(f"Draft to {lead_name}")
        self._open.setAccessibleName(f"Open draft to {lead_name}")
        self._discard.setAccessibleName(f"Discard draft to {lead_name}")
        self._lead.setText(lead_name)
        parts = ("edit of a note" * is_edit, "open" * is_open, age)
        self._told.setText("  ·  ".join(part for part in parts if part))
        self._preview.setText(preview)
        self._open.setVisible(not is_open)

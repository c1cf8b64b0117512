"""What waits and why, and the drafts that are open: the content of the outbox panel.

Window thread.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from close_notes_gui.model.ids import DraftId
from close_notes_gui.present.views import DraftRow, OutboxView
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.layouts import empty
from close_notes_gui.ui.note_card import short_date
from close_notes_gui.ui.outbox_row import DraftCard, OutboxCard

_DRAFTS_AT_MOST = 50


class Outbox(QWidget):
    """Invariant: draws the last view; drawn only while it can be seen."""

    acted = Signal(object)  # Action
    draft_opened = Signal(str)  # DraftId
    draft_discarded = Signal(str)  # DraftId

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Outbox")
        self._view: OutboxView | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_view(self, view: OutboxView, now: datetime) -> None:
        """Draw what waits and the drafts."""
        if view == self._view:
            return
        self._view = view
        empty(self._column)
        self._column.addWidget(label("Waiting to be sent", "strong"))
        if not view.rows:
            nothing = "Nothing waits. All notes are in Close."
            self._column.addWidget(label(nothing, "quiet", wrap=True))
        for row in view.rows:
            card = OutboxCard(row)
            card.acted.connect(self.acted)
            self._column.addWidget(card)
        heading = label("Drafts", "strong")
        heading.setContentsMargins(0, 12, 0, 0)
        self._column.addWidget(heading)
        if not view.drafts:
            self._column.addWidget(label("No open drafts.", "quiet"))
        for draft in view.drafts[:_DRAFTS_AT_MOST]:
            self._column.addWidget(self._draft(draft, now))

    def _draft(self, row: DraftRow, now: datetime) -> DraftCard:
        age = short_date(row.changed_at, now) if row.changed_at else ""
        card = DraftCard(
            lead_name=row.lead_name, preview=row.preview, age=age, is_open=row.is_open
        )
        card.open_asked.connect(self._teller(self.draft_opened, row.draft_id))
        card.discard_asked.connect(self._teller(self.draft_discarded, row.draft_id))
        return card

    def _teller(self, signal: object, draft_id: DraftId) -> Callable[[], None]:
        return lambda: signal.emit(draft_id)  # type: ignore[attr-defined]

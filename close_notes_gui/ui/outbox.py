"""What waits and why, and the drafts that are open: the content of the outbox panel.

Window thread.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from close_notes_gui.model.ids import DraftId
from close_notes_gui.present.views import DraftRow, OutboxRow, OutboxView
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.outbox_row import DraftCard, OutboxCard
from close_notes_gui.ui.spoken_dates import short_date

_DRAFTS_AT_MOST = 50


class Outbox(QWidget):
    """Invariant: one card for each waiting note and each draft; a card stays while its note does,
    so that a count-down neither flickers nor takes the focus.
    """

    acted = Signal(object)  # Action
    draft_opened = Signal(str)  # DraftId
    draft_discarded = Signal(str)  # DraftId

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Outbox")
        self._notes: dict[str, OutboxCard] = {}
        self._drafts: dict[str, DraftCard] = {}
        self._note_column, self._draft_column = self._column(), self._column()
        self._no_notes = label("Nothing waits. All notes are in Close.", "quiet", wrap=True)
        self._no_drafts = label("No open drafts.", "quiet")
        column = self._column(self)
        column.addWidget(label("Waiting to be sent", "strong"))
        column.addWidget(self._no_notes)
        column.addLayout(self._note_column)
        heading = label("Drafts", "strong")
        heading.setContentsMargins(0, 12, 0, 0)
        column.addWidget(heading)
        column.addWidget(self._no_drafts)
        column.addLayout(self._draft_column)

    def show_view(self, view: OutboxView, now: datetime) -> None:
        """Draw what waits and the drafts."""
        drafts = view.drafts[:_DRAFTS_AT_MOST]
        _keep_only(self._notes, {row.outbox_id for row in view.rows})
        _keep_only(self._drafts, {row.draft_id for row in drafts})
        for place, row in enumerate(view.rows):
            self._put(self._note_column, place, self._note(row))
        for place, draft in enumerate(drafts):
            self._put(self._draft_column, place, self._draft(draft, now))
        self._no_notes.setVisible(not view.rows)
        self._no_drafts.setVisible(not drafts)

    def _note(self, row: OutboxRow) -> OutboxCard:
        card = self._notes.get(row.outbox_id)
        if card is None:
            card = self._notes[row.outbox_id] = OutboxCard(self)
            card.acted.connect(self.acted)
        card.show_row(row)
        return card

    def _draft(self, row: DraftRow, now: datetime) -> DraftCard:
        card = self._drafts.get(row.draft_id)
        if card is None:
            card = self._drafts[row.draft_id] = DraftCard(self)
            card.open_asked.connect(self._teller(self.draft_opened, row.draft_id))
            card.discard_asked.connect(self._teller(self.draft_discarded, row.draft_id))
        age = short_date(row.changed_at, now) if row.changed_at else ""
        card.show_draft(
            lead_name=row.lead_name,
            preview=row.preview,
            age=age,
            is_open=row.is_open,
            is_edit=row.is_edit,
        )
        return card

    def _put(self, column: QVBoxLayout, place: int, card: QWidget) -> None:
        if column.indexOf(card) != place:
            column.insertWidget(place, card)

    def _column(self, owner: QWidget | None = None) -> QVBoxLayout:
        column = QVBoxLayout(owner) if owner else QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        return column

    def _teller(self, signal: object, draft_id: DraftId) -> Callable[[], None]:
        return lambda: signal.emit(draft_id)  # type: ignore[attr-defined]


def _keep_only(cards: dict[str, OutboxCard] | dict[str, DraftCard], wanted: set[str]) -> None:
    for key in [known for known in cards if known not in wanted]:
        card = cards.pop(key)
        card.hide()
        card.deleteLater()

"""To whom the note goes: the lead's name, its status, further leads, and ways to choose.

Window thread.
"""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from close_notes_gui.model.ids import LeadId
from close_notes_gui.present.views import ComposeView, OtherLeadView
from close_notes_gui.ui.flow import FlowLayout
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.labels import ElidedLabel, label
from close_notes_gui.ui.layouts import empty
from close_notes_gui.ui.pill import Pill

NO_LEAD = "Choose a lead above, or just begin to write"


class LeadHeader(QWidget):
    """Invariant: shows the leads of the draft in the editor, or that there is none yet."""

    change_asked = Signal()
    page_asked = Signal()
    further_asked = Signal()
    further_removed = Signal(str)  # LeadId

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pills: dict[LeadId, Pill] = {}
        self._name = ElidedLabel("", "lead")
        self._detail = label("", "pill")
        self._detail.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._more = IconButton("plus", "Send to another lead as well")
        self._more.clicked.connect(self.further_asked)
        self._page = IconButton("external", "Open the lead in Close")
        self._page.clicked.connect(self.page_asked)
        self._change = IconButton("search", "Choose another lead", act="search")
        self._change.clicked.connect(self.change_asked)
        self._further = QWidget()
        self._flow = FlowLayout(self._further, gap=4)
        self._flow.setContentsMargins(12, 2, 0, 2)
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._name)
        row.addSpacing(4)
        row.addWidget(self._detail)
        row.addStretch(1)
        for button in (self._more, self._page, self._change):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._further)

    def show_view(self, view: ComposeView) -> None:
        """Draw the leads."""
        has_lead = view.lead_id is not None
        self._name.setObjectName("lead" if has_lead else "quiet")
        self._name.style().polish(self._name)
        self._name.setText(view.lead_name if has_lead else NO_LEAD)
        self._detail.setText(view.lead_detail)
        self._detail.setVisible(bool(view.lead_detail))
        self._page.setVisible(has_lead)
        self._change.setVisible(has_lead)
        self._more.setVisible(has_lead and view.edit is None)
        self._show_further(view.also_leads)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for pill in self._pills.values():
                pill.refresh()

    def _show_further(self, leads: tuple[OtherLeadView, ...]) -> None:
        if tuple(self._pills) == tuple(one.lead_id for one in leads):
            return
        empty(self._flow)
        self._pills = {one.lead_id: self._pill(one) for one in leads}
        for pill in self._pills.values():
            self._flow.addWidget(pill)
        self._further.setVisible(bool(leads))

    def _pill(self, lead: OtherLeadView) -> Pill:
        pill = Pill("lead", lead.name, named=f"lead {lead.name}")
        pill.setToolTip("Gets the same note as a note of its own, without the contact")
        pill.toggled.connect(lambda _on: self.further_removed.emit(lead.lead_id))
        return pill

"""To whom the note goes: the lead's name, its status, and a way to choose another.

Window thread.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from close_notes_gui.present.views import ComposeView
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.labels import ElidedLabel, label

NO_LEAD = "Choose a lead above, or just begin to write"


class LeadHeader(QWidget):
    """Invariant: shows the lead of the draft in the editor, or that there is none yet."""

    change_asked = Signal()
    page_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ElidedLabel("", "lead")
        self._detail = label("", "pill")
        self._detail.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._page = IconButton("external", "Open the lead in Close")
        self._page.clicked.connect(self.page_asked)
        self._change = IconButton("search", "Choose another lead", act="search")
        self._change.clicked.connect(self.change_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._name)
        row.addSpacing(4)
        row.addWidget(self._detail)
        row.addStretch(1)
        row.addWidget(self._page)
        row.addWidget(self._change)

    def show_view(self, view: ComposeView) -> None:
        """Draw the lead."""
        has_lead = view.lead_id is not None
        self._name.setObjectName("lead" if has_lead else "quiet")
        self._name.style().polish(self._name)
        self._name.setText(view.lead_name if has_lead else NO_LEAD)
        self._detail.setText(view.lead_detail)
        self._detail.setVisible(bool(view.lead_detail))
        self._page.setVisible(has_lead)
        self._change.setVisible(has_lead)

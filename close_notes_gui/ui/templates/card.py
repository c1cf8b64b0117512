"""One template in the list: its name, how it begins, and what can be done with it.

Window thread.
"""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from close_notes_gui.present.views import TemplateRow
from close_notes_gui.ui.labels import ElidedLabel, label

_ACTS = ("insert", "edit", "export", "delete")


class TemplateCard(QFrame):
    """Invariant: what is asked concerns this one template."""

    asked = Signal(str, str)  # one of _ACTS, TemplateId

    def __init__(self, row: TemplateRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(f"Template {row.name}")
        self._template_id = row.template_id
        top = QHBoxLayout()
        top.addWidget(ElidedLabel(row.name, "strong"), 1)
        top.addWidget(label(row.origin, "quiet"))
        acts = QHBoxLayout()
        acts.setSpacing(0)
        for act in _ACTS:
            button = QPushButton(act.capitalize())
            button.setObjectName("act")
            button.setAccessibleName(f"{act.capitalize()} template {row.name}")
            button.clicked.connect(self._teller(act))
            acts.addWidget(button)
        acts.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(ElidedLabel(row.preview, "quiet"))
        acts.setContentsMargins(-4, 0, 0, 0)  # the words, not the buttons' edges, are in line
        column.addLayout(acts)

    def _teller(self, act: str) -> Callable[[], None]:
        return lambda: self.asked.emit(act, self._template_id)

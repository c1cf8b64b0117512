"""The line at the bottom: how things stand, and who is signed in.

Window thread.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from close_notes_gui.present.views import StatusView
from close_notes_gui.ui.account_button import AccountButton
from close_notes_gui.ui.line_view import LineView


class StatusLine(QWidget):
    """Invariant: one line high, whatever there is to say."""

    acted = Signal(object)  # Action

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Status")
        self._line = LineView(wrap=False)
        self._line.acted.connect(self.acted)
        self.account = AccountButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(12)
        row.addWidget(self._line, 1)
        row.addStretch(0)
        row.addWidget(self.account)
        self.setFixedHeight(28)

    @property
    def text(self) -> str:
        """The words of the line."""
        return self._line.text

    def show_view(self, view: StatusView) -> None:
        """Draw the line."""
        self._line.show_line(view.main)
        self._make_room()
        self.setAccessibleDescription(view.main.text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """How things stand goes before who is signed in."""
        wanted = self._line.sizeHint().width() if self._line.text else 0
        self.account.setVisible(wanted + self.account.sizeHint().width() + 24 <= self.width())

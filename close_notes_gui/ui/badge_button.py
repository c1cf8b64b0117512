"""An icon with a small number on it: how many notes wait.

Window thread.
"""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from close_notes_gui.ui import theme
from close_notes_gui.ui.icon_button import IconButton


class BadgeButton(IconButton):
    """Invariant: no number is shown for 0; the accessible description says the number."""

    def __init__(
        self, icon_name: str, name: str, *, act: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(icon_name, name, act=act, parent=parent)
        self._number = 0
        self._is_urgent = False

    @property
    def number(self) -> int:
        """The number shown."""
        return self._number

    def show_number(self, number: int, *, is_urgent: bool) -> None:
        """Draw the number; urgent where the rep must do something."""
        if (number, is_urgent) != (self._number, self._is_urgent):
            self._number, self._is_urgent = number, is_urgent
            self.setAccessibleDescription(f"{number} waiting" if number else "")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._number:
            return
        tokens = theme.now()
        text = str(self._number) if self._number < 100 else "99+"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.75)
        font.setBold(True)
        painter.setFont(font)
        height = painter.fontMetrics().height()
        width = max(height, painter.fontMetrics().horizontalAdvance(text) + 6)
        spot = QRectF(self.width() - width, 0, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.bad if self._is_urgent else tokens.accent))
        painter.drawRoundedRect(spot, height / 2, height / 2)
        on = tokens.window if self._is_urgent else tokens.on_accent
        painter.setPen(QColor(on))
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()

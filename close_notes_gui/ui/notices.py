"""Bars above the sheet: what happened, what is safe, what to do; until read.

Window thread. Never modal, never takes the focus.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from close_notes_gui.present.views import Line
from close_notes_gui.ui.layouts import empty
from close_notes_gui.ui.line_view import LineView

_BARS_AT_MOST = 3  # the rest show as these are dismissed


class Notices(QWidget):
    """Invariant: one bar for each line, oldest first; no line, no room taken."""

    acted = Signal(object)  # Action

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.hide()

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._lines

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Draw the bars."""
        if lines == self._lines:
            return
        self._lines = lines
        empty(self._column)
        for line in lines[:_BARS_AT_MOST]:
            self._column.addWidget(self._bar(line))
        self.setVisible(bool(lines))

    def _bar(self, line: Line) -> QFrame:
        bar = QFrame()
        bar.setObjectName(f"notice{line.tone.value.title()}")
        view = LineView(quiet_words=True)
        view.acted.connect(self.acted)
        inside = QVBoxLayout(bar)
        inside.setContentsMargins(12, 6, 6, 6)
        inside.addWidget(view)
        view.show_line(line)
        return bar

"""One message: an icon for its tone, its words, and the small things to press beside it.

Window thread.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from close_notes_gui.present.views import Action, ActionKind, Line, Tone
from close_notes_gui.ui import icons, theme
from close_notes_gui.ui.flow import FlowLayout
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.labels import ElidedLabel, label, no_mnemonic

TONE_ICONS = {
    Tone.BUSY: "clock",
    Tone.GOOD: "check",
    Tone.WARNING: "alert",
    Tone.BAD: "alert",
}
_ICON_SIZE = 16


def tone_color(tone: Tone) -> str:
    """The colour of a tone's text and icon in the theme now."""
    tokens = theme.now()
    colors = {Tone.GOOD: tokens.good, Tone.WARNING: tokens.warning, Tone.BAD: tokens.bad}
    return colors.get(tone, tokens.quiet)


class LineView(QWidget):
    """Invariant: shows exactly the last line given; None shows nothing and takes no room.

    `wrap` False keeps all to one row, the words cut with an ellipsis; else buttons stand below.
    """

    acted = Signal(object)  # Action

    def __init__(
        self, *, wrap: bool = True, quiet_words: bool = False, parent: QWidget | None = None
    ) -> None:
        """`quiet_words` keeps the words in the plain text colour; the icon alone has the tone."""
        super().__init__(parent)
        self._line: Line | None = None
        self._quiet_words = quiet_words
        self._is_wrapped = wrap
        self._edge = Qt.AlignmentFlag.AlignTop if wrap else Qt.AlignmentFlag.AlignVCenter
        self._icon = QLabel()
        self._icon.setFixedSize(_ICON_SIZE, 20)
        self._words = label(wrap=True) if wrap else ElidedLabel()
        if wrap:
            self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._buttons: list[QWidget] = []
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addWidget(self._icon, 0, self._edge)
        self._row.addWidget(self._words, 1 if wrap else 0)
        self._tail = 0 if wrap else 1  # what stands after the buttons
        if not wrap:
            self._row.addStretch(1)
        self._below = FlowLayout(gap=4)
        self._below.setContentsMargins(20, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self._row)
        column.addLayout(self._below)
        self.hide()

    @property
    def text(self) -> str:
        """The words shown."""
        return self._line.text if self._line else ""

    def show_line(self, line: Line | None) -> None:
        """Draw the line; the same line again changes nothing, so that focus stays."""
        if line == self._line:
            return
        before, self._line = self._line, line
        self.setVisible(line is not None and bool(line.text or line.actions))
        if line is None:
            return
        self._words.setText(line.text)
        self._words.setObjectName("" if self._quiet_words else f"tone{line.tone.value.title()}")
        self._words.style().polish(self._words)
        self._draw_icon()
        if before is None or before.actions != line.actions:
            self._draw_actions(line.actions)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()

    def _draw_icon(self) -> None:
        name = TONE_ICONS.get(self._line.tone) if self._line else None
        self._icon.setVisible(name is not None)
        if name is not None and self._line is not None:
            scale = self.devicePixelRatioF()
            color = tone_color(self._line.tone)
            self._icon.setPixmap(icons.pixmap(name, color, _ICON_SIZE, scale))

    def _draw_actions(self, actions: tuple[Action, ...]) -> None:
        had_focus = any(button.hasFocus() for button in self._buttons)
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(action) for action in actions]
        for button in self._buttons:
            if self._is_wrapped and isinstance(button, QPushButton):
                self._below.addWidget(button)
            else:
                self._row.insertWidget(self._row.count() - self._tail, button, 0, self._edge)
        if had_focus and self._buttons:
            self._buttons[0].setFocus()

    def _button(self, action: Action) -> QWidget:
        button: QPushButton | IconButton
        if action.kind is ActionKind.DISMISS:
            button = IconButton("close", action.label)
            button.setObjectName("cross")
            button.setFixedSize(20, 20)
        else:
            button = QPushButton(no_mnemonic(action.label))
            button.setObjectName("act")
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self._emitter(action))
        return button

    def _emitter(self, action: Action) -> Callable[[], None]:
        return lambda: self.acted.emit(action)

"""One section of the settings: rows of switches, numbers and choices, each for one setting.

Window thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from close_notes_gui.model.settings import Settings
from close_notes_gui.present.views_settings import SettingsView
from close_notes_gui.ui.labels import label

_HINT_INDENT = 24  # below a switch's words


class Section(QWidget):
    """Invariant: shows the settings last given; a change by the rep is told once."""

    changed = Signal(object)  # Settings

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = Settings()
        self._readers: dict[str, Callable[[], object]] = {}
        self._drawers: dict[str, Callable[[Any], None]] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        self.fill()
        self.column.addStretch(1)

    def fill(self) -> None:
        """Put the rows in, from top to bottom."""

    def show_view(self, view: SettingsView) -> None:
        """Draw the settings."""
        self._settings = view.settings
        for field, draw in self._drawers.items():
            draw(getattr(view.settings, field))

    # rows

    def heading(self, words: str) -> None:
        """Words above rows that belong together."""
        self.column.addSpacing(4)
        self.column.addWidget(label(words, "strong"))

    def hint(self, words: str, *, is_below_switch: bool = False) -> None:
        """Quiet words below a row."""
        told = label(words, "quiet", wrap=True)
        told.setContentsMargins(_HINT_INDENT if is_below_switch else 0, 0, 0, 0)
        self.column.addWidget(told)

    def switch(self, field: str, words: str, *, hint: str = "") -> QCheckBox:
        """A row that is on or off."""
        switch = QCheckBox(words)
        self._bind(field, switch.isChecked, _quietly(switch, switch.setChecked))
        switch.toggled.connect(self.on_any_changed)
        self.column.addWidget(switch)
        if hint:
            self.column.setSpacing(4)
            self.hint(hint, is_below_switch=True)
        return switch

    def number(
        self,
        field: str,
        words: str,
        name: str,
        *,
        between: tuple[int, int],
        unit: str,
        scale: int = 1,
    ) -> QSpinBox:
        """A row with a number; what is kept is `scale` times what is shown."""
        box = QSpinBox()
        box.setAccessibleName(name)
        box.setRange(*between)
        box.setSuffix(unit)
        box.setKeyboardTracking(False)
        box.setMinimumWidth(112)
        box.lineEdit().setTextMargins(6, 0, 0, 0)  # the style sheet's padding does not reach it
        quietly = _quietly(box, box.setValue)

        def draw(value: int) -> None:
            if not box.hasFocus():
                quietly(max(between[0], value // scale))

        self._bind(field, lambda: box.value() * scale, draw)
        box.valueChanged.connect(self.on_any_changed)
        self.column.addLayout(row(words, box))
        return box

    def choice(
        self, field: str, words: str, name: str, options: Sequence[tuple[Any, str]]
    ) -> QComboBox:
        """A row with one of several."""
        box = QComboBox()
        box.setAccessibleName(name)
        for value, shown in options:
            box.addItem(shown, value)
        choose = _quietly(box, box.setCurrentIndex)
        self._bind(field, box.currentData, lambda value: choose(max(0, box.findData(value))))
        box.currentIndexChanged.connect(self.on_any_changed)
        self.column.addLayout(row(words, box))
        return box

    def on_any_changed(self) -> None:
        """Tell the settings as they now stand, where that is something new."""
        read = {field: reader() for field, reader in self._readers.items()}
        settings = replace(self._settings, **read)  # type: ignore[arg-type]
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)

    def _bind(self, field: str, read: Callable[[], object], draw: Callable[[Any], None]) -> None:
        self._readers[field] = read
        self._drawers[field] = draw


def row(words: str, *widgets: QWidget) -> QLayout:
    """Words on the left, what they are about on the right."""
    made = QHBoxLayout()
    made.setSpacing(8)
    made.addWidget(label(words, wrap=True), 1)
    for widget in widgets:
        made.addWidget(widget)
    return made


def _quietly(widget: QWidget, change: Callable[[Any], None]) -> Callable[[Any], None]:
    """Change it as if the rep had not."""

    def do(value: object) -> None:
        widget.blockSignals(True)
        change(value)
        widget.blockSignals(False)

    return do

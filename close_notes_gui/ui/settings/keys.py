"""Every key, and the way to change it. Window thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from close_notes_gui.present.views_settings import KeyRow, SettingsView
from close_notes_gui.ui.keytable import native
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.line_view import LineView
from close_notes_gui.ui.settings.key_field import KeyField
from close_notes_gui.ui.settings.section import Section


class KeysSection(Section):
    """Invariant: each field shows the key that counts; a wish is told, never taken for granted."""

    key_wished = Signal(str, str)  # act, key or ""
    reset_asked = Signal()
    acted = Signal(object)  # Action

    def fill(self) -> None:
        self._fields: dict[str, KeyField] = {}
        self._line = LineView()
        self._line.acted.connect(self.acted)
        self._reset = QPushButton("All keys as at first")
        self._reset.clicked.connect(self.reset_asked)
        self.hint("Click a key and press another one. Backspace takes it away.")
        self.column.addWidget(self._line)
        self._body = QWidget()
        self._grid = QGridLayout(self._body)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(0, 1)
        self._grid.setVerticalSpacing(4)
        self.column.addWidget(self._body)
        self.column.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignLeft)

    def show_view(self, view: SettingsView) -> None:
        super().show_view(view)
        self._line.show_line(view.key_line)
        self._reset.setEnabled(view.has_changed_keys)
        if not self._fields:
            for section in view.keys:
                self._add_heading(section.heading)
                for row in section.rows:
                    self._add_row(row)
        for section in view.keys:
            for row in section.rows:
                if row.act in self._fields:
                    self._fields[row.act].show_key(row.key, is_changed=row.is_changed)

    def _add_heading(self, words: str) -> None:
        heading = label(words, "strong")
        heading.setContentsMargins(0, 8, 0, 0)
        self._grid.addWidget(heading, self._grid.rowCount(), 0, 1, 3)

    def _add_row(self, row: KeyRow) -> None:
        number = self._grid.rowCount()
        self._grid.addWidget(label(row.words, wrap=True), number, 0)
        fixed = label("  ".join(native(key) for key in row.fixed), "quiet")
        self._grid.addWidget(fixed, number, 1, Qt.AlignmentFlag.AlignRight)
        if row.is_editable:
            field = KeyField(row.words)
            field.wished.connect(lambda key, act=row.act: self.key_wished.emit(act, key))
            self._fields[row.act] = field
            self._grid.addWidget(field, number, 2)

"""What the rep can set, and the account: the content of the settings panel.

Window thread. Every change counts at once; there is no "Save".
"""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from close_notes_gui.model.settings import MIB, Settings
from close_notes_gui.present.views import Line
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.line_view import LineView

_SWITCHES = (
    ("upload_on_drop", "Upload files as soon as they are dropped"),
    ("markdown_as_you_type", "Format Markdown while typing"),
    ("link_as_you_type", "Turn addresses into links while typing"),
    ("keep_sending_in_background", "Keep sending after the window is closed"),
    ("index_leads", "Keep all leads on this computer, for instant search"),
    ("index_is_paused", "Pause reading leads"),
)


class SettingsForm(QWidget):
    """Invariant: shows the settings last given; a change by the rep is told once."""

    changed = Signal(object)  # Settings
    sign_out_asked = Signal()
    clear_index_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = Settings()
        self._is_drawn = False
        self._switches: dict[str, QCheckBox] = {}
        for field, words in _SWITCHES:
            switch = QCheckBox(words)
            switch.toggled.connect(self._on_any_changed)
            self._switches[field] = switch
        self._undo = self._number("Undo send, seconds", 0, 30, " s")
        self._undo.setSpecialValueText("Off")
        self._largest = self._number("Largest file, megabytes", 1, 100_000, " MB")
        self._most_leads = self._number("Most leads kept, thousands", 1, 10_000, ",000")
        self._index_line = LineView()
        self._clear = QPushButton("Delete and read anew")
        self._clear.setAccessibleName("Delete the kept leads and read them anew")
        self._clear.clicked.connect(self.clear_index_asked)
        self._account = label("", wrap=True)
        self._sign_out = QPushButton("Sign out")
        self._sign_out.clicked.connect(self.sign_out_asked)
        self._lay_out()
        self.show_settings(self._settings, "")

    def show_index(self, line: Line) -> None:
        """Draw how far the leads are that are kept for search."""
        self._index_line.show_line(line)
        is_kept = self._settings.index_leads
        self._clear.setEnabled(is_kept)
        self._switches["index_is_paused"].setEnabled(is_kept)

    def show_settings(self, settings: Settings, account: str) -> None:
        """Draw the settings and who is signed in."""
        self._account.setText(account)
        if settings == self._settings and self._is_drawn:
            return
        self._settings, self._is_drawn = settings, True
        for field, switch in self._switches.items():
            switch.blockSignals(True)
            switch.setChecked(getattr(settings, field))
            switch.blockSignals(False)
        for box, value in (
            (self._undo, settings.undo_send_s),
            (self._largest, settings.largest_file_bytes // MIB),
            (self._most_leads, max(1, settings.largest_index_leads // 1000)),
        ):
            if not box.hasFocus():
                box.blockSignals(True)
                box.setValue(value)
                box.blockSignals(False)

    def _number(self, name: str, least: int, most: int, unit: str) -> QSpinBox:
        box = QSpinBox()
        box.setAccessibleName(name)
        box.setRange(least, most)
        box.setSuffix(unit)
        box.setKeyboardTracking(False)
        box.setMinimumWidth(112)
        box.lineEdit().setTextMargins(6, 0, 0, 0)  # the style sheet's padding does not reach it
        box.valueChanged.connect(self._on_any_changed)
        return box

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label("Sending", "strong"))
        column.addLayout(self._row("Time to undo a send", self._undo))
        column.addWidget(self._switches["keep_sending_in_background"])
        column.addSpacing(8)
        column.addWidget(label("Files", "strong"))
        column.addWidget(self._switches["upload_on_drop"])
        column.addLayout(self._row("Largest file", self._largest))
        column.addSpacing(8)
        column.addWidget(label("Writing", "strong"))
        column.addWidget(self._switches["markdown_as_you_type"])
        column.addWidget(self._switches["link_as_you_type"])
        column.addSpacing(8)
        column.addWidget(label("Search", "strong"))
        column.addWidget(self._switches["index_leads"])
        column.addWidget(self._switches["index_is_paused"])
        column.addLayout(self._row("Most leads kept", self._most_leads))
        index = QHBoxLayout()
        index.addWidget(self._index_line, 1)
        index.addWidget(self._clear)
        column.addLayout(index)
        column.addSpacing(8)
        column.addWidget(label("Account", "strong"))
        foot = QHBoxLayout()
        foot.addWidget(self._account, 1)
        foot.addWidget(self._sign_out)
        column.addLayout(foot)
        stays = (
            "Signing out deletes what was read from Close. Drafts and waiting notes stay on this "
            "computer, for this account."
        )
        column.addWidget(label(stays, "quiet", wrap=True))

    def _row(self, words: str, box: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(words), 1)
        row.addWidget(box)
        return row

    def _on_any_changed(self) -> None:
        switched = {field: switch.isChecked() for field, switch in self._switches.items()}
        settings = replace(
            self._settings,
            undo_send_s=self._undo.value(),
            largest_file_bytes=self._largest.value() * MIB,
            largest_index_leads=self._most_leads.value() * 1000,
            **switched,  # type: ignore[arg-type]
        )
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)

"""The band over an edit: whose note of when is changed, which of its files stay, and Cancel.

Window thread.
"""

from PySide6.QtCore import QEvent, QLocale, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from close_notes_gui.present.views import EditView, KeptFileView, Line, Tone
from close_notes_gui.ui import icons, theme
from close_notes_gui.ui.file_icons import icon_for
from close_notes_gui.ui.flow import FlowLayout
from close_notes_gui.ui.labels import ElidedLabel
from close_notes_gui.ui.layouts import empty
from close_notes_gui.ui.line_view import LineView
from close_notes_gui.ui.pill import Pill
from close_notes_gui.ui.spoken_dates import to_qt


class EditBand(QFrame):
    """Invariant: in sight exactly while the sheet holds an edit of a note in Close."""

    cancel_asked = Signal()
    file_toggled = Signal(str, bool)  # address, whether it stays

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("band")
        self.setAccessibleName("Editing a note")
        self._view: EditView | None = None
        self._pills: dict[str, Pill] = {}
        self._icon = QLabel()
        self._words = ElidedLabel("", "strong")
        self._cancel = QPushButton("Cancel")
        self._cancel.setObjectName("act")
        self._cancel.setAccessibleName("Cancel the edit")
        self._cancel.setToolTip("Leave the note in Close as it is")
        self._cancel.clicked.connect(self.cancel_asked)
        self._warning = LineView(quiet_words=True)
        self._files = QWidget()
        self._flow = FlowLayout(self._files, gap=4)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._icon)
        top.addWidget(self._words, 1)
        top.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 4, 4)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._warning)
        column.addWidget(self._files)
        self.hide()

    def show_view(self, view: EditView | None) -> None:
        """Draw the band; None takes it away."""
        if view == self._view:
            return
        self._view = view
        self.setVisible(view is not None)
        if view is None:
            self._show_files(())
            return
        self._words.setText(_words(view))
        self._warning.show_line(Line(view.warning, Tone.WARNING) if view.warning else None)
        self._show_files(view.files)
        self._draw_icon()

    def tab_order(self) -> tuple[QWidget, ...]:
        """Where Tab leads."""
        return (self._cancel,)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._view is not None:
            self._draw_icon()
            for pill in self._pills.values():
                pill.refresh()

    def _draw_icon(self) -> None:
        scale = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap("edit", theme.now().accent_text, 16, scale))

    def _show_files(self, files: tuple[KeptFileView, ...]) -> None:
        if tuple(self._pills) != tuple(file.url for file in files):
            empty(self._flow)
            self._pills = {file.url: self._pill(file) for file in files}
            for pill in self._pills.values():
                self._flow.addWidget(pill)
        for file in files:
            self._pills[file.url].show_on(is_on=file.is_kept)
        self._files.setVisible(bool(files))

    def _pill(self, file: KeptFileView) -> Pill:
        text = f"{file.name}  {file.size}" if file.size else file.name
        pill = Pill(icon_for("", file.name), text, named=f"file {file.name}")
        pill.toggled.connect(lambda on: self.file_toggled.emit(file.url, on))
        return pill


def _words(view: EditView) -> str:
    by = f", by {view.author}" if view.author else ""
    if view.at is None:
        return f"Editing the note{by}"
    day = QLocale().toString(to_qt(view.at).date(), "d MMM yyyy")
    return f"Editing the note of {day}{by}"

"""One attachment: its kind, name, size, how far it is, and what can be done with it.

Window thread.
"""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QProgressBar, QWidget

from close_notes_gui.present.views import ChipView, Tone
from close_notes_gui.ui import icons
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.labels import ElidedLabel, plain_tip
from close_notes_gui.ui.line_view import tone_color

_LEAST = 164
_LEAST_TO_READ = 280
_NARROWEST = 184
_WIDEST = 440
_BESIDE_NAME = 92  # icon, buttons and margins
_BY_TYPE = (
    ("image/", "image"), ("audio/", "audio"), ("video/", "video"), ("application/pdf", "pdf"),
    ("text/csv", "sheet"), ("application/vnd.ms-excel", "sheet"),
    ("application/vnd.openxmlformats-officedocument.spreadsheet", "sheet"),
    ("application/vnd.oasis.opendocument.spreadsheet", "sheet"),
    ("application/zip", "zip"), ("application/gzip", "zip"), ("application/x-tar", "zip"),
    ("application/x-7z", "zip"), ("application/vnd.rar", "zip"),
    ("text/", "doc"), ("application/msword", "doc"), ("application/rtf", "doc"),
    ("application/vnd.openxmlformats-officedocument", "doc"),
    ("application/vnd.oasis.opendocument", "doc"),
)
_BY_ENDING = {
    "png": "image", "jpg": "image", "jpeg": "image", "gif": "image", "webp": "image",
    "heic": "image", "pdf": "pdf", "xlsx": "sheet", "xls": "sheet", "csv": "sheet", "zip": "zip",
    "gz": "zip", "mp3": "audio", "wav": "audio", "m4a": "audio", "mp4": "video", "mov": "video",
    "docx": "doc", "doc": "doc", "txt": "doc", "md": "doc", "pptx": "doc",
}


def icon_for(content_type: str, name: str) -> str:
    """The icon for a file, by its type, else by the ending of its name."""
    for beginning, icon in _BY_TYPE:
        if content_type.startswith(beginning):
            return icon
    return _BY_ENDING.get(name.rpartition(".")[2].lower(), "file")


class Chip(QFrame):
    """Invariant: shows the last view given; its id never changes."""

    remove_asked = Signal()
    retry_asked = Signal()

    def __init__(self, view: ChipView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: ChipView | None = None
        self._icon = QLabel()
        self._icon.setFixedSize(20, 20)
        self._name = ElidedLabel("", "", mode=Qt.TextElideMode.ElideMiddle)
        self._status = ElidedLabel("", "quiet")
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Upload")
        self._retry = IconButton("retry", "Try again")
        self._retry.clicked.connect(self.retry_asked)
        self._remove = IconButton("close", "Remove")
        self._remove.clicked.connect(self.remove_asked)
        for button in (self._retry, self._remove):
            button.setObjectName("cross")
            button.setFixedSize(22, 22)
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 4, 6, 4)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.addWidget(self._icon, 0, 0, 2, 1)
        grid.addWidget(self._name, 0, 1)
        grid.addWidget(self._status, 1, 1)
        grid.addWidget(self._retry, 0, 2, 2, 1)
        grid.addWidget(self._remove, 0, 3, 2, 1)
        grid.addWidget(self._bar, 2, 0, 1, 4)
        grid.setColumnStretch(1, 1)
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        self.show_view(view)

    def sizeHint(self) -> QSize:
        """As wide as the name needs, within bounds; wider where there is something to read."""
        is_bad = self._view is not None and self._view.tone is Tone.BAD
        named = self.fontMetrics().horizontalAdvance(self._name.text()) + _BESIDE_NAME
        width = _WIDEST if is_bad else min(max(named, _NARROWEST), _WIDEST // 2)
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        is_bad = self._view is not None and self._view.tone is Tone.BAD
        return QSize(_LEAST_TO_READ if is_bad else _LEAST, super().minimumSizeHint().height())

    def show_view(self, view: ChipView) -> None:
        """Draw the view."""
        if view == self._view:
            return
        self._view = view
        self.setObjectName("chipBad" if view.tone is Tone.BAD else "chip")
        self.style().polish(self)
        self._name.setText(view.name)
        said = view.status if view.tone is Tone.BAD else f"{view.size}  ·  {view.status}"
        self._status.setText(said)
        quiet = view.tone in {Tone.QUIET, Tone.BUSY}
        self._status.setObjectName("quiet" if quiet else f"tone{view.tone.value.title()}")
        self._status.style().polish(self._status)
        self._retry.setVisible(view.can_retry)
        self._bar.setVisible(view.fraction is not None)
        self._bar.setValue(round((view.fraction or 0.0) * 1000))
        self._retry.setAccessibleName(f"Try again {view.name}")
        self._remove.setAccessibleName(f"Remove {view.name}")
        self.setAccessibleName(f"{view.name}, {view.size}, {view.status}")
        self.setToolTip(plain_tip(f"{view.name}\n{view.size}\n{view.status}"))
        self._draw_icon()
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()

    def _draw_icon(self) -> None:
        view = self._view
        if view is not None:
            name = icon_for(view.content_type, view.name)
            drawn = icons.pixmap(name, tone_color(view.tone), 20, self.devicePixelRatioF())
            self._icon.setPixmap(drawn)

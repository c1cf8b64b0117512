"""One attachment: its kind, name, size, how far it is, and what can be done with it.

Window thread.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QProgressBar, QWidget

from close_notes_gui.present.views import ChipView, Tone
from close_notes_gui.ui.file_menu import open_menu
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.labels import ElidedLabel, plain_tip
from close_notes_gui.ui.line_view import tone_color
from close_notes_gui.ui.thumbnail import PictureSource, Thumbnail

_LEAST = 164
_LEAST_TO_READ = 280
_NARROWEST = 184
_WIDEST = 440
_BESIDE_NAME = 100  # icon, buttons and margins
_BY_TYPE = (
    ("image/", "image"),
    ("audio/", "audio"),
    ("video/", "video"),
    ("application/pdf", "pdf"),
    ("text/csv", "sheet"),
    ("application/vnd.ms-excel", "sheet"),
    ("application/vnd.openxmlformats-officedocument.spreadsheet", "sheet"),
    ("application/vnd.oasis.opendocument.spreadsheet", "sheet"),
    ("application/zip", "zip"),
    ("application/gzip", "zip"),
    ("application/x-tar", "zip"),
    ("application/x-7z", "zip"),
    ("application/vnd.rar", "zip"),
    ("text/", "doc"),
    ("application/msword", "doc"),
    ("application/rtf", "doc"),
    ("application/vnd.openxmlformats-officedocument", "doc"),
    ("application/vnd.oasis.opendocument", "doc"),
)
_BY_ENDING = {
    "png": "image",
    "jpg": "image",
    "jpeg": "image",
    "gif": "image",
    "webp": "image",
    "heic": "image",
    "pdf": "pdf",
    "xlsx": "sheet",
    "xls": "sheet",
    "csv": "sheet",
    "zip": "zip",
    "gz": "zip",
    "mp3": "audio",
    "wav": "audio",
    "m4a": "audio",
    "mp4": "video",
    "mov": "video",
    "docx": "doc",
    "doc": "doc",
    "txt": "doc",
    "md": "doc",
    "pptx": "doc",
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
    open_asked = Signal()
    reveal_asked = Signal()
    preview_asked = Signal()
    renamed = Signal(str)
    moved = Signal(int)  # by so many places

    def __init__(
        self, view: ChipView, source: PictureSource | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view: ChipView | None = None
        self._source = source
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._icon = Thumbnail(28)
        self._field: QLineEdit | None = None
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
        wider = self._name.text()
        if self._view is not None and self._view.remark:
            wider = max(wider, self._status.text(), key=self.fontMetrics().horizontalAdvance)
        named = self.fontMetrics().horizontalAdvance(wider) + _BESIDE_NAME
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
        parts = (view.remark, view.size, view.status)
        said = view.status if view.tone is Tone.BAD else "  ·  ".join(p for p in parts if p)
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
        lines = (view.name, view.size, view.status, view.remark)
        self.setToolTip(plain_tip("\n".join(line for line in lines if line)))
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
            self._icon.show_file(name, tone_color(view.tone), view.picture, self._source)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space looks, Enter opens, F2 names, Delete takes off, Alt and an arrow moves."""
        deed = self._keys().get((event.modifiers(), Qt.Key(event.key())))
        if deed is None:
            super().keyPressEvent(event)
        else:
            deed()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._name.geometry().contains(event.position().toPoint()):
            self.edit_name()
        else:
            self.open_asked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        can_open = self._view is not None and self._view.can_open
        has_picture = self._view is not None and self._view.picture is not None
        open_menu(
            self,
            (
                ("Preview", self.preview_asked.emit, has_picture),
                ("Open", self.open_asked.emit, can_open),
                ("Show in folder", self.reveal_asked.emit, can_open),
                ("Rename", self.edit_name, True),
                ("Move left", lambda: self.moved.emit(-1), True),
                ("Move right", lambda: self.moved.emit(1), True),
                ("Remove", self.remove_asked.emit, True),
            ),
            event.globalPos(),
        )

    def edit_name(self) -> None:
        """Let the name be written anew in its place; Enter takes it, Esc leaves it."""
        if self._view is None or self._field is not None:
            return
        name = self._view.name
        field = self._field = QLineEdit(name, self)
        field.setAccessibleName(f"New name of {name}")
        field.setGeometry(self._name.geometry().adjusted(-4, -2, 4, 2))
        stem, dot, _ = name.rpartition(".")
        field.setSelection(0, len(stem) if dot else len(name))
        field.installEventFilter(self)
        field.editingFinished.connect(self._on_field_finished)
        field.show()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if watched is self._field and event.type() == QEvent.Type.KeyPress and is_escape:
            self._shut_field()
            return True
        return False

    def _on_field_finished(self) -> None:
        field = self._field
        if field is not None:
            text = field.text()
            self._shut_field()
            self.renamed.emit(text)

    def _shut_field(self) -> None:
        field, self._field = self._field, None
        if field is not None:
            had_focus = field.hasFocus()
            field.hide()
            field.deleteLater()
            if had_focus:
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keys(self) -> dict[tuple[Qt.KeyboardModifier, Qt.Key], Callable[[], None]]:
        none, alt = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
        return {
            (none, Qt.Key.Key_Space): self.preview_asked.emit,
            (none, Qt.Key.Key_Return): self.open_asked.emit,
            (none, Qt.Key.Key_Enter): self.open_asked.emit,
            (none, Qt.Key.Key_F2): self.edit_name,
            (none, Qt.Key.Key_Delete): self.remove_asked.emit,
            (none, Qt.Key.Key_Backspace): self.remove_asked.emit,
            (alt, Qt.Key.Key_Left): lambda: self.moved.emit(-1),
            (alt, Qt.Key.Key_Right): lambda: self.moved.emit(1),
        }

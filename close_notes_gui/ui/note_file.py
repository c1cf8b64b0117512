"""A file of a note in Close: a click opens it here, its menu saves it; shows how far it has come.

Window thread.
"""

from typing import Literal

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from close_notes_gui.present.views import NoteFileView
from close_notes_gui.ui import icons, theme
from close_notes_gui.ui.file_icons import icon_for
from close_notes_gui.ui.file_menu import open_menu
from close_notes_gui.ui.labels import no_mnemonic, plain_tip
from close_notes_gui.ui.thumbnail import PictureSource, Thumbnail

FileDeed = Literal["open", "save", "reveal", "browse", "stop"]


class NoteFileButton(QPushButton):
    """Invariant: shows the last view given; its address never changes."""

    asked = Signal(str, object)  # FileDeed, NoteFileView

    def __init__(
        self, view: NoteFileView, source: PictureSource | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._source = source
        self._thumbnail = Thumbnail(16, self)
        self._thumbnail.hide()
        self._thumbnail.drawn.connect(self._on_thumbnail_drawn)
        self.setObjectName("file")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)
        self.clicked.connect(self._on_clicked)
        self.show_view(view)

    @property
    def url(self) -> str:
        """The file's address in Close."""
        return self._view.url

    def show_view(self, view: NoteFileView) -> None:
        """Draw the view."""
        self._view = view
        name = self.fontMetrics().elidedText(view.name, Qt.TextElideMode.ElideMiddle, 200)
        said = view.status or view.size
        self.setText(no_mnemonic(f"{name}  {said}" if said else name))
        self.setAccessibleName(f"File {view.name}")
        tip = "Click to stop" if view.status else "Click to open, right-click to save"
        self.setToolTip(plain_tip(f"{view.name}\n{tip}" if view.url else view.name))
        self.setEnabled(bool(view.url))
        self._draw_sign()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._view.fraction is not None:
            painter = QPainter(self)
            width = round(self.width() * self._view.fraction)
            painter.fillRect(0, self.height() - 2, width, 2, theme.now().accent_text)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._view.url:
            self.open_menu(event.globalPos())

    def open_menu(self, at: QPoint) -> None:
        """What can be done with it."""
        busy = bool(self._view.status)
        open_menu(
            self,
            (
                ("Open", lambda: self._ask("open"), not busy),
                ("Save as…", lambda: self._ask("save"), not busy),
                ("Show in folder", lambda: self._ask("reveal"), not busy),
                ("Open in browser", lambda: self._ask("browse"), True),
                ("Stop", lambda: self._ask("stop"), busy),
            ),
            at,
        )

    def _on_clicked(self) -> None:
        self._ask("stop" if self._view.status else "open")

    def _ask(self, deed: FileDeed) -> None:
        self.asked.emit(deed, self._view)

    def _draw_sign(self) -> None:
        view = self._view
        icon = icon_for(view.content_type, view.name)
        self.setIcon(icons.icon(icon, size=16))
        if view.picture is not None and self._source is not None:
            self._thumbnail.show_file(icon, theme.now().quiet, view.picture, self._source)

    def _on_thumbnail_drawn(self) -> None:
        self.setIcon(QIcon(self._thumbnail.pixmap()))

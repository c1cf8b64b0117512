"""A file of a note in Close: a click looks at it or opens it, its menu saves it, the mouse drags it
out of the window; shows how far it has come.

Window thread.
"""

from typing import Literal

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QPushButton, QWidget

from close_notes_gui.present.views import NoteFileView
from close_notes_gui.ui import icons, theme
from close_notes_gui.ui.file_icons import icon_for
from close_notes_gui.ui.file_menu import open_menu
from close_notes_gui.ui.labels import no_mnemonic, plain_tip
from close_notes_gui.ui.press import Press
from close_notes_gui.ui.thumbnail import PictureSource, Thumbnail

FileDeed = Literal["look", "open", "save", "reveal", "copy", "browse", "stop", "carry", "let go"]


class NoteFileButton(QPushButton):
    """Invariant: shows the last view given; its address never changes."""

    asked = Signal(str, object)  # FileDeed, NoteFileView; after "carry" comes "let go", or a drag

    def __init__(
        self, view: NoteFileView, source: PictureSource | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._source = source
        self._press = Press()
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
        if view.is_at_hand and not view.can_preview and not view.status:
            said = f"{said}, ready to drag" if said else "ready to drag"
        self.setText(no_mnemonic(f"{name}  {said}" if said else name))
        self.setAccessibleName(f"File {view.name}")
        deed = "look at it" if view.can_preview else "open"
        tip = f"Click to {deed}, drag it into a folder or mail, right-click to save"
        tip = "Click to stop" if view.status else tip
        self.setToolTip(plain_tip(f"{view.name}\n{tip}" if view.url else view.name))
        self.setEnabled(bool(view.url))
        self._draw_sign()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._view.fraction is not None:
            painter = QPainter(self)
            width = round(self.width() * self._view.fraction)
            painter.fillRect(0, self.height() - 2, width, 2, theme.now().accent_text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and not self._view.status:
            self._ask("copy")
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._press.begin(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        was_pulled = self._press.is_pulled
        if not self._press.is_pull(event):
            super().mouseMoveEvent(event)
        elif not was_pulled:
            self.setDown(False)  # letting go is no click any more
            self._ask("carry")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._press.is_pulled:
            self._ask("let go")
        self._press.end()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._view.url:
            self.open_menu(event.globalPos())

    def open_menu(self, at: QPoint) -> None:
        """What can be done with it."""
        busy = bool(self._view.status)
        open_menu(
            self,
            (
                *(
                    (("Preview", lambda: self._ask("look"), not busy),)
                    if self._view.can_preview
                    else ()
                ),
                ("Open", lambda: self._ask("open"), not busy),
                ("Save as…", lambda: self._ask("save"), not busy),
                ("Show in folder", lambda: self._ask("reveal"), not busy),
                ("Copy", lambda: self._ask("copy"), not busy),
                ("Open in browser", lambda: self._ask("browse"), True),
                ("Stop", lambda: self._ask("stop"), busy),
            ),
            at,
        )

    def _on_clicked(self) -> None:
        if self._view.status:
            self._ask("stop")
        else:
            self._ask("look" if self._view.can_preview else "open")

    def _ask(self, deed: FileDeed) -> None:
        self.asked.emit(deed, self._view)

    def _draw_sign(self) -> None:
        view = self._view
        icon = icon_for(view.content_type, view.name)
        if view.picture is None or self._source is None:
            self.setIcon(icons.icon(icon, size=16))
            return
        self._thumbnail.show_file(icon, theme.now().quiet, view.picture, self._source)
        self._on_thumbnail_drawn()

    def _on_thumbnail_drawn(self) -> None:
        self.setIcon(QIcon(self._thumbnail.pixmap()))

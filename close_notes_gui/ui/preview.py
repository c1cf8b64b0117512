"""A picture at full size over the window: space or a click opens it, any key or click shuts it.

Window thread; the picture is read elsewhere and comes when it is there.
"""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from close_notes_gui.ui.labels import label
from close_notes_gui.ui.thumbnail import PictureSource

_MARGIN = 16
_LEAST = 64
_AROUND = 64  # the words below and the space around the picture


class Preview(QFrame):
    """Invariant: shows the picture asked for last, never a larger one than fits."""

    left = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("panel")
        self.setAccessibleName("Preview")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._over = over
        self._source: PictureSource | None = None
        self._wanted: tuple[Path, int] | None = None
        self._before: QWidget | None = None
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words = label("", "quiet")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.addWidget(self._picture, 1)
        column.addWidget(self._words)
        self.hide()

    def open(self, path: Path | None, name: str, source: PictureSource | None) -> None:
        """Show this picture; the words alone, or the one before it, until there is a path."""
        if source is None:
            return
        if self._source is None:
            self._source = source
            source.loaded.connect(self._on_source_loaded)
        self.setGeometry(self._over.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN))
        self._words.setText(name)
        if self.isHidden():
            self._picture.setPixmap(QPixmap())
            self._before = self.window().focusWidget()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self._wanted = None
        if path is not None:
            room = self._room()
            self._ask(path, max(min(room.width(), room.height()), _LEAST))

    def shut(self) -> None:
        """Hide it, and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        self._wanted = None
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.left.emit()

    def keyPressEvent(self, _event: QKeyEvent) -> None:
        self.shut()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.shut()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """The second click of the two that opened it."""

    @Slot(object, int, QImage)
    def _on_source_loaded(self, path: Path, edge_px: int, image: QImage) -> None:
        if (path, edge_px) == self._wanted:
            self._draw(image)

    def _room(self) -> QSize:
        """For the picture, in px of the screen."""
        return (self.size() - QSize(_AROUND, _AROUND)) * self.devicePixelRatioF()

    def _ask(self, path: Path, edge_px: int) -> None:
        self._wanted = path, edge_px
        image = self._source.ask(path, edge_px) if self._source is not None else None
        if image is not None:
            self._draw(image)

    def _draw(self, image: QImage) -> None:
        if image.isNull():
            self._picture.setText("This picture cannot be shown here.")
            return
        drawn = QPixmap.fromImage(image)
        drawn.setDevicePixelRatio(self.devicePixelRatioF())
        self._picture.setPixmap(drawn)
        if self._wanted is not None:  # its shape is known now: a wide one may be larger
            path, edge_px = self._wanted
            fitted = image.size().scaled(self._room(), Qt.AspectRatioMode.KeepAspectRatio)
            edge = max(fitted.width(), fitted.height())
            if max(image.width(), image.height()) == edge_px < edge:
                self._ask(path, edge)

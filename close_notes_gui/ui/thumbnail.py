"""The sign of a file: its picture where there is one that can be drawn, else the icon of its kind.

Window thread; the picture comes when it has been read elsewhere.
"""

from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from close_notes_gui.ui import icons


class PictureSource(Protocol):
    """Who reads pictures. `loaded` is a signal of (Path, edge, QImage)."""

    loaded: Any

    def ask(self, path: Path, edge_px: int) -> QImage | None:
        """The picture where it is at hand; else `loaded` tells it."""
        ...


class Thumbnail(QLabel):
    """Invariant: the icon shows until the picture is there; a square of `edge` px."""

    drawn = Signal()  # the picture is there

    def __init__(self, edge: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edge = edge
        self._source: PictureSource | None = None
        self._waits_for: tuple[Path, int] | None = None
        self._shown: Path | None = None
        self.setFixedSize(edge, edge)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def show_file(
        self, icon: str, color: str, picture: Path | None, source: PictureSource | None
    ) -> None:
        """Draw the file's sign; asks for the picture where it is not at hand."""
        if picture is not None and picture == self._shown:
            return
        self._shown = None
        self.setPixmap(icons.pixmap(icon, color, min(self._edge, 20), self.devicePixelRatioF()))
        if picture is None or source is None:
            return
        edge_px = round(self._edge * self.devicePixelRatioF() * 2)  # covers the square when cut
        self._waits_for = picture, edge_px
        if self._source is None:  # before it is asked: it may answer before it returns
            self._source = source
            source.loaded.connect(self._on_source_loaded)
        image = source.ask(picture, edge_px)
        if image is not None:
            self._waits_for = None
            self._draw(picture, image)

    @Slot(object, int, QImage)
    def _on_source_loaded(self, path: Path, edge_px: int, image: QImage) -> None:
        if (path, edge_px) == self._waits_for:
            self._waits_for = None
            self._draw(path, image)

    def _draw(self, path: Path, image: QImage) -> None:
        if image.isNull():
            return
        self._shown = path
        self.setPixmap(_square(image, self._edge, self.devicePixelRatioF()))
        self.drawn.emit()


def _square(image: QImage, edge: int, scale: float) -> QPixmap:
    """The middle of the picture, filling a square with round corners."""
    pixels = round(edge * scale)
    drawn = QPixmap(pixels, pixels)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    corners = QPainterPath()
    corners.addRoundedRect(QRectF(0, 0, pixels, pixels), 3 * scale, 3 * scale)
    painter.setClipPath(corners)
    side = min(image.width(), image.height())
    left, top = (image.width() - side) / 2, (image.height() - side) / 2
    painter.drawImage(QRectF(0, 0, pixels, pixels), image, QRectF(left, top, side, side))
    painter.end()
    drawn.setDevicePixelRatio(scale)
    return drawn

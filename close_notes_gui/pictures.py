"""Small pictures for chips, notes and the preview, read in a pool of two threads of Qt's.

Beside the bridge the only file that has both Qt and threads: the engine may not know Qt, the
window may not wait for a disk or a decoder. Decodes while scaling; never hands out a large image.
"""

from collections import OrderedDict
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QRunnable, QSize, Qt, QThreadPool, Signal, Slot
from PySide6.QtGui import QImage, QImageReader

_FORMATS: Final = frozenset({b"png", b"jpeg", b"gif", b"webp", b"bmp"})
_LARGEST_PIXELS: Final = 200_000_000
_MOST_KEPT: Final = 300
_MOST_KEPT_EDGE: Final = 256


class Pictures(QObject):
    """Invariant: `loaded` answers each `ask` that gave None, with a null image where the file is
    no picture that can be drawn. Asked and told on the window's thread.
    """

    loaded = Signal(object, int, QImage)  # Path, edge, the picture

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)
        self._kept: OrderedDict[tuple[Path, int], QImage] = OrderedDict()
        self._asked: set[tuple[Path, int]] = set()
        self.loaded.connect(self._on_loaded, Qt.ConnectionType.AutoConnection)

    def ask(self, path: Path, edge_px: int) -> QImage | None:
        """The picture, at most `edge_px` wide and high, where it is at hand; else it is loaded."""
        key = path, edge_px
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._asked:
            self._asked.add(key)
            self._pool.start(_Reading(self, path, edge_px))
        return None

    def stop(self) -> None:
        """Drop what waits, and wait a moment for what runs."""
        self._pool.clear()
        self._pool.waitForDone(500)

    @Slot(object, int, QImage)
    def _on_loaded(self, path: Path, edge_px: int, image: QImage) -> None:
        self._asked.discard((path, edge_px))
        if edge_px <= _MOST_KEPT_EDGE:
            self._kept[path, edge_px] = image
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)


class _Reading(QRunnable):
    """Reads one picture; its answer goes over by the signal, queued."""

    def __init__(self, pictures: Pictures, path: Path, edge_px: int) -> None:
        super().__init__()
        self._pictures = pictures
        self._path = path
        self._edge_px = edge_px

    def run(self) -> None:
        self._pictures.loaded.emit(self._path, self._edge_px, read_small(self._path, self._edge_px))


def read_small(path: Path, edge_px: int) -> QImage:
    """The picture fitted into a square of `edge_px`; null where it cannot be drawn. Blocks."""
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    if bytes(reader.format().data()) not in _FORMATS:
        return QImage()
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > _LARGEST_PIXELS:
        return QImage()
    if max(size.width(), size.height()) > edge_px:
        fitted = size.scaled(QSize(edge_px, edge_px), Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(fitted.expandedTo(QSize(1, 1)))
    return reader.read()

"""Draw resources/icons/app.svg in every size that a desktop asks for.

`python draw_icons.py FOLDER` writes 16.png … 512.png, app.ico and app.icns there. No display.
"""

import os
import struct
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES_PX = (16, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES_PX = (16, 24, 32, 48, 64, 256)
ICNS_KINDS = {b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512}
SOURCE = Path(__file__).resolve().parents[1] / "icons" / "app.svg"


def drawn(size_px: int) -> bytes:
    """The icon as a PNG of that size."""
    image = QImage(size_px, size_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(SOURCE)).render(painter)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]  # stub errs
        sys.exit("Qt could not write a PNG.")
    return bytes(content.data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """Windows' icon file: a directory, then the PNGs."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    entries = b""
    for size_px, png in pictures.items():
        edge = size_px % 256  # 256 is written as 0
        entries += struct.pack("<BBBBHHII", edge, edge, 0, 0, 1, 32, len(png), offset)
        offset += len(png)
    return head + entries + b"".join(pictures.values())


def icns(pictures: dict[bytes, bytes]) -> bytes:
    """macOS's icon file: tagged PNGs, big-endian lengths that include their own heads."""
    body = b"".join(kind + struct.pack(">I", len(png) + 8) + png for kind, png in pictures.items())
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def main(folder: Path) -> None:
    """Write them all."""
    application = QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {size_px: drawn(size_px) for size_px in SIZES_PX}
    for size_px, png in pictures.items():
        (folder / f"{size_px}.png").write_bytes(png)
    (folder / "app.ico").write_bytes(ico({size_px: pictures[size_px] for size_px in ICO_SIZES_PX}))
    (folder / "app.icns").write_bytes(icns({k: pictures[s] for k, s in ICNS_KINDS.items()}))
    application.quit()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

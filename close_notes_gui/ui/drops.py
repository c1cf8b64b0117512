"""What a drop or a paste brings: files, a picture, or text. Reads names and bytes in hand only.

Window thread. Opens no file and no address; whether a path is fit is the engine's to say.
"""

import os
import re
import sys
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage

from close_notes_gui.ui.virtual_files import brings_virtual_files

_ENDINGS = {  # pictures whose bytes are taken as they are
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
}


_MOST_HTML = 20_000
_IMG = re.compile(r"""<img\b[^>]{0,2000}?\bsrc\s*=\s*["']?([^"'\s>]{1,2000})""", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,4000}>")
_LETTERS = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's bytes, as they came; where only pixels came, how to make a PNG of them, which
    takes a second for a large screen and is done in another thread.
    """

    content_type: str
    content: bytes | Callable[[], bytes] = field(repr=False)

    def filename(self, now: datetime) -> str:
        """Its name by the time at which it came."""
        return screenshot_name(now, _ENDINGS[self.content_type])


def brings_files(mime: QMimeData) -> bool:
    """Whether there is something to attach; asked while dragging, so it reads nothing big."""
    in_hand = any(url.isLocalFile() or url.scheme() == "data" for url in mime.urls())
    is_made = mime.hasImage() or brings_virtual_files(mime)
    return is_made or in_hand or bool(picture_address_of(mime))


def paths_of(mime: QMimeData) -> tuple[Path, ...]:
    """The local files, in order, each once; names that are no UTF-8 are kept byte for byte."""
    raw = mime.data("text/uri-list").data()
    if sys.platform == "win32" or not raw:
        # A host would make Windows offer the rep's login to it, only to look at the file.
        names = [url.toLocalFile() for url in mime.urls() if url.isLocalFile() and not url.host()]
    else:
        names = [name for line in bytes(raw).splitlines() if (name := _local(line))]
    return tuple(dict.fromkeys(Path(name) for name in names))


def _local(line: bytes) -> str:
    line = line.strip().rstrip(b"\0")
    if not line.lower().startswith(b"file:"):
        return ""
    rest = line[len(b"file:") :]
    if rest.startswith(b"//"):
        host, slash, path = rest[2:].partition(b"/")
        if host.lower() not in {b"", b"localhost", os.uname().nodename.lower().encode()}:
            return ""
        rest = slash + path
    if not rest.startswith(b"/"):
        return ""
    return os.fsdecode(unquote_to_bytes(rest)).replace("\0", "")


def picture_of(mime: QMimeData) -> Picture | None:
    """The picture: its own bytes where the sender gives them in a known form, else as PNG."""
    own = _own_bytes_of(mime) or _from_data_address(mime)
    if own is not None or not mime.hasImage():
        return own
    image = mime.imageData()
    if not isinstance(image, QImage) or image.isNull():
        return None
    return Picture("image/png", lambda: png_of(image))


def _own_bytes_of(mime: QMimeData) -> Picture | None:
    """The picture's bytes as the sender gives them, in its best known form; None where it gives
    only pixels.
    """
    for content_type in mime.formats():  # of a type not listed, QMimeData would make its own
        if content_type in _ENDINGS:
            content = bytes(mime.data(content_type).data())
            if content:
                return Picture(content_type, content)
    return None


def png_of(image: QImage) -> bytes:
    """The picture as PNG, packed lightly: harder packing takes longer and gains a tenth. Any
    thread; empty where there is no room for it.
    """
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", 85)  # type: ignore[call-overload]
    return bytes(content.data())


def screenshot_name(now: datetime, ending: str = "png") -> str:
    """`Screenshot 2026-11-23 at 14.05.09.png`, in the rep's own time. `now` is aware."""
    return f"Screenshot {now.astimezone():%Y-%m-%d at %H.%M.%S}.{ending}"


def picture_address_of(mime: QMimeData) -> str:
    """The web address of a picture dragged from a browser that gave no bytes; else empty.

    A link that is dragged brings its address too, but no picture in its HTML.
    """
    address = next((url.toString() for url in mime.urls() if not url.isLocalFile()), "")
    if not address.lower().startswith(("http://", "https://")) or not mime.hasHtml():
        return ""
    html = mime.html()[:_MOST_HTML]
    found = _IMG.search(html)
    if found is None or _LETTERS.search(_TAG.sub("", html[max(html.lower().find("<body"), 0) :])):
        return ""
    source = unescape(found[1])
    return source if source.lower().startswith(("http://", "https://")) else address


def _from_data_address(mime: QMimeData) -> Picture | None:
    for url in mime.urls():
        if url.scheme() == "data":
            kind, _, content = url.toString().removeprefix("data:").partition(";base64,")
            if kind in _ENDINGS and content:
                try:
                    made = b64decode(unquote_to_bytes(content), validate=False)
                except ValueError:
                    return None
                return Picture(kind, made)
    return None


def text_of(mime: QMimeData) -> str:
    """Text or an address that was dropped beside the editor; goes into the note as plain text."""
    links = [url.toString() for url in mime.urls() if not url.isLocalFile()]
    return mime.text() if mime.hasText() else "\n".join(links)

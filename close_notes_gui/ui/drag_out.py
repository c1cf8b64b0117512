"""Files dragged or copied out of the window, into a folder, a mail, or any other program.

Window thread. Only a file that is whole and here is dragged: what takes it need not wait for it.
"""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication
from PySide6.QtWidgets import QWidget

#: Holds the AttachmentId of a chip that is dragged: within the window it is moved, not attached.
CHIP_FORMAT = "application/x-close-notes-attachment"
_HOT_SPOT = 12  # px into the picture of it


def mime_of(path: Path, attachment_id: str = "") -> QMimeData:
    """The file as other programs take it (`text/uri-list`; CF_HDROP, file URL of a pasteboard)."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    if attachment_id:
        mime.setData(CHIP_FORMAT, attachment_id.encode())
    return mime


def chip_of(mime: QMimeData) -> str:
    """The AttachmentId of the chip that is dragged; else empty."""
    return bytes(mime.data(CHIP_FORMAT).data()).decode("ascii", "replace")


def copy_file(path: Path) -> None:
    """Put the file on the clipboard, to be pasted there, or into another note."""
    QGuiApplication.clipboard().setMimeData(mime_of(path))


def drag_file(source: QWidget, path: Path, attachment_id: str = "") -> None:
    """Drag the file that `source` shows until the rep lets go, always as a copy. The button must
    still be down.
    """
    drag = QDrag(source.window())  # the source may be drawn anew meanwhile
    drag.setMimeData(mime_of(path, attachment_id))
    drag.setPixmap(source.grab())
    drag.setHotSpot(QPoint(_HOT_SPOT, _HOT_SPOT))
    drag.exec(Qt.DropAction.CopyAction)

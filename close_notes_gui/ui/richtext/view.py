"""Read-only notes for the timeline, with the looks of the editor; and the exact text sent."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget


def draw_note(document: QTextDocument, note_html: str) -> None:
    """Fill `document` with a note. Never Qt's HTML reader, never a resource loaded."""


class NoteView(QTextEdit):
    """A note to read: grows to its content's height, no frame, links by `linkClicked`."""

    linkClicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None: ...

    def show_note(self, note_html: str) -> None: ...


class PreviewPane(QPlainTextEdit):
    """The exact `note_html` that will be sent, read-only."""

    def show_note_html(self, note_html: str) -> None: ...

"""The box a note is written in: keys, typing aids, paste, and the exact `note_html`.

UI thread. Never reads a file, never touches the network, never uses Qt's HTML reader.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTextEdit, QWidget

from close_notes_gui.model.lead import Directory


class NoteEditor(QTextEdit):
    """Invariant: what it shows and what `note_html` answers are the same tree."""

    revised = Signal()
    """Text or format changed by the rep (not on load)."""
    filesDropped = Signal(list)
    """list[Path]: local files pasted or dropped; for the attachments, not for the text."""
    imagePasted = Signal(object)
    """QImage: a picture's bytes pasted or dropped."""
    sendRequested = Signal()
    """Ctrl+Enter."""
    formatChanged = Signal()
    """The state at the cursor (marks, kind of block) may have changed: toolbars read it again."""
    linkClicked = Signal(str)
    """Ctrl+click on a link; an absolute http(s), mailto or tel address."""
    busyChanged = Signal(bool)
    """A long note or paste is being brought in, in slices."""

    def __init__(self, parent: QWidget | None = None) -> None: ...

    def load_note_html(self, note_html: str, cursor_position: int = 0) -> None:
        """Show a draft; once per draft. Resets undo. Never raises on foreign HTML."""

    def note_html(self, *, fresh: bool = False) -> str:
        """The exact canonical `note_html`. Incremental; `fresh` walks the whole document."""
        raise NotImplementedError

    def is_blank(self) -> bool:
        """Nothing but white space."""
        raise NotImplementedError

    def set_people(self, directory: Directory) -> None:
        """Who can be mentioned."""

    def set_typing_aids(self, *, markdown: bool, links: bool) -> None:
        """Markdown as you type and links as you type, on or off."""

    def insert_plain(self, text: str) -> None:
        """Insert text without format at the cursor, as one undo step."""

    def lost_on_load(self) -> tuple[str, ...]:
        """Constructs of the loaded note that the tree cannot hold (their text is kept)."""
        raise NotImplementedError

"""The sheet of keys (F1), and the one list of them.

Window thread.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from close_notes_gui.ui.labels import label

KEYS: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...] = (
    (
        "Note",
        (
            ("Find a lead", ("Ctrl+L",)),
            ("Pick the marked lead", ("Return",)),
            ("Pick lead 1 to 9", ("Ctrl+1..9",)),
            ("Send the note", ("Ctrl+Return",)),
            ("Attach files", ("Ctrl+Shift+A",)),
            ("New note", ("Ctrl+N",)),
            ("Outbox and drafts", ("Ctrl+Shift+O",)),
            ("Settings", ("Ctrl+,",)),
            ("Back", ("Esc",)),
            ("These keys", ("F1",)),
        ),
    ),
    (
        "Text",
        (
            ("Bold, italic, underline", ("Ctrl+B", "Ctrl+I", "Ctrl+U")),
            ("Strike through", ("Ctrl+Shift+X",)),
            ("Link", ("Ctrl+K",)),
            ("Numbered list", ("Ctrl+Shift+7",)),
            ("Bulleted list", ("Ctrl+Shift+8",)),
            ("Paragraph", ("Ctrl+Alt+0",)),
            ("Heading 1 to 6", ("Ctrl+Alt+1..6",)),
            ("Paste without format", ("Ctrl+Shift+V",)),
            ("Undo", ("Ctrl+Z",)),
            ("Redo", ("Ctrl+Shift+Z",)),
        ),
    ),
)


def shown(key: str) -> str:
    """The key as this system writes it; `Ctrl+1..9` is a row of keys."""
    first, _, last = key.partition("..")
    written = QKeySequence(first).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{written} … {last}" if last else written


class KeySheet(QWidget):
    """Invariant: shows every key of KEYS."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Keys")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(0, 144)
        for heading, keys in KEYS:
            title = label(heading, "strong")
            title.setContentsMargins(0, 8 if grid.rowCount() > 1 else 0, 0, 0)
            grid.addWidget(title, grid.rowCount(), 0, 1, 2)
            for words, pressed in keys:
                row = grid.rowCount()
                grid.addWidget(label(words, wrap=True), row, 0)
                caps = label("  ".join(shown(key) for key in pressed), "quiet")
                grid.addWidget(caps, row, 1, Qt.AlignmentFlag.AlignRight)

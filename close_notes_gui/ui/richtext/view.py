"""Read-only notes for the timeline, with the looks of the editor; and the exact text sent.

UI thread. Opens no resource, whatever a note names.
"""

from collections.abc import Iterator

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QMouseEvent, QResizeEvent, QTextDocument, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from close_notes_gui.markup import from_note_html
from close_notes_gui.markup.foreign import note_slices
from close_notes_gui.model.richtext import RichText
from close_notes_gui.ui import theme
from close_notes_gui.ui.richtext import mention, paste, reading
from close_notes_gui.ui.richtext.document import fill_document, prepare
from close_notes_gui.ui.richtext.dress import Dresser
from close_notes_gui.ui.richtext.insert import fill
from close_notes_gui.ui.richtext.slices import Slices
from close_notes_gui.ui.richtext.surface import NoteSurface


def draw_note(document: QTextDocument, note_html: str) -> None:
    """Fill `document` with a note. Never Qt's HTML reader, never a resource loaded."""
    prepare(document)
    mention.register(document)
    fill_document(document, from_note_html(note_html))
    Dresser(document, tokens=theme.now()).wear(theme.now())


class NoteView(NoteSurface):
    """A note to read. Invariant: as high as its content at its width, so nothing scrolls."""

    linkClicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
        )
        self.setUndoRedoEnabled(False)
        self.document().setDocumentMargin(0)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._height = 0
        self._slices = Slices(self)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    def show_note(self, note_html: str) -> None:
        """Show a note; a long one comes in slices."""
        self._slices.drop()
        self._dresser.forget()
        self.wrap_anywhere(anywhere=False)
        self._slices.run(fill(self.document(), self._trees(note_html)), then=self._walker.forget)

    def _trees(self, note_html: str) -> Iterator[RichText | None]:
        for part in reading.parts(note_html):
            note = yield from note_slices(part)
            if paste.has_long_run(note.tree):
                self.wrap_anywhere(anywhere=True)
            yield note.tree

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        height = round(self.document().documentLayout().documentSize().height())
        if height != self._height:
            self._height = height
            self.updateGeometry()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        address = self.anchorAt(event.position().toPoint())
        if address and not self.textCursor().hasSelection():
            self.linkClicked.emit(address)


class PreviewPane(QPlainTextEdit):
    """Invariant: shows the exact `note_html` that will be sent, to read only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAccessibleName("Preview of what is sent")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.document().setDocumentMargin(12)

    def show_note_html(self, note_html: str) -> None:
        """Show it to the letter."""
        self.setPlainText(note_html)

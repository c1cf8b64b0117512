"""What editor and note view share: a QTextEdit that shows a document of notes.

UI thread. Its only way in is the rich-text tree. Opens no resource, whatever a document
may name.
"""

from PySide6.QtCore import QEvent, QRectF, QUrl
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from close_notes_gui.ui import theme
from close_notes_gui.ui.richtext import mention
from close_notes_gui.ui.richtext.decorations import Decorations
from close_notes_gui.ui.richtext.document import prepare
from close_notes_gui.ui.richtext.dress import Dresser
from close_notes_gui.ui.richtext.walker import Walker

_WRAP = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere


class NoteSurface(QTextEdit):
    """Invariant: one document for life; walker, dresser and decorations follow it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAutoFormatting(QTextEdit.AutoFormattingFlag.AutoNone)
        document = self.document()
        prepare(document)
        document.setDocumentMargin(12)
        self.setWordWrapMode(_WRAP)
        mention.register(document)
        self._tokens = theme.now()
        self._dresser = Dresser(document, tokens=self._tokens)
        self._walker = Walker(document, changed=self._dresser.changed)
        self._decorations = Decorations(document, self._walker)

    def loadResource(self, kind: int, url: QUrl | str) -> object:  # noqa: ARG002
        """An empty picture. Answering nothing would have Qt open the address itself."""
        return QImage(1, 1, QImage.Format.Format_ARGB32)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        painter.translate(-across, -down)
        area = QRectF(event.rect().translated(across, down))
        self._decorations.paint(painter, area, tokens=self._tokens)
        painter.end()
        super().paintEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        kind = event.type()
        if kind in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self._wear_theme(force=kind == QEvent.Type.FontChange)

    def wrap_anywhere(self, *, anywhere: bool) -> None:
        """Wrap within words too: a run of many thousand characters without a space takes Qt
        seconds to wrap at words.
        """
        wanted = QTextOption.WrapMode.WrapAnywhere if anywhere else _WRAP
        if self.wordWrapMode() != wanted:
            self.setWordWrapMode(wanted)

    def _wear_theme(self, *, force: bool) -> None:
        tokens = theme.now()
        if hasattr(self, "_dresser") and (force or tokens is not self._tokens):
            self._tokens = tokens
            self._dresser.wear(tokens)
            self.viewport().update()

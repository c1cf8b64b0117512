"""Looks that the document's own formats do not have: of the kind of block, of another theme.

UI thread. They live in the layouts, as a syntax highlighter's do: not in undo, not in what
is read back, and another theme or font is another coat over the same text.
"""

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextDocument, QTextLayout

from close_notes_gui.ui.richtext import formats
from close_notes_gui.ui.richtext.places import CODE_BLOCK, place_of
from close_notes_gui.ui.theme import Tokens

_AT_ONCE = 300  # blocks dressed within an edit; the rest follows in slices, the window stays awake


class Dresser(QObject):
    """Invariant: once idle, each block wears the coat of its kind and of its runs' marks."""

    def __init__(self, document: QTextDocument, *, tokens: Tokens) -> None:
        super().__init__(document)
        self._document = document
        self._tokens = tokens
        self._coats: dict[tuple[int, int], QTextCharFormat | None] = {}
        self._late_from = -1
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._on_timer_timeout)

    def changed(self, first: QTextBlock, last: QTextBlock) -> None:
        """Dress the blocks of an edit, before they are laid out."""
        block = first
        for _ in range(_AT_ONCE):
            self._wear(block)
            if block == last:
                break
            block = block.next()
        else:
            self._later(block.blockNumber())
        if self._late_from >= 0:
            self._late_from = min(self._late_from, first.blockNumber())

    def forget(self) -> None:
        """The document is about to be cleared: its format numbers will mean something else."""
        self._coats.clear()
        self._late_from = -1

    def wear(self, tokens: Tokens) -> None:
        """Dress all of it again: another theme, another font, or another text."""
        self._tokens = tokens
        self._coats.clear()
        self._later(0)
        self._on_timer_timeout()

    def dress_composed(self, block: QTextBlock) -> None:
        """Dress a block again after Qt put the marks of an input method over it."""
        layout = block.layout()
        composing = list(layout.formats()) if layout.preeditAreaText() else []
        coat = self._ranges(block)
        at, length = layout.preeditAreaPosition(), len(layout.preeditAreaText())
        for piece in coat:
            if composing and piece.start >= at:
                piece.start += length
            elif composing and piece.start + piece.length > at:
                piece.length += length
        layout.setFormats(coat + composing)
        self._document.markContentsDirty(block.position(), block.length())

    def _later(self, number: int) -> None:
        self._late_from = number if self._late_from < 0 else min(self._late_from, number)
        self._timer.start()

    @Slot()
    def _on_timer_timeout(self) -> None:
        if self._late_from < 0:
            return
        first = block = self._document.findBlockByNumber(self._late_from)
        last = first
        for _ in range(_AT_ONCE):
            if not block.isValid():
                break
            self._wear(block)
            last = block
            block = block.next()
        if first.isValid():
            length = last.position() + last.length() - first.position()
            self._document.markContentsDirty(first.position(), length)
        self._late_from = block.blockNumber() if block.isValid() else -1
        if self._late_from >= 0:
            self._timer.start()

    def _wear(self, block: QTextBlock) -> None:
        layout = block.layout()
        ranges = self._ranges(block)
        if ranges or layout.formats():
            layout.setFormats(ranges)

    def _ranges(self, block: QTextBlock) -> list[QTextLayout.FormatRange]:
        kind = place_of(block).kind
        start = block.position()
        out: list[QTextLayout.FormatRange] = []
        iterator = block.begin()
        while not iterator.atEnd():
            fragment = iterator.fragment()
            key = (kind, fragment.charFormatIndex())
            if key in self._coats:
                coat = self._coats[key]
            else:
                coat = self._coats[key] = self._coat(kind, fragment.charFormat())
            if coat is not None:
                piece = QTextLayout.FormatRange()
                piece.start, piece.length = fragment.position() - start, fragment.length()
                piece.format = coat
                out.append(piece)
            iterator += 1
        return out

    def _coat(self, kind: int, char_format: QTextCharFormat) -> QTextCharFormat | None:
        """What a run wears in a block of a kind; None where its own format says it all."""
        points = self._document.defaultFont().pointSizeF()
        if kind == CODE_BLOCK:
            # Nothing in code is marked, whatever was joined to it.
            coat = QTextCharFormat()
            coat.setFontItalic(False)
            coat.setFontUnderline(False)
            coat.setFontStrikeOut(False)
            coat.merge(formats.face(kind, points, bold=False))
            return coat
        marks = formats.marks_of(char_format)
        coat = QTextCharFormat()
        if 1 <= kind <= 6 or char_format.hasProperty(formats.FACE):
            coat.merge(formats.face(kind, points, bold=marks.bold, code=marks.code))
        worn = char_format.intProperty(formats.THEME)
        if worn and worn != formats.theme_number(self._tokens):
            formats.paint_marks(coat, marks, self._tokens)
        return coat if coat.propertyCount() else None

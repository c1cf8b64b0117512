"""Mentions and pictures as atoms: one character that is passed, selected and deleted whole.

UI thread. Draws from what the format says; a picture is shown by its name and never fetched.
"""

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QPyTextObject,
    QTextDocument,
    QTextFormat,
)

from close_notes_gui.ui import theme
from close_notes_gui.ui.richtext import formats

_PAD = 4.0
_PICTURE = 14.0
_ENDS = frozenset({"\u2029", "\0"})  # of a block, of the document
_LONGEST = 48  # characters of a label that are shown


class Atoms(QPyTextObject):
    """Stands on the line of the text, and makes no line higher. Invariant: the size depends on
    the format and on whether there is text beside it, the colours on the theme alone.
    """

    def intrinsicSize(
        self,
        document: QTextDocument,
        position: int,
        text_format: QTextFormat,
    ) -> QSizeF:
        metrics = QFontMetricsF(_font(text_format, document))
        width = metrics.horizontalAdvance(_shown(text_format)) + 2 * _PAD
        if _is_picture(text_format):
            width += _PICTURE + _PAD
        # What is below the baseline is drawn in the room that text leaves there.
        is_alone = _is_alone(document, position)
        return QSizeF(width, metrics.height() if is_alone else metrics.ascent())

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        document: QTextDocument,
        position: int,
        text_format: QTextFormat,
    ) -> None:
        rect = QRectF(rect)
        tokens = theme.now()
        font = _font(text_format, document)
        metrics = QFontMetricsF(font)
        baseline = rect.bottom()
        if _is_alone(document, position):
            baseline -= metrics.descent()
        chip = QRectF(
            rect.left() + 0.5, baseline - metrics.ascent(), rect.width() - 1, metrics.height()
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(0, 0, 0, 0)))
        is_picture = _is_picture(text_format)
        painter.setBrush(QColor(tokens.code if is_picture else tokens.accent_soft))
        painter.drawRoundedRect(chip, 4, 4)
        ink = QColor(tokens.quiet if is_picture else tokens.accent_text)
        left = chip.left() + _PAD - 0.5
        if is_picture:
            _draw_picture(painter, QRectF(left, chip.center().y() - 5, _PICTURE - 2, 10), ink)
            left += _PICTURE + _PAD
        painter.setPen(ink)
        painter.setFont(font)
        painter.drawText(QPointF(left, baseline), _shown(text_format))
        painter.restore()


def register(document: QTextDocument) -> None:
    """Let the document draw its atoms."""
    document.documentLayout().registerHandler(formats.ATOM_TYPE, Atoms(document))


def _is_alone(document: QTextDocument, position: int) -> bool:
    """Whether nothing but atoms is in the line, as breaks make lines. The break that ends a
    line is as high as text.
    """
    before = after = formats.OBJECT
    left = right = position
    while before == formats.OBJECT:
        left -= 1
        before = document.characterAt(left)
    while after == formats.OBJECT:
        right += 1
        after = document.characterAt(right)
    return before in {*_ENDS, formats.BREAK} and after in _ENDS


def _is_picture(text_format: QTextFormat) -> bool:
    return not text_format.stringProperty(formats.MENTION_ID)


def _shown(text_format: QTextFormat) -> str:
    label = text_format.stringProperty(formats.LABEL)
    if _is_picture(text_format):
        source = text_format.stringProperty(formats.SOURCE)
        label = label or source.partition("?")[0].rstrip("/").rpartition("/")[2]
    else:
        label = f"@{label}"
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"


def _font(text_format: QTextFormat, document: QTextDocument) -> QFont:
    # The base class answers for a QTextFormat whatever it is given (no cast in PySide).
    return text_format.toCharFormat().font().resolve(document.defaultFont())


def _draw_picture(painter: QPainter, frame: QRectF, ink: QColor) -> None:
    """A little frame with a hill in it."""
    painter.setPen(QPen(ink, 1.2))
    painter.setBrush(QColor(0, 0, 0, 0))
    painter.drawRoundedRect(frame, 2, 2)
    hill = [
        QPointF(frame.left() + 1.5, frame.bottom() - 1.5),
        QPointF(frame.left() + frame.width() * 0.4, frame.top() + frame.height() * 0.45),
        QPointF(frame.right() - 1.5, frame.bottom() - 1.5),
    ]
    painter.drawPolyline(hill)

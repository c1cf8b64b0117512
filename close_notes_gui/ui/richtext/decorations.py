"""Bullets, numbers, quote bars, grounds of code and rules, painted beneath the text.

UI thread. Derived from places at the moment of painting, for what is in sight only; so they
are never out of step with what is sent, whatever an edit or undo did.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTextBlock, QTextDocument

from close_notes_gui.ui.richtext import places
from close_notes_gui.ui.richtext.places import CODE_BLOCK, RULE, Place
from close_notes_gui.ui.richtext.walker import Walker
from close_notes_gui.ui.theme import Tokens

_CODE_PAD = 8
_BEYOND = 40  # how far a span that goes on out of sight is drawn


@dataclass(slots=True)
class _Span:
    """A bar or ground over blocks in a row. Invariant: `top` <= `bottom`."""

    left: float
    right: float
    top: float
    bottom: float
    is_code: bool


class Decorations:
    """Invariant: paints only, never changes document or walker."""

    def __init__(self, document: QTextDocument, walker: Walker) -> None:
        self._document = document
        self._walker = walker

    def paint(self, painter: QPainter, area: QRectF, *, tokens: Tokens) -> None:
        """Paint for the part of the document within `area` (document coordinates)."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        open_spans: dict[str, _Span] = {}
        done: list[_Span] = []
        marks: list[tuple[QTextBlock, QRectF, Place]] = []
        for block, rect in self._visible(area):
            place = self._walker.place(block.blockNumber())
            self._grow_spans(open_spans, done, block, rect, place)
            if place.kind == RULE or self._walker.opens_item(block.blockNumber()):
                marks.append((block, rect, place))
        for span in (*done, *open_spans.values()):
            _paint_span(painter, span, tokens)
        for block, rect, place in marks:
            if place.kind == RULE:
                self._paint_rule(painter, rect, place, tokens)
            if self._walker.opens_item(block.blockNumber()):
                self._paint_marker(painter, block, place, tokens)

    def _visible(self, area: QRectF) -> Iterator[tuple[QTextBlock, QRectF]]:
        layout = self._document.documentLayout()
        position = layout.hitTest(QPointF(0, max(0.0, area.top())), Qt.HitTestAccuracy.FuzzyHit)
        block = self._document.findBlock(max(0, position))
        if block.previous().isValid():
            block = block.previous()
        while block.isValid():
            rect = layout.blockBoundingRect(block)
            if rect.top() > area.bottom():
                return
            yield block, rect
            block = block.next()

    def _grow_spans(
        self, spans: dict[str, _Span], done: list[_Span], block: QTextBlock, rect: QRectF, place: Place
    ) -> None:
        wanted = [entry for entry in place.path if entry[0] == "q"]
        if place.kind == CODE_BLOCK:
            wanted.append(place.code)
        done.extend(spans.pop(name) for name in [name for name in spans if name not in wanted])
        for name in wanted:
            if name in spans:
                spans[name].bottom = rect.bottom()
            else:
                spans[name] = self._span(name, block, rect, place)
        after = block.next()
        if after.isValid() and not self._in_sight(after):
            for name, span in spans.items():
                follower = self._walker.place(after.blockNumber())
                if name in follower.path or name == follower.code:
                    span.bottom += _BEYOND

    def _in_sight(self, block: QTextBlock) -> bool:
        return block.layout().lineCount() > 0

    def _span(self, name: str, block: QTextBlock, rect: QRectF, place: Place) -> _Span:
        is_code = name == place.code
        top = rect.top() - (_CODE_PAD if is_code else 0)
        if block.blockNumber():
            above = self._walker.place(block.blockNumber() - 1)
            if name in above.path or (is_code and name == above.code):
                top -= _BEYOND
        margin = self._document.documentMargin()
        before = place.path if is_code else place.path[: place.path.index(name)]
        left = margin + sum(places.step(entry) for entry in before)
        width = self._width()
        right = width - margin if is_code else left + 3
        if block.textDirection() == Qt.LayoutDirection.RightToLeft:
            left, right = width - right, width - left
        return _Span(left, right, top, rect.bottom(), is_code)

    def _width(self) -> float:
        return max(self._document.textWidth(), self._document.pageSize().width())

    def _paint_rule(self, painter: QPainter, rect: QRectF, place: Place, tokens: Tokens) -> None:
        painter.setPen(QPen(QColor(tokens.edge), 1))
        margin = self._document.documentMargin()
        y = round(rect.center().y()) + 0.5
        painter.drawLine(
            QPointF(margin + places.indent_of(place), y), QPointF(self._width() - margin, y)
        )

    def _paint_marker(self, painter: QPainter, block: QTextBlock, place: Place, tokens: Tokens) -> None:
        layout = block.layout()
        if not layout.lineCount():
            return
        line = layout.lineAt(0)
        baseline = layout.position().y() + line.y() + line.ascent()
        edge = self._document.documentMargin() + sum(places.step(entry) for entry in place.path[: place.item + 1])
        is_rtl = block.textDirection() == Qt.LayoutDirection.RightToLeft
        number = self._walker.ordinal(block.blockNumber())
        entry = place.path[place.item - 1]
        font = self._document.defaultFont()
        metrics = QFontMetricsF(font)
        painter.setPen(QColor(tokens.quiet))
        if entry[0] == "o":
            text = f"{places.list_start(entry) + number}."
            width = metrics.horizontalAdvance(text)
            x = self._width() - edge + 6 if is_rtl else edge - 6 - width
            painter.setFont(font)
            painter.drawText(QPointF(x, baseline), text)
            return
        x = self._width() - edge + 11 if is_rtl else edge - 11
        depth = sum(1 for outer in place.path[: place.item] if outer[0] == "u") - 1
        _paint_bullet(painter, QPointF(x, baseline - metrics.xHeight() / 2 - 0.5), depth, tokens)


def _paint_bullet(painter: QPainter, center: QPointF, depth: int, tokens: Tokens) -> None:
    ink = QColor(tokens.quiet)
    painter.setPen(QPen(ink, 1.2) if depth % 3 == 1 else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if depth % 3 == 1 else ink)
    if depth % 3 == 2:
        painter.drawRect(QRectF(center.x() - 2.5, center.y() - 2.5, 5, 5))
    else:
        painter.drawEllipse(center, 2.5, 2.5)


def _paint_span(painter: QPainter, span: _Span, tokens: Tokens) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    if span.is_code:
        painter.setBrush(QColor(tokens.code))
        rect = QRectF(span.left, span.top, span.right - span.left, span.bottom + _CODE_PAD - span.top)
        painter.drawRoundedRect(rect, 6, 6)
    else:
        painter.setBrush(QColor(tokens.edge))
        rect = QRectF(span.left, span.top, span.right - span.left, span.bottom - span.top)
        painter.drawRoundedRect(rect, 1.5, 1.5)

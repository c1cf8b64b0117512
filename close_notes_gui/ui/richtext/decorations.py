"""Bullets, numbers, quote bars, grounds of code and rules, painted beneath the text.

UI thread. Derived from places at the moment of painting, for what is in sight only; so they
are never out of step with what is sent, whatever an edit or undo did.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTextBlock, QTextDocument

from close_notes_gui.ui.richtext import places
from close_notes_gui.ui.richtext.places import CODE_BLOCK, RULE, Place
from close_notes_gui.ui.richtext.walker import Walker
from close_notes_gui.ui.theme import Tokens

_CODE_PAD = 8
_BAR = 3
_BEYOND = 40  # how far a span that goes on out of sight is drawn


@dataclass(slots=True)
class _Span:
    """A bar or ground over blocks in a row. Invariant: `top` <= `bottom`."""

    left: float
    right: float
    top: float
    bottom: float
    is_code: bool


@dataclass(frozen=True, slots=True)
class _Look:
    """What a place asks to be painted. `spans`: name and distance from the text's side of each
    quote or code around it. `edge`: where the text of its item begins.
    """

    spans: tuple[tuple[str, int], ...]
    edge: int
    is_rule: bool


@lru_cache(maxsize=4096)
def _look(place: Place) -> _Look | None:
    """None where nothing is to be painted, as for most blocks."""
    if not place.path and place.kind not in {CODE_BLOCK, RULE}:
        return None
    spans: list[tuple[str, int]] = []
    left = 0
    for entry in place.path:
        if entry[0] == "q":
            spans.append((entry, left))
        left += places.step(entry)
    if place.kind == CODE_BLOCK:
        spans.append((place.code, left))
    edge = sum(places.step(entry) for entry in place.path[: place.item + 1])
    return _Look(tuple(spans), edge, place.kind == RULE)


class Decorations:
    """Invariant: paints only, never changes document or walker."""

    def __init__(self, document: QTextDocument, walker: Walker) -> None:
        self._document = document
        self._walker = walker

    def paint(self, painter: QPainter, area: QRectF, *, tokens: Tokens) -> None:
        """Paint for the part of the document within `area` (document coordinates)."""
        document, walker = self._document, self._walker
        work: _Pass | None = None  # most of what is repainted is a line of plain text
        last = -1
        for number, block, rect in _visible(document, area):
            last = number
            place = walker.place(number)
            look = _look(place)
            if work is not None:
                work.grow_spans(number, block, rect, look)
            if look is None:
                continue
            if work is None:
                work = _Pass(painter, document, walker, tokens)
                work.grow_spans(number, block, rect, look)
            if look.is_rule:
                work.rules.append((rect, places.indent_of(place)))
            if place.item >= 0 and walker.opens_item(number):
                work.markers.append((number, block, place, look.edge))
        if work is not None:
            work.finish(last)


def _visible(document: QTextDocument, area: QRectF) -> Iterator[tuple[int, QTextBlock, QRectF]]:
    """Number, block and rectangle of each block in the area, and of the one before."""
    layout = document.documentLayout()
    top = QPointF(0, max(0.0, area.top()))
    block = document.findBlock(max(0, layout.hitTest(top, Qt.HitTestAccuracy.FuzzyHit)))
    if block.previous().isValid():
        block = block.previous()
    number, bottom = block.blockNumber(), area.bottom()
    while block.isValid():
        rect = layout.blockBoundingRect(block)
        if rect.top() > bottom:
            return
        yield number, block, rect
        block = block.next()
        number += 1


class _Pass:
    """One painting. Invariant: grounds and bars are painted before what stands on them."""

    def __init__(
        self, painter: QPainter, document: QTextDocument, walker: Walker, tokens: Tokens
    ) -> None:
        self.rules: list[tuple[QRectF, int]] = []
        self.markers: list[tuple[int, QTextBlock, Place, int]] = []
        self._painter = painter
        self._document = document
        self._walker = walker
        self._tokens = tokens
        self._open: dict[str, _Span] = {}
        self._done: list[_Span] = []
        self._margin = document.documentMargin()
        self._width = max(document.textWidth(), document.pageSize().width())

    def grow_spans(self, number: int, block: QTextBlock, rect: QRectF, look: _Look | None) -> None:
        """Go on with the bars and grounds that the block stands in, end the others."""
        if look is None and not self._open:
            return
        wanted = dict(look.spans) if look is not None else {}
        for name in [name for name in self._open if name not in wanted]:
            self._done.append(self._open.pop(name))
        for name, left in wanted.items():
            if name in self._open:
                self._open[name].bottom = rect.bottom()
            else:
                self._open[name] = self._begin(name, left, number, block, rect)

    def _begin(self, name: str, left: float, number: int, block: QTextBlock, rect: QRectF) -> _Span:
        is_code = name[0] != "q"
        top = rect.top() - (_CODE_PAD if is_code else 0)
        if number and self._has(number - 1, name):
            top -= _BEYOND
        start = self._margin + left
        end = self._width - self._margin if is_code else start + _BAR
        if block.textDirection() == Qt.LayoutDirection.RightToLeft:
            start, end = self._width - end, self._width - start
        return _Span(start, end, top, rect.bottom(), is_code)

    def _has(self, number: int, name: str) -> bool:
        place = self._walker.place(number)
        return name in place.path or name == place.code

    def finish(self, last: int) -> None:
        """Paint all that was gathered, up to the block number `last`."""
        painter = self._painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for name, span in self._open.items():
            if last + 1 < self._document.blockCount() and self._has(last + 1, name):
                span.bottom += _BEYOND
        for span in (*self._done, *self._open.values()):
            self._paint_span(span)
        if self.rules:
            self._paint_rules()
        if self.markers:
            self._paint_markers()

    def _paint_span(self, span: _Span) -> None:
        pad, radius = (_CODE_PAD, 6.0) if span.is_code else (0, _BAR / 2)
        self._painter.setBrush(QColor(self._tokens.code if span.is_code else self._tokens.edge))
        height = span.bottom + pad - span.top
        rect = QRectF(span.left, span.top, span.right - span.left, height)
        self._painter.drawRoundedRect(rect, radius, radius)

    def _paint_rules(self) -> None:
        self._painter.setPen(QPen(QColor(self._tokens.edge), 1))
        for rect, indent in self.rules:
            y = round(rect.center().y()) + 0.5
            left = QPointF(self._margin + indent, y)
            self._painter.drawLine(left, QPointF(self._width - self._margin, y))

    def _paint_markers(self) -> None:
        ink = QColor(self._tokens.quiet)
        pen = QPen(ink, 1.2)
        font = self._document.defaultFont()
        metrics = QFontMetricsF(font)
        half = metrics.xHeight() / 2 + 0.5
        self._painter.setFont(font)
        for number, block, place, edge in self.markers:
            layout = block.layout()
            if not layout.lineCount():
                continue
            line = layout.lineAt(0)
            baseline = layout.position().y() + line.y() + line.ascent()
            start = self._margin + edge
            is_rtl = block.textDirection() == Qt.LayoutDirection.RightToLeft
            entry = place.path[place.item - 1]
            if entry[0] == "o":
                text = f"{places.list_start(entry) + self._walker.ordinal(number)}."
                x = (
                    self._width - start + 6
                    if is_rtl
                    else start - 6 - metrics.horizontalAdvance(text)
                )
                self._painter.setPen(pen)
                self._painter.drawText(QPointF(x, baseline), text)
            else:
                x = self._width - start + 11 if is_rtl else start - 11
                depth = sum(1 for outer in place.path[: place.item] if outer[0] == "u") - 1
                self._paint_bullet(QPointF(x, baseline - half), depth % 3, pen)

    def _paint_bullet(self, center: QPointF, shape: int, pen: QPen) -> None:
        """A disc, a ring or a square, by depth."""
        painter = self._painter
        if shape == 1:
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(pen.color())
        if shape == 2:
            painter.drawRect(QRectF(center.x() - 2.5, center.y() - 2.5, 5, 5))
        else:
            painter.drawEllipse(center, 2.5, 2.5)

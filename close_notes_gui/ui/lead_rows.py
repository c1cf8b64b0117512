"""The rows of the lead list: a model over LeadRow values, and how one is painted.

Window thread. Names are drawn as text runs, never as markup.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from close_notes_gui.present.views import BETWEEN, LeadRow
from close_notes_gui.ui import icons, theme

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
_NO_PARENT = QModelIndex()
_PILLS_KEPT = 200
_ENDLESS = 100_000
_SELECTED = QStyle.StateFlag.State_Selected
_UNDER_MOUSE = QStyle.StateFlag.State_MouseOver
_CENTER = Qt.AlignmentFlag.AlignCenter
_TOP_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_RIGHT_CUT = Qt.TextElideMode.ElideRight


def spoken(row: LeadRow) -> str:
    """A row in words, for screen readers."""
    detail = row.detail.replace(BETWEEN, ", ")
    parts = (row.name, row.status, detail, "has a draft" if row.has_draft else "")
    return ", ".join(part for part in parts if part)


class LeadRows(QAbstractListModel):
    """Invariant: `rows` is what was shown last, in that order."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[LeadRow, ...] = ()

    def show_rows(self, rows: tuple[LeadRow, ...]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(row)
        return None


def _utf16(text: str, end: int) -> int:
    """Where character `end` stands in the UTF-16 units that Qt counts in."""
    return len(text[:end].encode("utf-16-le", "surrogatepass")) // 2


@lru_cache(maxsize=64)
def _colour(name: str) -> QColor:
    return QColor(name)


class LeadRowDelegate(QStyledItemDelegate):
    """Paints name, status, person and the reason of the match; what matched is bold."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pills: dict[tuple[str, str, int], tuple[QFont, str, int, int]] = {}
        self._heavy = QTextCharFormat()
        self._heavy.setFontWeight(QFont.Weight.Bold)

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(160, option.fontMetrics.height() * 2 + 16)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: LeadRow = index.data(ROW_ROLE)
        tokens = theme.now()
        is_current = bool(option.state & _SELECTED)
        frame = QRect(option.rect).adjusted(4, 1, -4, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if is_current or option.state & _UNDER_MOUSE:
            painter.setBrush(_colour(tokens.accent_soft if is_current else tokens.hover))
            painter.drawRoundedRect(frame, 6, 6)
        if is_current:  # not by colour alone
            painter.setBrush(_colour(tokens.accent))
            mark = QRect(frame.left(), frame.top() + 8, 3, frame.height() - 16)
            painter.drawRoundedRect(mark, 1, 1)
        inside = frame.adjusted(12, 6, -10, -6)
        ground = tokens.surface if is_current else tokens.hover
        right = self._paint_pill(painter, option.font, inside, row.status, tokens, ground)
        if row.has_draft:
            right = self._paint_draft_mark(painter, option, inside, right, tokens)
        half = inside.height() // 2
        top = QRect(inside.left(), inside.top(), right - inside.left() - 8, half)
        below = QRect(inside.left(), inside.top() + half, inside.width(), half)
        painter.setFont(option.font)
        painter.setPen(_colour(tokens.text))
        self._paint_text(painter, option, top, row.name, row.bold)
        painter.setPen(_colour(tokens.quiet))
        self._paint_text(painter, option, below, row.detail, row.detail_bold)
        painter.restore()

    def _paint_pill(
        self,
        painter: QPainter,
        font: QFont,
        inside: QRect,
        status: str,
        tokens: theme.Tokens,
        ground: str,
    ) -> int:
        """The status, on the right; where it begins."""
        if not status:
            return inside.right()
        small, text, width, height = self._pill_of(font, status, inside.width() // 3)
        pill = QRectF(inside.right() - width, inside.top() + 1, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_colour(ground))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(_colour(tokens.quiet))
        painter.setFont(small)
        painter.drawText(pill, _CENTER, text)
        return int(pill.left())

    def _pill_of(self, font: QFont, status: str, most: int) -> tuple[QFont, str, int, int]:
        """Font, text, width and height of a pill: of the few statuses each is measured once."""
        key = (font.key(), status, most)
        known = self._pills.get(key)
        if known is None:
            small = QFont(font)
            small.setPointSizeF(small.pointSizeF() * 0.88)
            metrics = QFontMetrics(small)
            text = metrics.elidedText(status, _RIGHT_CUT, most)
            known = small, text, metrics.horizontalAdvance(text) + 16, metrics.height() + 2
            if len(self._pills) >= _PILLS_KEPT:
                self._pills.clear()
            self._pills[key] = known
        return known

    def _paint_draft_mark(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        inside: QRect,
        right: int,
        tokens: theme.Tokens,
    ) -> int:
        size = option.fontMetrics.height()
        scale = painter.device().devicePixelRatioF()
        mark = icons.pixmap("draft", tokens.accent_text, size, scale)
        painter.drawPixmap(right - size - 6, inside.top() + 1, mark)
        return right - size - 6

    def _paint_text(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        at: QRect,
        text: str,
        bold: Sequence[tuple[int, int]],
    ) -> None:
        """On one line, its end cut off where there is no room."""
        font = option.font
        if not bold:
            shown = option.fontMetrics.elidedText(text, _RIGHT_CUT, at.width())
            painter.drawText(at, _TOP_LEFT, shown)
            return
        layout, width = self._laid_out(text, font, bold)
        if width > at.width():
            spare = width - option.fontMetrics.horizontalAdvance(text)  # bold takes more
            cut = option.fontMetrics.elidedText(text, _RIGHT_CUT, int(at.width() - spare))
            kept = len(cut) - 1
            bold = [(start, min(length, kept - start)) for start, length in bold if start < kept]
            layout, _ = self._laid_out(cut, font, bold)
        layout.draw(painter, QPointF(at.left(), at.top()))

    def _laid_out(
        self, text: str, font: QFont, bold: Sequence[tuple[int, int]]
    ) -> tuple[QTextLayout, float]:
        layout = QTextLayout(text, font)
        ranges = []
        for start, length in bold:
            part = QTextLayout.FormatRange()
            part.start = _utf16(text, start)
            part.length = _utf16(text, start + length) - part.start
            part.format = self._heavy
            ranges.append(part)
        layout.setFormats(ranges)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(_ENDLESS)
        layout.endLayout()
        return layout, line.naturalTextWidth()

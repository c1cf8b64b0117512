"""The rows of the lead list: a model over LeadRow values, and how one is painted.

Window thread. Names are drawn as text runs, never as markup.
"""

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

from close_notes_gui.present.views import LeadRow
from close_notes_gui.ui import icons, theme

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
_NO_PARENT = QModelIndex()
_PILLS_KEPT = 200


def spoken(row: LeadRow) -> str:
    """A row in words, for screen readers."""
    parts = (row.name, row.status, row.contact, row.why, "has a draft" if row.has_draft else "")
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


class LeadRowDelegate(QStyledItemDelegate):
    """Paints name with matching parts bold, status pill, contact and the reason of the match."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pills: dict[tuple[str, str, int], tuple[QFont, str, int, int]] = {}

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(160, option.fontMetrics.height() * 2 + 16)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: LeadRow = index.data(ROW_ROLE)
        tokens = theme.now()
        frame = QRect(option.rect).adjusted(4, 1, -4, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        is_under = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if is_current or is_under:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_soft if is_current else tokens.hover))
            painter.drawRoundedRect(frame, 6, 6)
        if is_current:  # not by colour alone
            painter.setBrush(QColor(tokens.accent))
            mark = QRect(frame.left(), frame.top() + 8, 3, frame.height() - 16)
            painter.drawRoundedRect(mark, 1, 1)
        inside = frame.adjusted(12, 6, -10, -6)
        right = self._paint_pill(painter, option, inside, row.status, tokens)
        if row.has_draft:
            right = self._paint_draft_mark(painter, option, inside, right, tokens)
        top = QRect(inside.left(), inside.top(), right - inside.left() - 8, inside.height() // 2)
        self._paint_name(painter, option.font, top, row, tokens)
        self._paint_second(painter, option, inside, row, tokens)
        painter.restore()

    def _paint_pill(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        inside: QRect,
        status: str,
        tokens: theme.Tokens,
    ) -> int:
        if not status:
            return inside.right()
        small, text, width, height = self._pill_of(option.font, status, inside.width() // 3)
        pill = QRectF(inside.right() - width, inside.top() + 1, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setBrush(QColor(tokens.surface if is_current else tokens.hover))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(QColor(tokens.quiet))
        painter.setFont(small)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
        return int(pill.left())

    def _pill_of(self, font: QFont, status: str, most: int) -> tuple[QFont, str, int, int]:
        """Font, text, width and height of a pill: of the few statuses each is measured once."""
        key = (font.key(), status, most)
        known = self._pills.get(key)
        if known is None:
            small = QFont(font)
            small.setPointSizeF(small.pointSizeF() * 0.88)
            metrics = QFontMetrics(small)
            text = metrics.elidedText(status, Qt.TextElideMode.ElideRight, most)
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

    def _paint_name(
        self, painter: QPainter, font: QFont, at: QRect, row: LeadRow, tokens: theme.Tokens
    ) -> None:
        heavy = QTextCharFormat()
        heavy.setFontWeight(QFont.Weight.Bold)
        layout = QTextLayout(row.name, font)
        ranges = []
        for start, length in row.bold:
            part = QTextLayout.FormatRange()
            part.start = _utf16(row.name, start)
            part.length = _utf16(row.name, start + length) - part.start
            part.format = heavy
            ranges.append(part)
        layout.setFormats(ranges)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(100_000)
        layout.endLayout()
        painter.setPen(QColor(tokens.text))
        painter.setFont(font)
        if line.naturalTextWidth() <= at.width():
            layout.draw(painter, QPointF(at.left(), at.top()))
        else:
            cut = QFontMetrics(font).elidedText(row.name, Qt.TextElideMode.ElideRight, at.width())
            painter.drawText(at, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, cut)

    def _paint_second(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        inside: QRect,
        row: LeadRow,
        tokens: theme.Tokens,
    ) -> None:
        why = row.why if row.why != row.contact else ""
        text = "  ·  ".join(part for part in (row.contact, why) if part) or "No contact"
        bottom = QRect(
            inside.left(), inside.top() + inside.height() // 2, inside.width(), inside.height() // 2
        )
        painter.setPen(QColor(tokens.quiet))
        painter.setFont(option.font)
        cut = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, bottom.width())
        painter.drawText(bottom, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)

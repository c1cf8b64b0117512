"""The list of leads that hangs below the search field, over the rest of the window.

Window thread. Never takes the focus: the keyboard stays in the search field.
"""

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QVBoxLayout, QWidget

from close_notes_gui.model.ids import LeadId
from close_notes_gui.present.views import LeadRow, SearchView
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.lead_rows import LeadRowDelegate, LeadRows
from close_notes_gui.ui.line_view import LineView

_ROWS_AT_MOST = 8


class LeadResults(QFrame):
    """Invariant: where there are rows, one is current; it stays the same lead while others come."""

    picked = Signal(object)  # LeadRow
    acted = Signal(object)  # Action
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("results")
        self._rows = LeadRows()
        self._was_moved = False  # by the rep, since the words changed
        self._is_new = True  # no rows were shown yet for the words typed
        self._list = QListView()
        self._list.setModel(self._rows)
        self._list.setItemDelegate(LeadRowDelegate(self._list))
        self._list.setAccessibleName("Lead results")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setMouseTracking(True)
        self._list.setUniformItemSizes(True)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._list.clicked.connect(self._on_list_clicked)
        self._heading = label("", "quiet")
        self._heading.setContentsMargins(16, 4, 16, 0)
        self._line = LineView()
        self._line.setContentsMargins(16, 8, 12, 8)
        self._line.acted.connect(self.acted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(0)
        column.addWidget(self._heading)
        column.addWidget(self._list)
        column.addWidget(self._line)

    @property
    def current(self) -> LeadRow | None:
        """The row that Enter picks."""
        index = self._list.currentIndex().row()
        return self._rows.rows[index] if 0 <= index < len(self._rows.rows) else None

    def row(self, index: int) -> LeadRow | None:
        """The row at that place, counted from 0."""
        return self._rows.rows[index] if index < len(self._rows.rows) else None

    def forget_place(self) -> None:
        """The words changed: the best row is current again as soon as others are shown."""
        self._was_moved = False
        self._is_new = True

    def show_view(self, view: SearchView) -> None:
        """Draw rows and line."""
        if view.rows != self._rows.rows:
            current, scrolled = self.current, self._list.verticalScrollBar().value()
            has_grown = not self._is_new and _ids(view.rows)[: len(self._rows.rows)] == _ids(
                self._rows.rows
            )
            self._rows.show_rows(view.rows)
            self._choose(self._place_of(current) if self._was_moved else 0)
            if has_grown:  # what the eye is on stays
                self._list.verticalScrollBar().setValue(scrolled)
        self._is_new = self._is_new and view.is_stale
        self._list.setVisible(bool(view.rows))
        self._heading.setText(view.heading)
        self._heading.setVisible(bool(view.heading))
        self._line.show_line(view.line)

    def event(self, event: QEvent) -> bool:
        """What is shown wants another height: known only once its text was laid out."""
        is_handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.resized.emit()
        return is_handled

    def move_by(self, step: int) -> None:
        """Move the current row, staying within the list."""
        last = len(self._rows.rows) - 1
        if last >= 0:
            self._was_moved = True
            self._choose(min(last, max(0, self._list.currentIndex().row() + step)))

    def page(self) -> int:
        """How many rows a page holds."""
        height = self._list.sizeHintForRow(0)
        return max(1, self._list.viewport().height() // height - 1) if height > 0 else 1

    def wanted_height(self, most: int) -> int:
        """The height for what there is to show, at most `most`."""
        rows = min(len(self._rows.rows), _ROWS_AT_MOST)
        height = self._list.sizeHintForRow(0) * rows if rows else 0
        for part in (self._heading, self._line):
            if not part.isHidden():
                wrapped = part.heightForWidth(self.width() - 2) if part.hasHeightForWidth() else -1
                height += wrapped if wrapped >= 0 else part.sizeHint().height()
        return min(height + 10, most)

    def _place_of(self, row: LeadRow | None) -> int:
        places = [i for i, r in enumerate(self._rows.rows) if row and r.lead_id == row.lead_id]
        return places[0] if places else 0

    def _choose(self, place: int) -> None:
        index = self._rows.index(place, 0)
        self._list.setCurrentIndex(index)
        self._list.scrollTo(index)

    def _on_list_clicked(self, index: QModelIndex) -> None:
        row = self.row(index.row())
        if row is not None:
            self.picked.emit(row)


def _ids(rows: tuple[LeadRow, ...]) -> list[LeadId]:
    return [row.lead_id for row in rows]

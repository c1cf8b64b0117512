"""The box in which the rep says from which day to which: in words, or by one press.

Window thread. Not modal: Esc, or going on elsewhere, leaves all as it was.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import QDate, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from close_notes_gui.present.dates import read_date
from close_notes_gui.ui.date_popup import local_customs
from close_notes_gui.ui.flow import FlowLayout
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.richtext.popup import Popup

_PRESETS = (("Today", 0), ("7 days", 6), ("30 days", 29), ("12 months", 365))


def day_words(day: date) -> str:
    """The day in the rep's locale."""
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat)


def range_words(since: date | None, until: date | None) -> str:
    """From when to when, as short as it goes."""
    if since is None and until is None:
        return "Any day"
    if since is not None and until is not None:
        is_one = since == until
        return day_words(since) if is_one else f"{day_words(since)} – {day_words(until)}"
    return f"Since {day_words(since)}" if since else f"Until {day_words(until or date.min)}"


class RangePopup(Popup):
    """Invariant: `taken` carries days that were read back to the rep."""

    taken = Signal(object, object)  # date | None, date | None
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Choose the days")
        self._customs = local_customs()
        self._is_over = False
        self._since, self._since_told = self._field("From", "1 nov, last week, -30d")
        self._until, self._until_told = self._field("To", "yesterday, 12.11.")
        self._apply = QPushButton("Apply", autoDefault=False)
        self._apply.clicked.connect(self._take)
        self._lay_out()
        QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]

    def begin(self, since: date | None, until: date | None) -> None:
        """Show what it is now."""
        for field, day in ((self._since, since), (self._until, until)):
            field.setText(day.isoformat() if day else "")
        self._read_back()

    def focus_words(self) -> None:
        """Let the rep type."""
        self._since.setFocus(Qt.FocusReason.OtherFocusReason)
        self._since.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._is_over = True
        super().hideEvent(event)

    def _field(self, name: str, hint: str) -> tuple[QLineEdit, QLabel]:
        field = QLineEdit(placeholderText=hint)
        field.setAccessibleName(f"{name} day")
        field.setMaxLength(80)
        field.textChanged.connect(self._read_back)
        field.returnPressed.connect(self._take)
        return field, label("", "quiet")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        quick = FlowLayout(gap=4)
        for words, days in (("Any day", None), *_PRESETS):
            button = QPushButton(words, autoDefault=False)
            button.setObjectName("act")
            button.clicked.connect(self._chooser(days))
            quick.addWidget(button)
        column.addLayout(quick)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        rows = ("From", self._since, self._since_told), ("To", self._until, self._until_told)
        for row, (name, field, told) in enumerate(rows):
            grid.addWidget(label(name), row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(told, row, 2)
        grid.setColumnMinimumWidth(2, 80)
        column.addLayout(grid)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._apply)
        column.addLayout(foot)
        self.setFixedWidth(340)

    def _chooser(self, days: int | None) -> Callable[[], None]:
        def choose() -> None:
            today = datetime.now(UTC).astimezone().date()
            since = None if days is None else today - timedelta(days=days)
            self._finish(since, None)

        return choose

    def _day(self, field: QLineEdit) -> date | None:
        at = read_date(field.text(), datetime.now(UTC), self._customs)
        return at.astimezone().date() if at is not None else None

    def _read_back(self) -> None:
        is_good = True
        for field, told in ((self._since, self._since_told), (self._until, self._until_told)):
            day, has_words = self._day(field), bool(field.text().strip())
            told.setText(day_words(day) if day else "?" if has_words else "any day")
            is_good = is_good and (day is not None or not has_words)
        self._apply.setEnabled(is_good)

    def _take(self) -> None:
        if self._apply.isEnabled():
            self._finish(self._day(self._since), self._day(self._until))

    def _finish(self, since: date | None, until: date | None) -> None:
        if not self._is_over:
            self._is_over = True
            if since is not None and until is not None and until < since:
                since, until = until, since
            self.taken.emit(since, until)

    def _leave(self) -> None:
        if not self._is_over:
            self._is_over = True
            self.left.emit()

    def _on_focus_changed(self, _old: QObject | None, new: QWidget | None) -> None:
        is_elsewhere = new is not None and new is not self and not self.isAncestorOf(new)
        if is_elsewhere and not self.isHidden():
            self._leave()

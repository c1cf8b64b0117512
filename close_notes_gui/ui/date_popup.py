"""The box in which the rep says when: in words, read back exactly, or on the calendar.

Window thread. Not modal: Esc leaves all as it was, Enter or going on elsewhere takes what is
read back.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QDate, QLocale, QObject, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import (
    QApplication,
    QCalendarWidget,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from close_notes_gui.present.dates import Customs, read_date
from close_notes_gui.present.when import distance
from close_notes_gui.ui import icons
from close_notes_gui.ui.flow import FlowLayout
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.richtext.popup import Popup
from close_notes_gui.ui.spoken_dates import to_qt

_WIDTH = 348
_QUICK = ("-15m", "-1h", "yesterday")
_QUICK_WORDS = {"-15m": "15 min ago", "-1h": "1 h ago", "yesterday": "Yesterday"}


def local_customs() -> Customs:
    """How dates are written in the rep's locale."""
    locale = QLocale()
    form = locale.dateFormat(QLocale.FormatType.ShortFormat)
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for kind in (QLocale.FormatType.LongFormat, QLocale.FormatType.ShortFormat):
        months |= {_name(locale.monthName(n, kind)): n for n in range(1, 13)}
        weekdays |= {_name(locale.dayName(n, kind)): n - 1 for n in range(1, 8)}
    return Customs(
        day_first=form.find("d") < form.find("M"),
        has_am_pm="ap" in locale.timeFormat(QLocale.FormatType.ShortFormat).lower(),
        months=months,
        weekdays=weekdays,
    )


def _name(word: str) -> str:
    return word.casefold().strip(". ")


class DatePopup(Popup):
    """Invariant: what `taken` carries was read back to the rep, in full, before."""

    taken = Signal(object)  # datetime | None ("now", or as it is in Close)
    left = Signal(bool)  # whether the focus shall go back

    def __init__(self, parent: QWidget, *, now: Callable[[], datetime]) -> None:
        super().__init__(parent)
        self.setAccessibleName("Choose the date")
        self._now = now
        self._customs = local_customs()
        self._read: datetime | None = None
        self._is_edit = False
        self._is_typed = False
        self._is_over = False
        self._words = QLineEdit(placeholderText="yesterday 15:30, -20m, mon 9, 12.11. 14:00")
        self._words.setAccessibleName("Date in words")
        self._words.setMaxLength(80)
        self._words.textChanged.connect(self._on_words_changed)
        self._words.returnPressed.connect(self._take)
        self._told = label("", "quiet", wrap=True)
        self._told.setAccessibleName("Date as it is understood")
        self._distance = label("", "quiet")
        self._calendar = QCalendarWidget()
        self._calendar.setVerticalHeaderFormat(
            QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader
        )
        self._calendar.setAccessibleName("Calendar")
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):  # Qt's red cannot be read
            self._calendar.setWeekdayTextFormat(day, QTextCharFormat())
        for name, icon_name in (
            ("qt_calendar_prevmonth", "left"),
            ("qt_calendar_nextmonth", "right"),
        ):
            arrow = self._calendar.findChild(QToolButton, name)
            assert isinstance(arrow, QToolButton)
            arrow.setIcon(icons.icon(icon_name))
        self._calendar.clicked.connect(self._on_calendar_clicked)
        self._calendar.activated.connect(self._take)
        self._set = QPushButton("Set", autoDefault=False)
        self._set.setAccessibleName("Set the date")
        self._set.clicked.connect(self._take)
        self._lay_out()
        QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]

    def begin(self, at: datetime | None, *, typed: str = "", is_edit: bool = False) -> None:
        """Show what the date is now, or the first letter of what it shall be."""
        self._is_edit = is_edit
        shown = _written(at) if at is not None else ""
        self._words.setText(typed or shown)
        self._is_typed = bool(typed)
        if not typed:
            self._words.selectAll()
        self._on_words_changed(self._words.text())
        self._is_typed = bool(typed)

    def focus_words(self) -> None:
        """Let the rep type; what is there is replaced unless it was begun just now."""
        self._words.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._is_typed:
            self._words.deselect()
            self._words.end(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave(is_focus_kept=True)
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._is_over = True
        super().hideEvent(event)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.addWidget(self._words, 1)
        top.addWidget(self._set)
        column.addLayout(top)
        read = QHBoxLayout()
        read.addWidget(self._told, 1)
        read.addWidget(self._distance, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(read)
        quick = FlowLayout(gap=4)
        for words, text in (("Now", ""), *((_QUICK_WORDS[text], text) for text in _QUICK)):
            button = QPushButton(words, autoDefault=False)
            button.setObjectName("act")
            button.clicked.connect(self._filler(text))
            quick.addWidget(button)
        column.addLayout(quick)
        column.addWidget(self._calendar)
        self.setFixedWidth(_WIDTH)

    def _filler(self, text: str) -> Callable[[], None]:
        def fill() -> None:
            self._words.setText(text)
            self._take()

        return fill

    @Slot(str)
    def _on_words_changed(self, text: str) -> None:
        self._is_typed = True
        now = self._now()
        self._read = read_date(text, now, self._customs) if text.strip() else None
        self._distance.setText(distance(self._read, now) if self._read else "")
        if self._read is not None or not text.strip():
            day = (self._read or now).astimezone().date()
            self._calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        if self._read is not None:
            self._say(_exact(self._read), "strong")
        elif text.strip():
            self._say("Not understood yet. Try “yesterday 15:30”, “-20m” or “12.11. 14:00”.")
        elif self._is_edit:
            self._say("As it is in Close.")
        else:
            self._say("Now: the moment it is sent.")
        self._set.setEnabled(self._read is not None or not text.strip())

    def _say(self, words: str, role: str = "quiet") -> None:
        self._told.setText(words)
        self._told.setObjectName(role)
        self._told.style().polish(self._told)

    def _on_calendar_clicked(self, day: QDate) -> None:
        at = (self._read or self._now()).astimezone()
        self._words.setText(f"{day.toString('yyyy-MM-dd')} {at:%H:%M}")
        self._words.setFocus()

    @Slot()
    def _take(self) -> None:
        if self._is_over or not self._set.isEnabled():
            return
        self._is_over = True
        self.taken.emit(self._read)

    def _leave(self, *, is_focus_kept: bool) -> None:
        if not self._is_over:
            self._is_over = True
            self.left.emit(is_focus_kept)

    def _on_focus_changed(self, _old: QObject | None, new: QWidget | None) -> None:
        """The rep went on elsewhere: what was read back counts, nothing else does."""
        is_elsewhere = new is not None and new is not self and not self.isAncestorOf(new)
        if self._is_over or self.isHidden() or not is_elsewhere:
            return
        if self._is_typed and self._read is not None:
            self._take()
        else:
            self._leave(is_focus_kept=False)


def _written(at: datetime) -> str:
    """A form that is read in every locale."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def _exact(at: datetime) -> str:
    return QLocale().toString(to_qt(at), "dddd, d MMMM yyyy, hh:mm")

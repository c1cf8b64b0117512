"""When the noted thing happened: "Now" until the rep says otherwise.

Window thread. Shows and takes the rep's own time zone and locale; speaks aware UTC.
"""

from datetime import UTC, datetime

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QDateTimeEdit, QHBoxLayout, QToolButton, QWidget

from close_notes_gui.ui import icons
from close_notes_gui.ui.icon_button import IconButton


def to_qt(at: datetime) -> QDateTime:
    """The same instant in the rep's time zone."""
    return QDateTime.fromMSecsSinceEpoch(round(at.timestamp() * 1000))


def from_qt(at: QDateTime) -> datetime:
    """The same instant, aware, in UTC."""
    return datetime.fromtimestamp(at.toMSecsSinceEpoch() / 1000, UTC)


class DateField(QWidget):
    """Invariant: None is shown as "Now", any other instant as a field to change it in."""

    chosen = Signal(object)  # datetime | None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._at: datetime | None = None
        self._now = QToolButton()
        self._now.setObjectName("quiet")
        self._now.setText("Now")
        self._now.setAccessibleName("Date")
        self._now.setToolTip("When it happened. Press to choose another date and time.")
        self._now.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._now.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._now.clicked.connect(self._on_now_clicked)
        self._edit = QDateTimeEdit()
        self._edit.setAccessibleName("Date")
        self._edit.setCalendarPopup(True)
        self._edit.setDisplayFormat(_short_format())
        self._edit.setKeyboardTracking(False)
        self._edit.dateTimeChanged.connect(self._on_edit_date_time_changed)
        self._reset = IconButton("close", "Back to now")
        self._reset.clicked.connect(self._on_reset_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for widget in (self._now, self._edit, self._reset):
            row.addWidget(widget)
        self.show_date(None)
        self._draw_icon()

    def tab_order(self) -> tuple[QWidget, ...]:
        """Where Tab leads; what is hidden is passed over."""
        return self._now, self._edit, self._reset

    def show_date(self, at: datetime | None) -> None:
        """Draw the date."""
        self._at = at
        self._now.setVisible(at is None)
        self._edit.setVisible(at is not None)
        self._reset.setVisible(at is not None)
        if at is not None and from_qt(self._edit.dateTime()) != at:
            was_blocked = self._edit.blockSignals(True)
            self._edit.setDateTime(to_qt(at))
            self._edit.blockSignals(was_blocked)

    def refresh(self) -> None:
        """The theme changed."""
        self._draw_icon()

    def _draw_icon(self) -> None:
        self._now.setIcon(icons.icon("calendar"))

    def _on_now_clicked(self) -> None:
        at = QDateTime.currentDateTime()
        at.setTime(at.time().addMSecs(-at.time().msec() - 1000 * at.time().second()))
        self.show_date(from_qt(at))
        self._edit.setFocus()
        self.chosen.emit(self._at)

    def _on_edit_date_time_changed(self, at: QDateTime) -> None:
        self._at = from_qt(at)
        self.chosen.emit(self._at)

    def _on_reset_clicked(self) -> None:
        self.show_date(None)
        self._now.setFocus()
        self.chosen.emit(None)


def _short_format() -> str:
    """The locale's short form, with four figures for the year."""
    form = QLocale().dateTimeFormat(QLocale.FormatType.ShortFormat)
    return form if "yyyy" in form else form.replace("yy", "yyyy")

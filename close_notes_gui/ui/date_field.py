"""When the noted thing happened: "Now" until the rep says otherwise, in words or by calendar.

Window thread. Shows and takes the rep's own time zone and locale; speaks aware UTC.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QLocale, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from close_notes_gui.ui import icons
from close_notes_gui.ui.date_popup import DatePopup
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.labels import plain_tip
from close_notes_gui.ui.spoken_dates import exact_date, to_qt


def utc_now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


class DateField(QWidget):
    """Invariant: None is shown as "Now". A date counts only once the rep saw it in full and
    took it, or left the field that shows it.
    """

    chosen = Signal(object)  # datetime | None

    def __init__(
        self, now: Callable[[], datetime] = utc_now, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.now = now
        self._at: datetime | None = None
        self._base: datetime | None = None
        self._popup: DatePopup | None = None
        self._button = QToolButton()
        self._button.setObjectName("quiet")
        self._button.setAccessibleName("Date")
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._button.clicked.connect(self._on_button_clicked)
        self._button.installEventFilter(self)
        self._reset = IconButton("close", "Back to now")
        self._reset.clicked.connect(self._on_reset_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for widget in (self._button, self._reset):
            row.addWidget(widget)
        self.show_date(None)
        self.refresh()

    def tab_order(self) -> tuple[QWidget, ...]:
        """Where Tab leads; what is hidden is passed over."""
        return self._button, self._reset

    def show_date(self, at: datetime | None, *, base: datetime | None = None) -> None:
        """Draw the date. `base` is that of the note in Close, where one is edited."""
        self._at, self._base = at, base
        if at is None:
            self._button.setText("Now")
        else:
            self._button.setText(QLocale().toString(to_qt(at), QLocale.FormatType.ShortFormat))
        exact = exact_date(at) if at else ""
        tip = "When it happened. Press, or type: yesterday 15:30, -20m, mon 9"
        self._button.setToolTip(plain_tip(f"{exact}\n{tip}" if exact else tip))
        self._button.setAccessibleDescription(exact or "Now: the moment it is sent")
        self._reset.setVisible(at != base)
        words = "Back to now" if base is None else "Back to the date it has in Close"
        self._reset.setToolTip(words)
        self._reset.setAccessibleName(words)

    def refresh(self) -> None:
        """The theme changed."""
        self._button.setIcon(icons.icon("calendar"))

    def open(self, typed: str = "") -> None:
        """Let the rep say when; `typed` is the first of it."""
        self._shut()
        popup = self._popup = DatePopup(self.window(), now=self.now)
        popup.taken.connect(self._on_popup_taken)
        popup.left.connect(self._on_popup_left)
        popup.begin(self._at, typed=typed, is_edit=self._base is not None)
        corner = self._button.mapTo(self.window(), QPoint(0, 0))
        popup.show_at(QRect(corner, self._button.size()))
        popup.focus_words()

    def eventFilter(self, _watched: object, event: QEvent) -> bool:
        """Typing on the button is typing the date."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            text, shift = event.text(), Qt.KeyboardModifier.ShiftModifier
            if text.strip() and text.isprintable() and not event.modifiers() & ~shift:
                self.open(text)
                return True
        return False

    def _shut(self) -> None:
        popup, self._popup = self._popup, None
        if popup is not None:
            focus: QWidget | None = self.window().focusWidget()
            if focus is not None and popup.isAncestorOf(focus):
                self._button.setFocus(Qt.FocusReason.OtherFocusReason)
            popup.hide()
            popup.deleteLater()

    def _on_button_clicked(self) -> None:
        self.open()

    def _on_popup_taken(self, at: datetime | None) -> None:
        self.chosen.emit(at)
        self._shut()

    def _on_popup_left(self, is_focus_kept: bool) -> None:
        self._shut()
        if is_focus_kept:
            self._button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_reset_clicked(self) -> None:
        self._button.setFocus()
        self.chosen.emit(None)

"""The icon in the system's tray: a quick note, the recent leads, how much waits, the way out.

Window thread. Where the system has no tray there is none, and nothing else changes.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon
from shiboken6 import isValid

from close_notes_gui.present.views import TrayView
from close_notes_gui.ui import theme
from close_notes_gui.ui.labels import no_mnemonic
from close_notes_gui.ui.resources import resources_folder

_SIZE = 64  # px; the system scales it to its tray
_STAYS = "Close Notes goes on here. Close it for good from this icon's menu."


class Tray(QObject):
    """Invariant: the icon is there while it is wanted and the system has a tray."""

    window_asked = Signal()
    note_asked = Signal()
    lead_asked = Signal(str)  # LeadId
    outbox_asked = Signal()
    quit_asked = Signal()

    def __init__(
        self,
        parent: QObject,
        *,
        has_tray: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
    ) -> None:
        super().__init__(parent)
        self._has_tray = has_tray
        self._view: TrayView | None = None
        self._icon: QSystemTrayIcon | None = None
        self._has_told = False
        self.menu = QMenu()
        self.menu.aboutToShow.connect(self._on_menu_about_to_show)
        self._on_menu_about_to_show()  # some trays show a menu only that is not empty

    @property
    def is_there(self) -> bool:
        """Whether there is an icon to come back by."""
        return self._icon is not None

    def show_view(self, view: TrayView) -> None:
        """Draw the icon, make it, or take it away."""
        before, self._view = self._view, view
        if view == before:
            return
        if view.is_wanted and self._icon is None and self._has_tray():
            self._icon = QSystemTrayIcon(self)
            self._icon.setContextMenu(self.menu)
            self._icon.activated.connect(self._on_icon_activated)
        elif not view.is_wanted and self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None
        if self._icon is not None:
            self._icon.setIcon(icon_with(view.waiting, is_urgent=view.needs_rep))
            self._icon.setToolTip(view.tip)
            self._icon.show()

    def shut(self) -> None:
        """The program ends: no icon is left behind. Asked again, nothing happens."""
        if self._icon is not None:
            self._icon.hide()
            self._icon = None
        if isValid(self.menu):
            self.menu.deleteLater()

    def tell_once(self) -> None:
        """The window went away and the program did not: say so, once."""
        if self._icon is not None and not self._has_told:
            self._has_told = True
            self._icon.showMessage("Close Notes", _STAYS)

    @Slot()
    def _on_menu_about_to_show(self) -> None:
        menu, view = self.menu, self._view
        menu.clear()
        menu.addAction("New note").triggered.connect(self.note_asked)
        if view is not None and view.recents:
            menu.addSection("Recent leads")
            for lead_id, name in view.recents:
                menu.addAction(no_mnemonic(name)).triggered.connect(self._teller(lead_id))
        menu.addSeparator()
        waiting = view.waiting if view is not None else 0
        outbox = f"Outbox ({waiting})" if waiting else "Outbox"
        menu.addAction(outbox).triggered.connect(self.outbox_asked)
        menu.addAction("Open Close Notes").triggered.connect(self.window_asked)
        menu.addSeparator()
        menu.addAction("Quit").triggered.connect(self.quit_asked)

    def _teller(self, lead_id: str) -> Callable[[], None]:
        return lambda: self.lead_asked.emit(lead_id)

    def _on_icon_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.window_asked.emit()


def icon_with(number: int, *, is_urgent: bool) -> QIcon:
    """The program's icon with the number on it; none for 0."""
    drawn = QIcon(str(resources_folder() / "icons" / "app.svg")).pixmap(_SIZE, _SIZE)
    if not number:
        return QIcon(drawn)
    canvas = QPixmap(drawn)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    text = str(number) if number < 100 else "99+"
    font = QFont()
    font.setPixelSize(_SIZE // 2 if len(text) < 3 else _SIZE // 3)
    font.setBold(True)
    painter.setFont(font)
    width = max(_SIZE * 0.6, painter.fontMetrics().horizontalAdvance(text) + 12)
    spot = QRectF(_SIZE - width, _SIZE * 0.4, width, _SIZE * 0.6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.LIGHT.bad if is_urgent else theme.LIGHT.accent))
    painter.drawRoundedRect(spot, spot.height() / 2, spot.height() / 2)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return QIcon(canvas)

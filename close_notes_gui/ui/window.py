"""The window: search, sheet, notes of the lead, status; narrow in one column, wide in two.

Window thread. Lays widgets out and shows or hides them; what they show is `wiring`'s to say.
"""

from itertools import pairwise

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QIcon,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from close_notes_gui.ui.app_model import AppModel
from close_notes_gui.ui.badge_button import BadgeButton
from close_notes_gui.ui.compose import Compose
from close_notes_gui.ui.drop_overlay import DropOverlay
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.keys import KeySheet
from close_notes_gui.ui.lead_picker import LeadPicker
from close_notes_gui.ui.notices import Notices
from close_notes_gui.ui.outbox import Outbox
from close_notes_gui.ui.panel import Panel
from close_notes_gui.ui.resources import resources_folder
from close_notes_gui.ui.services import Services
from close_notes_gui.ui.settings import SettingsForm
from close_notes_gui.ui.sign_in import SignIn
from close_notes_gui.ui.status import StatusLine
from close_notes_gui.ui.timeline import Timeline
from close_notes_gui.ui.window_layout import WindowLayout, read_layout, write_layout
from close_notes_gui.ui.wiring import Wiring

_FIRST_SIZE = QSize(1100, 760)
_WIDE_PX = 820
_TALL_PX = 680
_UNBOUNDED = 16_777_215  # Qt's own word for "no limit"


class MainWindow(QMainWindow):
    """Invariant: whatever its size, search, note and Send are in sight."""

    dropped = Signal(object)  # QMimeData, good for the time of the call only

    def __init__(self, model: AppModel, services: Services) -> None:
        super().__init__()
        self._services = services
        self._kept = read_layout(services.layout_file)
        self._was_shown = False
        self._has_columns = False
        self.setWindowTitle("Close Notes")
        self.setWindowIcon(QIcon(str(resources_folder() / "icons" / "app.svg")))
        self.setMinimumSize(360, 420)
        self.setAcceptDrops(True)
        self._make_widgets()
        self._lay_out()
        self._wiring = Wiring(self, model, services)
        self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize()))
        if self._kept.geometry:
            self.restoreGeometry(QByteArray.fromBase64(self._kept.geometry.encode()))
        self._arrange()

    @property
    def is_wide(self) -> bool:
        """Whether the notes of the lead stand beside the sheet."""
        return self._split.orientation() is Qt.Orientation.Horizontal

    def raise_window(self) -> None:
        """Come to the front, ready to find a lead (a second start of the program does this)."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        self.picker.open()

    def show_sign_in(self, is_needed: bool) -> None:
        """Show the first screen, or the window proper."""
        wanted = self.sign_in if is_needed else self.page
        if self._pages.currentWidget() is not wanted:
            self._pages.setCurrentWidget(wanted)
            if not is_needed:
                self.picker.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._wiring.save_all()
        self._keep_layout()
        if self._services.close_requested():
            event.accept()
        else:
            event.ignore()
            self._wiring.hide_panels()  # they would cover the reason

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._wiring.save_all()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self.picker.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasText() or event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(event.mimeData())

    def _make_widgets(self) -> None:
        self.page = QWidget()
        self.page.setObjectName("page")
        self.page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.picker = LeadPicker(self.page)
        self.new_button = IconButton("new", "New note", key="Ctrl+N")
        self.outbox_button = BadgeButton("outbox", "Outbox and drafts", key="Ctrl+Shift+O")
        self.settings_button = IconButton("settings", "Settings", key="Ctrl+,")
        self.notices = Notices()
        self.compose = Compose()
        self.timeline = Timeline()
        self.status = StatusLine()
        self.sign_in = SignIn()
        self.outbox = Outbox()
        self.settings = SettingsForm()
        self.outbox_panel = Panel(self.page, "Outbox", self.outbox)
        self.settings_panel = Panel(self.page, "Settings", self.settings)
        self.keys_panel = Panel(self.page, "Keys", KeySheet())
        self.overlay = DropOverlay(self.page)
        editor = self.compose.editor
        self.overlay.watch(self, editor, editor.viewport(), self.picker, self.compose.title)
        self.overlay.dropped.connect(self._on_overlay_dropped)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.picker, 1)
        for button in (self.new_button, self.outbox_button, self.settings_button):
            top.addWidget(button)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(8)
        self._split.addWidget(self.compose)
        self._split.addWidget(self.timeline)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        column = QVBoxLayout(self.page)
        column.setContentsMargins(8, 8, 8, 2)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.notices)
        column.addWidget(self._split, 1)
        column.addWidget(self.status)
        column.setSpacing(6)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.page)
        self._pages.addWidget(self.sign_in)
        self.setCentralWidget(self._pages)
        self._order_tabs()
        self.timeline.fold_toggled.connect(self._on_timeline_fold_toggled)

    def _order_tabs(self) -> None:
        """From the lead through the note to Send; what is needed seldom comes last."""
        order = (
            self.picker,
            *self.compose.tab_order(),
            self.new_button,
            self.outbox_button,
            self.settings_button,
        )
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def _arrange(self) -> None:
        """Fit the layout to the size: two columns, or one with the notes below."""
        wide = self.width() >= _WIDE_PX
        orientation = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self._split.orientation() is not orientation:
            self._split.setOrientation(orientation)
        are_open = self._kept.are_notes_open
        if are_open is None:
            are_open = self.height() >= _TALL_PX
        self.timeline.show_fold(is_offered=not wide, is_open=are_open)
        folded = not wide and not are_open
        self.timeline.setMaximumHeight(self.timeline.head_height() if folded else _UNBOUNDED)
        if wide and not self._has_columns:
            self._has_columns = True
            self._split.setSizes(list(self._kept.columns or (620, 440)))

    def _on_timeline_fold_toggled(self) -> None:
        before = self._kept.are_notes_open
        shown = self.height() >= _TALL_PX if before is None else before
        self._kept = WindowLayout(self._kept.geometry, self._kept.columns, not shown)
        self._arrange()

    def _on_overlay_dropped(self, mime: QMimeData) -> None:
        self.dropped.emit(mime)

    def _keep_layout(self) -> None:
        sizes = self._split.sizes()
        columns = (sizes[0], sizes[1]) if self.is_wide and len(sizes) == 2 else self._kept.columns
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        layout = WindowLayout(geometry, columns, self._kept.are_notes_open)
        write_layout(self._services.layout_file, layout)

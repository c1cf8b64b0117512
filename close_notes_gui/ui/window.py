"""The window: search, sheet, notes of the lead, status; narrow in one column, wide in two.

Window thread. It is painted with the search field and a blank sheet, before anything that takes
time is loaded; `furnishing` brings the rest. What the parts show is `wiring`'s to say.
"""

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QIcon,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from close_notes_gui.ui.early_keys import EarlyKeys
from close_notes_gui.ui.lead_picker import LeadPicker
from close_notes_gui.ui.resources import resources_folder
from close_notes_gui.ui.window_layout import WindowLayout, read_layout, write_layout

if TYPE_CHECKING:
    from close_notes_gui.ui.badge_button import BadgeButton
    from close_notes_gui.ui.compose import Compose
    from close_notes_gui.ui.drop_overlay import DropOverlay
    from close_notes_gui.ui.icon_button import IconButton
    from close_notes_gui.ui.notices import Notices
    from close_notes_gui.ui.outbox import Outbox
    from close_notes_gui.ui.panel import Panel
    from close_notes_gui.ui.services import Services
    from close_notes_gui.ui.settings.form import SettingsForm
    from close_notes_gui.ui.sign_in import SignIn
    from close_notes_gui.ui.status import StatusLine
    from close_notes_gui.ui.templates.shelf import TemplateShelf
    from close_notes_gui.ui.timeline import Timeline
    from close_notes_gui.ui.wiring import Wiring

_FIRST_SIZE = QSize(1100, 760)
_TITLE_PX = 40
_PANELS_PX = 64
_WIDE_PX = 820
_TALL_PX = 680
_UNBOUNDED = 16_777_215  # Qt's own word for "no limit"
_STATUS_PX = 28
_BUTTONS_PX = 111  # three buttons and the gaps before them


def room_for_window(available: QSize, platform: str = "") -> QSize:
    """The largest size whose frame fits as well. Wayland tells of no panels: they are reckoned."""
    is_wayland = (platform or QGuiApplication.platformName()).startswith("wayland")
    return available - QSize(0, _TITLE_PX + (_PANELS_PX if is_wayland else 0))


class MainWindow(QMainWindow):
    """Invariant: whatever its size, search, note and Send are in sight.

    Made in two stages: with the search field alone, then filled with all the rest, which
    `furnishing` has put into the attributes below. What was typed before that is not lost.
    """

    dropped = Signal(object)  # QMimeData, good for the time of the call only
    hurried = Signal()  # it is being closed before it is whole: make it whole now

    new_button: "IconButton"
    outbox_button: "BadgeButton"
    settings_button: "IconButton"
    notices: "Notices"
    compose: "Compose"
    timeline: "Timeline"
    status: "StatusLine"
    sign_in: "SignIn"
    outbox: "Outbox"
    settings: "SettingsForm"
    outbox_panel: "Panel"
    settings_panel: "Panel"
    templates: "TemplateShelf"
    templates_panel: "Panel"
    keys_panel: "Panel"
    overlay: "DropOverlay"

    _services: "Services"
    _wiring: "Wiring | None" = None

    def __init__(self, layout_file: Path | None = None) -> None:
        """`layout_file` is where size and place are kept; None keeps them nowhere."""
        super().__init__()
        self._layout_file = layout_file
        self._kept = read_layout(layout_file)
        self._was_shown = False
        self._has_columns = False
        self.setWindowTitle("Close Notes")
        self.setMinimumSize(360, 420)
        self._lay_out_first()
        self._early = EarlyKeys(self, self.picker, self._blank_sheet)
        self.resize(_FIRST_SIZE.boundedTo(room_for_window(self.screen().availableSize())))
        if self._kept.geometry:
            self.restoreGeometry(QByteArray.fromBase64(self._kept.geometry.encode()))
        self._arrange()

    @property
    def is_whole(self) -> bool:
        """Whether the second stage is there."""
        return self._wiring is not None

    def fill(self, wiring: "Wiring", services: "Services") -> None:
        """The second stage, all parts of which were made: show them, and give out early keys."""
        self._wiring, self._services = wiring, services
        is_in_sheet = self.focusWidget() is self._blank_sheet  # be the window active or not
        self._fill_layouts()
        self._order_tabs()
        self.timeline.fold_toggled.connect(self._on_timeline_fold_toggled)
        editor = self.compose.editor
        self.overlay.watch(self, editor, editor.viewport(), self.picker, self.compose.title)
        self.overlay.dropped.connect(self._on_overlay_dropped)
        self.setAcceptDrops(True)
        self.setWindowIcon(QIcon(str(resources_folder() / "icons" / "app.svg")))
        self._arrange()
        if is_in_sheet:
            editor.setFocus()
        self._early.release()

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

    def leave_sheet(self) -> None:
        """Everything written is with its note: another one may take the sheet."""
        if self._wiring is not None:
            self._wiring.leave_sheet()

    def panels(self) -> "tuple[Panel, ...]":
        """All that slide over the page; at most one is open."""
        return self.outbox_panel, self.settings_panel, self.templates_panel, self.keys_panel

    def begin_note(self) -> None:
        """Come to the front with a blank note."""
        self.raise_window()
        if self._wiring is not None:
            self._wiring.new_note()

    def write_to(self, lead_id: str) -> None:
        """Come to the front, ready to write to this lead."""
        self.raise_window()
        if self._wiring is not None:
            self._wiring.write_to(lead_id)

    def show_outbox(self) -> None:
        """Come to the front with the outbox open."""
        self.raise_window()
        if self._wiring is not None and self.outbox_panel.isHidden():
            self._wiring.show_outbox()

    def show_sign_in(self, is_needed: bool) -> None:
        """Show the first screen, or the window proper."""
        wanted = self.sign_in if is_needed else self.page
        if self._pages.currentWidget() is not wanted:
            self._pages.setCurrentWidget(wanted)
            if not is_needed:
                self.picker.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._wiring is None:
            self.hurried.emit()
        if self._wiring is None:
            return
        self._wiring.put_away()
        self._keep_layout()
        if self._services.close_requested():
            event.accept()
        else:
            event.ignore()
            self._wiring.hide_panels()  # they would cover the reason

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        is_left = event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow()
        if is_left and self._wiring is not None:
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

    def _lay_out_first(self) -> None:
        """What is there from the first paint on, each thing in the place where it stays."""
        self.page = QWidget()
        self.page.setObjectName("page")
        self.page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.picker = LeadPicker()
        self._blank_sheet = QFrame()
        self._blank_sheet.setObjectName("sheet")
        self._blank_sheet.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(8)
        self._blanks = (self._blank_sheet, QWidget())
        for blank in self._blanks:
            self._split.addWidget(blank)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        self._top = QHBoxLayout()
        self._top.setSpacing(4)
        self._top.addWidget(self.picker, 1)
        self._top.addSpacing(_BUTTONS_PX)
        self._column = QVBoxLayout(self.page)
        self._column.setContentsMargins(8, 8, 8, 2)
        self._column.setSpacing(6)
        self._column.addLayout(self._top)
        self._column.addWidget(self._split, 1)
        self._column.addSpacing(_STATUS_PX)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.page)
        self.setCentralWidget(self._pages)

    def place_hidden(self, part: QWidget) -> None:
        """Put a column in where it will be shown: styling its widgets is a step of its own."""
        part.hide()
        self._split.addWidget(part)

    def _fill_layouts(self) -> None:
        self._top.takeAt(1)
        for button in (self.new_button, self.outbox_button, self.settings_button):
            self._top.addWidget(button)
        self._column.insertWidget(1, self.notices)
        self._column.takeAt(3)
        self._column.addWidget(self.status)
        self._pages.addWidget(self.sign_in)
        sizes = self._split.sizes()[:2]
        for blank in self._blanks:
            blank.setParent(None)
            blank.deleteLater()
        self.compose.show()
        self.timeline.show()
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        self._split.setSizes(sizes)

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
        if self.is_whole:
            self._fold(wide=wide)
        if wide and not self._has_columns:
            self._has_columns = True
            self._split.setSizes(list(self._kept.columns or (620, 440)))

    def _fold(self, *, wide: bool) -> None:
        are_open = self._kept.are_notes_open
        if are_open is None:
            are_open = self.height() >= _TALL_PX
        self.timeline.show_fold(is_offered=not wide, is_open=are_open)
        folded = not wide and not are_open
        self.timeline.setMaximumHeight(self.timeline.head_height() if folded else _UNBOUNDED)

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
        write_layout(self._layout_file, layout)

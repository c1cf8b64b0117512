"""The settings: a list of sections and the one that is chosen.

Window thread. Narrow, the list is a box to choose from.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from close_notes_gui.present.views_settings import SettingsView
from close_notes_gui.ui.settings.about import AboutSection
from close_notes_gui.ui.settings.account import AccountSection
from close_notes_gui.ui.settings.attaching import AttachingSection
from close_notes_gui.ui.settings.keys import KeysSection
from close_notes_gui.ui.settings.looks import LooksSection
from close_notes_gui.ui.settings.searching import SearchSection
from close_notes_gui.ui.settings.section import Section
from close_notes_gui.ui.settings.sending import SendingSection
from close_notes_gui.ui.settings.storing import StorageSection
from close_notes_gui.ui.settings.writing import WritingSection

_SECTIONS: tuple[tuple[str, type[Section]], ...] = (
    ("Sending", SendingSection),
    ("Writing", WritingSection),
    ("Search", SearchSection),
    ("Attachments", AttachingSection),
    ("Storage", StorageSection),
    ("Shortcuts", KeysSection),
    ("Appearance", LooksSection),
    ("Accounts", AccountSection),
    ("About", AboutSection),
)
_LIST_WIDTH = 128
_WIDE_PX = 500
_ROW = 30


class SettingsForm(QWidget):
    """Invariant: one section is shown, as the view last given says; it is made when first shown."""

    changed = Signal(object)  # Settings
    acted = Signal(object)  # Action
    account_chosen = Signal(str)
    add_account_asked = Signal()
    sign_out_asked = Signal()
    clear_index_asked = Signal()
    templates_asked = Signal()
    storage_asked = Signal()  # to be measured
    clear_caches_asked = Signal()
    folder_asked = Signal(str)
    key_wished = Signal(str, str)  # act, key
    keys_reset_asked = Signal()
    report_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: SettingsView | None = None
        self._made: dict[str, Section] = {}
        names = [name for name, _ in _SECTIONS]
        self._list = QListWidget()
        self._list.setObjectName("sections")
        self._list.setAccessibleName("Sections")
        self._list.setFixedWidth(_LIST_WIDTH)
        self._list.addItems(names)
        for number in range(len(names)):
            self._list.item(number).setSizeHint(QSize(_LIST_WIDTH, _ROW))
        self._list.setFixedHeight(_ROW * len(names) + 4)
        self._box = QComboBox()
        self._box.setAccessibleName("Section")
        self._box.addItems(names)
        self.section: Section | None = None
        self._page = QVBoxLayout()  # no stack of widgets: that is as high as the highest of them
        self._lay_out()
        self._list.currentRowChanged.connect(self.open_section)
        self._box.activated.connect(self.open_section)
        self.open_section(0)

    def show_view(self, view: SettingsView) -> None:
        """Draw the section that is shown."""
        self._view = view
        if self.section is not None:
            self.section.show_view(view)

    def open_section(self, number: int) -> None:
        """Show this section."""
        name, kind = _SECTIONS[number]
        if name not in self._made:
            self._made[name] = self._make(kind)
        before, section = self.section, self._made[name]
        self.section = section
        section.show()
        if before is not None and before is not section:
            before.hide()
        for chooser, choose in (
            (self._list, self._list.setCurrentRow),
            (self._box, self._box.setCurrentIndex),
        ):
            chooser.blockSignals(True)
            choose(number)
            chooser.blockSignals(False)
        if self._view is not None:
            section.show_view(self._view)
        if isinstance(section, StorageSection):
            self.storage_asked.emit()

    def open_named(self, name: str) -> None:
        """Show the section with this name."""
        self.open_section([each for each, _ in _SECTIONS].index(name))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE_PX
        self._list.setVisible(is_wide)
        self._box.setVisible(not is_wide)

    def _make(self, kind: type[Section]) -> Section:
        section = kind()
        section.changed.connect(self.changed)
        if isinstance(section, SearchSection):
            section.clear_asked.connect(self.clear_index_asked)
        elif isinstance(section, WritingSection):
            section.templates_asked.connect(self.templates_asked)
        elif isinstance(section, StorageSection):
            section.clear_asked.connect(self.clear_caches_asked)
            section.folder_asked.connect(self.folder_asked)
        elif isinstance(section, KeysSection):
            section.key_wished.connect(self.key_wished)
            section.reset_asked.connect(self.keys_reset_asked)
            section.acted.connect(self.acted)
        elif isinstance(section, AccountSection):
            section.sign_out_asked.connect(self.sign_out_asked)
            section.chosen.connect(self.account_chosen)
            section.add_asked.connect(self.add_account_asked)
        elif isinstance(section, AboutSection):
            section.report_asked.connect(self.report_asked)
            section.acted.connect(self.acted)
        self._page.addWidget(section)
        return section

    def _lay_out(self) -> None:
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self._list, 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(self._page, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._box)
        column.addLayout(across)

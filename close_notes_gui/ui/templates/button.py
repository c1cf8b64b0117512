"""The button with the menu of templates, below the note.

Window thread.
"""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.labels import no_mnemonic

Names = tuple[tuple[str, str], ...]  # id and name


def no_names() -> Names:
    """Before there is anyone to ask."""
    return ()


class TemplateButton(IconButton):
    """Invariant: the menu holds the templates as they are when it opens."""

    chosen = Signal(str)  # TemplateId
    list_asked = Signal()
    keep_asked = Signal()  # the note as a template

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("template", "Insert a template", act="template", parent=parent)
        self.names: Callable[[], Names] = no_names
        menu = QMenu(self)
        menu.aboutToShow.connect(self._on_menu_about_to_show)
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def open_menu(self) -> None:
        """Open the menu above the button, the first template marked."""
        menu = self.menu()
        self._on_menu_about_to_show()
        menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
        if menu.actions():
            menu.setActiveAction(menu.actions()[0])

    @Slot()
    def _on_menu_about_to_show(self) -> None:
        menu = self.menu()
        menu.clear()
        for template_id, name in self.names():
            menu.addAction(no_mnemonic(name)).triggered.connect(self._teller(template_id))
        menu.addSeparator()
        menu.addAction("Keep this note as a template").triggered.connect(self.keep_asked)
        menu.addAction("Write and change templates…").triggered.connect(self.list_asked)

    def _teller(self, template_id: str) -> Callable[[], None]:
        return lambda: self.chosen.emit(template_id)

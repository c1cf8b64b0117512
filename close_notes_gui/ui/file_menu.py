"""The menu of a file: a table of words and what each does.

Window thread.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from close_notes_gui.ui.labels import no_mnemonic

Entry = tuple[str, Callable[[], None], bool]  # words, deed, whether it can be done


def open_menu(parent: QWidget, entries: Sequence[Entry], at: QPoint) -> QMenu:
    """Show the menu at this place of the screen; it goes by itself. No words: a line between."""
    menu = QMenu(parent)
    for words, deed, can_be_done in entries:
        if not words:
            menu.addSeparator()
            continue
        action = menu.addAction(no_mnemonic(words))
        action.setEnabled(can_be_done)
        action.triggered.connect(_without_state(deed))
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
    return menu


def _without_state(deed: Callable[[], None]) -> Callable[[bool], None]:
    def do(_is_checked: bool) -> None:
        deed()

    return do

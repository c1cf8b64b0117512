"""The menu of the text: Qt's own, and what a link and the clipboard can do besides.

UI thread.
"""

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QTextEdit

from close_notes_gui.ui import keytable

_PASTE = "edit-paste"  # the name Qt gives its own action


def context_menu(
    box: QTextEdit,
    at: QPoint,
    *,
    open_link: Callable[[str], None],
    edit_link: Callable[[], None],
    paste_plain: Callable[[], None],
) -> QMenu:
    """The menu for a point of the viewport; goes by itself when it closes."""
    menu = box.createStandardContextMenu(at)
    menu.aboutToHide.connect(menu.deleteLater)
    paste = menu.findChild(QAction, _PASTE)
    if paste is not None:
        _add_paste_plain(menu, paste, paste_plain)
    address = box.anchorAt(at)
    if address:
        first = menu.actions()[0]
        can_edit = not box.isReadOnly()
        for words, deed, is_on in (
            ("Open link", lambda: open_link(address), True),
            (f"Edit link\t{keytable.shown('link')}", lambda: _edit(box, at, edit_link), can_edit),
            ("Copy link address", lambda: QApplication.clipboard().setText(address), True),
        ):
            action = QAction(words, menu)
            action.setEnabled(is_on)
            action.triggered.connect(deed)
            menu.insertAction(first, action)
        menu.insertSeparator(first)
    return menu


def _add_paste_plain(menu: QMenu, paste: QAction, paste_plain: Callable[[], None]) -> None:
    action = QAction(f"Paste without format\t{keytable.shown('paste plain')}", menu)
    # Of an empty clipboard Qt gives nothing to ask; then it offers no paste either.
    action.setEnabled(paste.isEnabled() and QApplication.clipboard().mimeData().hasText())
    action.triggered.connect(paste_plain)
    following = menu.actions()[menu.actions().index(paste) + 1]
    menu.insertAction(following, action)


def _edit(box: QTextEdit, at: QPoint, edit_link: Callable[[], None]) -> None:
    """Edit the link that was clicked, wherever the cursor is."""
    box.setTextCursor(box.cursorForPosition(at))
    edit_link()

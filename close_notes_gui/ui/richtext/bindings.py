"""The editor's own keys. Ctrl+L, Ctrl+N, Ctrl+1 to 9, Ctrl+Shift+A and F1 are the window's.

UI thread.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QTextEdit

from close_notes_gui.ui.richtext.commands import Commands

_CONTROL = Qt.KeyboardModifier.ControlModifier
# The text box claims these for Emacs-like line keys on X11 and macOS.
_CLAIMED = {QKeyCombination(_CONTROL, key) for key in (Qt.Key.Key_K, Qt.Key.Key_U, Qt.Key.Key_E)}


def is_ours(event: QKeyEvent) -> bool:
    """Whether the text box must leave the key to our shortcut."""
    return event.keyCombination() in _CLAIMED


def bind_keys(
    box: QTextEdit,
    commands: Commands,
    *,
    edit_link: Callable[[], None],
    paste_plain: Callable[[], None],
) -> None:
    """Bind the keys of the text; they work while the text has the focus."""
    bindings: dict[str, Callable[[], None]] = {
        "Ctrl+B": partial(commands.toggle, "bold"),
        "Ctrl+I": partial(commands.toggle, "italic"),
        "Ctrl+U": partial(commands.toggle, "underline"),
        "Ctrl+Shift+X": partial(commands.toggle, "strike"),
        "Ctrl+E": partial(commands.toggle, "code"),
        "Ctrl+K": edit_link,
        "Ctrl+Shift+7": partial(commands.toggle_list, numbered=True),
        "Ctrl+Shift+8": partial(commands.toggle_list, numbered=False),
        "Ctrl+Shift+9": commands.toggle_quote,
        "Ctrl+Shift+V": paste_plain,
        "Ctrl+\\": commands.clear_marks,
    }
    for level in range(7):
        bindings[f"Ctrl+Alt+{level}"] = partial(commands.set_heading, level)
    for keys, act in bindings.items():
        shortcut = QShortcut(QKeySequence(keys), box)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(act)

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


class Bindings:
    """Invariant: each key is bound once, and works while the text has the focus."""

    def __init__(
        self,
        box: QTextEdit,
        commands: Commands,
        *,
        edit_link: Callable[[], None],
        paste_plain: Callable[[], None],
    ) -> None:
        keys: dict[str, Callable[[], None]] = {
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
            keys[f"Ctrl+Alt+{level}"] = partial(commands.set_heading, level)
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), box)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)
        # On X11 and macOS the text box claims these for Emacs-like keys before any shortcut
        # can have them; then they come as key presses.
        self._claimed = {
            QKeyCombination(_CONTROL, Qt.Key.Key_K): keys["Ctrl+K"],
            QKeyCombination(_CONTROL, Qt.Key.Key_U): keys["Ctrl+U"],
            QKeyCombination(_CONTROL, Qt.Key.Key_E): keys["Ctrl+E"],
        }

    def take(self, event: QKeyEvent) -> bool:
        """Whether the key press was one of ours that the text box had claimed."""
        act = self._claimed.get(event.keyCombination())
        if act is not None:
            act()
        return act is not None

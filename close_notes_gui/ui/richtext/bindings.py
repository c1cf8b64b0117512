"""The editor's own keys; which they are stands in the one table of keys.

UI thread.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QTextEdit

from close_notes_gui.present.keymap import Keymap, keys_of
from close_notes_gui.ui import keytable
from close_notes_gui.ui.richtext.commands import Commands


class Bindings(QObject):
    """Invariant: each key is bound once, and works while the text has the focus."""

    def __init__(
        self,
        box: QTextEdit,
        commands: Commands,
        *,
        edit_link: Callable[[], None],
        paste_plain: Callable[[], None],
    ) -> None:
        super().__init__(box)
        self.acts: dict[str, Callable[[], None]] = {
            "bold": partial(commands.toggle, "bold"),
            "italic": partial(commands.toggle, "italic"),
            "underline": partial(commands.toggle, "underline"),
            "strike": partial(commands.toggle, "strike"),
            "code": partial(commands.toggle, "code"),
            "link": edit_link,
            "numbers": partial(commands.toggle_list, numbered=True),
            "bullets": partial(commands.toggle_list, numbered=False),
            "quote": commands.toggle_quote,
            "paste plain": paste_plain,
            "clear": commands.clear_marks,
        }
        for level in range(7):
            self.acts[f"heading {level}"] = partial(commands.set_heading, level)
        self._bound: dict[str, QShortcut] = {}
        self._deeds: dict[QKeySequence, Callable[[], None]] = {}
        for act, deed in self.acts.items():
            shortcut = QShortcut(box)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(deed)
            self._bound[act] = shortcut
        self.apply(keytable.now())
        box.installEventFilter(self)

    def apply(self, keys: Keymap) -> None:
        """Bind these keys from now on."""
        self._deeds.clear()
        for act, shortcut in self._bound.items():
            own = [QKeySequence(key) for key in keys_of(act, keys)]
            shortcut.setKeys(own)
            self._deeds.update(dict.fromkeys(own, self.acts[act]))

    def take(self, event: QKeyEvent) -> bool:
        """Whether the key press was one of ours, and came as such: no shortcut had it."""
        deed = self._deeds.get(QKeySequence(event.keyCombination()))
        if deed is not None:
            deed()
        return deed is not None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """On X11 and macOS the text box claims some keys for itself before any shortcut can have
        them (Ctrl+K, Ctrl+U, Ctrl+E); those that are bound it does not get.
        """
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        is_ours = QKeySequence(event.keyCombination()) in self._deeds
        if is_ours:
            event.ignore()
        return is_ours

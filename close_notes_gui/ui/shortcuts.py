"""The keys that count anywhere in the window. Those of the text are the editor's own.

Window thread.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from close_notes_gui.present.keymap import Keymap, keys_of

_SAME_ON_THE_NUMBER_PAD = {"Ctrl+Return": "Ctrl+Enter"}


class Shortcuts(QObject):
    """Invariant: every act of the window is bound to the keys last given, and to no other."""

    def __init__(self, window: QWidget, acts: Mapping[str, Callable[[], None]]) -> None:
        super().__init__(window)
        self._keys: frozenset[QKeySequence] = frozenset()
        self._bound: dict[str, QShortcut] = {}
        for act, deed in acts.items():
            shortcut = QShortcut(window)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(deed)
            self._bound[act] = shortcut

    def apply(self, keys: Keymap) -> None:
        """Bind these keys from now on."""
        for act, shortcut in self._bound.items():
            own = keys_of(act, keys)
            pads = [_SAME_ON_THE_NUMBER_PAD[key] for key in own if key in _SAME_ON_THE_NUMBER_PAD]
            shortcut.setKeys([QKeySequence(key) for key in (*own, *pads)])
        bound = [shortcut.keys() for shortcut in self._bound.values()]
        self._keys = frozenset(key for keys in bound for key in keys)

    def watch(self, *fields: QWidget) -> None:
        """In these no key of the window's is kept back by the field: on X11 and macOS text fields
        claim some (Ctrl+K, Ctrl+U, Ctrl+E) before any shortcut can have them.
        """
        for field in fields:
            field.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        is_ours = QKeySequence(event.keyCombination()) in self._keys
        if is_ours:
            event.ignore()
        return is_ours

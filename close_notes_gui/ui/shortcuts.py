"""The keys that count anywhere in the window. Those of the text are the editor's own.

Window thread.
"""

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut

if TYPE_CHECKING:
    from close_notes_gui.ui.window import MainWindow
    from close_notes_gui.ui.wiring import Wiring


def bind(window: "MainWindow", wiring: "Wiring") -> None:
    """Bind the keys to what they do. Only chords and F1: typing is never taken away."""
    for keys, act in (
        (("Ctrl+L",), wiring.search),
        (("Ctrl+N",), wiring.new_note),
        (("Ctrl+Return", "Ctrl+Enter"), wiring.send),
        (("Ctrl+Shift+A",), wiring.intake.choose),
        (("Ctrl+Shift+O",), wiring.show_outbox),
        (("Ctrl+,",), wiring.show_settings),
        (("F1",), wiring.show_keys),
    ):
        shortcut = QShortcut(window)
        shortcut.setKeys([QKeySequence(key) for key in keys])
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(act)

"""Which key does what at this moment, for whoever shows or binds keys.

Window thread. The application holds the table, as it holds the palette; `theme.now` is its twin.
"""

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from close_notes_gui.model.settings import Settings
from close_notes_gui.present.keymap import ACTS, Keymap, keymap_of, keys_of

_PROPERTY = "close-notes keys"


def now() -> Keymap:
    """The keys that count."""
    app = QApplication.instance()
    kept = app.property(_PROPERTY) if app is not None else None
    return kept if isinstance(kept, dict) else keymap_of(Settings())


def wear(keys: Keymap) -> None:
    """From now on these count."""
    app = QApplication.instance()
    if app is not None:
        app.setProperty(_PROPERTY, dict(keys))


def native(key: str) -> str:
    """The key as this system writes it; `Ctrl+1..9` is a row of keys."""
    first, _, last = key.partition("..")
    written = QKeySequence(first).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{written} … {last}" if last else written


def shown(act: str) -> str:
    """The first key of the act as this system writes it; empty where it has none."""
    keys = keys_of(act, now()) if act in ACTS else ()
    return native(keys[0]) if keys else ""

"""Keys pressed before the window is whole: letters are typed at once, all else waits its turn.

Window thread. Without this an Enter, a Tab or a Ctrl+N of the first moment would go nowhere.
"""

from PySide6.QtCore import QCoreApplication, QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class EarlyKeys(QObject):
    """Invariant: no key is lost, and none comes before one that was pressed earlier."""

    def __init__(self, window: QWidget, field: QWidget, *others: QWidget) -> None:
        """`field` takes letters at once; keys on the `others` all wait."""
        super().__init__(window)
        self._window = window
        self._field = field
        self._watched = (field, *others)
        self._held: list[QKeyEvent | QInputMethodEvent] = []
        for widget in self._watched:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                return False
            is_at_once = watched is self._field and _types_a_letter(event)
        elif isinstance(event, QInputMethodEvent):
            is_at_once = watched is self._field
        else:
            return False
        if is_at_once and not self._held:
            return False
        if event.type() != QEvent.Type.KeyRelease:
            self._held.append(event.clone())
        return True

    def release(self) -> None:
        """The window is whole: each key goes where it would go now, in order."""
        for widget in self._watched:
            widget.removeEventFilter(self)
        held, self._held = self._held, []
        for event in held:
            # Qt's stubs leave out that there may be none.
            target = self._window.focusWidget() or self._window  # type: ignore[truthy-bool]
            shortcut = self._shortcut(event, target)
            if shortcut is not None:
                shortcut.activated.emit()
            else:
                QCoreApplication.sendEvent(target, event)
        self.deleteLater()

    def _shortcut(self, event: QEvent, target: QWidget) -> QShortcut | None:
        """Qt looks for shortcuts only when a key comes from the system, not when it is sent on."""
        if not isinstance(event, QKeyEvent):
            return None
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        pressed = QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key())))
        for shortcut in self._window.findChildren(QShortcut):
            is_in_reach = (
                shortcut.context() is Qt.ShortcutContext.WindowShortcut
                or shortcut.parent() is target
            )
            keys = shortcut.keys()
            if is_in_reach and shortcut.isEnabled() and pressed in keys:
                return shortcut
        return None


def _types_a_letter(event: QKeyEvent) -> bool:
    """Whether the key does no more than put in a letter or take one away."""
    modifiers = event.modifiers() & _COMMANDS
    if event.key() == Qt.Key.Key_Backspace:
        return modifiers == Qt.KeyboardModifier.NoModifier
    if not event.text().isprintable() or not event.text():
        return False
    is_alt_gr = modifiers == (  # which Windows gives as both
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    )
    return modifiers == Qt.KeyboardModifier.NoModifier or is_alt_gr

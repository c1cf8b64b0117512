"""Keys pressed between "Send" and "it is on disk": held, then typed into the next note.

Window thread. Without this they would go into a note that is already sealed.
"""

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget


class HeldKeys(QObject):
    """Invariant: while holding, the widget sees no key; on release it sees them all, in order."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._held: list[QKeyEvent] = []
        self._is_holding = False
        widget.installEventFilter(self)

    def hold(self) -> None:
        """Hold keys from now on."""
        self._is_holding = True

    def release(self) -> None:
        """Give back what was held and hold no more."""
        if not self._is_holding:
            return
        self._is_holding = False
        held, self._held = self._held, []
        for event in held:
            QCoreApplication.sendEvent(self._widget, event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._is_holding or watched is not self._widget or not isinstance(event, QKeyEvent):
            return False
        if event.type() in {QEvent.Type.KeyPress, QEvent.Type.KeyRelease}:
            self._held.append(event.clone())
            return True
        return False

"""Keys pressed while the editor is about to show another note: held, then typed into that one.

Window thread. Without this they would go into a note that is already sealed, or to another lead.
"""

from enum import Enum

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget


class HeldFor(Enum):
    """What keys are held for."""

    SENDING = "sending"  # until the note is on disk and the next one is open
    LEAD = "lead"  # until the lead that was asked for by Enter is found


class HeldKeys(QObject):
    """Invariant: while there is a reason to hold, the widget sees no key; when the last is gone
    it sees them all, in order.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._held: list[QKeyEvent] = []
        self._reasons: set[HeldFor] = set()
        widget.installEventFilter(self)

    def hold(self, reason: HeldFor) -> None:
        """Hold keys from now on."""
        self._reasons.add(reason)

    def release(self, reason: HeldFor) -> bool:
        """This reason is gone. Whether keys were given back."""
        if reason not in self._reasons:
            return False
        self._reasons.discard(reason)
        if self._reasons:
            return False
        held, self._held = self._held, []
        for event in held:
            QCoreApplication.sendEvent(self._widget, event)
        pressed = (event for event in held if event.type() == QEvent.Type.KeyPress)
        return any(event.text() for event in pressed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._reasons or watched is not self._widget or not isinstance(event, QKeyEvent):
            return False
        if event.type() in {QEvent.Type.KeyPress, QEvent.Type.KeyRelease}:
            self._held.append(event.clone())
            return True
        return False

"""Keys pressed while the editor is about to show another note: held, then typed into that one.

Window thread. Without this they would go into a note that is already sealed, or to another lead.
"""

from enum import Enum

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QTextEdit


class HeldFor(Enum):
    """What keys are held for."""

    SENDING = "sending"  # until the note is on disk and the next one is open
    LEAD = "lead"  # until the lead that was asked for by Enter is found


class HeldKeys(QObject):
    """Invariant: while there is a reason to hold, the widget sees no key and takes no paste or
    drop. A key belongs to the reason that came last before it; when that is gone the widget sees
    its keys, in order.
    """

    def __init__(self, widget: QTextEdit | QLineEdit) -> None:
        super().__init__(widget)
        self._widget = widget
        self._held: list[tuple[HeldFor, QKeyEvent | QInputMethodEvent]] = []
        self._reasons: list[HeldFor] = []  # in the order in which they came
        self._passed: frozenset[HeldFor] = frozenset()  # hold nothing while keys are given back
        widget.installEventFilter(self)

    def hold(self, reason: HeldFor) -> None:
        """Hold keys from now on."""
        if reason not in self._reasons:
            self._reasons.append(reason)
        self._widget.setReadOnly(True)  # for what comes by mouse: menus, middle clicks, drops

    def is_held_for(self, reason: HeldFor) -> bool:
        """Whether keys are held for this."""
        return reason in self._reasons

    def has_text_for(self, reason: HeldFor) -> bool:
        """Whether something was written meanwhile."""
        return any(_text_of(event) for held_for, event in self._held if held_for is reason)

    def add_send(self) -> None:
        """Ctrl+Enter, caught before it came here: it takes its place among the keys."""
        control = Qt.KeyboardModifier.ControlModifier
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, control)
        self._held.append((self._reasons[-1], event))

    def release(self, reason: HeldFor, *, may_send: bool = True) -> bool:
        """This reason is gone. Whether keys were given back. Not `may_send`: they come to
        another note than they were meant for, so Ctrl+Enter is left out.
        """
        if reason not in self._reasons:
            return False
        self._reasons.remove(reason)
        mine = [event for held_for, event in self._held if held_for is reason]
        self._held = [held for held in self._held if held[0] is not reason]
        if not may_send:
            mine = [event for event in mine if not _sends(event)]
        self._widget.setReadOnly(False)
        self._passed = frozenset(self._reasons)
        for event in mine:
            QCoreApplication.sendEvent(self._widget, event)
        self._passed = frozenset()
        self._widget.setReadOnly(bool(self._reasons))
        return any(_text_of(event) for event in mine)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._widget or self._passed.issuperset(self._reasons):
            return False
        if event.type() in {QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.InputMethod}:
            assert isinstance(event, (QKeyEvent, QInputMethodEvent))
            self._held.append((self._reasons[-1], event.clone()))
            return True
        return False


def _text_of(event: QKeyEvent | QInputMethodEvent) -> str:
    if isinstance(event, QInputMethodEvent):
        return event.commitString()
    return event.text() if event.type() == QEvent.Type.KeyPress else ""


def _sends(event: QKeyEvent | QInputMethodEvent) -> bool:
    if not isinstance(event, QKeyEvent) or event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
        return False
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)

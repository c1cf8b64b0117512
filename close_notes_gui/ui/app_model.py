"""AppState on the window's side: events fold into it, the rep's doing steps it on.

Window thread. The only QObject between the pure rooms and the widgets: it posts what
`present` says must be posted, and decides nothing itself.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from close_notes_gui.model.commands import Command
from close_notes_gui.model.events import (
    AmendmentRemoved,
    DraftOpened,
    DraftQueued,
    Event,
    Loaded,
    SignedOut,
)
from close_notes_gui.present.follow_up import follow_up
from close_notes_gui.present.reduce import reduce
from close_notes_gui.present.state import AppState

Step = Callable[..., tuple[AppState, tuple[Command, ...]]]

_SWITCHES_TEXT = (Loaded, DraftOpened, DraftQueued, SignedOut, AmendmentRemoved)


class AppModel(QObject):
    """Invariant: `state` is the fold of every event received and every step done, in order.

    `before_switch`, where set, is called with an event that may put another text into an
    editor before it is folded in, so that text not yet saved reaches the state first.
    """

    changed = Signal()

    def __init__(self, post: Callable[[Command], None], state: AppState) -> None:
        super().__init__()
        self._post = post
        self._state = state
        self.before_switch: Callable[[Event], None] | None = None

    @property
    def state(self) -> AppState:
        """The state now."""
        return self._state

    @Slot(object)
    def receive(self, event: Event) -> None:
        """Fold one event of the engine in, and post what follows from it."""
        if self.before_switch is not None and isinstance(event, _SWITCHES_TEXT):
            self.before_switch(event)
        old = self._state
        self._state = reduce(old, event)
        for command in follow_up(old, event, self._state):
            self._post(command)
        self.changed.emit()

    def do(self, step: Step, *args: object, **keywords: object) -> None:
        """Apply an action of `present.actions` to the state and post its commands, in order."""
        self._state, commands = step(self._state, *args, **keywords)
        for command in commands:
            self._post(command)
        self.changed.emit()

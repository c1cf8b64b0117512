"""What all events are. Any thread."""

from close_notes_gui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events, so that one signal can carry them."""

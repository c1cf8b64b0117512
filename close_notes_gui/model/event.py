"""What all events are. Any thread."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events, so that one signal can carry them."""

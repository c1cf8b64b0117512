"""What a file on this computer is wanted for. Any thread."""

from enum import Enum
from pathlib import Path

from close_notes_gui.model.problem import Problem
from close_notes_gui.model.values import dataclass


class FilePurpose(Enum):
    """Why a file is brought here."""

    SAVE = "save"  # to the place that the rep chose
    OPEN = "open"  # with the program that the system has for it
    REVEAL = "reveal"  # in its folder
    AT_HAND = "at hand"  # to be looked at in the window, or dragged out of it
    THUMBNAIL = "thumbnail"


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """A whole file at `path`. `may_open` False: of a kind that could do something by itself when
    opened, hence shown in its folder and no more; `problem` then says so, where opening was asked.
    """

    path: Path
    purpose: FilePurpose
    may_open: bool = False
    problem: Problem | None = None

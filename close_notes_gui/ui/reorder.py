"""Where a chip that is pulled by the mouse would go, and the mark that shows it.

Window thread. Moves nothing itself.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QFrame, QWidget

_WIDE = 2
_GAP = 4  # between chips


class DropMark(QFrame):
    """Invariant: shown only while a drop would change the order."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("dropMark")
        self.hide()

    def show_place(self, chips: Sequence[QRect], own: int, at: QPoint) -> None:
        """Mark the gap where the chip at place `own` would go."""
        place = place_at(chips, at)
        if place in {own, own + 1}:
            self.hide()
            return
        before = chips[place - 1] if place else None
        if before is not None and (place == len(chips) or at.y() <= before.bottom()):
            beside, x = before, before.right() + 1 + (_GAP - _WIDE) // 2
        else:
            beside = chips[place]
            x = max(beside.left() - (_GAP + _WIDE) // 2, 0)
        self.setGeometry(x, beside.top(), _WIDE, beside.height())
        self.show()
        self.raise_()


def place_at(chips: Sequence[QRect], at: QPoint) -> int:
    """The place before which something dropped at this point goes, row by row."""
    for place, chip in enumerate(chips):
        is_above = at.y() < chip.top()
        is_left = at.y() <= chip.bottom() and at.x() < chip.center().x()
        if is_above or is_left:
            return place
    return len(chips)


def steps(chips: Sequence[QRect], own: int, at: QPoint) -> int:
    """By how many places the chip at `own` moves when it is dropped at this point."""
    place = place_at(chips, at)
    return place - 1 - own if place > own else place - own

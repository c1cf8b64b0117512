"""The sheet of keys (F1).

Window thread.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from close_notes_gui.present.keymap import FILE_SECTION, NOTE_SECTION, SECTIONS, KeyAct, Keymap
from close_notes_gui.ui import keytable
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.layouts import empty

_ROW_OF_HEADINGS = "Ctrl+Alt+1..6"


class KeySheet(QWidget):
    """Invariant: when shown, it shows every key that does something, as the rep has set them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Keys")
        self._shown: Keymap | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnMinimumWidth(0, 144)

    def showEvent(self, event: QShowEvent) -> None:
        keys = keytable.now()
        if keys != self._shown:
            self._shown = keys
            self._fill(keys)
        super().showEvent(event)

    def _fill(self, keys: Keymap) -> None:
        empty(self._grid)
        number = 0
        for heading, acts in (*SECTIONS, NOTE_SECTION, FILE_SECTION):
            title = label(heading, "strong")
            title.setContentsMargins(0, 8 if number else 0, 0, 0)
            self._grid.addWidget(title, number, 0, 1, 2)
            for words, own in rows_of(acts, keys):
                number += 1
                self._grid.addWidget(label(words, wrap=True), number, 0)
                caps = label("  ".join(keytable.native(key) for key in own), "quiet")
                self._grid.addWidget(caps, number, 1, Qt.AlignmentFlag.AlignRight)
            number += 1


def rows_of(acts: tuple[KeyAct, ...], keys: Keymap) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Words and keys of each row; the headings in one, where their keys are a row as well."""
    headings = [act for act in acts if act.act.startswith("heading ") and act.act != "heading 0"]
    are_a_row = bool(headings) and all(keys.get(act.act) == act.key for act in headings)
    for act in acts:
        if are_a_row and act in headings:
            if act is headings[0]:
                yield "Heading 1 to 6", (_ROW_OF_HEADINGS,)
        elif own := tuple(key for key in (*act.fixed, keys.get(act.act, "")) if key):
            yield act.words, own

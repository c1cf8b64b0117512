"""`/` at the start of a word: the list of templates, one of which replaces what was typed.

UI thread. What a template says is not known here: the choice is told, and comes back filled.
"""

import re
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QTextEdit

from close_notes_gui.model.richtext import RichText
from close_notes_gui.ui.richtext.blocks import utf16
from close_notes_gui.ui.richtext.choice_popup import ChoicePopup
from close_notes_gui.ui.richtext.editing import typing_marks
from close_notes_gui.ui.richtext.insert import insert
from close_notes_gui.ui.richtext.mention_popup import folded
from close_notes_gui.ui.richtext.places import CODE_BLOCK, place_of

_MOST = 8
# A name may hold spaces, but none right after the sign: "5 / 10" is no template.
_QUERY = re.compile(
    r"(?:^|[\s(\[{\u2028\ufffc\u00a0])/((?:[^\s/\u2028\ufffc][^/\u2028\ufffc]{0,40})?)$"
)


class Templating(QObject):
    """Invariant: the list is open only while the cursor stands behind `/` and letters."""

    asked = Signal(str)
    """The id of a template; what was typed for it is selected, to be replaced."""

    def __init__(self, box: QTextEdit) -> None:
        super().__init__(box)
        self._box = box
        self._names: Callable[[], tuple[tuple[str, str], ...]] = tuple
        self._popup = ChoicePopup(box, "Templates")
        self._popup.chosen.connect(self._on_popup_chosen)

    def set_names(self, names: Callable[[], tuple[tuple[str, str], ...]]) -> None:
        """Tells id and name of each template; asked when the list opens."""
        self._names = names

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the key was for the open list."""
        return self._popup.isVisible() and self._popup.take_key(event)

    def typed(self, text: str) -> None:
        """Open the list after `/`; narrow it while letters follow."""
        if text.endswith("/") or self._popup.isVisible():
            self._show()

    @Slot()
    def follow(self) -> None:
        """The cursor moved: narrow, widen or close the list."""
        if self._popup.isVisible():
            self._show()

    def _show(self) -> None:
        cursor = self._box.textCursor()
        query = query_before(cursor)
        is_code = place_of(cursor.block()).kind == CODE_BLOCK or typing_marks(cursor).code
        if query is None or is_code or not self._popup.fill(matching(self._names(), query)):
            self._popup.hide()
            return
        start = QTextCursor(cursor)
        start.setPosition(cursor.position() - len(query) - 1)
        self._popup.show_at(self._box.cursorRect(start))

    @Slot(str)
    def _on_popup_chosen(self, template_id: str) -> None:
        cursor = self._box.textCursor()
        query = query_before(cursor)
        if query is not None:
            back = QTextCursor.MoveMode.KeepAnchor
            cursor.setPosition(cursor.position() - len(query) - 1, back)
            self._box.setTextCursor(cursor)
            self.asked.emit(template_id)


def query_before(cursor: QTextCursor) -> str | None:
    """What is typed after a `/` that ends at the cursor; None where there is none."""
    if cursor.hasSelection():
        return None
    before = utf16(cursor.block().text())[: cursor.positionInBlock()][-80:]
    match = _QUERY.search(before)
    return match[1] if match else None


def matching(names: tuple[tuple[str, str], ...], query: str) -> list[tuple[str, str]]:
    """The best few for a query: names that begin with it, then words that do, then the rest."""
    wanted = folded(query)
    ranked = [
        (0 if key.startswith(wanted) else 1 if f" {wanted}" in key else 2, place, name)
        for place, name in enumerate(names)
        if wanted in (key := folded(name[1]))
    ]
    return [name for _, _, name in sorted(ranked)][:_MOST]


def insert_filled(cursor: QTextCursor, tree: RichText, caret: str) -> Iterator[None]:
    """Insert at the cursor, in slices and as one undo step; the cursor ends up where the first
    `caret` stands, which is left out, or else behind it all.
    """
    start = cursor.selectionStart()
    yield from insert(cursor, tree)
    end = cursor.position()
    at: int | None = None
    found = cursor.document().find(caret, start)
    while not found.isNull() and found.selectionEnd() <= end:
        found.joinPreviousEditBlock()
        found.removeSelectedText()
        found.endEditBlock()
        at = found.position() if at is None else at
        end -= len(caret)
        found = cursor.document().find(caret, found)
    cursor.setPosition(end if at is None else at)

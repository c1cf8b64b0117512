"""What toolbar buttons and keys do to the text at the cursor, and what state it is in.

UI thread.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from close_notes_gui.model.richtext import PLAIN, Marks
from close_notes_gui.ui.richtext import editing, lists
from close_notes_gui.ui.richtext.places import CODE_BLOCK, place_of


@dataclass(frozen=True, slots=True)
class FormatState:
    """What typing at the cursor would give, or what all of the selection has. `heading` is 0
    for a paragraph.
    """

    marks: Marks = PLAIN
    heading: int = 0
    bullets: bool = False
    numbers: bool = False
    quote: bool = False
    code_block: bool = False


class Commands:
    """Invariant: each call is one undo step and leaves the focus where it is."""

    def __init__(
        self, box: QTextEdit, *, settle: Callable[[], None], changed: Callable[[], None]
    ) -> None:
        """`settle` is called before each command: text may still be coming in; `changed`
        after it: the state may be another.
        """
        self._box = box
        self._settle = settle
        self._changed = changed

    def state(self) -> FormatState:
        """The state at the cursor."""
        cursor = self._box.textCursor()
        block = cursor.block()
        place = place_of(block)
        return FormatState(
            marks=editing.common_marks(cursor),
            heading=place.kind if place.is_heading else 0,
            bullets=lists.in_list(block, numbered=False),
            numbers=lists.in_list(block, numbered=True),
            quote=editing.in_quote(block),
            code_block=place.kind == CODE_BLOCK,
        )

    def toggle(self, mark: str) -> None:
        """Turn `bold`, `italic`, `underline`, `strike` or `code` on or off."""
        self._settle()
        on = not getattr(editing.common_marks(self._box.textCursor()), mark)
        self._mark(editing.toggled(mark, on=on))

    def set_color(self, color: str | None) -> None:
        """Colour the text (`#rrggbb`), or give it back the colour of all text."""
        self._mark(editing.colored(color))

    def clear_marks(self) -> None:
        """Plain text; links stay."""
        self._mark(lambda marks: Marks(link=marks.link))

    def set_heading(self, level: int) -> None:
        self._run(lambda cursor: editing.set_heading(cursor, level))

    def toggle_list(self, *, numbered: bool) -> None:
        self._run(lambda cursor: lists.toggle_list(cursor, numbered=numbered))

    def toggle_quote(self) -> None:
        self._run(editing.toggle_quote)

    def toggle_code_block(self) -> None:
        self._run(editing.toggle_code_block)

    def insert_rule(self) -> None:
        self._run(editing.insert_rule)

    def _mark(self, change: Callable[[Marks], Marks]) -> None:
        self._settle()
        cursor = self._box.textCursor()
        if cursor.hasSelection():
            editing.change_marks(cursor, change)
        else:
            self._box.setCurrentCharFormat(self._format(cursor, change))
        self._changed()

    def _format(self, cursor: QTextCursor, change: Callable[[Marks], Marks]) -> QTextCharFormat:
        return editing.clean_format(cursor, change(editing.typing_marks(cursor)))

    def _run(self, change: Callable[[QTextCursor], None]) -> None:
        self._settle()
        cursor = self._box.textCursor()
        change(cursor)
        self._box.setTextCursor(cursor)
        self._box.ensureCursorVisible()
        self._changed()

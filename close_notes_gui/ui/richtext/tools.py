"""The buttons of the toolbar as a table: icon, name, key, what each does and when it is on.

UI thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QMenu

from close_notes_gui.ui.richtext.commands import Commands, FormatState
from close_notes_gui.ui.richtext.editor import NoteEditor

Act = Callable[[], None]
IsOn = Callable[[FormatState], bool]
Fill = Callable[[QMenu], None]


@dataclass(frozen=True, slots=True)
class Tool:
    """A button, with an act or a menu. `rank`: the higher, the sooner it goes into the menu
    of what does not fit. `key_act` is whose key the button shows.
    """

    icon: str
    name: str
    key_act: str
    rank: int
    act: Act | None = None
    is_on: IsOn | None = None
    menu: Fill | None = None


def tools_of(editor: NoteEditor, *, headings: Fill, colors: Fill) -> list[Tool]:
    """All buttons, in the order they stand."""
    do = editor.commands
    return [
        Tool("heading", "Text style", "", 4, None, lambda s: s.heading > 0, headings),
        *_marks(do),
        Tool("color", "Text colour", "", 8, None, lambda s: s.marks.color is not None, colors),
        Tool("link", "Link", "link", 2, editor.edit_link, lambda s: s.marks.link is not None),
        *_blocks(do),
        Tool("undo", "Undo", "fixed Undo", 7, editor.undo),
        Tool("redo", "Redo", "fixed Redo", 12, editor.redo),
    ]


def _marks(do: Commands) -> list[Tool]:
    bold, italic = partial(do.toggle, "bold"), partial(do.toggle, "italic")
    underline, strike = partial(do.toggle, "underline"), partial(do.toggle, "strike")
    return [
        Tool("bold", "Bold", "bold", 0, bold, lambda s: s.marks.bold),
        Tool("italic", "Italic", "italic", 1, italic, lambda s: s.marks.italic),
        Tool("underline", "Underline", "underline", 5, underline, lambda s: s.marks.underline),
        Tool("strike", "Strike through", "strike", 10, strike, lambda s: s.marks.strike),
    ]


def _blocks(do: Commands) -> list[Tool]:
    bullets = partial(do.toggle_list, numbered=False)
    numbers = partial(do.toggle_list, numbered=True)
    code = partial(do.toggle, "code")
    return [
        Tool("bullets", "Bulleted list", "bullets", 3, bullets, lambda s: s.bullets),
        Tool("numbers", "Numbered list", "numbers", 6, numbers, lambda s: s.numbers),
        Tool("quote", "Quote", "quote", 9, do.toggle_quote, lambda s: s.quote),
        Tool("code", "Code", "code", 11, code, lambda s: s.marks.code),
        Tool("codeblock", "Code block", "", 13, do.toggle_code_block, lambda s: s.code_block),
        Tool("rule", "Rule", "", 14, do.insert_rule),
    ]

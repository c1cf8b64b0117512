"""The text of one paragraph, or of one code block, while it is being read.

Any thread. Folds white space as HTML does and knows what of it a browser would not show.
"""

import re

from close_notes_gui.markup.characters import NBSP
from close_notes_gui.model.richtext import PLAIN, Image, Inline, LineBreak, Marks, Mention, Text

_WHITE = re.compile("[\t\r\n\f][ \t\r\n\f]*| [ \t\r\n\f]+")  # but a lone space
_BLANKS = " \t\r\n\f"
_BOXES = ("☐ ", "☑ ")


class Run:
    """Inline content in the making. Invariant: `_after_space` tells whether a folding space
    that comes next would not be seen.
    """

    def __init__(self, *, exact: bool) -> None:
        self._exact = exact
        self._inlines: list[Inline] = []
        self._pieces: list[str] = []  # text that comes after them, all of it with the same marks
        self._marks = PLAIN
        self._after_space = True

    def fold(self, text: str, marks: Marks) -> None:
        """Add text whose white space is folded."""
        if self._after_space and not text.strip(_BLANKS):
            return
        folded = _WHITE.sub(" ", text)
        self.keep(folded[1:] if self._after_space and folded[:1] == " " else folded, marks)

    def keep(self, text: str, marks: Marks) -> None:
        """Add text as it is."""
        if text:
            if marks is not self._marks:
                self._end_text()
                self._marks = marks
            self._pieces.append(text)
            self._after_space = text[-1] in " \n"

    def line_break(self) -> None:
        """Add a break."""
        self._end_text()
        self._inlines.append(LineBreak())
        self._after_space = True

    def atom(self, atom: Image | Mention) -> None:
        """Add a picture or a mention."""
        self._end_text()
        self._inlines.append(atom)
        self._after_space = False

    def task_box(self, checked: bool) -> None:
        """Add the box of a task."""
        self.keep(_BOXES[checked], PLAIN)

    @property
    def is_task_box(self) -> bool:
        """Whether there is but a box so far: it belongs to the text that comes next."""
        return (
            len(self._pieces) == 1
            and self._pieces[0] in _BOXES
            and self._marks == PLAIN
            and not self._inlines
        )

    def taken(self) -> tuple[Inline, ...] | None:
        """The content so far, without what HTML does not show; None: nothing at all. The run
        begins anew.
        """
        self._after_space = True
        if not self._inlines:
            return self._taken_text() if self._pieces else None
        self._end_text()
        inlines, self._inlines = self._inlines, []
        shows_line = any(map(_shows_line, inlines))
        while inlines and isinstance(last := inlines[-1], Text) and last.text[-1] == " ":
            inlines.pop()
            if text := last.text.rstrip(" "):
                inlines.append(Text(text, last.marks))
        if self._exact:
            return tuple(inlines) or None
        if all(map(_is_blank, inlines)):
            return () if shows_line else None
        if isinstance(inlines[-1], LineBreak):
            inlines.pop()
        return tuple(inlines)

    def _taken_text(self) -> tuple[Inline, ...] | None:
        """`taken` where there is but text with the same marks: most paragraphs."""
        text = "".join(self._pieces).rstrip(" ")
        self._pieces.clear()
        if self._exact:
            return (Text(text, self._marks),) if text else None
        if not text.strip():
            return () if NBSP in text else None
        return (Text(text, self._marks),)

    def _end_text(self) -> None:
        if self._pieces:
            self._inlines.append(Text("".join(self._pieces), self._marks))
            self._pieces.clear()


class CodeLines:
    """The text of a code block in the making; `language` may come with an inner element."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._pieces: list[str] = []
        self._line_ended = False

    def end_line(self) -> None:
        """An element that stands for a line (of an editor) began or ended."""
        self._line_ended = True

    def add(self, text: str) -> None:
        """Add text as it is, on a new line if one has ended."""
        if not text:
            return
        if self._line_ended and self._pieces and not self._pieces[-1].endswith("\n"):
            self._pieces.append("\n")
        self._line_ended = False
        self._pieces.append(text)

    def text(self) -> str:
        """All of it."""
        return "".join(self._pieces)


def _shows_line(inline: Inline) -> bool:
    return isinstance(inline, LineBreak) or (isinstance(inline, Text) and NBSP in inline.text)


def _is_blank(inline: Inline) -> bool:
    return isinstance(inline, LineBreak) or (isinstance(inline, Text) and not inline.text.strip())

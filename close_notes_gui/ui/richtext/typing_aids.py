"""Markdown as you type: `# `, `- `, `1. `, `> `, ``` , `---`, **b**, *i*, `c`, ~~s~~, [t](u).

UI thread. Called after a typed character is in the text; each conversion is an undo step of
its own, so that one undo brings the literal text back. Never called while an input method
composes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtGui import QTextBlock, QTextCursor

from close_notes_gui.markup.characters import address
from close_notes_gui.markup.policy import LANGUAGE, MAX_START
from close_notes_gui.model.richtext import Marks
from close_notes_gui.ui.richtext import formats
from close_notes_gui.ui.richtext.blocks import one_step, opens_item, utf16
from close_notes_gui.ui.richtext.editing import (
    change_marks,
    clean_format,
    insert_rule,
    linked,
    make_code_block,
    set_heading,
    toggle_quote,
    toggled,
)
from close_notes_gui.ui.richtext.lists import in_list, toggle_list
from close_notes_gui.ui.richtext.places import PARAGRAPH, place_of

COMPLETING = frozenset(" -*_~`)")
"""Characters that can complete something."""

_LOOK_BACK = 1_000  # characters before the cursor in which an opening sign is looked for

_HEADING = re.compile(r"(#{1,6}) ")
_BULLET = re.compile(r"[-*+] ")
_NUMBER = re.compile(r"(\d{1,9})[.)] ")
_TASK = re.compile(r"\[([ xX]?)\] ")
_RULES_AT_ENTER = ("***", "___")  # not as they are typed: so begins ***bold and italic***
_FENCE = re.compile(rf"```({LANGUAGE.pattern})?")


@dataclass(frozen=True, slots=True)
class _Pair:
    """Signs around text that stand for a mark, or for two. The group is the text that stays."""

    pattern: re.Pattern[str]
    mark: str
    and_mark: str = ""

    def change(self) -> Callable[[Marks], Marks]:
        """What the signs do to the text."""
        first, second = toggled(self.mark, on=True), toggled(self.and_mark or self.mark, on=True)
        return lambda marks: second(first(marks))


# A sign opens where no word or same sign stands before it, and hugs its text on both sides.
_PAIRS = (
    _Pair(re.compile(r"(?<!\*)\*{3}(?=[^\s*])([^*\u2028\ufffc]*[^\s*])\*{3}$"), "bold", "italic"),
    _Pair(re.compile(r"(?<![\w_])___(?=[^\s_])([^_\u2028\ufffc]*[^\s_])___$"), "bold", "italic"),
    _Pair(re.compile(r"(?<!\*)\*\*(?=[^\s*])([^*\u2028\ufffc]*[^\s*])\*\*$"), "bold"),
    _Pair(re.compile(r"(?<![\w_])__(?=[^\s_])([^_\u2028\ufffc]*[^\s_])__$"), "bold"),
    _Pair(re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\u2028\ufffc]*[^\s*]|[^\s*])\*$"), "italic"),
    _Pair(re.compile(r"(?<![\w_])_(?=[^\s_])([^_\u2028\ufffc]*[^\s_]|[^\s_])_$"), "italic"),
    _Pair(re.compile(r"~~(?=[^\s~])([^~\u2028\ufffc]*[^\s~])~~$"), "strike"),
    _Pair(re.compile(r"(?<!`)`(?=[^`])([^`\u2028\ufffc]*)`$"), "code"),
)
_LINK = re.compile(r"(?<!!)\[([^\[\]\u2028]+)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)?)\)$")


def after_typed(cursor: QTextCursor, character: str) -> bool:
    """Convert what the character just typed completes. Whether anything was."""
    place = place_of(cursor.block())
    if place.kind != PARAGRAPH and (not place.is_heading or character in " -_"):
        return False
    before = utf16(cursor.block().text())[: cursor.positionInBlock()]
    if character == " " and len(before) <= 40:
        return _start_of_block(cursor, before)
    if character == "-" and before == "---":
        return cursor.atBlockEnd() and _rule(cursor)
    if character in "*_~`":
        return _pair(cursor, before)
    return character == ")" and _link(cursor, before)


def before_enter(cursor: QTextCursor) -> bool:
    """Convert ``` (with a language or without), *** or ___ alone in a paragraph, when Enter is
    pressed.
    """
    if cursor.hasSelection() or not cursor.atBlockEnd():
        return False
    text = cursor.block().text()
    if text in _RULES_AT_ENTER and place_of(cursor.block()).kind == PARAGRAPH:
        return _rule(cursor)
    return _fence(cursor, text)


# ------------------------------------------------------------------ at the start of a block


def _start_of_block(cursor: QTextCursor, before: str) -> bool:
    block = cursor.block()
    if _has_marks(cursor, 0, len(before)):
        return False
    if match := _TASK.fullmatch(before):
        box = "\u2611" if match[1] in {"x", "X"} else "\u2610"
        with one_step(cursor):
            _cut(cursor, 0, len(before))
            cursor.insertText(f"{box} ", clean_format(cursor, Marks()))
        return True
    if place_of(block).kind != PARAGRAPH:
        return False
    if (match := _FENCE.fullmatch(before.rstrip(" "))) and cursor.atBlockEnd():
        return _fence(cursor, before.rstrip(" "))
    change = _block_change(block, before)
    if change is None:
        return False
    with one_step(cursor):
        _cut(cursor, 0, len(before))
        change(cursor)
    return True


def _block_change(block: QTextBlock, before: str) -> Callable[[QTextCursor], None] | None:
    if match := _HEADING.fullmatch(before):
        level = len(match[1])
        return lambda cursor: set_heading(cursor, level)
    if before == "> ":
        return None if opens_item(block) else toggle_quote
    if in_list(block):
        return None
    if _BULLET.fullmatch(before):
        return lambda cursor: toggle_list(cursor, numbered=False)
    if match := _NUMBER.fullmatch(before):
        start = min(max(int(match[1]), 1), MAX_START)
        return lambda cursor: toggle_list(cursor, numbered=True, start=start)
    return None


def _fence(cursor: QTextCursor, text: str) -> bool:
    block = cursor.block()
    match = _FENCE.fullmatch(text)
    if match is None or place_of(block).kind != PARAGRAPH:
        return False
    with one_step(cursor):
        _cut(cursor, 0, block.length() - 1)
        made = make_code_block([cursor.block()], language=match[1] or "")
        cursor.setPosition(made.position())
        cursor.setCharFormat(clean_format(cursor, Marks()))
    return True


def _rule(cursor: QTextCursor) -> bool:
    with one_step(cursor):
        _cut(cursor, 0, 3)
        insert_rule(cursor)
    return True


# ------------------------------------------------------------------ within a line


def _pair(cursor: QTextCursor, before: str) -> bool:
    recent = before[-_LOOK_BACK:]
    offset = len(before) - len(recent)
    for pair in _PAIRS:
        match = pair.pattern.search(recent)
        if match is None or not match[1].strip():
            continue
        start, end = offset + match.start(), offset + match.end()
        if _has_code(cursor, start, end):
            return False
        inner = (offset + match.start(1), offset + match.end(1))
        _mark(cursor, (start, end), inner, pair.change())
        return True
    return False


def _link(cursor: QTextCursor, before: str) -> bool:
    recent = before[-_LOOK_BACK:]
    match = _LINK.search(recent)
    if match is None:
        return False
    offset = len(before) - len(recent)
    to = address(match[2]) or (address(f"https://{match[2]}") if "." in match[2] else None)
    start, end = offset + match.start(), offset + match.end()
    if to is None or _has_code(cursor, start, end):
        return False
    _mark(cursor, (start, end), (offset + match.start(1), offset + match.end(1)), linked(to))
    return True


def _mark(
    cursor: QTextCursor,
    outer: tuple[int, int],
    inner: tuple[int, int],
    change: Callable[[Marks], Marks],
) -> None:
    """Drop the signs between `outer` and `inner`, and mark what is within."""
    after = replace(formats.marks_of(cursor.charFormat()), link=None)
    with one_step(cursor):
        _cut(cursor, inner[1], outer[1])
        _cut(cursor, outer[0], inner[0])
        block = cursor.block()
        start = block.position() + outer[0]
        brush = QTextCursor(cursor)
        brush.setPosition(start)
        brush.setPosition(start + inner[1] - inner[0], QTextCursor.MoveMode.KeepAnchor)
        change_marks(brush, change)
        cursor.setPosition(start + inner[1] - inner[0])
    cursor.setCharFormat(formats.char_format(after))


def _cut(cursor: QTextCursor, start: int, end: int) -> None:
    """Remove characters of the cursor's block."""
    block = cursor.block()
    brush = QTextCursor(cursor)
    brush.setPosition(block.position() + start)
    brush.setPosition(block.position() + end, QTextCursor.MoveMode.KeepAnchor)
    brush.removeSelectedText()


def _has_code(cursor: QTextCursor, start: int, end: int) -> bool:
    return _any_marks(cursor, start, end, lambda marks: marks.code)


def _has_marks(cursor: QTextCursor, start: int, end: int) -> bool:
    return _any_marks(cursor, start, end, lambda marks: marks.code or marks.link is not None)


def _any_marks(cursor: QTextCursor, start: int, end: int, wanted: Callable[[Marks], bool]) -> bool:
    block = cursor.block()
    iterator = block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        at = fragment.position() - block.position()
        if (
            at < end
            and at + fragment.length() > start
            and wanted(formats.marks_of(fragment.charFormat()))
        ):
            return True
        iterator += 1
    return False

"""Where each block of the document stands in the tree, kept in the block's own format.

UI thread. A place is the path of containers from the note down to the block, each with an
identity: neighbours that share a prefix of it stand in the same quote, list or item. Any
sequence of places reads as a tree, so no edit can leave a document that means nothing.
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import count

from PySide6.QtGui import QTextBlock, QTextBlockFormat, QTextCursor, QTextFormat

_USER = QTextFormat.Property.UserProperty.value
PATH = _USER + 1
KIND = _USER + 2
CODE = _USER + 3

PARAGRAPH = 0
"""Kinds 1 to 6 are headings of that level."""
CODE_BLOCK = 7
RULE = 8

LIST_STEP = 24
QUOTE_STEP = 16
CODE_STEP = 12

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Place:
    """Path of containers, kind of block. Entries: `q7` quote, `u7` bullet list, `o7` or `o7.3`
    numbered list (from 3), `i7` item. Invariant: an item follows each list and nothing else.
    `code` is `7` or `7.python`: blocks in a row with the same are one code block.
    """

    path: tuple[str, ...] = ()
    kind: int = PARAGRAPH
    code: str = ""
    item: int = field(init=False, compare=False, repr=False)
    """Index in `path` of the innermost item, -1 outside lists."""

    def __post_init__(self) -> None:
        items = [index for index, entry in enumerate(self.path) if entry[0] == "i"]
        object.__setattr__(self, "item", items[-1] if items else -1)

    @property
    def is_heading(self) -> bool:
        return 1 <= self.kind <= 6

    def at(self, *path: str) -> "Place":
        """The same kind of block somewhere else."""
        return replace(self, path=path)

    def plain(self) -> "Place":
        """A paragraph in the same place."""
        return Place(self.path)


def new_quote() -> str:
    return f"q{next(_numbers)}"


def new_list(*, numbered: bool, start: int = 1) -> str:
    if not numbered:
        return f"u{next(_numbers)}"
    return f"o{next(_numbers)}" if start == 1 else f"o{next(_numbers)}.{start}"


def new_item() -> str:
    return f"i{next(_numbers)}"


def new_code(language: str = "") -> str:
    return f"{next(_numbers)}.{language}" if language else str(next(_numbers))


def is_list(entry: str) -> bool:
    return entry[0] in "uo"


def list_start(entry: str) -> int:
    """The first number of a numbered list's entry."""
    return int(entry.partition(".")[2] or 1)


def shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many containers two paths share from the top."""
    number = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        number += 1
    return number


@lru_cache(maxsize=4096)
def _place(path: str, kind: int, code: str) -> Place:
    return Place(tuple(path.split()), kind, code)


def place_in(block_format: QTextBlockFormat) -> Place:
    """The place that a format holds."""
    # Typed getters: `property()` would make a Python object of whatever is stored.
    return _place(
        block_format.stringProperty(PATH),
        block_format.intProperty(KIND),
        block_format.stringProperty(CODE),
    )


def place_of(block: QTextBlock) -> Place:
    """The place of a block."""
    return place_in(block.blockFormat())


@lru_cache(maxsize=1024)
def block_format(place: Place, *, joins_code_above: bool = False) -> QTextBlockFormat:
    """The format that holds a place, with the measures that it gives the block. Shared: copy
    before changing it. `joins_code_above`: the block goes on with the code of the one before.
    """
    made = QTextBlockFormat()
    if place.path:
        made.setProperty(PATH, " ".join(place.path))
    if place.kind:
        made.setProperty(KIND, place.kind)
    if place.code:
        made.setProperty(CODE, place.code)
    # The document counts indents in pixels (indentWidth 1), so that they swap sides with the
    # direction of the text, which margins do not.
    made.setIndent(indent_of(place))
    top, bottom = _MARGINS.get(place.kind, (3, 3))
    made.setTopMargin(0 if joins_code_above else top)
    made.setBottomMargin(bottom)
    if place.kind == CODE_BLOCK:
        made.setRightMargin(CODE_STEP)
    elif place.kind != RULE:
        made.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    return made


_MARGINS = {
    1: (14, 4),
    2: (12, 4),
    3: (10, 3),
    4: (8, 3),
    5: (8, 3),
    6: (8, 3),
    CODE_BLOCK: (14, 14),
    RULE: (6, 6),
}
_LINE_HEIGHT = 120.0


def indent_of(place: Place) -> int:
    """Pixels from the text's side to where the text begins."""
    return sum(step(entry) for entry in place.path) + (CODE_STEP if place.kind == CODE_BLOCK else 0)


def step(entry: str) -> int:
    """Pixels that one container moves its content in."""
    if entry[0] == "q":
        return QUOTE_STEP
    return LIST_STEP if is_list(entry) else 0


def set_place(block: QTextBlock, place: Place) -> None:
    """Move a block to another place, or make another kind of it. One undoable change."""
    if place_of(block) != place:
        QTextCursor(block).setBlockFormat(block_format(place))

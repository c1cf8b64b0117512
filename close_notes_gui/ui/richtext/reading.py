"""A long `note_html` read in parts, so that no part takes the window's breath away.

Any thread. The parts put together are the note: normal form is local to a top-level block.
"""

import re
from collections.abc import Iterator

_PART = 24_000
_LONG = 48_000
_START, _END = "<body>", "</body>"
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?: [^<>]*?)?(/?)>|<")
_OURS = frozenset(
    "p h1 h2 h3 h4 h5 h6 strong em u s code span a img br hr ul ol li blockquote pre".split()
)
_VOID = frozenset({"br", "hr", "img"})


def parts(note_html: str) -> Iterator[str]:
    """Cut between top-level blocks. What is not spelled as ours is not cut."""
    if len(note_html) < _LONG or not (note_html.startswith(_START) and note_html.endswith(_END)):
        yield note_html
        return
    end = len(note_html) - len(_END)
    start = len(_START)
    for cut in _cuts(note_html, start, end):
        if cut - start >= _PART:
            yield f"{_START}{note_html[start:cut]}{_END}"
            start = cut
    if start < end:
        yield f"{_START}{note_html[start:end]}{_END}"


def _cuts(note_html: str, start: int, end: int) -> Iterator[int]:
    """Places where no element is open; ends at the first tag that is not as we write it."""
    open_tags: list[str] = []
    for match in _TAG.finditer(note_html, start, end):
        closes, name, is_void = match[1], match[2], match[3]
        if name not in _OURS or (name in _VOID) != bool(is_void):
            return
        if closes:
            if not open_tags or open_tags.pop() != name:
                return
        elif name not in _VOID:
            open_tags.append(name)
        if not open_tags:
            yield match.end()

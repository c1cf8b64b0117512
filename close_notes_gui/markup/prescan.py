"""Counting in foreign HTML before a parser sees it: refuse what would take it quadratic time.

Any thread. One pass with patterns that never go back. It is a guess about structure, never
a parse: what passes is parsed and judged all the same.
"""

import re

LARGEST = 2_000_000
"""Characters of HTML, without embedded pictures, that are still read as HTML."""

_DEEPEST = 300
_MOST_FORMATTING = 300_000
_LONGEST_TAG = 4_000
_MOST_ENTITIES = 40_000
_MOST_LOOSE_IN_TABLE = 2_000

_EMBEDDED = re.compile(r"""(["'(=])\s*data:[^"'()\s<>]{200,}""", re.IGNORECASE)
# A tag with its attributes; possessive, so that an open quote is looked for once, not again
# from every place before it.
_TAG = re.compile(
    r"""<(/?)([a-zA-Z][^\s/>]*+)((?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')?|["'])*+)""",
)
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_CLOSES_ITSELF = frozenset(
    "area base br col embed hr img input link meta param source track wbr"  # void
    " p li dd dt tr td th thead tbody tfoot colgroup option rb rt rp html head body"  # implied
    "".split()
)
_TABLE_PARTS = frozenset("table thead tbody tfoot tr".split())
_CELLS = frozenset("td th caption".split())
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())


def without_embedded(html: str) -> str:
    """`html` without the bytes of embedded pictures (`data:` addresses)."""
    return _EMBEDDED.sub(r"\1data:", html) if "data:" in html or "DATA:" in html else html


def is_absurd(html: str) -> bool:
    """Whether `html` nests too deep, carries attributes by the thousand, opens formatting
    again and again in each paragraph, or puts heaps of it between the cells of a table:
    nobody wrote that to be read.
    """
    if html.count("&") > _MOST_ENTITIES:
        return True
    count = _Count()
    for match in _TAG.finditer(html):
        closing, name, attributes = match.groups()
        if len(attributes) > _LONGEST_TAG and len(_QUOTED.sub("=", attributes)) > _LONGEST_TAG:
            return True
        count.tag(name.lower(), closing=bool(closing))
        if count.is_too_much:
            return True
    return False


class _Count:
    """What a parser would have open. Invariant: an end tag counts only against its own name,
    so that bogus ones cannot hide depth.
    """

    __slots__ = ("_between_cells", "_charged", "_depth", "_formatting", "_loose", "_open")

    def __init__(self) -> None:
        self._open: dict[str, int] = {}
        self._depth = 0
        self._formatting = 0  # formatting elements open
        self._charged = 0  # ... at each tag, all tags together: a parser may open them anew
        self._loose = 0  # tags between the cells of a table: a parser moves each out of it
        self._between_cells = False

    @property
    def is_too_much(self) -> bool:
        return (
            self._depth > _DEEPEST
            or self._charged > _MOST_FORMATTING
            or self._loose > _MOST_LOOSE_IN_TABLE
        )

    def tag(self, name: str, *, closing: bool) -> None:
        self._charged += self._formatting
        if name in _TABLE_PARTS:
            self._between_cells = not (closing and name == "table")
        elif name in _CELLS:
            self._between_cells = closing
        else:
            self._loose += self._between_cells
        count = self._open.get(name, 0)
        if name in _CLOSES_ITSELF or (closing and not count):
            return
        step = -1 if closing else 1
        self._open[name] = count + step
        self._depth += step
        if name in _FORMATTING:
            self._formatting += step

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
    """Whether `html` nests too deep, carries attributes by the thousand, or opens formatting
    again and again in each paragraph, or puts heaps of it between the cells of a table:
    nobody wrote that to be read.
    """
    if html.count("&") > _MOST_ENTITIES:
        return True
    open_tags: dict[str, int] = {}
    depth = formatting = charged = loose = 0
    between_cells = False
    for match in _TAG.finditer(html):
        closing, name, attributes = match.groups()
        if len(attributes) > _LONGEST_TAG and len(_QUOTED.sub("=", attributes)) > _LONGEST_TAG:
            return True
        name = name.lower()
        charged += formatting
        if name in _TABLE_PARTS:
            between_cells = not (closing and name == "table")
        elif name in _CELLS:
            between_cells = bool(closing)
        else:
            loose += between_cells
        if name in _CLOSES_ITSELF:
            continue
        step = 1
        if closing:
            if not open_tags.get(name):
                continue
            step = -1
        open_tags[name] = open_tags.get(name, 0) + step
        depth += step
        if name in _FORMATTING:
            formatting += step
        if depth > _DEEPEST or charged > _MOST_FORMATTING or loose > _MOST_LOOSE_IN_TABLE:
            return True
    return charged > _MOST_FORMATTING or loose > _MOST_LOOSE_IN_TABLE

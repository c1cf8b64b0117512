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
# HTML that a program wrote has no brackets within quotes or tags: each "<" begins a tag. Nor
# has it tags that long, but for the values of their attributes.
_BRACKET_IN_QUOTES = re.compile(rb"""=\s*+(?:"[^"<>]*+[<>]|'[^'<>]*+[<>])""")
_BROKEN_TAG = re.compile(rb"<(?:[a-z/]|[!?](?!--))[^<>]{0,%d}+[^>]" % _LONGEST_TAG)
_LONG_VALUE = re.compile(rb"""=(?:"[^"]{200,}+"|'[^']{200,}+')""")
# Where comments are comments and style sheets style sheets for certain: not among these.
_UNCERTAIN = (
    b"--!> <iframe <math <noembed <noframes <noscript <plaintext <script <select <svg <template"
    b" <xmp"
).split()
_UNSEEN = re.compile(
    rb"<!--(?:-?>|.*?(?:-->|\Z))|<(style|textarea|title)(?=[\s/>]).*?(?:</\1(?=[\s/>])|\Z)",
    re.DOTALL,
)
# What opens or closes, as "<b", "</b", "<!--", "-->". The comment that ends at once ends
# another one, too.
_SIGNS = rb"<!---?>|<!--|-->|<!\[cdata\[|\]\]>"
_PLAIN_SIGN = re.compile(rb"</?[a-z][^\s/>]*")
_SIGN = re.compile(rb"</?[a-z][^\s/>]*|" + _SIGNS)
# A tag with its attributes; possessive, so that an open quote is looked for once, not again
# from every place before it.
_TAG = re.compile(
    rb"""(</?[a-z][^\s/>]*+)((?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')?|["'])*+)|(%s)|<[!?/][^>]*+"""
    % _SIGNS
)
_QUOTED = re.compile(rb"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_CLOSES_ITSELF = frozenset(
    b"area base br col embed hr img input link meta param source track wbr"  # void
    b" p li dd dt tr td th thead tbody tfoot colgroup option rb rt rp html head body"  # implied
    b"".split()
)
_TABLE_PARTS = frozenset(b"table thead tbody tfoot tr".split())
_CELLS = frozenset(b"td th caption".split())
_ENDS = {b"-->": b"!--", b"<!-->": b"!--", b"<!--->": b"!--", b"]]>": b"![cdata["}
_FORMATTING = frozenset(b"a b big code em font i nobr s small strike strong tt u".split())


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
    text = html.encode("utf-8", "surrogatepass").lower()  # as bytes: only ASCII counts, and fast
    if not _is_odd(text):
        if not any(sign in text for sign in _UNCERTAIN):
            return _is_too_much(_PLAIN_SIGN.findall(_UNSEEN.sub(b"", text)))
        return _is_too_much(_SIGN.findall(text))
    signs: list[bytes] = []
    for match in _TAG.finditer(text):
        tag, attributes, other = match.groups()
        if tag is None:
            signs.extend([other] if other else [])
        elif len(attributes) > _LONGEST_TAG and len(_QUOTED.sub(b"=", attributes)) > _LONGEST_TAG:
            return True
        else:
            signs.append(tag)
    return _is_too_much(signs)


def _is_odd(text: bytes) -> bool:
    """Whether a "<" may be something else than the beginning of a tag."""
    if _BRACKET_IN_QUOTES.search(text):
        return True
    return bool(_BROKEN_TAG.search(text) and _BROKEN_TAG.search(_LONG_VALUE.sub(b"", text)))


class _Role:
    """What a sign (b"<b", b"</b") does to what is open; nothing if it closes by itself."""

    __slots__ = ("closes", "is_formatting", "name", "opens")

    def __init__(self, sign: bytes) -> None:
        self.name = _ENDS.get(sign) or sign.lstrip(b"</")
        counts = self.name not in _CLOSES_ITSELF
        self.closes = counts and (sign.startswith(b"</") or sign in _ENDS)
        self.opens = counts and not self.closes
        self.is_formatting = self.name in _FORMATTING


class _Roles(dict[bytes, _Role]):
    """Each sign's role; documents have few different ones."""

    def __missing__(self, sign: bytes) -> _Role:
        role = self[sign] = _Role(sign)
        return role


def _is_too_much(signs: list[bytes]) -> bool:
    """Count what a parser would have open after each sign. What opens always counts; an end
    counts only where every parser would take it for one: of the element opened last (of
    formatting: opened since). So neither comments nor scripts nor cells can hide depth.
    """
    roles = _Roles()
    blocks = [b""]  # elements open, but for formatting
    formats: dict[bytes, list[int]] = {}  # formatting open: how many blocks were
    formatting = deepest = 0
    charged = 0  # formatting at each sign, all signs together: a parser may open it anew
    for sign in signs:
        charged += formatting
        role = roles[sign]
        if role.opens:
            if role.is_formatting:
                formats.setdefault(role.name, []).append(len(blocks))
                formatting += 1
            elif role.name != b"!--" or blocks[-1] != b"!--":
                blocks.append(role.name)
            deepest = max(deepest, len(blocks) + formatting)
        elif role.closes:
            if not role.is_formatting:
                if blocks[-1] == role.name:
                    blocks.pop()
            elif (heights := formats.get(role.name)) and heights[-1] >= len(blocks):
                heights.pop()
                formatting -= 1
    is_loose = b"<table" in roles and _loose_in_tables(signs) > _MOST_LOOSE_IN_TABLE
    return is_loose or deepest > _DEEPEST or charged > _MOST_FORMATTING


def _loose_in_tables(signs: list[bytes]) -> int:
    """Signs between the cells of tables: a parser moves each out of its table."""
    loose = 0
    between_cells = False
    for sign in signs:
        name = sign.lstrip(b"</")
        if name in _TABLE_PARTS:
            between_cells = sign != b"</table"
        elif name in _CELLS:
            between_cells = sign.startswith(b"</")
        else:
            loose += between_cells
    return loose

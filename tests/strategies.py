"""Hypothesis strategies for rich-text trees, shared by the tests of every room that reads them."""

from hypothesis import strategies as st

from close_notes_gui.markup import normalize
from close_notes_gui.model.richtext import (
    Block,
    BulletList,
    CodeBlock,
    Heading,
    Image,
    Inline,
    LineBreak,
    ListItem,
    Marks,
    Mention,
    NumberedList,
    Paragraph,
    Quote,
    RichText,
    Rule,
    Text,
)

_TRICKY = [
    " ", "  ", "   ", "\u00a0", "\t", "&", "<b>", "&amp;", "]]>", "\"'", "a", "Z9", "é", "e\u0301", "שלום", "مرحبا",
    "漢字", "👩\u200d💻", "𝓐", "🇬🇧", "\u200f", "\u202e", "\ufeff", "*x*", "# ", "- ", "1. ", "> ", "`", "/", ".", ",",
]  # fmt: skip
_DIRTY = [
    "\n",
    "\r\n",
    "\u2028",
    "\x00",
    "\x0b",
    "\x1b",
    "\ufffc",
    "\ufdd0",
    "\ufffe",
    "\ud800",
    "\x85",
]

_LINKS = [
    "https://example.com/?a=1&b=2",
    "http://e.org/x",
    "mailto:jo@example.com",
    "tel:+4930123456",
]
_COLORS = ["#ff0000", "#00aa00", "#123abc"]


def texts(*, dirty: bool = False) -> st.SearchStrategy[str]:
    """Short text full of what breaks converters; `dirty` adds what the normal form must drop."""
    pool = _TRICKY + _DIRTY if dirty else _TRICKY
    word = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6)
    return st.lists(st.one_of(st.sampled_from(pool), word), min_size=1, max_size=6).map("".join)


def marks(*, dirty: bool = False) -> st.SearchStrategy[Marks]:
    """Any combination of marks; `dirty` adds colours and addresses that must not survive."""
    colors = [None, None, *_COLORS] + (["RED", "expression(1)", "rgb(1,2,3)"] if dirty else [])
    links = [None, None, None, *_LINKS] + (
        ["javascript:alert(1)", "//x", " HTTPS://e.com/a b"] if dirty else []
    )
    return st.builds(
        Marks,
        bold=st.booleans(),
        italic=st.booleans(),
        underline=st.booleans(),
        strike=st.booleans(),
        code=st.sampled_from([False, False, False, True]),
        color=st.sampled_from(colors),
        link=st.sampled_from(links),
    )


def inlines(*, dirty: bool = False) -> st.SearchStrategy[tuple[Inline, ...]]:
    """The content of a paragraph, not normalised."""
    some = st.one_of(st.just(Marks()), marks(dirty=dirty))
    ids = ["user_1", "group_Ab9"] + (["user_", "acti_1"] if dirty else [])
    sources = ["https://e.com/i.png?a=1&b=2"] + (
        ["file:///etc/passwd", "data:image/png;base64,AA"] if dirty else []
    )
    one: st.SearchStrategy[Inline] = st.one_of(
        st.builds(Text, texts(dirty=dirty), some),
        st.builds(Text, texts(dirty=dirty), some),
        st.just(LineBreak()),
        st.builds(
            Mention, st.sampled_from(ids), st.sampled_from(["Jo", 'Zoë "Z" <O\'Hara>']), some
        ),
        st.builds(Image, st.sampled_from(sources), st.sampled_from(["", 'a & "b"']), some),
    )
    return st.lists(one, max_size=5).map(tuple)


def blocks(*, dirty: bool = False) -> st.SearchStrategy[Block]:
    """Any block, lists and quotes nested a few levels."""
    code = st.lists(st.one_of(texts(dirty=dirty), st.just("")), max_size=3).map("\n".join)
    leaf: st.SearchStrategy[Block] = st.one_of(
        st.builds(Paragraph, inlines(dirty=dirty)),
        st.builds(Paragraph, inlines(dirty=dirty)),
        st.builds(Heading, st.integers(1, 6), inlines(dirty=dirty)),
        st.builds(CodeBlock, code, st.sampled_from(["", "py", "c++"])),
        st.just(Rule()),
    )

    def containers(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        few = st.lists(inner, min_size=0 if dirty else 1, max_size=3).map(tuple)
        items = st.lists(st.builds(ListItem, few), min_size=0 if dirty else 1, max_size=3).map(
            tuple
        )
        return st.one_of(
            st.builds(Quote, few),
            st.builds(BulletList, items),
            st.builds(NumberedList, items, st.sampled_from([1, 1, 3, 0] if dirty else [1, 1, 3])),
        )

    return st.recursive(leaf, containers, max_leaves=8)


def dirty_trees() -> st.SearchStrategy[RichText]:
    """Trees that break every rule of the normal form."""
    return st.lists(blocks(dirty=True), max_size=5).map(lambda found: RichText(tuple(found)))


def rich_texts() -> st.SearchStrategy[RichText]:
    """Trees in normal form, every construct among them."""
    return st.lists(blocks(), max_size=5).map(lambda found: normalize(RichText(tuple(found))))

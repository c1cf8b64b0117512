"""A tree as Markdown: what Markdown can say comes back the same, and no text is ever lost."""

import re
from dataclasses import replace

import pytest
from hypothesis import given

from close_notes_gui.markup import (
    canonical_text,
    check,
    from_note_html,
    markdown_to_note_html,
    markdown_to_tree,
    normalize,
    normalize_inlines,
    note_html_to_markdown,
    to_note_html,
    tree_to_markdown,
)
from close_notes_gui.model.richtext import (
    Block,
    BulletList,
    CodeBlock,
    Heading,
    Inline,
    LineBreak,
    ListItem,
    Marks,
    Mention,
    NumberedList,
    Paragraph,
    Quote,
    RichText,
    Text,
)
from tests.strategies import rich_texts
from tests.unit.markdown_cases import PRACTICAL


class Said:
    """What Markdown can say of a tree; with `exact` what Markdown with HTML can."""

    def __init__(self, *, exact: bool) -> None:
        self.exact = exact

    def tree(self, tree: RichText) -> RichText:
        blocks = list(self.blocks(tree.blocks))
        while blocks and blocks[0] == Paragraph():
            del blocks[0]
        while blocks and blocks[-1] == Paragraph():
            del blocks[-1]
        return normalize(RichText(tuple(blocks)))

    def blocks(self, blocks: tuple[Block, ...], *, inside: bool = False) -> tuple[Block, ...]:
        said = (self.block(block, inside=inside) for block in blocks)
        return tuple(block for block in said if block is not None)

    def block(self, block: Block, *, inside: bool) -> Block | None:
        if isinstance(block, (Paragraph, Heading)):
            inlines = self.inlines(block.inlines)
            keeps = inlines or (self.exact and isinstance(block, Paragraph))
            return replace(block, inlines=inlines) if keeps else None
        if isinstance(block, CodeBlock):
            text = "\n".join(map(_without_tabs, block.text.split("\n"))) if inside else block.text
            return replace(block, text=text) if text else None
        if isinstance(block, Quote):
            inner = self.blocks(block.blocks, inside=True)
            return Quote(inner) if inner else None
        if isinstance(block, (BulletList, NumberedList)):
            return replace(block, items=tuple(map(self.item, block.items)))
        return block

    def item(self, item: ListItem) -> ListItem:
        inner = self.blocks(item.blocks, inside=True)
        if self.exact or self.blocks(item.blocks[:1]):
            return ListItem(inner)
        return ListItem(inner or (Paragraph(),))

    def inlines(self, inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
        said = inlines if self.exact else normalize_inlines(tuple(map(_sayable, inlines)))
        return () if all(map(_is_blank, said)) else said


def _without_tabs(line: str) -> str:
    rest = line.lstrip("\t ")
    return line[: len(line) - len(rest)].replace("\t", "    ") + rest


def _is_blank(inline: Inline) -> bool:
    return isinstance(inline, LineBreak) or (isinstance(inline, Text) and not inline.text.strip())


def _sayable(inline: Inline) -> Inline:
    if isinstance(inline, Mention):
        return Text(f"@{inline.label}", replace(inline.marks, color=None))
    return (
        replace(inline, marks=replace(inline.marks, color=None))
        if isinstance(inline, Text)
        else inline
    )


def as_words(tree: RichText) -> str:
    return "".join(canonical_text(to_note_html(tree)).split())


def without_marks_on_spaces(tree: RichText) -> RichText:
    """Nobody sees whether a space is bold, and Markdown cannot say it everywhere."""

    def inlines(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
        pieces: list[Inline] = []
        for inline in inlines:
            if isinstance(inline, Text) and not inline.marks.code:
                bare = replace(inline.marks, bold=False, italic=False, strike=False)
                pieces.extend(
                    Text(piece, bare if piece.isspace() else inline.marks)
                    for piece in re.split(r"(\s+)", inline.text)
                )
            else:
                pieces.append(inline)
        return normalize_inlines(tuple(pieces))

    return normalize(tree, inlines=inlines)


@given(rich_texts())
def test_what_markdown_can_say_comes_back_the_same(tree: RichText) -> None:
    again = markdown_to_tree(tree_to_markdown(tree))
    assert without_marks_on_spaces(again) == without_marks_on_spaces(Said(exact=False).tree(tree))
    assert as_words(again) == as_words(tree)


@given(rich_texts())
def test_with_html_all_comes_back_the_same(tree: RichText) -> None:
    assert markdown_to_tree(tree_to_markdown(tree, exact=True)) == Said(exact=True).tree(tree)


@pytest.mark.parametrize("name", PRACTICAL)
def test_markdown_from_elsewhere_stays_the_same_document(name: str) -> None:
    note_html = markdown_to_note_html(PRACTICAL[name])
    again = markdown_to_tree(note_html_to_markdown(note_html))
    assert without_marks_on_spaces(again) == without_marks_on_spaces(from_note_html(note_html))


LINK = "https://e.com/a_b"


@pytest.mark.parametrize(
    ("inside", "markdown"),
    [
        ("<p></p>", ""),
        ("<p>a</p><p></p><p>b<br />c</p>", "a\n\nb  \nc"),
        ("<p>a<br /><br />b</p>", "a<br>  \nb"),
        ("<h2>Call #</h2><hr />", "## Call \\#\n\n---"),
        ("<p><strong>5 </strong>pm, <em>soon</em></p>", "**5** pm, *soon*"),
        ("<p><strong>a <em>b</em></strong> <s>c</s> <code>d`e</code></p>", "**a *b*** ~~c~~ ``d`e``"),
        ("<p>in<strong>(side)</strong>word</p>", "in<strong>(side)</strong>word"),
        ("<p>one<em>two</em>three</p>", "one*two*three"),
        ("<p><u>u</u> <span style=\"color: #ff0000;\">red</span></p>", "<u>u</u> red"),
        (f'<p><a href="{LINK}">t</a> <a href="{LINK}">{LINK}</a></p>', f"[t]({LINK}) <{LINK}>"),
        (f'<p>yes!<a href="{LINK}">t</a></p>', f"yes\\![t]({LINK})"),
        ("<p>see https://e.com, www.e.com</p>", "see https\\://e.com, www\\.e.com"),
        ("<p>5 * 3, snake_case, ~2 h, [x] &lt;b&gt; *a* \\</p>", "5 * 3, snake_case, ~2 h, \\[x\\] \\<b> \\*a\\* \\\\"),
        ("<p># no</p><p>- no</p><p>2. no</p><p>&gt; no</p><p>--|--</p>", "\\# no\n\n\\- no\n\n2\\. no\n\n\\> no\n\n\\--|--"),
        ("<p>&amp;amp; R&amp;D</p>", "&amp;amp; R&D"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ul><li>☐ do</li><li>☑ done</li></ul>", "- [ ] do\n- [x] done"),
        ("<ol start=\"9\"><li>a</li><li><p>b</p><p>c</p></li></ol>", "9. a\n10. b\n\n    c"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<pre><code class=\"language-py\">\tx\n```\n</code></pre>", "````py\n\tx\n```\n\n````"),
        ('<p><img src="https://e.com/i.png" alt="a]b" /></p>', "![a\\]b](https://e.com/i.png)"),
        ('<p><span data-type="mention" data-id="user_1" data-label="Jo" class="mention">@Jo</span>?</p>', "@Jo?"),
    ],
)  # fmt: skip
def test_note_as_markdown(inside: str, markdown: str) -> None:
    assert note_html_to_markdown(f"<body>{inside}</body>") == markdown


def test_exact_markdown_keeps_mention_colour_and_empty_line() -> None:
    label = "J`o [*x*](y) \\ <b>"
    red = Marks(bold=True, color="#ff0000")
    blocks = (Paragraph((Mention("user_1", label, red),)), Paragraph(), Paragraph((Text("b"),)))
    assert markdown_to_tree(tree_to_markdown(RichText(blocks), exact=True)) == RichText(blocks)


@pytest.mark.parametrize(
    "link", ["https://[::1]/", "https://e.com/it's_(a)&copy;*b*", "https://e.com/a)b", "https://e.com/[a", "mailto:a@e.com", "tel:+49"]
)  # fmt: skip
def test_any_address_comes_back(link: str) -> None:
    for text in ("t", link):
        tree = RichText((Paragraph((Text(text, Marks(link=link)), Text(" x"))),))
        assert markdown_to_tree(tree_to_markdown(tree)) == tree


def test_a_bracket_in_code_stays_as_it_is() -> None:
    assert markdown_to_note_html("`a[` [b") == "<body><p><code>a[</code> [b</p></body>"


def test_code_that_begins_with_a_tab_keeps_it() -> None:
    assert markdown_to_note_html("```\n\tx\n```") == "<body><pre><code>\tx</code></pre></body>"


def test_lines_of_white_space_in_the_code_of_an_item_stay() -> None:
    note_html = markdown_to_note_html("- a\n\n  ```\n  x\n     \n  y\n  ```")
    assert "<code>x\n   \ny</code>" in note_html


@given(rich_texts())
def test_what_is_written_reads_as_a_note_that_may_leave(tree: RichText) -> None:
    check(markdown_to_note_html(note_html_to_markdown(to_note_html(tree))))

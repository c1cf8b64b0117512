"""Markdown in: the same document as a CommonMark parser sees, and never a surprise."""

import re

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from close_notes_gui.markup import (
    canonical_text,
    check,
    is_normal,
    looks_like_markdown,
    markdown_to_note_html,
    markdown_to_tree,
    to_note_html,
)
from close_notes_gui.markup.foreign import rendered_to_tree
from close_notes_gui.markup.markdown import LARGEST
from close_notes_gui.markup.reader import MARKDOWN
from close_notes_gui.model.richtext import EMPTY_NOTE_HTML
from tests.unit.markdown_cases import PRACTICAL
from tests.unit.markdown_rules import RULES

JUDGE = MarkdownIt("commonmark", {"breaks": True}).enable(["table", "strikethrough"])
BOX = re.compile(r"<li>(<p>)?\[([ xX])\](?=\s)")
BARE_LINK = re.compile(r'<a href="((?:https?://|mailto:)?([^"]*))">\1</a>')


def judged(text: str) -> str:
    """What the judge makes of it, in our spelling; task boxes as we write them."""
    html = JUDGE.render(text)
    html = re.sub(r"<li>\n?<p>", "<li><p>", html)
    html = BOX.sub(lambda m: f"<li>{m[1] or ''}{'☐' if m[2] == ' ' else '☑'}", html)
    return to_note_html(rendered_to_tree(html, dialect=MARKDOWN))


def as_plain_python_markdown(text: str) -> str:
    return to_note_html(rendered_to_tree(markdown.markdown(text), dialect=MARKDOWN))


@pytest.mark.parametrize("name", PRACTICAL)
def test_the_same_document_as_commonmark(name: str) -> None:
    ours = markdown_to_note_html(PRACTICAL[name])
    assert BARE_LINK.sub(r"\1", ours) == BARE_LINK.sub(r"\1", judged(PRACTICAL[name]))
    check(ours)


def test_share_of_commonmark_that_is_met() -> None:
    failed = [text for text in RULES if markdown_to_note_html(text) != judged(text)]
    share = 1 - len(failed) / len(RULES)
    plain = sum(as_plain_python_markdown(text) == judged(text) for text in RULES) / len(RULES)
    print(f"\nCommonMark rules met: {share:.1%} of {len(RULES)}, plain python-markdown {plain:.1%}")
    print(f"not met: {failed}")
    assert share >= 0.97


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("", "<p></p>"),
        ("#", "<p></p>"),
        ("a\nb", "<p>a<br />b</p>"),
        ("see https://e.com/a_b_c, ok", '<p>see <a href="https://e.com/a_b_c">https://e.com/a_b_c</a>, ok</p>'),
        ("(www.e.com)", '<p>(<a href="https://www.e.com">www.e.com</a>)</p>'),
        ("- [ ] a\n- [x] b", "<ul><li>☐ a</li><li>☑ b</li></ul>"),
        ("|a|b|\n|-|-|\n|1|2|", "<p><strong>a</strong> | <strong>b</strong></p><p>1 | 2</p>"),
        ("#tag", "<p>#tag</p>"),
        ("1) a", "<ol><li>a</li></ol>"),
        ("[x](javascript:alert(1))", "<p>x</p>"),
        ("<img src=x onerror=alert(1)>", "<p></p>"),
        ("```\nx\n```", "<pre><code>x</code></pre>"),
        ("\x00a\x02klzzwxh:0001\x03b", "<p>aklzzwxh:0001b</p>"),
        ("# **x**", "<h1><strong>x</strong></h1>"),
    ],
)  # fmt: skip
def test_markdown(text: str, sent: str) -> None:
    assert markdown_to_note_html(text) == f"<body>{sent}</body>"


@given(st.text())
def test_any_text(text: str) -> None:
    assert is_normal(markdown_to_tree(text))
    check(markdown_to_note_html(text))


SIGNS = [
    *"*_~`[]()<>#|-+!&\\:\"' \n\tab1.",
    "**", "```\n", "\n\n", "- ", "1. ", "    ", "[a](https://e.com)", "](", "<b>", "</b>", "<!--", "> ", "|-|-|\n", "![",
    "[x]: y\n", "https://e.com/", "&amp;", "<div>\n", "\n---\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(SIGNS), max_size=60).map("".join))
def test_any_soup_of_signs(text: str) -> None:
    check(markdown_to_note_html(text))


def test_what_is_too_long_is_pasted_as_it_is() -> None:
    note_html = markdown_to_note_html("*a* " * (LARGEST // 4 + 1))
    assert canonical_text(note_html).startswith("*a* *a*")


@pytest.mark.parametrize(
    "piece",
    ["[", "![", "*", "**a ", "_", "`", "``` ", "> ", "- ", "1. ", "[a](", "<", "&", "~~", "|", "<!--", "[]", "\\", "(", "*a_"],
)  # fmt: skip
def test_hostile_repetition_comes_to_an_end(piece: str) -> None:
    check(markdown_to_note_html(piece * (40_000 // len(piece))))


FAINT = {"plain mail", "entities", "ordered from three", "unclosed", "rules"}


@pytest.mark.parametrize("name", [name for name in PRACTICAL if name not in FAINT])
def test_markdown_is_recognised(name: str) -> None:
    assert looks_like_markdown(PRACTICAL[name])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hi Jo,\n\ncall me back at 5 * 3.\n\n- Ann",
        "https://example.com/a_b_c_d",
        "def f(x):\n    return x ** 2",
        "Meeting 12:30\nRoom 5\n#urgent",
        PRACTICAL["plain mail"],
    ],
)
def test_plain_text_is_not_taken_for_markdown(text: str) -> None:
    assert not looks_like_markdown(text)


def test_nothing() -> None:
    assert markdown_to_note_html(" \n\n ") == EMPTY_NOTE_HTML

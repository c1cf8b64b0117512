"""What a note says without its markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from close_notes_gui.markup import (
    canonical_text,
    first_line,
    from_note_html,
    has_content,
    to_note_html,
    to_text,
)
from close_notes_gui.model.richtext import EMPTY_NOTE_HTML, RichText
from tests.strategies import rich_texts


@pytest.mark.parametrize(
    "respelled",
    [
        "<body><p>Hi <b>Jo</b> &amp; co</p><ul><li><p>a&nbsp;b</p></li></ul></body>",
        "<body>\n<p>Hi <strong>J</strong><strong>o</strong> &#38; co</p>\n<ul>\n<li>a&#160;b</li></ul></body>",
        "<p>Hi Jo &amp; co</p><br/><ul><li>a b</li></ul>",
        "<body><p class='x'>Hi <span style='color: red'>Jo</span> &#x26; co<br /></p><p></p><ol><li>a b</li></ol></body>",
    ],
)  # fmt: skip
def test_a_note_is_recognised_however_a_server_spells_it(respelled: str) -> None:
    ours = "<body><p>Hi <strong>Jo</strong> &amp; co</p><ul><li>a\u00a0b</li></ul></body>"
    assert canonical_text(respelled) == canonical_text(ours) == "Hi Jo & co a b"


def test_different_notes_stay_different() -> None:
    assert canonical_text("<body><p>ab</p></body>") != canonical_text(
        "<body><p>a</p><p>b</p></body>"
    )
    assert canonical_text("<body><p>a</p></body>") != canonical_text("<body><p>b</p></body>")


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert canonical_text("<body><p>e\u0301</p></body>") == canonical_text("<body><p>é</p></body>")


@pytest.mark.parametrize(
    ("note_html", "something"),
    [
        (EMPTY_NOTE_HTML, False),
        ("", False),
        ("<body><p> \u00a0 </p><p></p><ul><li><p><br /></p></li></ul></body>", False),
        ("<body><p>\u200b\u200f\ufeff</p></body>", False),
        ("<body><p>&nbsp;&#160;</p></body>", False),
        ("<body><p>.</p></body>", True),
        ("<body><hr /></body>", True),
        ('<body><p><img src="https://e.com/i.png" alt="" /></p></body>', True),
        ('<body><p><span data-type="mention" data-id="user_1" data-label="x">@x</span></p></body>', True),
    ],
)  # fmt: skip
def test_whether_there_is_anything_to_send(note_html: str, something: bool) -> None:
    assert has_content(note_html) is something


def test_first_line() -> None:
    note_html = (
        "<body><p>\u00a0</p><h2>Call  with &lt;Acme&gt; &amp; <b>Co</b></h2><p>more</p></body>"
    )
    assert first_line(note_html) == "Call with <Acme> & Co"
    assert first_line(note_html, limit=10) == "Call with…"
    assert first_line(EMPTY_NOTE_HTML) == ""
    assert first_line("<body><p>one<br />two</p></body>") == "one"


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    for note_html in (text, f"<body><p>{text}</p></body>"):
        assert canonical_text(note_html) == " ".join(canonical_text(note_html).split())
        assert len(first_line(note_html, limit=5)) <= 5
        has_content(note_html)


def test_absurd_entities_do_not_raise() -> None:
    assert canonical_text("<body><p>a&#" + "9" * 5000 + ";b</p></body>") == "ab"


@given(rich_texts())
def test_what_has_text_has_content(tree: RichText) -> None:
    if any(letter.isalpha() for letter in to_text(tree)):
        assert has_content(to_note_html(tree))


def test_readable_text() -> None:
    note_html = (
        '<body><h1>Call</h1><p>See <a href="https://e.com/x">the quote</a> and '
        '<a href="https://e.com">e.com</a>.<br />Bye</p>'
        '<ol start="9"><li><p>nine</p><ul><li>inner</li></ul></li><li>ten</li></ol>'
        "<blockquote><p>q</p><p>r</p></blockquote><pre><code>a\n  b</code></pre><hr />"
        '<p><span data-type="mention" data-id="user_1" data-label="Jo" class="mention">@Jo</span> '
        '<img src="https://e.com/i.png" alt="pic" /> <a href="mailto:a@e.com">a@e.com</a></p></body>'
    )
    assert to_text(from_note_html(note_html)) == (
        "Call\n\nSee the quote (https://e.com/x) and e.com.\nBye\n\n"
        "9. nine\n   • inner\n10. ten\n\n> q\n>\n> r\n\na\n  b\n\n――――――――――――\n\n"
        "@Jo [pic: https://e.com/i.png] a@e.com"
    ).replace("   • inner", "   ◦ inner")

"""The tree, its normal form, its spelling as note_html and the way back: one thing, four looks."""

from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from close_notes_gui.markup import (
    DEFAULT,
    DOCUMENTED_ONLY,
    MAX_DEPTH,
    InlineCache,
    Policy,
    canonical_text,
    check,
    degrade,
    from_note_html,
    has_content,
    inline_xhtml,
    is_normal,
    normalize,
    normalize_inlines,
    read_note,
    sanitize_html,
    to_note_html,
    to_text,
)
from close_notes_gui.markup.foreign import _drained
from close_notes_gui.markup.normal import as_they_are, normal_slices
from close_notes_gui.model.richtext import (
    EMPTY,
    EMPTY_NOTE_HTML,
    Block,
    BulletList,
    CodeBlock,
    Heading,
    Image,
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
from tests.strategies import dirty_trees, inlines, rich_texts

BOLD = Marks(bold=True)


def note(*blocks: Block) -> str:
    return to_note_html(normalize(RichText(blocks)))


@given(rich_texts())
def test_any_tree_is_xml_and_reads_back_as_the_same_tree(tree: RichText) -> None:
    note_html = to_note_html(tree)
    assert fromstring(note_html).tag == "body"
    assert read_note(note_html).tree == tree
    assert read_note(note_html).lost == ()


@given(rich_texts())
def test_own_output_is_left_alone(tree: RichText) -> None:
    note_html = to_note_html(tree)
    assert to_note_html(from_note_html(note_html)) == note_html
    assert sanitize_html(note_html) == note_html


@given(rich_texts())
def test_any_tree_passes_the_gate(tree: RichText) -> None:
    check(to_note_html(tree))


@given(dirty_trees())
def test_whatever_the_tree_its_normal_form_passes_the_gate(tree: RichText) -> None:
    normal = normalize(tree)
    assert is_normal(normal)
    check(to_note_html(normal))
    assert from_note_html(to_note_html(normal)) == normal


@given(dirty_trees())
def test_only_documented_constructs_leave_when_the_others_are_off(tree: RichText) -> None:
    normal = normalize(tree)
    note_html = to_note_html(normal, policy=DOCUMENTED_ONLY)
    check(note_html, policy=DOCUMENTED_ONLY)
    kept = canonical_text(note_html).replace(">", "").split()
    wanted = canonical_text(to_note_html(normal)).replace(">", "").split()
    assert "".join(kept) == "".join(wanted)


@given(inlines(dirty=True))
def test_the_content_of_a_paragraph_is_normal_by_itself(content: tuple[Text, ...]) -> None:
    once = normalize_inlines(content)
    assert normalize_inlines(once) == once
    assert normalize(RichText((Paragraph(once),)), inlines=as_they_are) == RichText(
        (Paragraph(once),)
    )


@given(dirty_trees())
def test_in_slices_the_normal_form_is_the_same(tree: RichText) -> None:
    several = RichText((*tree.blocks, *(Quote(tree.blocks * 70), BulletList(()), Quote(()))))
    items = (ListItem(tree.blocks),) * 201
    several = RichText((*several.blocks, BulletList(items), NumberedList(items, 0)))
    for whole in (tree, several):
        assert _drained(normal_slices(whole.blocks)) == normalize(whole)
    assert len(list(normal_slices(several.blocks))) > 4


@given(rich_texts())
def test_a_cache_changes_nothing(tree: RichText) -> None:
    cache = InlineCache()
    first = to_note_html(tree, inline=cache)
    cache.sweep()
    assert first == to_note_html(tree, inline=cache) == to_note_html(tree)


def test_a_cache_asks_again_only_for_what_changed() -> None:
    cache = InlineCache()
    same = (Text("same"),)
    to_note_html(RichText((Paragraph(same), Paragraph((Text("old"),)))), inline=cache)
    cache.sweep()
    changed = RichText((Paragraph(same), Paragraph((Text("new"),))))
    assert to_note_html(changed, inline=cache) == "<body><p>same</p><p>new</p></body>"


@given(dirty_trees())
def test_readable_text_never_fails(tree: RichText) -> None:
    assert isinstance(to_text(tree), str)


@given(rich_texts())
def test_nothing_to_say_means_nothing_to_see(tree: RichText) -> None:
    note_html = to_note_html(tree)
    if canonical_text(note_html) and not has_content(note_html):
        assert not any(letter.isalnum() for letter in canonical_text(note_html))


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (Paragraph(), "<p></p>"),
        (Paragraph((Text("a  b"),)), "<p>a \u00a0b</p>"),
        (Paragraph((Text(" a "),)), "<p>\u00a0a\u00a0</p>"),
        (Paragraph((Text("a\tb"),)), "<p>a\u00a0\u00a0\u00a0\u00a0b</p>"),
        (Paragraph((Text("a "), Text(" b", BOLD))), "<p>a <strong>\u00a0b</strong></p>"),
        (Paragraph((Text("a\nb\r\nc"),)), "<p>a<br />b<br />c</p>"),
        (Paragraph((Text("a "), LineBreak(), Text(" b"))), "<p>a\u00a0<br />\u00a0b</p>"),
        (Paragraph((Text("<&>\"'"),)), "<p>&lt;&amp;&gt;\"'</p>"),
        (Paragraph((Text("x\x00\x1b\ud800\ufffc\ufffe\ufdd0y"),)), "<p>xy</p>"),
        (Heading(2, (Text("h"),)), "<h2>h</h2>"),
        (Heading(9, (Text("h"),)), "<h6>h</h6>"),
        (CodeBlock("a\n\tb<", "py"), '<pre><code class="language-py">a\n\tb&lt;</code></pre>'),
        (CodeBlock("a", '"><x'), "<pre><code>a</code></pre>"),
        (Rule(), "<hr />"),
        (Quote((Paragraph((Text("q"),)),)), "<blockquote><p>q</p></blockquote>"),
        (BulletList((ListItem((Paragraph((Text("i"),)),)),)), "<ul><li>i</li></ul>"),
        (BulletList((ListItem(()),)), "<ul><li><p></p></li></ul>"),
        (
            NumberedList((ListItem((Heading(1, (Text("h"),)),)),), start=3),
            '<ol start="3"><li><strong>h</strong></li></ol>',
        ),
        (
            BulletList((ListItem((Rule(),)),)),
            "<ul><li><p></p><hr /></li></ul>",
        ),
    ],
)
def test_spelling_of_a_block(written: Block, sent: str) -> None:
    assert note(written) == f"<body>{sent}</body>"


@pytest.mark.parametrize(
    ("marks", "sent"),
    [
        (Marks(code=True, bold=True, link="https://e.com/"), "<code>x</code>"),
        (Marks(color="RED"), '<span style="color: #ff0000;">x</span>'),
        (Marks(color="rgb(0, 128, 255)"), '<span style="color: #0080ff;">x</span>'),
        (Marks(color="expression(alert(1))"), "x"),
        (Marks(link="HTTPS://e.com/?a=1&b=2"), '<a href="https://e.com/?a=1&amp;b=2">x</a>'),
        (Marks(link='https://e.com/a b"c'), '<a href="https://e.com/a%20b%22c">x</a>'),
        (Marks(link="java\nscript:alert(1)"), "x"),
        (Marks(link="/relative"), "x"),
        (
            Marks(link="https://e.com/\u202egpj.exe"),
            '<a href="https://e.com/%E2%80%AEgpj.exe">x</a>',
        ),
        (Marks(link="https://["), "x"),
        (Marks(link="mailto:jo@example.com"), '<a href="mailto:jo@example.com">x</a>'),
        (Marks(link="mailto:"), "x"),
    ],
)
def test_spelling_of_marks(marks: Marks, sent: str) -> None:
    assert note(Paragraph((Text("x", marks),))) == f"<body><p>{sent}</p></body>"


def test_marks_that_run_on_stay_open() -> None:
    link = Marks(link="https://e.com/")
    both = Marks(bold=True, link="https://e.com/")
    assert note(Paragraph((Text("a", link), Text("b", both)))) == (
        '<body><p><a href="https://e.com/">a<strong>b</strong></a></p></body>'
    )


def test_atoms() -> None:
    mention = Mention("user_1", 'Zoë "Z"', Marks(code=True))
    assert note(Paragraph((mention,))) == (
        '<body><p><span data-type="mention" data-id="user_1" data-label="Zoë &quot;Z&quot;" '
        'class="mention">@Zoë "Z"</span></p></body>'
    )
    assert note(Paragraph((Mention("acti_1", "Jo"),))) == "<body><p>@Jo</p></body>"
    assert note(Paragraph((Image("http://e.com/i.png", "a\nb"),))) == (
        '<body><p><img src="http://e.com/i.png" alt="a b" /></p></body>'
    )
    assert note(Paragraph((Image("file:///etc/passwd", "alt"),))) == "<body><p>alt</p></body>"


def test_lists_deeper_than_any_editor_keep_their_text() -> None:
    block: Block = Paragraph((Text("deep"),))
    for _ in range(MAX_DEPTH * 2):
        block = BulletList((ListItem((Paragraph((Text("x"),)), block)),))
    normal = normalize(RichText((block,)))
    assert is_normal(normal)
    assert canonical_text(to_note_html(normal)) == "x " * (MAX_DEPTH * 2) + "deep"
    assert from_note_html(to_note_html(normal)) == normal


def test_an_empty_note() -> None:
    assert to_note_html(EMPTY) == EMPTY_NOTE_HTML == to_note_html(normalize(RichText(())))
    assert from_note_html("") == EMPTY


def test_degrading_keeps_the_looks_it_can() -> None:
    tree = normalize(
        RichText(
            (
                Quote((Paragraph((Text("q"),)), Quote((Paragraph((Text("r"),)),)))),
                CodeBlock("a\n  b"),
                Heading(2, (Text("h"),)),
                NumberedList((ListItem((Paragraph((Text("i"),)),)),), start=4),
            )
        )
    )
    assert to_note_html(tree, policy=DOCUMENTED_ONLY) == (
        "<body><p>&gt; q</p><p>&gt; &gt; r</p><p><code>a</code><br /><code>\u00a0 b</code></p>"
        "<p><strong>h</strong></p><ol><li>i</li></ol></body>"
    )
    assert degrade(tree, policy=DEFAULT) == tree


def test_only_undocumented_constructs_can_be_switched_off() -> None:
    with pytest.raises(ValueError):
        Policy(without=frozenset({"paragraph"}))


@given(st.text())
@example("<body><p>a</p>")
@example("<body><p onclick='x()'>a</p></body>")
def test_reading_a_note_never_fails(text: str) -> None:
    for note_html in (text, f"<body>{text}</body>", f"<body><p>{text}</p></body>"):
        read = read_note(note_html)
        assert is_normal(read.tree)
        check(to_note_html(read.tree))


@pytest.mark.parametrize(
    ("note_html", "lost"),
    [
        ("<body><p>a</p></body>", ()),
        ("<body><p>a <b>b</b> <i>c</i> <del>d</del></p><ul><li><p>x</p></li></ul></body>", ()),
        ('<body><p><span style="color: rgb(1, 2, 3)">a</span></p></body>', ()),
        ('<body><p><a href="https://e.com" target="_blank" rel="noopener">a</a></p></body>', ()),
        ("<body><table><tr><td>a</td><td>b</td></tr></table></body>", ("table", "tr", "td")),
        ('<body><p style="text-align: center">a</p></body>', ("style",)),
        ("<body><p>x<sup>2</sup></p></body>", ("sup",)),
        ("<body><p>a<br>b <mark>c</mark></p></body>", ("mark",)),
        ('<body><p dir="rtl">a</p></body>', ("dir",)),
    ],
)
def test_a_reader_is_told_what_an_edit_would_drop(note_html: str, lost: tuple[str, ...]) -> None:
    assert read_note(note_html).lost == lost


def test_a_note_of_someone_else_keeps_its_empty_lines() -> None:
    written = "<body><p>a</p><p></p><p>b&nbsp;c</p><p><br /></p></body>"
    assert to_note_html(from_note_html(written)) == (
        "<body><p>a</p><p></p><p>b\u00a0c</p><p><br /></p></body>"
    )


def test_inline_pieces_join_to_the_whole() -> None:
    assert inline_xhtml((Text("a", BOLD), LineBreak())) == "<strong>a</strong><br />"

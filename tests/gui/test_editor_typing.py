"""Markdown, links and mentions as you type: one undo brings the letters back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from close_notes_gui.ui.richtext.link_popup import LinkPopup
from tests.gui.pen import Pen, new_pen

MENTION = (
    '<span data-type="mention" data-id="user_1" data-label="Jo Doe" class="mention">@Jo Doe</span>'
)


@pytest.fixture
def pen(qtbot) -> Pen:
    return new_pen(qtbot).load("<p></p>")


CONVERSIONS = [
    ("# ", "<h1></h1>", "<p>#\u00a0</p>"),
    ("###### ", "<h6></h6>", "<p>######\u00a0</p>"),
    ("- ", "<ul><li><p></p></li></ul>", "<p>-\u00a0</p>"),
    ("* ", "<ul><li><p></p></li></ul>", "<p>*\u00a0</p>"),
    ("1. ", "<ol><li><p></p></li></ol>", "<p>1.\u00a0</p>"),
    ("7) ", '<ol start="7"><li><p></p></li></ol>', "<p>7)\u00a0</p>"),
    ("> ", "<blockquote><p></p></blockquote>", "<p>&gt;\u00a0</p>"),
    ("---", "<hr /><p></p>", "<p>---</p>"),
    ("``` ", "<pre><code></code></pre>", "<p>```\u00a0</p>"),
    ("[ ] ", "<p>☐\u00a0</p>", "<p>[ ]\u00a0</p>"),
    ("**b**", "<p><strong>b</strong></p>", "<p>**b**</p>"),
    ("__b c__", "<p><strong>b c</strong></p>", "<p>__b c__</p>"),
    ("***b***", "<p><strong><em>b</em></strong></p>", "<p>***b***</p>"),
    ("___b c___", "<p><strong><em>b c</em></strong></p>", "<p>___b c___</p>"),
    ("*i*", "<p><em>i</em></p>", "<p>*i*</p>"),
    ("_i_", "<p><em>i</em></p>", "<p>_i_</p>"),
    ("`c`", "<p><code>c</code></p>", "<p>`c`</p>"),
    ("~~s~~", "<p><s>s</s></p>", "<p>~~s~~</p>"),
    ("[t](https://e.com)", '<p><a href="https://e.com">t</a></p>', "<p>[t](https://e.com)</p>"),
]


@pytest.mark.parametrize(("typed", "expected", "literal"), CONVERSIONS)
def test_markdown_becomes_format_and_one_undo_brings_it_back(
    pen: Pen, typed: str, expected: str, literal: str
):
    pen.write(typed)
    assert pen.note == expected
    pen.editor.undo()
    assert pen.note == literal
    pen.editor.redo()
    assert pen.note == expected


@pytest.mark.parametrize("sign", ["***", "___"])
def test_stars_become_a_rule_at_enter_and_not_before(pen: Pen, sign: str):
    pen.write(f"{sign}a{sign}")
    assert pen.note == "<p><strong><em>a</em></strong></p>"
    pen.load("<p></p>").write(f"{sign}<Enter>")
    assert pen.note == "<hr /><p></p>"
    pen.editor.undo()
    assert pen.note == f"<p>{sign}</p>"


@pytest.mark.parametrize(("typed", "expected", "literal"), CONVERSIONS)
def test_markdown_can_be_off(pen: Pen, typed: str, expected: str, literal: str):
    pen.editor.set_typing_aids(markdown=False, links=False)
    pen.write(typed)
    assert pen.note == literal


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("**b** c", "<p><strong>b</strong> c</p>"),
        ("a *i* c", "<p>a <em>i</em> c</p>"),
        ("2*3*4", "<p>2*3*4</p>"),
        ("a_b_c", "<p>a_b_c</p>"),
        ("a ** b **", "<p>a ** b **</p>"),
        ("`**x**", "<p>`<strong>x</strong></p>"),
        ("***", "<p>***</p>"),
        ("****", "<p>****</p>"),
        ("a---", "<p>a---</p>"),
        ("a # ", "<p>a #\u00a0</p>"),
        ("[t](javascript:x)", "<p>[t](javascript:x)</p>"),
        ("```py<Enter>x", '<pre><code class="language-py">x</code></pre>'),
        ("- a<Enter>b<Enter><Enter>c", "<ul><li>a</li><li>b</li></ul><p>c</p>"),
        ("# t<Enter>- a", "<h1>t</h1><ul><li>a</li></ul>"),
        ("`c` d", "<p><code>c</code> d</p>"),
        ("#", "<p>#</p>"),
    ],
)
def test_what_is_typed_around_it(pen: Pen, typed: str, expected: str):
    assert pen.write(typed).note == expected


def test_nothing_converts_in_code(pen: Pen):
    pen.load("<pre><code></code></pre>").write("# **b** - https://e.com x")
    assert pen.note == "<pre><code># **b** - https://e.com x</code></pre>"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("see https://e.com/a, ok", '<p>see <a href="https://e.com/a">https://e.com/a</a>, ok</p>'),
        ("www.e.com ", '<p><a href="https://www.e.com">www.e.com</a>\u00a0</p>'),
        ("(jo@e.com) ", '<p>(<a href="mailto:jo@e.com">jo@e.com</a>)\u00a0</p>'),
        (
            "https://e.com/a_(b) ",
            '<p><a href="https://e.com/a_(b)">https://e.com/a_(b)</a>\u00a0</p>',
        ),
        ("https://e.com<Enter>x", '<p><a href="https://e.com">https://e.com</a></p><p>x</p>'),
        ("javascript:alert(1) ", "<p>javascript:alert(1)\u00a0</p>"),
        ("e.g. this ", "<p>e.g. this\u00a0</p>"),
    ],
)
def test_addresses_become_links(pen: Pen, typed: str, expected: str):
    assert pen.write(typed).note == expected


def test_a_link_made_while_typing_is_undone_alone(pen: Pen):
    pen.write("https://e.com ")
    pen.editor.undo()
    assert pen.note == "<p>https://e.com\u00a0</p>"


def test_typing_behind_a_link_does_not_make_it_longer(pen: Pen):
    pen.load('<p><a href="https://e.com">ab</a></p>', 2).write("c")
    assert pen.note == '<p><a href="https://e.com">ab</a>c</p>'
    pen.load('<p><a href="https://e.com">ab</a></p>', 1).write("c")
    assert pen.note == '<p><a href="https://e.com">acb</a></p>'


def test_shortcuts_of_format(pen: Pen, qtbot):
    pen.editor.activateWindow()
    with qtbot.waitExposed(pen.editor):
        pen.editor.show()
    do = pen.editor.commands
    do.toggle("bold")
    pen.write("b")
    do.toggle("bold")
    pen.write("p")
    assert pen.note == "<p><strong>b</strong>p</p>"
    pen.select(0, 2)
    do.toggle("code")
    assert pen.note == "<p><code>bp</code></p>"
    do.toggle("bold")
    assert pen.note == "<p><code>bp</code></p>"
    do.toggle("code")
    do.set_color("#d23b3b")
    assert pen.note == '<p><span style="color: #d23b3b;">bp</span></p>'


def test_keys_that_text_boxes_claim_are_ours(pen: Pen):
    pen.load("<p>a</p>").select(0, 1).write("<Ctrl+U>")
    assert pen.note == "<p><u>a</u></p>"
    pen.write("<Ctrl+E>")
    assert pen.note == "<p><code>a</code></p>"
    pen.write("<Ctrl+K>")
    assert pen.note == "<p><code>a</code></p>"
    assert pen.editor.findChild(LinkPopup).isVisible()


def test_a_mention_is_chosen_from_the_list(pen: Pen):
    pen.write("hi @jo<Enter>ok")
    assert pen.note == f"<p>hi {MENTION} ok</p>"
    pen.editor.undo()
    pen.editor.undo()
    assert pen.note == "<p>hi @jo</p>"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("a@jo<Enter>x", "<p>a@jo</p><p>x</p>"),
        ("@nobody<Enter>x", "<p>@nobody</p><p>x</p>"),
        ("@jo<Esc><Enter>x", "<p>@jo</p><p>x</p>"),
        (
            "@zoe<Tab>",
            MENTION.replace("user_1", "user_2")
            .replace("Jo Doe", "Zoë Smith")
            .join(("<p>", "\u00a0</p>")),
        ),
        ("@doe<Enter>", f"<p>{MENTION}\u00a0</p>"),
        ("@jox<Back><Enter>", f"<p>{MENTION}\u00a0</p>"),
        ("@jox<Back*2><Down><Enter>", f"<p>{MENTION}\u00a0</p>"),
        ("@jox<Esc><Back><Enter>x", "<p>@jo</p><p>x</p>"),
        ("@jo<Esc>e<Back><Enter>x", "<p>@jo</p><p>x</p>"),
    ],
)
def test_the_list_opens_only_for_people(pen: Pen, typed: str, expected: str):
    assert pen.write(typed).note == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("@jo<Enter> ok", f"<p>{MENTION} ok</p>"),
        ("@jo<Enter>  ok", f"<p>{MENTION} \u00a0ok</p>"),
        ("@jo<Enter>, ok", f"<p>{MENTION} , ok</p>"),
        ("@jo<Enter><Left><Right> ok", f"<p>{MENTION} \u00a0ok</p>"),
        ("@jo<Enter>a<Back> ok", f"<p>{MENTION} \u00a0ok</p>"),
    ],
)
def test_a_space_typed_behind_a_chosen_mention_is_there_already(
    pen: Pen, typed: str, expected: str
):
    assert pen.write(typed).note == expected


def test_the_space_behind_a_mention_is_undone_with_it(pen: Pen):
    pen.write("@jo<Enter> ")
    pen.editor.undo()
    assert pen.note == "<p>@jo</p>"


def test_an_input_method_keeps_formats_and_converts_nothing(pen: Pen):
    pen.load("<p><strong>a</strong></p>", 1)
    pen.compose("に")
    assert pen.note == "<p><strong>a</strong></p>"
    pen.compose("にほ")
    pen.commit("日本")
    assert pen.note == "<p><strong>a日本</strong></p>"
    pen.load("<h2>a</h2>", 1)
    pen.compose("x")
    pen.compose("")
    assert pen.note == "<h2>a</h2>"
    assert pen.editor.document().begin().layout().formats(), "the heading lost its look"
    pen.load("<p></p>")
    pen.commit("# ")
    assert pen.note == "<p>#\u00a0</p>"


def test_right_to_left_text_is_kept(pen: Pen):
    pen.write("שלום abc مرحبا")
    assert pen.note == "<p>שלום abc مرحبا</p>"


def test_link_popup_edits_in_place(pen: Pen, qtbot):
    pen.load('<p>a <a href="https://e.com">site</a> b</p>', 4)
    pen.editor.edit_link()
    popup = pen.editor.findChild(LinkPopup)
    assert popup is not None
    assert popup._address.text() == "https://e.com"
    popup._address.setText("acme.com/x")
    QTest.keyClick(popup._address, Qt.Key.Key_Return)
    assert pen.note == '<p>a <a href="https://acme.com/x">site</a> b</p>'
    pen.editor.undo()
    assert pen.note == '<p>a <a href="https://e.com">site</a> b</p>'
    pen.editor.edit_link()
    popup._address.setText("javascript:alert(1)")
    QTest.keyClick(popup._address, Qt.Key.Key_Return)
    assert popup.isVisible(), "an address that Close does not take is refused"
    popup._remove.click()
    assert pen.note == "<p>a site b</p>"

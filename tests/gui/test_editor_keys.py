"""Enter, Tab, Backspace and Delete do in lists, quotes, headings and code what people expect."""

import pytest

from tests.gui.pen import Pen, new_pen


@pytest.fixture
def pen(qtbot) -> Pen:
    return new_pen(qtbot)


UL = "<ul><li>a</li><li>b</li></ul>"


@pytest.mark.parametrize(
    ("start", "position", "script", "expected"),
    [
        # Enter
        ("<p>ab</p>", 1, "<Enter>", "<p>a</p><p>b</p>"),
        ("<h2>ab</h2>", 2, "<Enter>c", "<h2>ab</h2><p>c</p>"),
        ("<h2>ab</h2>", 1, "<Enter>", "<h2>a</h2><h2>b</h2>"),
        ("<h2>ab</h2>", 0, "<Enter>", "<p></p><h2>ab</h2>"),
        (UL, 1, "<Enter>x", "<ul><li>a</li><li>x</li><li>b</li></ul>"),
        (UL, 3, "<Enter><Enter>x", "<ul><li>a</li><li>b</li></ul><p>x</p>"),
        (UL, 1, "<Enter><Enter>x", "<ul><li>a</li></ul><p>x</p><ul><li>b</li></ul>"),
        (UL, 1, "<Shift+Enter>x", "<ul><li>a<br />x</li><li>b</li></ul>"),
        (
            "<ul><li><p>a</p><ul><li>b</li></ul></li></ul>", 1, "<Enter>x",
            "<ul><li>a</li><li><p>x</p><ul><li>b</li></ul></li></ul>",
        ),
        (
            "<ul><li><p>a</p><ul><li>b</li></ul></li></ul>", 3, "<Enter><Enter>x",
            "<ul><li><p>a</p><ul><li>b</li></ul></li><li>x</li></ul>",
        ),
        ("<ul><li><p>a</p><p></p></li></ul>", 2, "<Enter>x", "<ul><li>a</li><li>x</li></ul>"),
        (
            "<blockquote><p>a</p></blockquote>", 1, "<Enter>b<Enter><Enter>c",
            "<blockquote><p>a</p><p>b</p></blockquote><p>c</p>",
        ),
        ("<pre><code>a</code></pre>", 1, "<Enter>b", "<pre><code>a\nb</code></pre>"),
        ("<pre><code>  a</code></pre>", 3, "<Enter>b", "<pre><code>  a\n  b</code></pre>"),
        ("<pre><code>a</code></pre>", 1, "<Enter*3>b", "<pre><code>a</code></pre><p>b</p>"),
        ("<pre><code>a</code></pre>", 1, "<Down>b", "<pre><code>a</code></pre><p>b</p>"),
        ("<hr /><p>a</p>", 0, "<Enter>b", "<hr /><p>b</p><p>a</p>"),
        # Tab
        (UL, 3, "<Tab>", "<ul><li><p>a</p><ul><li>b</li></ul></li></ul>"),
        (UL, 0, "<Tab>", UL),
        (UL, 3, "<Tab><Backtab>", UL),
        (UL, 3, "<Backtab>", "<ul><li>a</li></ul><p>b</p>"),
        (
            "<ul><li>a</li><li>b</li><li>c</li></ul>", 2, "<Tab><Down><Tab>",
            "<ul><li><p>a</p><ul><li>b</li><li>c</li></ul></li></ul>",
        ),
        (
            "<ol><li><p>a</p><ol><li>b</li><li>c</li></ol></li></ol>", 2, "<Backtab>",
            "<ol><li>a</li><li><p>b</p><ol><li>c</li></ol></li></ol>",
        ),
        (
            "<ul><li>a<ul><li>b<ul><li>c</li></ul></li><li>d</li></ul></li></ul>", 2, "<Backtab>",
            "<ul><li>a</li><li><p>b</p><ul><li>c</li><li>d</li></ul></li></ul>",
        ),
        (
            "<ul><li>a<ul><li>b<ol><li>c</li></ol></li><li>d</li></ul></li></ul>", 2, "<Backtab>",
            "<ul><li>a</li><li><p>b</p><ol><li>c</li></ol><ul><li>d</li></ul></li></ul>",
        ),
        ("<p>a</p>", 1, "<Tab>b", "<p>a\u00a0\u00a0\u00a0\u00a0b</p>"),
        ("<pre><code>a</code></pre>", 0, "<Tab>", "<pre><code>    a</code></pre>"),
        ("<pre><code>    a</code></pre>", 5, "<Backtab>", "<pre><code>a</code></pre>"),
        # Backspace
        ("<h1>a</h1>", 0, "<Back>", "<p>a</p>"),
        ("<p>x</p><h1>a</h1>", 2, "<Back*2>", "<p>xa</p>"),
        (UL, 2, "<Back>", "<ul><li>a</li></ul><p>b</p>"),
        ("<ul><li><p>a</p><ul><li>b</li></ul></li></ul>", 2, "<Back>", UL),
        ("<blockquote><p>a</p><p>b</p></blockquote>", 0, "<Back>", "<p>a</p><blockquote><p>b</p></blockquote>"),
        ("<pre><code>a\nb</code></pre>", 0, "<Back>", "<p>a</p><p>b</p>"),
        ("<p>a</p><hr /><p>b</p>", 3, "<Back>", "<p>a</p><p>b</p>"),
        ("<p>a</p><p>b</p>", 2, "<Back>", "<p>ab</p>"),
        (
            "<p>x</p><ul><li><p>a</p><ul><li>b</li></ul></li></ul>", 2, "<Back*2>",
            "<p>xa</p><ul><li>b</li></ul>",
        ),
        # Delete
        ("<p>a</p><hr /><p>b</p>", 1, "<Del>", "<p>a</p><p>b</p>"),
        ("<p></p><h1>a</h1>", 0, "<Del>", "<h1>a</h1>"),
        ("<p>a</p><ul><li>b</li><li>c</li></ul>", 1, "<Del>", "<p>ab</p><ul><li>c</li></ul>"),
    ],
)  # fmt: skip
def test_a_key_does_what_people_expect(
    pen: Pen, start: str, position: int, script: str, expected: str
):
    pen.load(start, position).write(script)
    assert pen.note == expected


def test_each_key_is_one_undo_step(pen: Pen):
    pen.load(UL, 3)
    for script in ("<Enter>", "<Tab>", "<Back>", "<Backtab>"):
        before = pen.note
        pen.write(script)
        assert pen.note != before
        pen.editor.undo()
        assert pen.note == before
        pen.editor.redo()


def test_deleting_the_head_of_an_item_leaves_its_children_a_list(pen: Pen):
    pen.load("<p>x</p><ul><li><p>a</p><ul><li>b</li><li>c</li></ul></li><li>d</li></ul>")
    pen.select(1, 3).write("<Back>")
    assert pen.note == "<p>x</p><ul><li>b</li><li>c</li></ul><ul><li>d</li></ul>"


def test_typing_over_a_selection_across_blocks_leaves_a_sound_list(pen: Pen):
    pen.load("<p>x</p><ul><li><p>a</p><ul><li>b</li></ul></li></ul>")
    pen.select(1, 3).write("y")
    assert pen.note == "<p>xy</p><ul><li>b</li></ul>"
    pen.editor.undo()
    assert pen.note == "<p>x</p><ul><li><p>a</p><ul><li>b</li></ul></li></ul>"


def test_cut_leaves_a_sound_list(pen: Pen):
    pen.load("<p>x</p><ul><li><p>a</p><ul><li>b</li></ul></li></ul>")
    pen.select(1, 3)
    pen.editor.cut()
    assert pen.note == "<p>x</p><ul><li>b</li></ul>"
    pen.editor.undo()
    assert pen.note == "<p>x</p><ul><li><p>a</p><ul><li>b</li></ul></li></ul>"


def test_ctrl_enter_asks_to_send_and_types_nothing(pen: Pen, qtbot):
    pen.load("<p>a</p>", 1)
    with qtbot.waitSignal(pen.editor.sendRequested):
        pen.write("<Ctrl+Enter>")
    assert pen.note == "<p>a</p>"


def test_shift_tab_outside_lists_goes_back_a_field(pen: Pen, qtbot):
    pen.load("<p>a</p>", 1).write("<Backtab>")
    assert pen.note == "<p>a</p>"
    assert not pen.editor.tabChangesFocus()


def test_a_mention_is_deleted_whole(pen: Pen):
    mention = '<span data-type="mention" data-id="user_1" data-label="Jo Doe" class="mention">@Jo Doe</span>'
    pen.load(f"<p>a{mention}b</p>", 2).write("<Back>")
    assert pen.note == "<p>ab</p>"
    pen.editor.undo()
    assert pen.note == f"<p>a{mention}b</p>"
    pen.write("<Right>x")
    assert pen.note in {f"<p>a{mention}xb</p>", f"<p>a{mention}bx</p>"}

"""What is pasted or dropped: structure kept, nothing hostile in, nothing read, nothing lost."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from close_notes_gui.markup import check
from close_notes_gui.ui.drops import Picture
from close_notes_gui.ui.richtext.offer_bar import OfferBar
from tests.gui.pen import Pen, new_pen


@pytest.fixture
def pen(qtbot) -> Pen:
    return new_pen(qtbot).load("<p></p>")


def settle(pen: Pen, qtbot) -> None:
    qtbot.waitUntil(lambda: not pen.editor._slices.is_busy, timeout=60_000)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>b</b> <i>i</i>", "<p><strong>b</strong> <em>i</em></p>"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li><p>a</p><ul><li>b</li></ul></li></ul>"),
        ("<h2>h</h2><p>x</p>", "<h2>h</h2><p>x</p>"),
        ("<pre>a\n  b</pre>", "<pre><code>a\n  b</code></pre>"),
        ("<script>alert(1)</script>x", "<p>x</p>"),
        ("<a href='java\tscript:alert(1)'>j</a>", "<p>j</p>"),
        ("<a href='&#x6a;avascript:alert(1)'>j</a>", "<p>j</p>"),
        ("<img src='data:image/png;base64,AAAA'>x", "<p>x</p>"),
        ("<img src='file:///etc/passwd'>x", "<p>x</p>"),
        ("<p style='background:url(file:///dev/zero)'>x</p>", "<p>x</p>"),
        ("<link rel=stylesheet href='file:///dev/zero'><style>@import 'file:///dev/zero'</style>x", "<p>x</p>"),
    ],
)  # fmt: skip
def test_html_keeps_what_close_knows_and_nothing_else(pen: Pen, html: str, expected: str):
    pen.paste(html=html, text="as text")
    assert pen.note == expected
    pen.editor.undo()
    assert pen.note == "<p></p>"


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>" * 100 + "x" + "</td></tr></table>" * 100,
        "<table><tr><td>" * 10_000 + "x",
        "<ul><li>" * 10_000 + "x",
        "<b " + " ".join(f"a{n}=1" for n in range(10_000)) + ">x</b>",
        "x" + "<a " * 20_000,
        "<img src='data:image/png;base64," + "A" * 1_000_000 + "'>x",
        "&amp;" * 20_000 + "x",
    ],
    ids=["tables", "many tables", "lists", "attributes", "open tags", "data", "entities"],
)
def test_hostile_html_neither_hangs_nor_crashes(pen: Pen, qtbot, html: str):
    pen.paste(html=html, text="x")
    settle(pen, qtbot)
    note_html = pen.editor.note_html()
    check(note_html)
    assert "x" in note_html


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_picture_that_is_a_pipe_is_never_opened(pen: Pen, tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    pen.paste(html=f"<img src='{pipe.as_uri()}'><img src='{pipe}'>a", text="a")
    pen.editor.repaint()
    assert pen.note == "<p>a</p>"


def test_nothing_is_loaded_for_a_document(pen: Pen):
    picture = pen.editor.document().resource(2, QUrl("file:///etc/passwd"))
    assert isinstance(picture, QImage)
    assert picture.width() == 1


def test_files_go_to_the_attachments(pen: Pen, qtbot, tmp_path: Path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.pdf"))])
    mime.setText("file:///a.pdf")
    with qtbot.waitSignal(pen.editor.filesDropped) as caught:
        pen.editor.insertFromMimeData(mime)
    assert caught.args == [[tmp_path / "a.pdf"]]
    assert pen.note == "<p></p>"


def test_a_picture_goes_to_the_attachments(pen: Pen, qtbot):
    mime = QMimeData()
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(0)
    mime.setImageData(image)
    with qtbot.waitSignal(pen.editor.imagePasted) as caught:
        pen.editor.insertFromMimeData(mime)
    assert isinstance(caught.args[0], Picture)
    assert pen.note == "<p></p>"


@pytest.mark.parametrize(
    ("start", "position", "html", "expected"),
    [
        ("<p>ab</p>", 1, "<b>x</b>", "<p>a<strong>x</strong>b</p>"),
        ("<p>ab</p>", 1, "<p>x</p><p>y</p>", "<p>ax</p><p>yb</p>"),
        ("<p>ab</p>", 1, "<h1>x</h1>", "<p>a</p><h1>x</h1><p>b</p>"),
        ("<ul><li>a</li></ul>", 1, "<p>x</p><p>y</p>", "<ul><li>ax</li><li>y</li></ul>"),
        ("<ul><li>a</li></ul>", 1, "<ul><li>x</li><li>y</li></ul>", "<ul><li>a</li><li>x</li><li>y</li></ul>"),
        ("<ul><li></li></ul>", 0, "<ol><li>x</li></ol>", "<ul><li>x</li></ul>"),
        ("<blockquote><p>a</p></blockquote>", 1, "<p>x</p><h1>y</h1>",
         "<blockquote><p>ax</p><h1>y</h1></blockquote>"),
        ("<h1>a</h1>", 1, "<p>x</p>", "<h1>ax</h1>"),
        ("<pre><code>a</code></pre>", 1, "<p>x</p><ul><li>y</li></ul>", "<pre><code>aas text</code></pre>"),
    ],
)  # fmt: skip
def test_a_paste_fits_where_it_lands(pen: Pen, start: str, position: int, html: str, expected: str):
    pen.load(start, position).paste(html=html, text="as text")
    assert pen.note == expected
    pen.editor.undo()
    assert pen.note == start.replace("<li></li>", "<li><p></p></li>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\n\nc", "<p>a</p><p>b</p><p></p><p>c</p>"),
        ("a\r\nb", "<p>a</p><p>b</p>"),
        ("\tx", "<p>\u00a0\u00a0\u00a0\u00a0x</p>"),
        ("a\x00\x1b[31mb\ufffc", "<p>a[31mb</p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("https://e.com/a?b=1&c=2", '<p><a href="https://e.com/a?b=1&amp;c=2">https://e.com/a?b=1&amp;c=2</a></p>'),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
    ],
)  # fmt: skip
def test_plain_text_arrives_as_it_is(pen: Pen, text: str, expected: str):
    assert pen.paste(text=text).note == expected


def test_an_address_pasted_on_a_selection_links_it(pen: Pen):
    pen.load("<p>see site</p>").select(4, 8).paste(text="https://e.com")
    assert pen.note == '<p>see <a href="https://e.com">site</a></p>'


def test_paste_without_format(pen: Pen):
    mime = QMimeData()
    mime.setHtml("<b>x</b><ul><li>y</li></ul>")
    mime.setText("x\ny")
    QApplication.clipboard().setMimeData(mime)
    pen.editor.paste_plain()
    assert pen.note == "<p>x</p><p>y</p>"
    QApplication.clipboard().clear()


def test_pasted_markdown_is_offered_as_format(pen: Pen):
    pen.paste(text="# Title\n\n- a\n- b\n")
    literal = pen.note
    bar = pen.editor.findChild(OfferBar)
    assert bar is not None
    assert bar.isVisible()
    assert literal.startswith("<p># Title</p>")
    button = bar.findChild(QPushButton)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pen.note == "<h1>Title</h1><ul><li>a</li><li>b</li></ul>"
    pen.editor.undo()
    assert pen.note == literal


def test_the_offer_goes_away_by_itself(pen: Pen):
    pen.paste(text="# Title\n\n- a\n- b")
    bar = pen.editor.findChild(OfferBar)
    assert bar is not None
    assert bar.isVisible()
    pen.write("x")
    assert not bar.isVisible()
    pen.load("<p></p>").paste(text="# Title\n\n- a\n- b").write("<Esc>")
    assert not bar.isVisible()
    pen.load("<p></p>").paste(text="nothing special")
    assert not bar.isVisible()


NOTE = (
    '<h1>h</h1><p>a <strong>b</strong> <span data-type="mention" data-id="user_1" data-label="Jo" '
    'class="mention">@Jo</span></p><ul><li><p>x</p><ol start="3"><li>y</li></ol></li></ul><blockquote><p>q</p>'
    '</blockquote><pre><code class="language-py">a\nb</code></pre><hr /><p>e</p>'
)


def test_copy_and_paste_within_the_editor_loses_nothing(pen: Pen):
    pen.load(NOTE)
    pen.editor.selectAll()
    mime = pen.editor.createMimeDataFromSelection()
    assert mime.html() == f"<body>{NOTE}</body>"
    assert "@Jo" in mime.text()
    pen.load("<p></p>")
    pen.editor.insertFromMimeData(mime)
    assert pen.note == NOTE


def test_a_long_paste_comes_in_slices_and_keys_wait(pen: Pen, qtbot):
    busy: list[bool] = []
    pen.editor.busyChanged.connect(busy.append)
    pen.paste(html="<p>some <b>bold</b> words of a long page</p>" * 3_000, text="x")
    assert busy == [True]
    pen.write("!")
    settle(pen, qtbot)
    qtbot.waitUntil(lambda: pen.editor.note_html().endswith("page!</p></body>"))
    assert busy == [True, False]
    assert pen.editor.document().blockCount() == 3_000
    pen.editor.undo()
    pen.editor.undo()
    assert pen.note == "<p></p>"


def test_a_listener_to_revised_sees_the_whole_paste(pen: Pen, qtbot):
    seen: list[int] = []
    pen.editor.revised.connect(lambda: seen.append(pen.editor.note_html().count("word")))
    pen.paste(html="<p>word</p><p>word</p>", text="x")
    assert seen == [2]
    pen.load("<p></p>").paste(html="<p>word</p>" * 3_000, text="x")
    settle(pen, qtbot)
    assert seen == [2, 3_000]


def test_a_note_asked_for_amid_a_paste_is_whole(pen: Pen):
    pen.paste(html="<p>some words</p>" * 3_000, text="x")
    assert pen.editor.note_html().count("some words") == 3_000


def test_a_long_note_loads_in_slices_to_the_letter(pen: Pen, qtbot):
    note = "<p>some <strong>bold</strong> words</p><ul><li>a</li><li>b</li></ul>" * 1_500
    pen.load(note, 5)
    settle(pen, qtbot)
    assert pen.note == note
    assert pen.editor.textCursor().position() == 5
    assert not pen.editor.document().isUndoAvailable()


def test_a_run_without_spaces_wraps_anywhere(pen: Pen):
    mode = pen.editor.wordWrapMode()
    pen.paste(text="x" * 30_000)
    assert pen.editor.wordWrapMode() != mode
    pen.load("<p>a</p>")
    assert pen.editor.wordWrapMode() == mode


def test_what_a_foreign_note_loses_is_told(pen: Pen):
    pen.editor.load_note_html("<body><table><tr><td>a</td></tr></table><p>b</p></body>")
    assert "table" in pen.editor.lost_on_load()
    assert "a" in pen.note
    pen.load("<p>fine</p>")
    assert pen.editor.lost_on_load() == ()


def test_a_command_amid_a_paste_works_on_the_whole(pen: Pen):
    pen.paste(html="<p>word</p>" * 3_000, text="x")
    pen.editor.commands.set_heading(1)
    assert pen.editor.note_html().endswith("<p>word</p><h1>word</h1></body>")
    pen.editor.undo()
    pen.editor.undo()
    assert pen.note == "<p></p>"

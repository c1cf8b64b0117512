"""Toolbar, note view, preview and theme: what they show follows from the note alone."""

import pytest
from PySide6.QtGui import QImage, QPainter, QTextDocument
from PySide6.QtWidgets import QToolButton

from close_notes_gui.markup import to_note_html
from close_notes_gui.ui import theme
from close_notes_gui.ui.richtext.colors import OFFERED, contrast, readable
from close_notes_gui.ui.richtext.document import document_to_tree
from close_notes_gui.ui.richtext.toolbar import FormatToolbar
from close_notes_gui.ui.richtext.view import NoteView, PreviewPane, draw_note
from tests.gui.pen import Pen, new_pen

NOTE = (
    '<h1>h</h1><p>a <strong>b</strong> <a href="https://e.com">l</a> <span style="color: #000000;">c</span></p>'
    "<ul><li>x</li></ul><ol><li>y</li></ol><blockquote><p>q</p></blockquote><pre><code>k</code></pre>"
)


@pytest.fixture
def pen(qtbot) -> Pen:
    return new_pen(qtbot).load(NOTE)


@pytest.fixture
def bar(pen: Pen, qtbot) -> FormatToolbar:
    bar = FormatToolbar(pen.editor)
    qtbot.addWidget(bar)
    bar.resize(800, 40)
    bar.show()
    return bar


def button(bar: FormatToolbar, name: str) -> QToolButton:
    return next(b for b in bar.findChildren(QToolButton) if b.accessibleName() == name)


@pytest.mark.parametrize(
    ("word", "on"),
    [
        ("h", {"Text style"}),
        ("b", {"Bold"}),
        ("l", {"Link"}),
        ("c", {"Text colour"}),
        ("x", {"Bulleted list"}),
        ("y", {"Numbered list"}),
        ("q", {"Quote"}),
        ("k", {"Code block"}),
    ],
)
def test_buttons_show_the_state_at_the_cursor(
    pen: Pen, bar: FormatToolbar, word: str, on: set[str]
):
    found = pen.editor.document().find(word)
    pen.select(found.selectionStart(), found.selectionEnd())
    shown = {b.accessibleName() for b in bar.findChildren(QToolButton) if b.isChecked()}
    assert shown == on


def test_buttons_do_what_they_say(pen: Pen, bar: FormatToolbar):
    pen.load("<p>a</p>").select(0, 1)
    for name, expected in (
        ("Bold", "<p><strong>a</strong></p>"),
        ("Italic", "<p><strong><em>a</em></strong></p>"),
        ("Bulleted list", "<ul><li><strong><em>a</em></strong></li></ul>"),
        ("Numbered list", "<ol><li><strong><em>a</em></strong></li></ol>"),
        ("Quote", "<blockquote><ol><li><strong><em>a</em></strong></li></ol></blockquote>"),
        ("Undo", "<ol><li><strong><em>a</em></strong></li></ol>"),
    ):
        button(bar, name).click()
        assert pen.note == expected


@pytest.mark.parametrize("width", [1100, 420, 200])
def test_what_does_not_fit_goes_into_the_menu(bar: FormatToolbar, width: int):
    bar.resize(width, 40)
    shown = [b for b in bar.findChildren(QToolButton) if not b.isHidden()]
    assert all(b.geometry().right() <= width for b in shown)
    assert button(bar, "Bold") in shown
    assert button(bar, "Preview what is sent") in shown
    more = button(bar, "More formats")
    assert (more in shown) == (width < 1100)
    if width < 1100:
        more.menu().aboutToShow.emit()
        hidden = [b.accessibleName() for b in bar.findChildren(QToolButton) if b.isHidden()]
        listed = [action.text().partition("\t")[0] for action in more.menu().actions()]
        assert set(listed) == set(hidden)


def test_preview_is_told(bar: FormatToolbar, qtbot):
    with qtbot.waitSignal(bar.previewToggled) as caught:
        button(bar, "Preview what is sent").click()
    assert caught.args == [True]
    assert not button(bar, "Bold").isEnabled()
    button(bar, "Preview what is sent").click()
    assert button(bar, "Bold").isEnabled()


def test_the_preview_is_to_the_letter(qtbot):
    pane = PreviewPane()
    qtbot.addWidget(pane)
    pane.show_note_html(f"<body>{NOTE}</body>")
    assert pane.toPlainText() == f"<body>{NOTE}</body>"
    assert pane.isReadOnly()


def test_another_theme_changes_looks_and_nothing_else(pen: Pen):
    steps = pen.editor.document().availableUndoSteps()
    block = pen.editor.document().begin().next()
    assert not block.layout().formats()
    pen.editor._dresser.wear(theme.DARK)
    colors = [piece.format.foreground().color().name() for piece in block.layout().formats()]
    assert theme.DARK.accent_text in colors
    assert "#000000" not in colors, "black text must be readable on dark"
    assert pen.note == NOTE
    assert pen.editor.document().availableUndoSteps() == steps
    pen.editor._dresser.wear(theme.LIGHT)
    assert not block.layout().formats()


@pytest.mark.parametrize(("name", "color"), OFFERED)
def test_offered_colours_can_be_read_on_light_and_dark(name: str, color: str):
    assert contrast(color, theme.LIGHT.surface) >= 3.5
    assert contrast(color, theme.DARK.surface) >= 3
    assert readable(color, ground=theme.LIGHT.surface) == color


def test_a_view_is_as_high_as_its_note(qtbot):
    view = NoteView()
    qtbot.addWidget(view)
    view.resize(300, 10)
    view.show()
    view.show_note("<body><p>a</p></body>")
    one = view.sizeHint().height()
    view.show_note("<body>" + "<p>a</p>" * 10 + "</body>")
    assert view.sizeHint().height() > 5 * one
    assert view.isReadOnly()


def test_a_view_shows_foreign_notes_without_loading_anything(qtbot):
    view = NoteView()
    qtbot.addWidget(view)
    view.show_note("<div><script>x()</script><img src='file:///dev/zero'><p>a</p></div>")
    assert view.toPlainText() == "a"


def test_a_note_is_drawn_into_a_document(qapp):
    document = QTextDocument()
    draw_note(document, f"<body>{NOTE}</body>")
    assert to_note_html(document_to_tree(document)) == f"<body>{NOTE}</body>"
    assert document.begin().layout().formats(), "the heading has its look"


ATOM = '<span data-type="mention" data-id="user_1" data-label="nnn" class="mention">@nnn</span>'


@pytest.mark.parametrize(
    "note", [ATOM, f"nnn {ATOM}", f"<strong>a</strong>{ATOM}{ATOM}", f"a<br />{ATOM}<br />b"]
)
@pytest.mark.parametrize("tag", ["p", "h2"])
def test_an_atom_makes_no_line_higher_or_lower(pen: Pen, note: str, tag: str):
    def heights(note_html: str) -> list[float]:
        pen.load(f"<{tag}>{note_html}</{tag}>")
        layout = pen.editor.document().begin().layout()
        return [layout.lineAt(number).height() for number in range(layout.lineCount())]

    assert heights(note) == heights(note.replace(ATOM, "@nnn"))


@pytest.mark.parametrize("note", [ATOM, f"nnn {ATOM}", f"nnn<br />{ATOM}"])
def test_the_label_of_an_atom_stands_on_the_line_of_the_text(pen: Pen, note: str):
    def lowest_ink(note_html: str) -> int:
        """The last row in which something as dark as letters is drawn."""
        pen.load(f"<p>{note_html}</p>")
        image = QImage(300, 100, QImage.Format.Format_Grayscale8)
        image.fill(0xFF)
        painter = QPainter(image)
        pen.editor.document().drawContents(painter)
        painter.end()
        ink = [
            (x, y)
            for x in range(300)
            for y in range(100)
            if image.pixelColor(x, y).lightness() < 150
        ]
        right = max(x for x, _ in ink)
        return max(y for x, y in ink if x > right - 15)  # the last letters, without the @

    assert lowest_ink(note) == lowest_ink(note.replace(ATOM, "nnnnnnnn"))

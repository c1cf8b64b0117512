"""The menu of the text, opened and used by the mouse."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from close_notes_gui.ui.richtext.link_popup import LinkPopup
from tests.gui.pen import Pen, new_pen

LINK = '<a href="https://e.com/x">site</a>'
Menu = Callable[[int], QMenu]


@pytest.fixture
def pen(qtbot) -> Pen:
    return new_pen(qtbot).load(f"<p>a {LINK} b</p>")


@pytest.fixture
def menu_at(pen: Pen) -> Iterator[Menu]:
    """Opens the menu by a right click on the character at a position."""

    def open_menu(position: int) -> QMenu:
        cursor = pen.editor.textCursor()
        cursor.setPosition(position)
        at = pen.editor.cursorRect(cursor).center() + QPoint(2, 0)
        viewport = pen.editor.viewport()
        QApplication.sendEvent(
            viewport,
            QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at)),
        )
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu

    yield open_menu
    if (left_open := QApplication.activePopupWidget()) is not None:
        left_open.close()


def entry(menu: QMenu, words: str) -> QAction:
    return next(
        action
        for action in menu.actions()
        if action.text().replace("&", "").partition("\t")[0] == words
    )


def click(menu: QMenu, words: str) -> None:
    place = menu.actionGeometry(entry(menu, words)).center()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def words_of(menu: QMenu) -> list[str]:
    return [action.text().replace("&", "").partition("\t")[0] for action in menu.actions()]


def test_only_a_link_has_the_entries_of_a_link(menu_at: Menu):
    assert words_of(menu_at(4))[:3] == ["Open link", "Edit link", "Copy link address"]
    QApplication.activePopupWidget().close()
    assert words_of(menu_at(0))[:2] == ["Undo", "Redo"]


def test_a_link_is_opened_and_its_address_copied(pen: Pen, menu_at: Menu, qtbot):
    with qtbot.waitSignal(pen.editor.linkClicked) as opened:
        click(menu_at(4), "Open link")
    assert opened.args == ["https://e.com/x"]
    click(menu_at(4), "Copy link address")
    assert QApplication.clipboard().text() == "https://e.com/x"


def test_the_link_under_the_pointer_is_edited_wherever_the_cursor_is(pen: Pen, menu_at: Menu):
    click(menu_at(4), "Edit link")
    popup = pen.editor.findChild(LinkPopup)
    assert popup is not None
    assert popup.isVisible()
    assert popup._address.text() == "https://e.com/x"


def test_a_note_that_is_only_read_offers_no_editing(pen: Pen, menu_at: Menu):
    pen.editor.setReadOnly(True)
    menu = menu_at(4)
    assert not entry(menu, "Edit link").isEnabled()
    assert "Paste without format" not in words_of(menu)


def test_paste_without_format(pen: Pen, menu_at: Menu):
    mime = QMimeData()
    mime.setHtml("<b>bold</b>")
    mime.setText("bold")
    QApplication.clipboard().setMimeData(mime)
    pen.load("<p></p>")
    click(menu_at(0), "Paste without format")
    assert pen.note == "<p>bold</p>"
    click(menu_at(0), "Undo")
    assert pen.note == "<p></p>"
    click(menu_at(0), "Paste")
    assert pen.note == "<p><strong>bold</strong></p>"
    click(menu_at(0), "Select All")
    click(menu_at(0), "Cut")
    assert pen.note == "<p></p>"


def test_an_empty_clipboard_pastes_nothing(pen: Pen):
    QApplication.clipboard().clear()
    pen.editor.paste_plain()
    pen.editor.paste()
    assert pen.note == f"<p>a {LINK} b</p>"


def test_nothing_is_offered_that_cannot_be_done(pen: Pen, menu_at: Menu):
    QApplication.clipboard().clear()
    menu = menu_at(0)
    off = ("Undo", "Redo", "Cut", "Copy", "Paste", "Paste without format", "Delete")
    assert [words for words in off if entry(menu, words).isEnabled()] == []

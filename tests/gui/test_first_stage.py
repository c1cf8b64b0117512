"""The window from its first paint until it is whole: it is typed in, and nothing typed is lost."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import SearchLeads
from close_notes_gui.model.ids import DraftId
from close_notes_gui.present.state import fresh_state
from close_notes_gui.ui import theme
from close_notes_gui.ui.app_model import AppModel
from close_notes_gui.ui.furnishing import furnish
from close_notes_gui.ui.services import Services
from close_notes_gui.ui.window import MainWindow
from tests.gui.desk import NOW, WANDERLUST, Desk

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def bare(qtbot: QtBot) -> tuple[Desk, Iterator[None]]:
    """A window that shows its first stage, and the steps that make it whole."""
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    posted: list = []
    model = AppModel(posted.append, fresh_state(DraftId("draft_first")))
    return Desk(model, window, posted, []), furnish(window, model, Services(now=lambda: NOW))


def press(window: MainWindow, key: str | Qt.Key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    """As a rep does: into whatever has the focus."""
    focused = window.focusWidget()
    if isinstance(key, str):
        QTest.keyClicks(focused, key)
    else:
        QTest.keyClick(focused, key, modifiers)


def all_at_once(steps: Iterator[None]) -> None:
    for _ in steps:
        QApplication.processEvents()


def place(window: MainWindow, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())


def test_letters_are_shown_at_once_and_searched_for_once_there_is_a_search(bare) -> None:
    desk, steps = bare
    press(desk.window, "wan")
    assert desk.window.picker.text() == "wan"
    all_at_once(steps)
    assert desk.window.picker.text() == "wan"
    assert desk.of(SearchLeads)[-1].text == "wan"
    assert desk.window.picker.hasFocus()
    press(desk.window, "d")
    assert desk.window.picker.text() == "wand"


def test_letters_typed_between_any_two_steps_stand_in_order(bare) -> None:
    desk, steps = bare
    typed = ""
    for letter, _ in zip("abcdefghijklmnopqrstuvwxyz", steps, strict=False):
        press(desk.window, letter)
        QApplication.processEvents()
        typed += letter
    press(desk.window, "!")
    assert len(typed) > 3
    assert desk.window.picker.text() == typed + "!"
    assert desk.of(SearchLeads)[-1].text == typed + "!"


@pytest.mark.parametrize("before_enter", range(7))
def test_a_lead_picked_blindly_gets_the_words_typed_blindly(
    qtbot: QtBot, bare, before_enter: int
) -> None:
    """Three letters, Enter and a note, all before the window is whole, whenever each key comes."""
    desk, steps = bare
    keys: list[str | Qt.Key] = [*"wan", Qt.Key.Key_Return, *"Hello"]
    for _ in range(before_enter):
        next(steps, None)
    for key in keys:
        press(desk.window, key)
        next(steps, None)
    all_at_once(steps)
    desk.loaded()
    desk.found(WANDERLUST)
    desk.hear(ev.LeadLoaded(WANDERLUST))
    assert desk.model.state.draft.lead_name == WANDERLUST.name
    # The editor loads in slices on a busy machine, and takes keys in after the last.
    qtbot.waitUntil(lambda: desk.text == "Hello")


def test_tab_leads_on_and_the_letters_follow(bare) -> None:
    desk, steps = bare
    for key in ("w", Qt.Key.Key_Tab, "t", "i"):
        press(desk.window, key)
    all_at_once(steps)
    assert desk.window.picker.text() == "w"
    assert desk.window.compose.title.text() == "ti"


def test_keys_of_the_window_work_in_their_turn(bare) -> None:
    desk, steps = bare
    press(desk.window, "w")
    press(desk.window, Qt.Key.Key_Comma, CTRL)
    all_at_once(steps)
    assert desk.window.settings_panel.isVisible()


def test_a_click_into_the_blank_sheet_leads_into_the_note(qtbot: QtBot, bare) -> None:
    desk, steps = bare
    press(desk.window, "w")
    middle = desk.window.page.childAt(desk.window.page.rect().center() / 2)
    QTest.mouseClick(middle, Qt.MouseButton.LeftButton)
    press(desk.window, "Hi")
    all_at_once(steps)
    qtbot.waitUntil(lambda: desk.text == "Hi")
    assert desk.window.picker.text() == "w"


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[None]:
    """The sizes that the style sheet gives."""
    before = qapp.style().name()
    qapp.setStyle("Fusion")
    theme.wear(qapp, theme.LIGHT)
    yield
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())
    qapp.setStyle(before)


@pytest.mark.parametrize("width", [1100, 420])
def test_what_is_painted_first_stays_where_it_is(dressed: None, bare, width: int) -> None:
    desk, steps = bare
    window = desk.window
    window.resize(width, 600)
    QApplication.processEvents()
    field, blank = place(window, window.picker), window.findChild(QWidget, "sheet")
    sheet = place(window, blank)
    all_at_once(steps)
    desk.loaded()
    QApplication.processEvents()
    assert place(window, window.picker) == field
    assert place(window, window.compose).topLeft() == sheet.topLeft()
    assert place(window, window.compose).width() == sheet.width()


def test_recent_leads_offered_at_the_start_do_not_select_what_is_typed(bare) -> None:
    desk, steps = bare
    press(desk.window, "wa")
    all_at_once(steps)
    desk.loaded(recents=[WANDERLUST])
    press(desk.window, "n")
    assert desk.window.picker.text() == "wan"


def test_closed_before_it_is_whole(bare) -> None:
    """Whoever makes it whole is asked to; only then its text is flushed and it closes."""
    desk, steps = bare
    desk.window.hurried.connect(lambda: all_at_once(steps))
    press(desk.window, Qt.Key.Key_Tab)
    press(desk.window, "kept")
    desk.window.close()
    assert desk.window.is_whole
    assert desk.last_draft().title == "kept"


LOADED = """
import sys
from PySide6.QtWidgets import QApplication
import close_notes_gui.app
print([name for name in sys.argv[1].split() if name in sys.modules])
"""


def test_the_first_paint_loads_nothing_that_it_does_not_need(project_root: Path) -> None:
    left_out = (
        "asyncio httpx bleach markdown nh3 keyring sqlite3 hashlib email html "
        "close_notes_gui.model.events close_notes_gui.model.commands close_notes_gui.present.state "
        "close_notes_gui.present.views close_notes_gui.markup close_notes_gui.ui.compose "
        "close_notes_gui.ui.richtext PySide6.QtNetwork"
    )
    done = subprocess.run(
        [sys.executable, "-c", LOADED, left_out],
        cwd=project_root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


READ = """
import linecache
import PySide6.QtCore
from close_notes_gui.startup.plain_imports import import_plainly
import_plainly()
import json.tool
from PySide6.QtWidgets import *
print([name for name in linecache.cache if "json" in name], QWidget.__name__)
"""


def test_no_source_is_read_to_look_for_features_of_pyside(project_root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ], cwd=project_root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[] QWidget"

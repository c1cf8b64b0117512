"""The icon in the tray: what it offers, what its number says, and closing the window into it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from close_notes_gui.bridge import Bridge
from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import Command, OpenLead, Stop
from close_notes_gui.model.draft import Draft, OutboxEntry, OutboxState
from close_notes_gui.model.ids import DraftId, OutboxId
from close_notes_gui.model.settings import Settings
from close_notes_gui.present.views import TrayView
from close_notes_gui.running import Running
from close_notes_gui.ui.tray import Tray, icon_with
from close_notes_gui.ui.window import MainWindow
from tests.gui.desk import ACCOUNT, NOW, SWAN, WANDERLUST

# The offscreen platform says that it has no tray; the icon is made all the same.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)
VIEW = TrayView(True, "Close Notes", recents=(("lead_1", "Fish & <b>Chips</b>"),))


@pytest.fixture
def tray(qapp: QApplication) -> Iterator[Tray]:
    made = Tray(qapp, has_tray=lambda: True)
    yield made
    made.shut()
    made.deleteLater()


def entries(tray: Tray) -> list[str]:
    tray.menu.aboutToShow.emit()
    return [action.text() for action in tray.menu.actions() if action.text()]


def choose(tray: Tray, words: str) -> None:
    entries(tray)
    (action,) = [each for each in tray.menu.actions() if each.text() == words]
    action.trigger()


def test_the_menu_offers_a_note_the_recent_leads_the_outbox_and_the_way_out(tray: Tray):
    tray.show_view(replace(VIEW, waiting=2))
    assert entries(tray) == [
        "New note",
        "Recent leads",
        "Fish && <b>Chips</b>",
        "Outbox (2)",
        "Open Close Notes",
        "Quit",
    ]
    told: list[str] = []
    tray.lead_asked.connect(told.append)
    tray.quit_asked.connect(lambda: told.append("quit"))
    choose(tray, "Fish && <b>Chips</b>")
    choose(tray, "Quit")
    assert told == ["lead_1", "quit"]


def test_there_is_no_icon_without_a_tray_or_against_the_reps_will(qapp: QApplication, tray: Tray):
    none = Tray(qapp, has_tray=lambda: False)
    none.show_view(VIEW)
    assert not none.is_there
    none.tell_once()
    none.shut()
    tray.show_view(VIEW)
    assert tray.is_there
    tray.show_view(replace(VIEW, is_wanted=False))
    assert not tray.is_there


def test_the_number_is_on_the_icon(qapp: QApplication):
    plain, one, urgent = (
        icon_with(number, is_urgent=is_urgent).pixmap(64, 64).toImage()
        for number, is_urgent in ((0, False), (1, False), (1, True))
    )
    assert plain != one
    assert one != urgent
    assert not icon_with(1000, is_urgent=False).isNull()


class Program:
    """A running program whose engine is the test."""

    def __init__(self, qtbot: QtBot, folder: Path, *, has_tray: bool) -> None:
        self.posted: list[Command] = []
        bridge = Bridge(lambda _emit: pytest.fail("no engine here"))
        bridge.post = self.posted.append  # type: ignore[method-assign,assignment]
        bridge.start = lambda: None  # type: ignore[method-assign]
        self.window = MainWindow()
        qtbot.addWidget(self.window)
        self.running = Running(self.window, bridge, folder)
        self.running._tray._has_tray = lambda: has_tray
        for _ in self.running.furnish():
            pass
        self.window.show()

    def hear(self, *events: ev.Event) -> None:
        for event in events:
            self.running.model.receive(event)

    def loaded(self, settings: Settings) -> None:
        self.hear(ev.Loaded(settings, recents=(WANDERLUST, SWAN)), ev.SignedIn(ACCOUNT))

    @property
    def has_ended(self) -> bool:
        return any(isinstance(command, Stop) for command in self.posted)


@pytest.fixture
def program(qtbot: QtBot, tmp_path: Path) -> Iterator[Program]:
    made = Program(qtbot, tmp_path, has_tray=True)
    yield made
    made.running.finish()


def waiting() -> OutboxEntry:
    draft = Draft(DraftId("d"), lead_id=SWAN.id, note_html="<body><p>x</p></body>")
    return OutboxEntry(OutboxId("o"), draft, OutboxState.QUEUED, NOW)


def test_closing_leaves_it_in_the_tray_where_that_is_set(program: Program):
    program.loaded(Settings(close_to_tray=True))
    program.window.close()
    assert not program.window.isVisible()
    assert not program.has_ended
    program.running._tray.window_asked.emit()
    assert program.window.isVisible()
    program.window.hide()
    choose(program.running._tray, "Quit")
    assert program.has_ended


def test_closing_ends_it_where_it_is_not_set(program: Program):
    program.loaded(Settings())
    assert program.running._tray.is_there
    program.window.close()
    assert program.has_ended


def test_without_a_tray_nothing_changes(qtbot: QtBot, tmp_path: Path):
    program = Program(qtbot, tmp_path, has_tray=False)
    program.loaded(Settings(close_to_tray=True))
    program.window.close()
    assert program.has_ended
    program.running.finish()


def test_quitting_while_something_waits_says_so(program: Program):
    program.loaded(Settings(close_to_tray=True))
    program.hear(ev.OutboxChanged(waiting()))
    assert "Outbox (1)" in entries(program.running._tray)
    program.window.close()
    assert not program.window.isVisible()
    choose(program.running._tray, "Quit")
    assert program.window.isVisible()
    assert not program.has_ended
    choose(program.running._tray, "Quit")
    assert program.has_ended


def test_a_recent_lead_from_the_tray(program: Program):
    program.loaded(Settings(close_to_tray=True))
    program.window.compose.editor.insert_plain("Kept")
    program.window.close()
    choose(program.running._tray, SWAN.name)
    assert program.window.isVisible()
    assert [c.lead_id for c in program.posted if isinstance(c, OpenLead)][-1] == SWAN.id
    choose(program.running._tray, "New note")
    assert program.running.model.state.draft.lead_id is None
    texts = [d.note_html for d in program.running.model.state.drafts.values()]
    assert "<body><p>Kept</p></body>" in texts

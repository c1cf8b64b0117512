"""The window as a whole: names, sizes, keys, closing, being remembered."""

from pathlib import Path

import pytest
from PySide6.QtCore import QKeyCombination, QRect, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from close_notes_gui.model import events as ev
from close_notes_gui.model.draft import Attachment
from close_notes_gui.model.ids import AttachmentId
from close_notes_gui.model.settings import Settings
from close_notes_gui.present.keymap import (
    FILE_SECTION,
    NOTE_SECTION,
    SECTIONS,
    KeyAct,
    keymap_of,
)
from close_notes_gui.ui.autosave import LONGEST_MS, REST_MS, Autosave
from close_notes_gui.ui.chip import Chip
from close_notes_gui.ui.keys import rows_of
from close_notes_gui.ui.note_menu import KEYS
from close_notes_gui.ui.window import room_for_window
from close_notes_gui.ui.window_layout import WindowLayout, read_layout, write_layout
from tests.gui.desk import WANDERLUST, Desk, make_desk

NAMES = (
    "Lead search",
    "Lead results",
    "Note",
    "Note title",
    "Contact",
    "Date",
    "Pinned",
    "Attach",
    "Attachments",
    "Send",
    "Notes on this lead",
)


def place(desk: Desk, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(desk.window, widget.rect().topLeft()), widget.size())


def test_every_control_has_its_name(desk: Desk):
    desk.pick(WANDERLUST)
    desk.hear(
        ev.AttachmentAdded(
            Attachment(AttachmentId("a"), desk.model.state.open_draft, "a.txt", "text/plain", 4)
        )
    )
    desk.search("wan", WANDERLUST)
    for name in NAMES:
        desk.child(name)
    QTest.mouseClick(desk.window.outbox_button, Qt.MouseButton.LeftButton)
    assert desk.window.outbox.accessibleName() == "Outbox"


def test_everything_to_press_has_a_name(desk: Desk):
    """A screen reader has something to say at each place where the focus can be."""
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in desk.window.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and not getattr(widget, "text", str)()
        and widget.focusProxy() is None
        and not widget.objectName().startswith("qt_")
    ]
    assert not nameless


def test_the_search_has_the_focus_at_the_start(qtbot: QtBot):
    desk = make_desk()
    qtbot.addWidget(desk.window)
    desk.window.show()
    assert desk.window.focusWidget() is desk.window.picker
    desk.loaded(recents=[WANDERLUST])
    QTest.keyClicks(desk.window.focusWidget(), "w")
    assert desk.window.picker.text() == "w"


def test_narrow_is_usable(desk: Desk):
    desk.pick(WANDERLUST)
    desk.window.resize(420, 560)
    QApplication.processEvents()
    assert desk.window.size().width() == 420
    assert not desk.window.is_wide
    inside = desk.window.rect()
    for name in (
        "Lead search",
        "Note",
        "Note title",
        "Contact",
        "Date",
        "Pinned",
        "Attach",
        "Send",
    ):
        assert inside.contains(place(desk, desk.child(name))), name
    assert desk.window.compose.editor.height() >= 120
    assert desk.window.minimumSizeHint().width() <= 420


def test_wide_puts_the_notes_beside_the_sheet(desk: Desk):
    assert desk.window.is_wide
    sheet, notes = place(desk, desk.window.compose), place(desk, desk.window.timeline)
    assert notes.left() > sheet.right()
    assert notes.width() > 300


def test_the_notes_fold_out_where_it_is_narrow(desk: Desk):
    desk.pick(WANDERLUST)
    desk.window.resize(420, 560)
    QApplication.processEvents()
    assert not desk.window.timeline.list.isVisible()
    QTest.mouseClick(desk.child("Show or hide the notes"), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert desk.window.timeline.list.isVisible()
    assert desk.window.rect().contains(place(desk, desk.child("Send")))


def test_keys_are_shown_by_f1(desk: Desk):
    QTest.keyClick(desk.window, Qt.Key.Key_F1)
    assert desk.window.keys_panel.isVisible()
    assert len(desk.window.keys_panel.content.findChildren(QLabel)) > 40
    QTest.keyClick(desk.window.keys_panel, Qt.Key.Key_Escape)
    assert not desk.window.keys_panel.isVisible()


def listed(*sections: tuple[str, tuple[KeyAct, ...]]) -> set[str]:
    """The keys in these sections of the sheet, in Qt's spelling."""
    keys = keymap_of(Settings())
    entries = [key for _, acts in sections for _, own in rows_of(acts, keys) for key in own]
    return {QKeySequence(key).toString() for entry in entries for key in pressed(entry)}


def pressed(entry: str) -> list[str]:
    """Each key that an entry stands for: `Ctrl+1..3` are three."""
    first, _, last = entry.partition("..")
    return [f"{first[:-1]}{n}" for n in range(int(first[-1]), int(last) + 1)] if last else [entry]


def test_the_sheet_has_every_key_and_no_other(desk: Desk):
    desk.pick(WANDERLUST)
    bound = [shortcut.keys() for shortcut in desk.window.findChildren(QShortcut)]
    bound += [action.shortcuts() for action in desk.window.findChildren(QAction)]
    keys = {key.toString() for several in bound for key in several}
    widgets_own = {"Return", "Esc", "Ctrl+Z", "Ctrl+Shift+Z", *(f"Ctrl+{n}" for n in range(1, 10))}
    assert keys - listed(*SECTIONS) == {"Ctrl+Enter"}, "the number pad's Return"
    assert listed(*SECTIONS) - keys == widgets_own


def test_the_sheet_has_every_key_of_a_note_and_no_other():
    keys = {*KEYS.values(), "Up", "Down"}
    assert listed(NOTE_SECTION) == {QKeySequence(key).toString() for key in keys}


def test_the_sheet_has_every_key_of_a_file_and_no_other(desk: Desk):
    draft_id = desk.model.state.open_draft
    desk.hear(ev.AttachmentAdded(Attachment(AttachmentId("a"), draft_id, "a", "text/plain", 4)))
    keys = {
        QKeySequence(QKeyCombination(modifiers, key)).toString()
        for modifiers, key in desk.window.findChildren(Chip)[0]._keys()
    }
    assert keys - listed(FILE_SECTION) == {"Enter", "Backspace"}, "as good as two listed"
    assert listed(FILE_SECTION) - keys == set()


def test_typing_is_never_taken_away(desk: Desk):
    """Every printable key ends up in the note."""
    words = "".join(
        chr(code) for code in range(33, 127) if chr(code) not in "*_`#->+~[]()!:/.@|=0123456789"
    )
    desk.write(words)
    assert desk.text == words


def test_closing_can_be_held_off(qtbot: QtBot):
    desk = make_desk(may_close=False)
    qtbot.addWidget(desk.window)
    desk.window.show()
    desk.window.close()
    assert desk.closed == ["asked"]
    assert desk.window.isVisible()


def test_raising_leads_to_the_search(desk: Desk):
    desk.window.compose.editor.setFocus()
    desk.window.showMinimized()
    desk.window.raise_window()
    assert not desk.window.isMinimized()
    assert desk.window.picker.hasFocus()


def test_the_window_is_remembered(qtbot: QtBot, tmp_path: Path):
    kept = tmp_path / "layout.json"
    first = make_desk(layout_file=kept)
    qtbot.addWidget(first.window)
    first.window.resize(640, 600)
    first.window.show()
    first.window.close()
    second = make_desk(layout_file=kept)
    qtbot.addWidget(second.window)
    assert second.window.size() == first.window.size()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"geometry": 3, "columns": [1]}',
        b'{"columns": [1e999, 1]}',
        b"\xff",
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
def test_a_damaged_layout_file_is_as_good_as_none(tmp_path: Path, content: bytes):
    kept = tmp_path / "layout.json"
    kept.write_bytes(content)
    assert read_layout(kept) == WindowLayout()


def test_a_layout_comes_back(tmp_path: Path):
    layout = WindowLayout("AAEC", (400, 300), False)
    write_layout(tmp_path / "layout.json", layout)
    assert read_layout(tmp_path / "layout.json") == layout
    write_layout(tmp_path / "no such folder" / "layout.json", layout)


def test_autosave_saves_once_for_many_changes(qtbot: QtBot):
    saved: list[int] = []
    clock = Autosave(lambda: saved.append(1))
    for _ in range(5):
        clock.touch()
    assert not saved
    qtbot.waitUntil(lambda: bool(saved), timeout=LONGEST_MS)
    assert saved == [1]
    assert not clock.is_due
    clock.flush()
    assert saved == [1]


def test_autosave_does_not_wait_for_a_pause_that_never_comes(qtbot: QtBot):
    saved: list[int] = []
    clock = Autosave(lambda: saved.append(1))

    def still_typing() -> bool:
        if not saved:
            clock.touch()
        return bool(saved)

    qtbot.waitUntil(still_typing, timeout=LONGEST_MS + 1500)
    assert REST_MS < LONGEST_MS


def test_a_busy_model_draws_what_is_true(desk: Desk):
    """A thousand events leave the window with the last of them."""
    desk.window._wiring.show_settings()
    for number in range(1000):
        desk.hear(ev.SettingsChanged(Settings(undo_send_s=number % 31)))
    undo = desk.child("Undo send, seconds")
    assert isinstance(undo, QSpinBox)
    assert undo.value() == 999 % 31


def test_the_first_window_is_not_larger_than_the_screen(qtbot: QtBot):
    window = make_desk().window
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    assert room.width() < 1100  # or this test says nothing
    assert window.width() <= room.width()
    assert window.height() < room.height(), "its title bar has room as well"


def test_on_wayland_the_panels_that_nobody_tells_of_are_reckoned():
    screen = QSize(1240, 760)
    assert room_for_window(screen, "xcb").height() >= 720
    assert room_for_window(screen, "wayland").height() <= 660

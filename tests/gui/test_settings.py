"""The settings panel: every setting has its place, every change counts at once."""

import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import ChangeSettings
from close_notes_gui.model.settings import Settings
from close_notes_gui.model.storage import StorageKind, StoragePart
from close_notes_gui.model.upkeep_commands import ClearCaches, MeasureStorage, SaveDiagnostics
from close_notes_gui.model.upkeep_events import DiagnosticsSaved, StorageMeasured
from close_notes_gui.present.keymap import ACTS, keymap_of
from close_notes_gui.ui import keytable
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.richtext.editor import NoteEditor
from close_notes_gui.ui.settings.attaching import extensions_in
from close_notes_gui.ui.settings.form import _SECTIONS
from close_notes_gui.ui.settings.key_field import KeyField
from tests.gui.desk import WANDERLUST, Desk
from tests.gui.test_panels import press, said

CTRL = Qt.KeyboardModifier.ControlModifier
#: Kept for the rep, and changed elsewhere than in the panel.
ELSEWHERE = {"shortcuts", "hidden_templates"}


def open_at(desk: Desk, section: str) -> None:
    if desk.window.settings_panel.isHidden():
        QTest.mouseClick(desk.window.settings_button, Qt.MouseButton.LeftButton)
    desk.window.settings.open_named(section)
    desk.settle()


def last(desk: Desk) -> Settings:
    return desk.of(ChangeSettings)[-1].settings


def test_every_setting_has_a_control(desk: Desk):
    bound = set()
    for name, _ in _SECTIONS:
        open_at(desk, name)
        bound |= set(desk.window.settings._made[name]._readers)
    assert bound | ELSEWHERE == {field.name for field in fields(Settings)}


def test_every_section_is_reached_by_the_list_and_by_the_box(desk: Desk):
    open_at(desk, "Sending")
    form = desk.window.settings
    for number, (name, _) in enumerate(_SECTIONS):
        form._list.setCurrentRow(number)
        assert form.section is form._made[name]
        assert form._box.currentText() == name
    desk.window.resize(420, 560)
    desk.settle()
    assert not form._list.isVisible()
    assert form._box.isVisible()
    form._box.setCurrentIndex(0)
    form._box.activated.emit(0)
    assert form.section is form._made["Sending"]


def test_opening_and_drawing_changes_nothing(desk: Desk):
    for name, _ in _SECTIONS:
        open_at(desk, name)
        desk.hear(ev.SettingsChanged(replace(Settings(), undo_send_s=9, appearance="dark")))
    assert desk.of(ChangeSettings) == []


def test_blocked_types_are_changed_while_typing(desk: Desk):
    open_at(desk, "Attachments")
    field = desk.child("Blocked types")
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "*.EXE, ps1 .exe")
    assert last(desk).blocked_extensions == (".exe", ".ps1")
    assert field.text() == "*.EXE, ps1 .exe"  # not rewritten under the rep's hands
    desk.hear(ev.SettingsChanged(last(desk)))
    assert field.text() == "*.EXE, ps1 .exe"
    press(desk.window.settings, "As at first")
    assert last(desk).blocked_extensions == Settings().blocked_extensions


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("", ()), (" , ;", ()), ("tar.gz", (".tar.gz",)), ("..x", (".x",)), ("a a .A", (".a",))],
)
def test_extensions_as_typed(typed: str, meant: tuple[str, ...]):
    assert extensions_in(typed) == meant


def test_appearance_is_worn_at_once(desk: Desk, monkeypatch):
    worn: list[tuple[str, int]] = []
    monkeypatch.setattr(
        desk.window._wiring.settings,
        "_services",
        replace(desk.window._services, wear=lambda *look: worn.append(look)),
    )
    open_at(desk, "Appearance")
    for name, value in (("Colours", "Dark"), ("Text size", "Largest")):
        box = desk.child(name)
        assert isinstance(box, QComboBox)
        box.setCurrentText(value)
    assert (last(desk).appearance, last(desk).text_size_percent) == ("dark", 150)
    assert worn[-1] == ("dark", 150)


def key_field(desk: Desk, act: str) -> KeyField:
    open_at(desk, "Shortcuts")
    return desk.window.settings._made["Shortcuts"]._fields[act]  # type: ignore[attr-defined,no-any-return]


def give_key(desk: Desk, act: str, key: Qt.Key, modifiers=CTRL) -> None:
    field = key_field(desk, act)
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    QTest.keyClick(field, key, modifiers)
    desk.settle()


def test_a_key_is_changed_by_pressing_it(desk: Desk):
    give_key(desk, "new", Qt.Key.Key_J)
    assert last(desk).shortcuts == ("new=Ctrl+J",)
    assert key_field(desk, "new").text() == "Ctrl+J"
    desk.window.settings_panel.shut()
    desk.pick(WANDERLUST)
    desk.write("One")
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_N, CTRL)
    assert desk.text == "One"
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_J, CTRL)
    assert desk.text == ""
    assert _tip(desk.window.new_button) == "Ctrl+J"
    QTest.keyClick(desk.window, Qt.Key.Key_F1)
    assert "Ctrl+J" in said(desk.window.keys_panel)
    assert "Ctrl+N" not in said(desk.window.keys_panel)


def _tip(button: IconButton) -> str:
    button._write_tip()
    return button.toolTip().split("  ")[-1]


def test_a_taken_key_asks_first(desk: Desk):
    give_key(desk, "new", Qt.Key.Key_L)
    assert desk.of(ChangeSettings) == []
    assert "Find a lead" in said(desk.window.settings)
    press(desk.window.settings, "Leave it")
    assert "is taken" not in said(desk.window.settings)
    give_key(desk, "new", Qt.Key.Key_L)
    press(desk.window.settings, "Use it for “New note”")
    assert keymap_of(last(desk))["search"] == ""
    assert key_field(desk, "search").text() == "None"
    press(desk.window.settings, "All keys as at first")
    assert last(desk).shortcuts == ()


def test_a_letter_alone_is_no_key(desk: Desk):
    give_key(desk, "new", Qt.Key.Key_J, Qt.KeyboardModifier.NoModifier)
    assert desk.of(ChangeSettings) == []
    assert "cannot be used" in said(desk.window.settings)


@pytest.mark.skipif(sys.platform != "linux", reason="where the keys are differs by system")
@pytest.mark.parametrize(
    ("key", "code", "meant"),
    [
        (Qt.Key.Key_Ampersand, 16, "Ctrl+Shift+7"),  # the 7 of an English keyboard
        (Qt.Key.Key_Slash, 16, "Ctrl+Shift+7"),  # of a German one
        (Qt.Key.Key_7, 16, "Ctrl+Shift+7"),  # of a French one
        (Qt.Key.Key_Colon, 60, "Ctrl+:"),
        (Qt.Key.Key_J, 44, "Ctrl+Shift+J"),
        (Qt.Key.Key_F5, 71, "Ctrl+Shift+F5"),
    ],
)
def test_a_key_is_taken_as_it_will_be_found_again(desk: Desk, key: Qt.Key, code: int, meant: str):
    field = key_field(desk, "new")
    told: list[str] = []
    field.wished.connect(told.append)
    field.click()
    shift = CTRL | Qt.KeyboardModifier.ShiftModifier
    pressed = QKeyEvent(QKeyEvent.Type.KeyPress, key, shift, code, 0, 0)
    QApplication.sendEvent(field, pressed)
    assert told == [meant]


def test_backspace_takes_a_key_away_and_escape_leaves_it(desk: Desk):
    give_key(desk, "new", Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert desk.of(ChangeSettings) == []
    assert not desk.window.settings_panel.isHidden()
    give_key(desk, "new", Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier)
    assert last(desk).shortcuts == ("new=",)
    assert key_field(desk, "new").text() == "None"


def test_a_key_of_the_text_is_changed_in_every_editor(desk: Desk):
    desk.hear(ev.SettingsChanged(Settings(shortcuts=("bold=Ctrl+J",))))
    desk.write("x")
    for editor in desk.window.findChildren(NoteEditor):
        assert any(s.key().toString() == "Ctrl+J" for s in editor._bindings._bound.values())
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_J, CTRL)
    desk.write("y")
    assert desk.window.compose.editor.note_html() == "<body><p>x<strong>y</strong></p></body>"
    desk.hear(ev.SettingsChanged(Settings()))
    assert keytable.now() == keymap_of(Settings())


def test_a_key_that_text_boxes_claim_works_for_the_window(desk: Desk):
    """On X11 a text box takes Ctrl+K to delete to the end of the line."""
    moved = ("link=", "outbox=Ctrl+K")
    desk.hear(ev.SettingsChanged(Settings(shortcuts=moved)))
    desk.write("kept")
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_Home)
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_K, CTRL)
    assert not desk.window.outbox_panel.isHidden()
    assert desk.text == "kept"


def test_every_act_that_can_have_a_key_does_something(desk: Desk):
    bound = set(desk.window._wiring.settings._shortcuts._bound)
    bound |= set(desk.window.compose.editor._bindings.acts)
    assert bound == {act.act for act in ACTS.values() if act.is_editable}


def test_storage_is_measured_when_looked_at_and_cleared(desk: Desk):
    open_at(desk, "Storage")
    assert len(desk.of(MeasureStorage)) == 1
    parts = (StoragePart(StorageKind.NOTES, 2_000_000), StoragePart(StorageKind.LOG, 0))
    desk.hear(StorageMeasured(Path("/data/close-notes"), parts))
    told = said(desk.window.settings)
    assert "2.0 MB" in told
    assert "The log" not in told
    press(desk.window.settings, "Show folder")
    assert desk.shown == [("open", Path("/data/close-notes"))]
    press(desk.window.settings, "Clear caches")
    assert len(desk.of(ClearCaches)) == 1
    desk.hear(StorageMeasured(Path("/data/close-notes"), parts, are_caches_cleared=True))
    assert "Cleared" in said(desk.window.settings)


def test_a_report_is_saved_where_the_rep_says(desk: Desk):
    open_at(desk, "About")
    told = said(desk.window.settings)
    for word in ("Close Notes", "Qt", "Python"):
        assert word in told
    press(desk.window.settings, "Save a report…")
    (asked,) = desk.of(SaveDiagnostics)
    assert asked.target == Path("/chosen/close-notes-report.txt")
    assert dict(asked.about)["Qt"]
    desk.hear(DiagnosticsSaved(asked.target))
    press(desk.window.settings, "Show it")
    assert desk.shown == [("reveal", asked.target)]


@pytest.mark.parametrize("section", ["Sending", "Appearance", "Attachments"])
def test_tabbing_through_a_section_stays_in_the_panel(desk: Desk, section: str):
    open_at(desk, section)
    desk.window.settings._list.setFocus()
    seen: list[QWidget] = []
    for key in (*[Qt.Key.Key_Tab] * 12, *[Qt.Key.Key_Backtab] * 12):
        QTest.keyClick(desk.window.focusWidget(), key)
        seen.append(desk.window.focusWidget())
    assert not desk.window.settings_panel.isHidden()
    assert all(desk.window.settings_panel.isAncestorOf(widget) for widget in seen)
    page = desk.window.settings.section
    assert page is not None
    assert any(page.isAncestorOf(widget) for widget in seen)
    assert desk.window.settings._list in seen

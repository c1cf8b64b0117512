"""A lead that was picked and is gone: it is said where the rep looks, and the text finds its way."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import OpenLead, ReviseDraft
from close_notes_gui.present import show
from tests.gui.desk import NOW, SWAN, WANDERLUST, Desk


def test_the_notes_say_so_instead_of_loading_for_ever(desk: Desk):
    desk.loaded()
    desk.pick(WANDERLUST)
    desk.hear(ev.LeadMissing(WANDERLUST.id))
    line = show.timeline_view(desk.model.state, NOW).line
    assert line is not None
    assert line.text == "This lead is no longer in Close."


def test_the_text_goes_to_the_lead_picked_next(desk: Desk):
    desk.loaded()
    desk.pick(WANDERLUST)
    desk.write("They want a quote.")
    desk.hear(ev.LeadMissing(WANDERLUST.id))
    desk.search("swa", SWAN)
    QTest.keyClick(desk.window.picker, Qt.Key.Key_Return)
    assert desk.window.compose.editor.toPlainText() == "They want a quote."
    moved = desk.of(ReviseDraft)[-1].draft
    assert moved.lead_id == SWAN.id
    assert "They want a quote." in moved.note_html


def test_where_it_was_merged_one_button_goes_there_with_the_text(desk: Desk):
    desk.loaded()
    desk.pick(WANDERLUST)
    desk.write("They want a quote.")
    desk.hear(ev.LeadMissing(WANDERLUST.id, merged_into=SWAN))
    [button] = [
        found
        for found in desk.window.notices.findChildren(QPushButton)
        if found.text() == f"Write to {SWAN.name}"
    ]
    button.click()
    assert desk.of(OpenLead)[-1].lead_id == SWAN.id
    assert desk.of(ReviseDraft)[-1].draft.lead_id == SWAN.id
    assert desk.window.compose.editor.toPlainText() == "They want a quote."
    assert desk.model.state.notices == ()

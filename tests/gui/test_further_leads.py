"""One note to several leads: found by the search, shown as chips, sent as one note each."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from close_notes_gui.model.commands import SendDraft
from close_notes_gui.model.lead import Lead
from tests.gui.desk import SWAN, WANDERLUST, WANDSWORTH, Desk


def add(desk: Desk, lead: Lead) -> None:
    QTest.mouseClick(desk.child("Send to another lead as well"), Qt.MouseButton.LeftButton)
    QTest.keyClicks(desk.window.picker, lead.name[:3])
    desk.found(lead)
    QTest.keyClick(desk.window.picker, Qt.Key.Key_Return)


def names(desk: Desk) -> list[str]:
    return [other.name for other in desk.model.state.draft.also_leads]


def test_further_leads_are_found_added_and_removed(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("For all")
    add(desk, SWAN)
    add(desk, WANDSWORTH)
    assert names(desk) == [SWAN.name, WANDSWORTH.name]
    assert desk.text == "For all"
    assert desk.model.state.draft.lead_id == WANDERLUST.id
    assert desk.window.focusWidget() is desk.window.compose.editor
    send = desk.child("Send")
    assert isinstance(send, QPushButton)
    assert send.text() == "Send to 3"
    QTest.mouseClick(desk.child(f"Remove lead {SWAN.name}"), Qt.MouseButton.LeftButton)
    assert names(desk) == [WANDSWORTH.name]
    desk.press_send()
    sent = desk.of(SendDraft)[-1].draft
    assert [other.lead_id for other in sent.also_leads] == [WANDSWORTH.id]
    desk.queued()
    assert names(desk) == []


def test_the_same_lead_is_not_added_twice(desk: Desk):
    desk.pick(WANDERLUST)
    add(desk, SWAN)
    add(desk, SWAN)
    add(desk, WANDERLUST)
    assert names(desk) == [SWAN.name]


def test_after_esc_the_next_lead_picked_is_for_the_next_note(desk: Desk):
    desk.pick(WANDERLUST)
    QTest.mouseClick(desk.child("Send to another lead as well"), Qt.MouseButton.LeftButton)
    QTest.keyClick(desk.window.picker, Qt.Key.Key_Escape)
    desk.pick(SWAN)
    assert desk.model.state.draft.lead_id == SWAN.id
    assert names(desk) == []

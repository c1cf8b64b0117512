"""Writing and sending: what is typed is what is posted, and nothing typed is lost."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import FocusDraft, ReviseDraft, SendDraft
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.ids import DraftId
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.settings import Settings
from tests.gui.desk import NOW, SWAN, WANDERLUST, Desk, make_desk


def test_what_is_sent_is_what_is_in_the_editor(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("Called Grace")
    desk.press_send()
    revised, sent = desk.of(ReviseDraft)[-1], desk.of(SendDraft)[-1]
    assert "Called Grace" in sent.draft.note_html
    assert sent.draft.lead_id == WANDERLUST.id
    assert revised.draft == sent.draft
    assert desk.posted.index(revised) < desk.posted.index(sent)


def test_the_editor_clears_only_when_the_note_is_on_disk(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("Called Grace")
    desk.press_send()
    assert desk.text == "Called Grace"
    assert not desk.child("Send").isEnabled()
    desk.queued()
    assert desk.text == ""
    assert desk.child("Send").isEnabled()
    assert desk.model.state.draft.lead_id == WANDERLUST.id


def test_send_pressed_twice_sends_once(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("x")
    desk.press_send()
    desk.press_send()
    assert len(desk.of(SendDraft)) == 1


def test_keys_pressed_after_send_go_into_the_next_note(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    desk.write("Second")
    assert desk.text == "First"
    desk.queued()
    assert desk.text == "Second"


def test_after_a_note_the_next_letters_look_for_the_next_lead(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    desk.queued()
    assert desk.window.focusWidget() is desk.window.picker
    desk.hear(ev.DraftOpened(desk.of(SendDraft)[-1].draft))
    assert desk.text == "First"


def test_a_refused_note_stays_and_goes_on(desk: Desk):
    desk.write("No lead yet")
    desk.press_send()
    desk.write(", more")
    refused = ev.SendRefused(desk.of(SendDraft)[-1].draft.id, Problem(ProblemKind.NOTE_NO_LEAD))
    desk.hear(refused)
    assert desk.text == "No lead yet, more"
    assert desk.window.notices.isVisible()


def test_text_typed_before_the_drafts_are_known_stays(qtbot: QtBot):
    desk = make_desk()
    qtbot.addWidget(desk.window)
    desk.window.show()
    desk.write("Typed at once")
    other = Draft(DraftId("draft_old"), note_html="<body><p>Old</p></body>", revision=3)
    desk.hear(ev.Loaded(Settings(), drafts=(other,), focused_draft=other.id))
    assert desk.text == "Typed at once"
    assert any("Typed at once" in c.draft.note_html for c in desk.of(ReviseDraft))


def test_a_draft_that_opens_by_itself_does_not_swallow_the_other(desk: Desk):
    desk.write("Unsaved")
    back = Draft(DraftId("draft_back"), note_html="<body><p>Back again</p></body>", revision=1)
    desk.hear(ev.DraftOpened(back))
    assert desk.text == "Back again"
    assert "Unsaved" in desk.last_draft().note_html
    kinds = [type(command) for command in desk.posted]
    assert kinds.index(ReviseDraft) < len(kinds) - 1 - kinds[::-1].index(FocusDraft)


def test_text_is_saved_while_one_rests(desk: Desk, qtbot: QtBot):
    desk.write("Resting")
    assert not desk.of(ReviseDraft)
    qtbot.waitUntil(lambda: bool(desk.of(ReviseDraft)), timeout=3000)
    assert "Resting" in desk.last_draft().note_html


def test_text_is_saved_when_the_window_is_left(desk: Desk):
    desk.write("Leaving")
    desk.window.close()
    assert "Leaving" in desk.last_draft().note_html
    assert desk.closed == ["asked"]


def test_each_lead_has_its_own_text_and_cursor(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("For Wanderlust")
    cursor = desk.window.compose.editor.textCursor()
    cursor.setPosition(3)
    desk.window.compose.editor.setTextCursor(cursor)
    desk.pick(SWAN)
    assert desk.text == ""
    desk.write("For Swan")
    desk.pick(WANDERLUST)
    assert desk.text == "For Wanderlust"
    assert desk.window.compose.editor.textCursor().position() == 3


def test_the_first_lead_takes_the_text_with_it(desk: Desk):
    desk.write("Before the lead")
    desk.pick(WANDERLUST)
    assert desk.text == "Before the lead"
    assert desk.last_draft().lead_id == WANDERLUST.id


def test_title(desk: Desk):
    title = desk.child("Note title")
    assert isinstance(title, QLineEdit)
    QTest.keyClicks(title, "Renewal")
    desk.press_send()
    assert desk.of(SendDraft)[-1].draft.title == "Renewal"


def test_enter_in_the_title_goes_on_to_the_text(desk: Desk):
    QTest.keyClick(desk.child("Note title"), Qt.Key.Key_Return)
    assert desk.window.compose.editor.hasFocus()


def test_contact(desk: Desk):
    desk.pick(WANDERLUST)
    contact = desk.child("Contact")
    assert isinstance(contact, QComboBox)
    assert [contact.itemText(i) for i in range(contact.count())] == [
        "No contact",
        "Grace Hopper, CTO",
        "Ada Lovelace",
    ]
    contact.setFocus()
    QTest.keyClick(contact, Qt.Key.Key_Down)
    QTest.keyClick(contact, Qt.Key.Key_Down)
    assert desk.last_draft().contact_id == WANDERLUST.contacts[1].id


def test_pin(desk: Desk):
    pin = desk.child("Pinned")
    assert isinstance(pin, QToolButton)
    QTest.mouseClick(pin, Qt.MouseButton.LeftButton)
    assert desk.last_draft().pinned
    assert pin.isChecked()


def test_drawing_a_draft_changes_nothing(desk: Desk):
    draft = Draft(
        DraftId("draft_full"),
        note_html="<body><p>Text</p></body>",
        title="T",
        pinned=True,
        activity_at=NOW,
        revision=4,
    )
    desk.hear(ev.DraftOpened(draft))
    assert not desk.of(ReviseDraft)
    assert desk.model.state.draft == replace(draft)


def test_a_new_note_keeps_the_old_one(desk: Desk):
    desk.write("Old")
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(desk.window, Qt.Key.Key_N, control)
    assert desk.text == ""
    assert desk.window.picker.hasFocus()
    assert any("Old" in draft.note_html for draft in desk.model.state.drafts.values())


def test_progress_elsewhere_does_not_move_the_cursor(desk: Desk):
    desk.write("abc")
    editor = desk.window.compose.editor
    cursor = editor.textCursor()
    cursor.setPosition(1)
    editor.setTextCursor(cursor)
    desk.hear(ev.NetworkChanged(False), ev.NetworkChanged(True))
    assert editor.textCursor().position() == 1
    assert desk.text == "abc"

"""Status, notices, outbox, settings, sign-in: what they say and what they post."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import (
    ChangeSettings,
    DiscardDraft,
    DiscardNote,
    ReassignNote,
    RecallNote,
    ResolveNote,
    RestoreDraft,
    SignIn,
    SignOut,
)
from close_notes_gui.model.draft import OutboxEntry, OutboxState
from close_notes_gui.model.ids import NoteId
from close_notes_gui.model.note import Note
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.present.views import ActionKind
from close_notes_gui.ui.richtext.view import NoteView
from tests.gui.desk import NOW, SWAN, WANDERLUST, Desk

SECRET = "api_0123456789.abcdefghijkl"


def press(inside: QWidget, words: str) -> None:
    """Click the one visible button with these words."""
    QApplication.processEvents()
    (button,) = [b for b in inside.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def said(inside: QWidget) -> str:
    QApplication.processEvents()
    return "\n".join(part.text() for part in inside.findChildren(QLabel) if part.isVisible())


def sent_note(desk: Desk, **changes: object) -> OutboxEntry:
    desk.pick(WANDERLUST)
    desk.write("Called Grace")
    desk.press_send()
    entry: OutboxEntry = replace(desk.queued(), **changes)  # type: ignore[arg-type]
    desk.hear(ev.OutboxChanged(entry))
    return entry


def test_undo_a_send(desk: Desk):
    entry = sent_note(desk, not_before=NOW + timedelta(seconds=4))
    assert "4 s" in desk.window.status.text
    press(desk.window.status, "Undo")
    assert desk.of(RecallNote) == [RecallNote(entry.id)]
    desk.hear(ev.OutboxRemoved(entry.id), ev.DraftOpened(entry.frozen))
    assert desk.text == "Called Grace"
    assert desk.window.compose.editor.hasFocus()


def test_sent_offers_the_lead_in_close(desk: Desk):
    entry = sent_note(desk)
    note = Note(NoteId("acti_1"), WANDERLUST.id, entry.frozen.note_html, created_at=NOW)
    desk.hear(ev.NoteSent(entry, note))
    assert "Sent to Wanderlust" in desk.window.status.text
    press(desk.window.status, "Open in Close")
    assert desk.opened == [f"https://app.close.com/lead/{WANDERLUST.id}/"]


def test_the_number_of_waiting_notes_is_on_the_button(desk: Desk):
    entry = sent_note(desk)
    assert desk.window.outbox_button.number == 1
    desk.hear(ev.OutboxRemoved(entry.id))
    assert desk.window.outbox_button.number == 0


def test_a_doubtful_note_shows_both_texts_and_asks(desk: Desk):
    entry = sent_note(
        desk, state=OutboxState.ASKING, look_alike_html="<body><p>What Close has</p></body>"
    )
    QTest.mouseClick(desk.window.outbox_button, Qt.MouseButton.LeftButton)
    texts = [view.toPlainText() for view in desk.window.outbox.findChildren(NoteView)]
    assert texts == ["Called Grace", "What Close has"]
    press(desk.window.outbox, "It is there")
    assert desk.of(ResolveNote) == [ResolveNote(entry.id, True)]


def test_a_note_whose_lead_is_gone_gets_another(desk: Desk):
    gone = Problem(ProblemKind.LEAD_GONE, subject="Wanderlust")
    entry = sent_note(desk, state=OutboxState.FAILED, problem=gone)
    QTest.mouseClick(desk.window.outbox_button, Qt.MouseButton.LeftButton)
    press(desk.window.outbox, "Choose another lead")
    assert desk.window.picker.hasFocus()
    opened = desk.model.state.open_draft
    desk.search("swa", SWAN)
    QTest.keyClick(desk.window.picker, Qt.Key.Key_Return)
    assert desk.of(ReassignNote) == [ReassignNote(entry.id, SWAN.id, SWAN.name)]
    assert desk.model.state.open_draft == opened
    desk.pick(SWAN)  # the next lead picked is for the note in the editor again
    assert len(desk.of(ReassignNote)) == 1


def test_a_note_given_up(desk: Desk):
    entry = sent_note(desk, state=OutboxState.FAILED, problem=Problem(ProblemKind.REFUSED))
    QTest.mouseClick(desk.window.outbox_button, Qt.MouseButton.LeftButton)
    press(desk.window.outbox, "Discard")
    assert desk.of(DiscardNote) == [DiscardNote(entry.id)]


def test_a_discarded_draft_can_be_had_back(desk: Desk):
    desk.write("Throw away")
    QTest.mouseClick(desk.window.outbox_button, Qt.MouseButton.LeftButton)
    press(desk.window.outbox, "Discard")
    (discard,) = desk.of(DiscardDraft)
    assert desk.text == ""
    press(desk.window.notices, "Undo")
    assert desk.of(RestoreDraft) == [RestoreDraft(discard.draft_id)]


def test_a_draft_opens_from_the_panel(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("One")
    desk.pick(SWAN)
    QTest.mouseClick(desk.window.outbox_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(desk.child("Open draft to Wanderlust Travel"), Qt.MouseButton.LeftButton)
    assert desk.text == "One"
    assert not desk.window.outbox_panel.isVisible()


@pytest.mark.parametrize("way", ["escape", "cross", "again"])
def test_a_panel_shuts(desk: Desk, way: str):
    panel = desk.window.settings_panel
    QTest.mouseClick(desk.window.settings_button, Qt.MouseButton.LeftButton)
    assert panel.isVisible()
    if way == "escape":
        QTest.keyClick(panel, Qt.Key.Key_Escape)
    elif way == "cross":
        QTest.mouseClick(desk.child("Close settings"), Qt.MouseButton.LeftButton)
    else:
        QTest.keyClick(desk.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert not panel.isVisible()
    assert desk.window.compose.editor.hasFocus()


def test_notices_say_what_is_safe_and_can_be_dismissed(desk: Desk):
    desk.hear(ev.TroubleArose(Problem(ProblemKind.DISK_FULL)))
    assert "safe" in said(desk.window.notices)
    QTest.mouseClick(desk.child("Dismiss"), Qt.MouseButton.LeftButton)
    assert not desk.window.notices.isVisible()


def test_notices_take_no_focus(desk: Desk):
    desk.window.compose.editor.setFocus()
    desk.hear(ev.TroubleArose(Problem(ProblemKind.DISK_FULL)))
    assert desk.window.compose.editor.hasFocus()


def test_settings_count_at_once(desk: Desk):
    QTest.mouseClick(desk.window.settings_button, Qt.MouseButton.LeftButton)
    undo = desk.child("Undo send, seconds")
    assert isinstance(undo, QSpinBox)
    undo.setFocus()
    QTest.keyClick(undo, Qt.Key.Key_Up)
    assert desk.of(ChangeSettings)[-1].settings.undo_send_s == 6
    desk.window.settings.open_named("Attachments")
    (switch,) = [
        box for box in desk.window.settings.findChildren(QCheckBox) if "dropped" in box.text()
    ]
    switch.click()
    assert not desk.of(ChangeSettings)[-1].settings.upload_on_drop


def test_drawing_settings_changes_none(desk: Desk):
    settings = replace(desk.model.state.settings, undo_send_s=0, upload_on_drop=False)
    desk.hear(ev.SettingsChanged(settings))
    assert not desk.of(ChangeSettings)


def test_sign_out_keeps_the_text(desk: Desk):
    desk.write("Not lost")
    QTest.mouseClick(desk.window.settings_button, Qt.MouseButton.LeftButton)
    desk.window.settings.open_named("Accounts")
    press(desk.window.settings, "Sign out")
    assert "Not lost" in desk.last_draft().note_html
    assert isinstance(desk.posted[-1], SignOut)


def test_the_key_is_never_shown_nor_kept_in_the_field(desk: Desk):
    desk.hear(ev.SignInNeeded())
    field = desk.child("API key")
    assert isinstance(field, QLineEdit)
    assert field.hasFocus()
    QTest.keyClicks(field, f"  {SECRET} ")
    assert field.displayText() == "●" * len(field.text()) or SECRET not in field.displayText()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.of(SignIn) == [SignIn(ApiKey(SECRET))]
    assert SECRET not in repr(desk.posted)
    assert SECRET not in repr(desk.model.state)
    assert field.text() == ""
    assert not field.isEnabled()


def test_a_refused_key_says_what_to_do(desk: Desk):
    desk.write("Kept meanwhile")
    desk.hear(ev.SignInNeeded(Problem(ProblemKind.KEY_REFUSED)))
    assert desk.window.sign_in.isVisible()
    assert "API Keys" in said(desk.window.sign_in)
    desk.loaded()
    assert not desk.window.sign_in.isVisible()
    assert desk.text == "Kept meanwhile"


def test_every_kind_of_action_has_its_step(desk: Desk):
    assert set(desk.window._wiring._acts.steps) == set(ActionKind)


def test_the_sandbox_is_one_click_away(desk: Desk):
    desk.hear(ev.SignInNeeded())
    [button] = [
        found
        for found in desk.window.sign_in.findChildren(QPushButton)
        if found.text() == "Try the sandbox"
    ]
    button.click()
    assert desk.opened == ["sandbox"]

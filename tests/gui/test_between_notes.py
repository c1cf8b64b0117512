"""What is typed, pasted or dropped in the moments between two notes goes where it was meant to."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import (
    AcknowledgeStore,
    AttachFiles,
    FocusDraft,
    RestoreDraft,
    ReviseDraft,
    SendDraft,
)
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.ids import DraftId
from close_notes_gui.model.settings import Settings
from close_notes_gui.present import actions
from close_notes_gui.ui.opening import open_filled
from close_notes_gui.ui.services import Services
from tests.gui.desk import ACCOUNT, SWAN, WANDERLUST, Desk, make_desk

LAST_LINE = "line 3999"


def commit(desk: Desk, text: str) -> None:
    """As an input method does: dead keys, accents, CJK."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(desk.window.compose.editor, event)


def seek(desk: Desk, words: str) -> None:
    """Words and Enter, faster than the answer."""
    desk.window.picker.open()
    QTest.keyClicks(desk.window.picker, words)
    QTest.keyClick(desk.window.picker, Qt.Key.Key_Return)


def paste_much(desk: Desk) -> None:
    mime = QMimeData()
    mime.setText("\n".join(f"line {i} of the paste" for i in range(4000)))
    desk.window.compose.editor.insertFromMimeData(mime)
    assert desk.window.compose.editor.is_busy


def texts(desk: Desk) -> dict[object, str]:
    return {draft.lead_id: draft.note_html for draft in desk.model.state.drafts.values()}


# --- Enter before the lead is found


def test_send_waits_for_the_lead_that_was_asked_for(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("half")
    seek(desk, "swa")
    desk.write("for swan")
    desk.press_send()
    desk.write("next")
    assert not desk.of(SendDraft)
    desk.found(SWAN)
    [sent] = desk.of(SendDraft)
    assert (sent.draft.lead_id, sent.draft.note_html) == (SWAN.id, "<body><p>for swan</p></body>")
    desk.queued()
    assert desk.text == "next"
    assert "half" in texts(desk)[WANDERLUST.id]


def test_nothing_is_sent_where_the_lead_is_not_found(desk: Desk):
    desk.pick(WANDERLUST)
    seek(desk, "zzz")
    desk.write("for zzz corp")
    desk.press_send()
    desk.found()
    assert not desk.of(SendDraft)
    assert "for zzz corp" in desk.text


@pytest.mark.parametrize("waits_for", ["lead", "queue"])
def test_what_an_input_method_commits_is_held_like_keys(desk: Desk, waits_for: str):
    desk.pick(WANDERLUST)
    desk.write("First")
    if waits_for == "lead":
        seek(desk, "swa")
    else:
        desk.press_send()
    commit(desk, "é")
    desk.write("t")
    assert desk.text == "First"
    if waits_for == "lead":
        desk.found(SWAN)
    else:
        desk.queued()
    assert desk.text == "ét"


# --- between Send and the outbox


def test_the_sealed_note_takes_no_paste_by_mouse(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    assert desk.window.compose.editor.isReadOnly()
    assert desk.window.compose.title.isReadOnly()
    desk.queued()
    assert not desk.window.compose.editor.isReadOnly()
    assert not desk.window.compose.title.isReadOnly()


def test_a_title_typed_after_send_is_the_next_notes(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    QTest.keyClicks(desk.window.compose.title, "Next title")
    [sent] = desk.of(SendDraft)
    assert sent.draft.title == ""
    desk.queued()
    assert desk.window.compose.title.text() == "Next title"


def test_a_file_dropped_after_send_is_the_next_notes(desk: Desk, tmp_path: Path):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    desk.window._wiring.intake.attach([tmp_path / "x.txt"])
    assert not desk.of(AttachFiles)
    desk.queued()
    assert [a.draft_id for a in desk.of(AttachFiles)] == [desk.model.state.open_draft]


def test_the_note_after_a_sent_one_opens_at_the_next_start(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    desk.queued()
    assert desk.of(FocusDraft)[-1].draft_id == desk.model.state.open_draft


# --- while a long paste comes in


def test_a_long_paste_is_whole_when_another_note_is_begun(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("before ")
    paste_much(desk)
    QTest.keyClick(desk.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert "before" in texts(desk)[WANDERLUST.id]
    assert LAST_LINE in texts(desk)[WANDERLUST.id]


def test_a_long_paste_and_the_keys_after_it_stay_with_their_lead(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("before ")
    paste_much(desk)
    desk.write("tail typed")
    desk.pick(SWAN)
    desk.settle()
    assert "tail typed" not in desk.text
    for words in ("before", LAST_LINE, "tail typed"):
        assert words in texts(desk)[WANDERLUST.id]


def test_a_long_paste_is_whole_when_the_window_is_closed(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("before ")
    paste_much(desk)
    desk.window.close()
    assert "before" in desk.last_draft().note_html
    assert LAST_LINE in desk.last_draft().note_html


def test_a_long_paste_is_whole_when_another_draft_comes_back(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("before ")
    paste_much(desk)
    old = Draft(DraftId("other"), lead_id=SWAN.id, note_html="<body><p>old</p></body>", revision=3)
    desk.hear(ev.DraftOpened(old))
    assert "before" in texts(desk)[WANDERLUST.id]
    assert LAST_LINE in texts(desk)[WANDERLUST.id]


# --- drafts and accounts


def test_a_composer_that_opens_filled_changes_no_draft(desk: Desk):
    desk.pick(SWAN)
    desk.write("being written")
    QTest.keyClicks(desk.window.compose.title, "Old title")
    desk.window._wiring.save_all()
    before = desk.model.state.draft
    open_filled(desk.window, desk.model, Services(), lead=str(SWAN.id), title="New", text="filled ")
    assert desk.model.state.drafts[before.id] == before
    assert desk.model.state.draft.title == "New"


def test_the_store_of_another_account_brings_its_own_text(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("secret of A")
    desk.window._wiring.save_all()
    draft = desk.model.state.draft
    desk.hear(ev.DraftSaved(draft.id, draft.revision))
    desk.hear(ev.Loaded(Settings()))
    assert desk.text == ""


def test_a_file_dropped_before_the_drafts_are_known_keeps_its_note(qtbot: QtBot, tmp_path: Path):
    desk = make_desk()
    qtbot.addWidget(desk.window)
    desk.window.show()
    desk.window._wiring.intake.attach([tmp_path / "x.txt"])
    [attach] = desk.of(AttachFiles)
    old = Draft(DraftId("old"), lead_id=SWAN.id, note_html="<body><p>old</p></body>", revision=1)
    desk.hear(ev.Loaded(Settings(), drafts=(old,), focused_draft=old.id))
    assert attach.draft_id in desk.model.state.drafts


def test_signing_out_twice_never_uses_an_id_again(desk: Desk):
    first = desk.model.state.open_draft
    desk.hear(ev.SignedOut())
    second = desk.model.state.open_draft
    desk.hear(ev.Loaded(Settings(), focused_draft=first))
    desk.hear(ev.SignedOut())
    assert len({first, second, desk.model.state.open_draft}) == 3


def test_what_is_typed_until_the_rep_is_signed_out_is_saved_where_it_belongs(desk: Desk):
    """Before the window says that it has seen the sign-out."""
    desk.pick(WANDERLUST)
    desk.window.settings.sign_out_asked.emit()
    desk.write("typed while the keyring asks")
    desk.posted.clear()
    desk.hear(ev.SignedOut())
    kinds = [type(command) for command in desk.posted]
    assert kinds[: kinds.index(AcknowledgeStore) + 1] == [ReviseDraft, AcknowledgeStore]
    assert "typed while the keyring asks" in desk.last_draft().note_html
    assert desk.text == ""


def test_unsaved_text_does_not_go_over_to_another_account(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("secret of A")
    desk.posted.clear()
    desk.hear(ev.Loaded(Settings(), takes_over=False))
    assert desk.text == ""
    assert "secret of A" not in " ".join(texts(desk).values())
    kinds = [type(command) for command in desk.posted]
    assert kinds[: kinds.index(AcknowledgeStore) + 1] == [ReviseDraft, AcknowledgeStore]


def test_a_note_being_sent_while_the_account_changes_seals_nothing_of_the_other(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("of A")
    desk.press_send()
    desk.hear(ev.Loaded(Settings(), takes_over=False))
    desk.write("of B")
    assert desk.text == "of B"


def test_discarding_can_be_undone_across_signing_in(qtbot: QtBot):
    desk = make_desk()
    qtbot.addWidget(desk.window)
    desk.window.show()
    desk.hear(ev.Loaded(Settings()))
    desk.write("thrown away too soon")
    desk.window._wiring.save_all()
    thrown = desk.model.state.draft
    desk.model.do(actions.discard_draft, thrown.id, new_draft_id=DraftId("blank"))
    desk.hear(ev.Loaded(Settings(), drafts=(thrown,), focused_draft=thrown.id))
    assert thrown.id not in desk.model.state.drafts
    desk.hear(ev.DraftDiscarded(thrown.id), ev.SignedIn(ACCOUNT))
    desk.model.do(actions.restore_draft)
    assert desk.of(RestoreDraft) == [RestoreDraft(thrown.id)]
    desk.hear(ev.DraftOpened(thrown))
    assert desk.text == "thrown away too soon"

"""Written on after Send, and gone on to another lead before the note is queued: nothing strays."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import AttachFiles, ReviseDraft, SendDraft
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.ids import DraftId
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.ui.opening import open_filled
from close_notes_gui.ui.services import Services
from tests.gui.desk import SWAN, WANDERLUST, Desk


def seek(desk: Desk, words: str) -> None:
    """Words and Enter, faster than the answer."""
    desk.window.picker.open()
    QTest.keyClicks(desk.window.picker, words)
    QTest.keyClick(desk.window.picker, Qt.Key.Key_Return)


def notes_of(desk: Desk, lead_id: object) -> list[str]:
    return [d.note_html for d in desk.model.state.drafts.values() if d.lead_id == lead_id]


@pytest.mark.parametrize("refused", [False, True])
def test_keys_after_send_stay_with_their_lead_when_another_is_picked(desk: Desk, refused: bool):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    desk.write("next")
    desk.pick(SWAN)
    assert desk.text == ""
    desk.write("for swan")
    [sent] = desk.of(SendDraft)
    if refused:
        desk.hear(ev.SendRefused(sent.draft.id, Problem(ProblemKind.DISK_FULL)))
    else:
        desk.queued()
    assert desk.text == "for swan"
    desk.window._wiring.save_all()
    assert notes_of(desk, SWAN.id) == ["<body><p>for swan</p></body>"]
    kept = ["<body><p>First</p></body>"] if refused else []
    assert sorted(notes_of(desk, WANDERLUST.id)) == [*kept, "<body><p>next</p></body>"]
    assert "next" in [c.draft.note_html[9:13] for c in desk.of(ReviseDraft)]


def test_a_title_after_send_stays_with_its_lead_when_another_is_picked(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    QTest.keyClicks(desk.window.compose.title, "Next title")
    desk.pick(SWAN)
    assert desk.window.compose.title.text() == ""
    assert "Next title" in [d.title for d in desk.model.state.drafts.values()]


def test_a_file_after_send_stays_with_its_lead_when_another_is_picked(desk: Desk, tmp_path: Path):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    desk.window._wiring.intake.attach([tmp_path / "x.txt"])
    desk.pick(SWAN)
    [attach] = desk.of(AttachFiles)
    assert desk.model.state.drafts[attach.draft_id].lead_id == WANDERLUST.id
    assert attach.draft_id != desk.of(SendDraft)[0].draft.id


def test_the_rep_comes_back_to_what_was_written_on(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    desk.write("next")
    desk.pick(SWAN)
    desk.queued()
    desk.pick(WANDERLUST)
    assert desk.text == "next"


def test_nothing_written_on_leaves_no_note_behind(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    desk.pick(SWAN)
    desk.queued()
    assert notes_of(desk, WANDERLUST.id) == []


def test_keys_after_send_and_keys_after_enter_each_go_to_their_lead(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    desk.write("next")
    seek(desk, "swa")
    desk.write("for swan")
    desk.found(SWAN)
    desk.queued()
    assert desk.text == "for swan"
    assert notes_of(desk, WANDERLUST.id) == ["<body><p>next</p></body>"]


def test_the_note_is_queued_while_the_next_lead_is_sought(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    desk.write("next")
    seek(desk, "swa")
    desk.write("for swan")
    desk.queued()
    assert desk.text == "next"
    assert desk.window.compose.editor.isReadOnly()
    desk.found(SWAN)
    assert desk.text == "for swan"
    assert notes_of(desk, WANDERLUST.id) == ["<body><p>next</p></body>"]


def test_a_file_dropped_while_a_lead_is_sought_goes_to_it(desk: Desk, tmp_path: Path):
    desk.pick(WANDERLUST)
    desk.write("half")
    seek(desk, "swa")
    desk.window._wiring.intake.attach([tmp_path / "x.txt"])
    assert not desk.of(AttachFiles)
    desk.found(SWAN)
    [attach] = desk.of(AttachFiles)
    assert desk.model.state.drafts[attach.draft_id].lead_id == SWAN.id


@pytest.mark.parametrize("switch", ["another account", "signed out", "undo"])
def test_keys_after_send_stay_with_their_lead_when_an_event_changes_the_sheet(
    desk: Desk, switch: str
):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    desk.write("next")
    other = Draft(
        DraftId("other"), lead_id=SWAN.id, note_html="<body><p>old</p></body>", revision=3
    )
    event: ev.Event = ev.DraftOpened(other)
    if switch != "undo":
        event = (
            ev.SignedOut() if switch == "signed out" else ev.Loaded(Settings(), takes_over=False)
        )
    desk.hear(event)
    assert desk.text == ("old" if switch == "undo" else "")
    [kept] = [c.draft for c in desk.of(ReviseDraft) if "next" in c.draft.note_html]
    assert kept.lead_id == WANDERLUST.id
    assert kept.id != desk.of(SendDraft)[0].draft.id


def test_a_second_start_that_opens_a_note_takes_nothing_along(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    desk.write("next")
    open_filled(desk.window, desk.model, Services(), lead=str(SWAN.id), text="filled")
    assert desk.text == "filled"
    assert notes_of(desk, WANDERLUST.id)[-1] == "<body><p>next</p></body>"


def test_what_was_written_on_is_kept_when_the_window_closes(desk: Desk, tmp_path: Path):
    desk.pick(WANDERLUST)
    desk.write("First")
    desk.press_send()
    desk.write("next")
    desk.window._wiring.intake.attach([tmp_path / "x.txt"])
    desk.window.close()
    [sent] = desk.of(SendDraft)
    assert desk.last_draft().note_html == "<body><p>next</p></body>"
    assert [c.draft_id for c in desk.of(AttachFiles)] == [desk.last_draft().id] != [sent.draft.id]


def test_what_was_written_for_a_lead_not_found_yet_is_kept_when_the_window_closes(desk: Desk):
    desk.pick(WANDERLUST)
    seek(desk, "swa")
    desk.write("for swan")
    desk.press_send()
    desk.window.close()
    assert "for swan" in desk.last_draft().note_html
    assert not desk.of(SendDraft)

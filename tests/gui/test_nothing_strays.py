"""What the rep typed or asked for stays with its own note and lead, whatever comes between."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from close_notes_gui.model import events as ev
from close_notes_gui.model.amendment import Amendment, AmendmentKind, AmendmentState
from close_notes_gui.model.commands import (
    AttachFiles,
    DiscardDraft,
    KeepCommentText,
    ReassignNote,
    RecallNote,
)
from close_notes_gui.model.draft import Draft, OutboxEntry, OutboxState
from close_notes_gui.model.ids import AmendmentId, DraftId, NoteId, OutboxId
from close_notes_gui.model.note import Note
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.present.edits import begin_edit
from close_notes_gui.present.filtering import NoteFilter
from close_notes_gui.present.views import Action, ActionKind
from close_notes_gui.ui.comments import CommentEditor
from tests.gui.desk import NOW, SWAN, WANDERLUST, WANDSWORTH, Desk

NOTE = Note(NoteId("acti_1"), WANDERLUST.id, "<body><p>Old</p></body>", author_name="Jane")
SECOND = replace(NOTE, id=NoteId("acti_2"), note_html="<body><p>Second</p></body>")
CONTROL = Qt.KeyboardModifier.ControlModifier


def on_lead(desk: Desk) -> None:
    desk.pick(WANDERLUST)
    desk.hear(ev.NotesLoaded(WANDERLUST.id, (NOTE, SECOND), fetched_at=NOW))
    desk.settle()


def press(desk: Desk, key: Qt.Key) -> None:
    """On the card of the first note."""
    (card,) = [c for c in desk.window.timeline.cards if c.item and c.item.key == NOTE.id]
    card.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(card, key)


def comment_field(desk: Desk) -> CommentEditor:
    editor = desk.child("Comment")
    assert isinstance(editor, CommentEditor)
    return editor


def html(words: str) -> str:
    return f"<body><p>{words}</p></body>"


def choose_another_lead(desk: Desk) -> OutboxId:
    """For a note whose lead is gone."""
    entry = OutboxEntry(
        OutboxId("out_1"),
        Draft(DraftId("failed"), WANDSWORTH.id, WANDSWORTH.name, html("For Wandsworth's heirs")),
        OutboxState.FAILED,
        NOW,
        problem=Problem(ProblemKind.LEAD_GONE),
    )
    desk.hear(ev.OutboxChanged(entry))
    desk.window._wiring._acts.act(Action(ActionKind.OTHER_LEAD, "", entry.id))
    return entry.id


@pytest.mark.parametrize("then", ["search", "new_note", "editor", "draft"])
def test_a_lead_looked_for_on_behalf_of_a_waiting_note_is_not_taken_for_it_later(
    desk: Desk, then: str
):
    kept = Draft(DraftId("kept"), None, "", html("Kept"), revision=1, changed_at=NOW)
    desk.loaded(drafts=[kept])
    desk.pick(WANDERLUST)
    choose_another_lead(desk)
    match then:
        case "search":
            desk.window._wiring.search()
        case "new_note":
            desk.window._wiring.new_note()
        case "editor":
            QTest.mouseClick(desk.window.compose.editor.viewport(), Qt.MouseButton.LeftButton)
        case "draft":
            desk.window.outbox.draft_opened.emit(kept.id)
    desk.search("swa", SWAN)
    QTest.keyClick(desk.window.picker, Qt.Key.Key_Return)
    assert desk.of(ReassignNote) == []
    assert desk.model.state.draft.lead_id == SWAN.id


def test_a_further_lead_is_not_added_to_another_note(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("For both")
    desk.press_send()
    QTest.mouseClick(desk.child("Send to another lead as well"), Qt.MouseButton.LeftButton)
    desk.queued()
    desk.search("swa", SWAN)
    QTest.keyClick(desk.window.picker, Qt.Key.Key_Return)
    assert desk.model.state.draft.also_leads == ()
    assert desk.model.state.draft.lead_id == SWAN.id


def test_keys_after_send_do_not_go_into_a_note_that_is_opened_to_be_edited(desk: Desk):
    on_lead(desk)
    desk.write("First")
    desk.press_send()
    desk.write("next")
    press(desk, Qt.Key.Key_F2)
    desk.queued()
    desk.window._wiring.save_all()
    edit = desk.model.state.draft
    assert edit.base == NOTE
    assert edit.note_html == html("Old")
    own = [d.note_html for d in desk.model.state.drafts.values() if not d.is_edit]
    assert own == [html("next")]


def test_a_file_dropped_on_an_edit_keeps_it(desk: Desk):
    on_lead(desk)
    press(desk, Qt.Key.Key_F2)
    edit = desk.model.state.draft
    desk.window._wiring.intake.attach([Path("/tmp/offer.pdf")])
    assert desk.of(AttachFiles)[-1].draft_id == edit.id
    desk.pick(SWAN)
    assert desk.of(DiscardDraft) == []
    assert edit.id in desk.model.state.drafts


def test_a_file_refused_leaves_an_edit_untouched(desk: Desk):
    on_lead(desk)
    press(desk, Qt.Key.Key_F2)
    edit = desk.model.state.draft
    desk.window._wiring.intake.attach([Path("/tmp/offer.lnk")])
    [file] = desk.of(AttachFiles)[-1].files
    problem = Problem(ProblemKind.FILE_UNREADABLE)
    desk.hear(ev.AttachmentRefused(edit.id, file.id, problem))
    desk.pick(SWAN)  # with the refusal still in sight
    assert desk.model.state.draft.lead_id == SWAN.id
    assert [c.draft_id for c in desk.of(DiscardDraft)] == [edit.id]


def test_an_edit_in_conflict_does_not_come_back_over_the_other_text_unasked(desk: Desk):
    on_lead(desk)
    edit = replace(
        begin_edit(NOTE, lead_name=WANDERLUST.name, draft_id=DraftId("edit"), now=NOW),
        note_html=html("Mine"),
    )
    found = replace(NOTE, note_html=html("Hers"))
    entry = OutboxEntry(
        OutboxId("out_1"),
        edit,
        OutboxState.ASKING,
        NOW,
        problem=Problem(ProblemKind.NOTE_CHANGED),
        look_alike_html=found.note_html,
        found=found,
    )
    desk.hear(ev.OutboxChanged(entry))
    desk.settle()
    press(desk, Qt.Key.Key_F2)
    assert desk.of(RecallNote) == []
    assert not desk.window.outbox_panel.isHidden()


def failed_comment(desk: Desk) -> Amendment:
    failed = Amendment(
        AmendmentId("am_1"),
        AmendmentKind.COMMENT,
        NOTE,
        NOW,
        body_html=html("Failed words"),
        state=AmendmentState.FAILED,
        problem=Problem(ProblemKind.REFUSED),
    )
    desk.hear(ev.AmendmentChanged(failed))
    return failed


def test_a_comment_that_comes_back_joins_what_is_being_written(desk: Desk):
    on_lead(desk)
    press(desk, Qt.Key.Key_C)
    QTest.keyClicks(comment_field(desk), "New words")
    failed = failed_comment(desk)
    desk.window._wiring._acts.act(Action(ActionKind.UNDO_AMENDMENT, "", failed.id))
    assert comment_field(desk).toPlainText() == "New words", "it may be too late to take it back"
    desk.hear(ev.AmendmentRemoved(failed.id))
    kept = desk.of(KeepCommentText)[-1].text.body_html
    assert kept == "<body><p>Failed words</p><p>New words</p></body>"
    assert comment_field(desk).toPlainText() == "Failed words\nNew words"


@pytest.mark.parametrize("is_card_reused", [False, True])
def test_a_comment_typed_a_moment_ago_outlives_its_card(desk: Desk, is_card_reused: bool):
    on_lead(desk)
    press(desk, Qt.Key.Key_C)
    QTest.keyClicks(comment_field(desk), "Half a comment")
    desk.window.timeline.filter_changed.emit(NoteFilter(words="second"))
    if is_card_reused:
        third = replace(SECOND, id=NoteId("acti_3"))
        desk.hear(ev.NotesLoaded(WANDERLUST.id, (SECOND, third), fetched_at=NOW))
        desk.settle()
    else:
        desk.window._wiring.save_all()
    assert [c.text.body_html for c in desk.of(KeepCommentText)] == [html("Half a comment")]
    assert desk.model.state.comments[NOTE.id].text_html == html("Half a comment")


def test_a_comment_to_a_note_that_is_not_there_any_more_is_kept(desk: Desk):
    on_lead(desk)
    desk.window.timeline.comment_added.emit("acti_gone", html("Late"))
    assert [c.text.body_html for c in desk.of(KeepCommentText)] == [html("Late")]

"""Comments beneath a note: read, written, added by Ctrl+Enter; nothing typed is lost."""

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from close_notes_gui.model import events as ev
from close_notes_gui.model.amendment import Amendment, AmendmentKind, AmendmentState
from close_notes_gui.model.commands import AmendNote, KeepCommentText, LoadComments, SendDraft
from close_notes_gui.model.ids import CommentId, NoteId
from close_notes_gui.model.note import Comment, Note
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.ui.comments import CommentEditor
from close_notes_gui.ui.note_card import NoteCard
from tests.gui.desk import NOW, SWAN, WANDERLUST, Desk

NOTES = tuple(
    Note(
        NoteId(f"acti_{n}"),
        WANDERLUST.id,
        f"<body><p>Note {n}</p></body>",
        author_name="Sam",
        activity_at=NOW - timedelta(days=n),
        comment_count=2 if n == 0 else 0,
    )
    for n in range(60)
)
FIRST = NOTES[0]
CONTROL = Qt.KeyboardModifier.ControlModifier


def opened(desk: Desk) -> CommentEditor:
    """The field beneath the first note."""
    desk.pick(WANDERLUST)
    desk.hear(ev.NotesLoaded(WANDERLUST.id, NOTES, fetched_at=NOW))
    desk.settle()
    QTest.keyClick(card(desk), Qt.Key.Key_C)
    return field(desk)


def card(desk: Desk) -> NoteCard:
    (found,) = [c for c in desk.window.timeline.cards if c.item and c.item.key == FIRST.id]
    return found


def field(desk: Desk) -> CommentEditor:
    desk.settle()
    editor = desk.child("Comment")
    assert isinstance(editor, CommentEditor)
    return editor


def kept(desk: Desk) -> Amendment:
    """The engine has the comment on disk."""
    asked = desk.of(AmendNote)[-1]
    made = Amendment(asked.amendment_id, asked.kind, asked.note, NOW, body_html=asked.body_html)
    desk.hear(ev.AmendmentChanged(made))
    return made


def words(desk: Desk) -> str:
    desk.settle()
    labels = [part.text() for part in card(desk).findChildren(QLabel) if part.isVisible()]
    return " | ".join(labels)


def test_comments_are_read_when_they_are_opened(desk: Desk):
    editor = opened(desk)
    assert desk.of(LoadComments) == [LoadComments(FIRST.id)]
    assert "Reading the comments" in words(desk)
    comment = Comment(
        CommentId("c"), FIRST.id, "<body><p>Good</p></body>", author_name="Jane", created_at=NOW
    )
    desk.hear(ev.CommentsLoaded(FIRST.id, (comment,)))
    assert "Jane" in words(desk)
    assert desk.window.focusWidget() is editor
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    QTest.keyClick(card(desk), Qt.Key.Key_C)
    desk.settle()
    assert "Jane" not in words(desk)


def test_that_they_could_not_be_read_is_said(desk: Desk):
    opened(desk)
    desk.hear(ev.CommentsLoaded(FIRST.id, problem=Problem(ProblemKind.OFFLINE)))
    assert "could not be read" in words(desk)


def test_ctrl_enter_adds_the_comment_and_not_the_note_on_the_sheet(desk: Desk):
    desk.write("On the sheet")
    editor = opened(desk)
    QTest.keyClicks(editor, "Agreed")
    QTest.keyClick(editor, Qt.Key.Key_Return, CONTROL)
    assert not desk.of(SendDraft)
    (asked,) = desk.of(AmendNote)
    assert (asked.kind, asked.note) == (AmendmentKind.COMMENT, FIRST)
    assert asked.body_html == "<body><p>Agreed</p></body>"
    QTest.keyClick(editor, Qt.Key.Key_Return, CONTROL)
    assert len(desk.of(AmendNote)) == 1


def test_the_field_empties_when_the_comment_is_on_disk_and_keys_go_into_the_next(desk: Desk):
    editor = opened(desk)
    QTest.keyClicks(editor, "Agreed")
    QTest.mouseClick(desk.child("Add the comment"), Qt.MouseButton.LeftButton)
    editor.setFocus()
    QTest.keyClicks(editor, "And more")
    assert editor.toPlainText() == "Agreed"
    kept(desk)
    desk.settle()
    assert editor.toPlainText() == "And more"
    assert "Adding" in words(desk)


def test_what_is_typed_is_kept_while_one_rests(desk: Desk, qtbot: QtBot):
    QTest.keyClicks(opened(desk), "Half a comm")
    qtbot.waitUntil(lambda: bool(desk.of(KeepCommentText)), timeout=3000)
    assert "Half a comm" in desk.of(KeepCommentText)[-1].text.body_html


def test_what_is_typed_is_there_again_after_another_lead(desk: Desk):
    QTest.keyClicks(opened(desk), "Half a comm")
    desk.pick(SWAN)
    assert "Half a comm" in desk.of(KeepCommentText)[-1].text.body_html
    desk.pick(WANDERLUST)
    assert field(desk).toPlainText() == "Half a comm"
    QTest.keyClick(field(desk), Qt.Key.Key_Escape)
    QTest.keyClick(card(desk), Qt.Key.Key_C)
    desk.settle()
    (button,) = [b for b in card(desk).findChildren(QPushButton) if b.isVisible()]
    assert button.text() == "Go on with your comment"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert field(desk).toPlainText() == "Half a comm"


def test_what_is_typed_stays_when_its_note_scrolls_far_away(desk: Desk):
    QTest.keyClicks(opened(desk), "Half a comm")
    desk.window.compose.editor.setFocus()
    desk.window.timeline.flush()
    bar = desk.window.timeline.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    for _ in range(20):
        desk.settle()
    assert not [c for c in desk.window.timeline.cards if c.item and c.item.key == FIRST.id]
    bar.setValue(0)
    for _ in range(20):
        desk.settle()
    assert field(desk).toPlainText() == "Half a comm"


def test_closing_the_window_keeps_what_is_typed(desk: Desk):
    QTest.keyClicks(opened(desk), "Half a comm")
    desk.window.close()
    assert "Half a comm" in desk.of(KeepCommentText)[-1].text.body_html


def test_a_refused_comment_can_be_edited_again(desk: Desk):
    editor = opened(desk)
    QTest.keyClicks(editor, "Agreed")
    QTest.keyClick(editor, Qt.Key.Key_Return, CONTROL)
    made = kept(desk)
    failed = replace(made, state=AmendmentState.FAILED, problem=Problem(ProblemKind.NOT_ALLOWED))
    desk.hear(ev.AmendmentChanged(failed))
    assert "was not added" in words(desk)
    (edit,) = [b for b in card(desk).findChildren(QPushButton) if b.text() == "Edit"]
    QTest.mouseClick(edit, Qt.MouseButton.LeftButton)
    desk.hear(ev.AmendmentRemoved(failed.id))
    assert editor.toPlainText() == "Agreed"

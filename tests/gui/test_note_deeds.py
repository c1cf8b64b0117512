"""What can be done with a note of the lead: by its menu, by keys on its card, in the editor."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from close_notes_gui.model import events as ev
from close_notes_gui.model.amendment import Amendment, AmendmentKind, AmendmentState
from close_notes_gui.model.commands import (
    AmendNote,
    DiscardDraft,
    LoadComments,
    OverwriteNote,
    SendDraft,
    UndoAmendment,
)
from close_notes_gui.model.draft import OutboxState
from close_notes_gui.model.ids import NoteId
from close_notes_gui.model.note import Note, NoteAttachment
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.line_view import LineView
from close_notes_gui.ui.note_card import NoteCard
from tests.gui.desk import NOW, WANDERLUST, Desk

FILE = NoteAttachment("https://app.close.com/go/file/1", "offer.pdf", "application/pdf", 1000)
NOTE = Note(
    NoteId("acti_1"),
    WANDERLUST.id,
    "<body><p>Old <strong>words</strong></p></body>",
    title="Old title",
    author_name="Jane Doe",
    activity_at=NOW - timedelta(days=20),
    attachments=(FILE,),
)
PLAIN = replace(NOTE, id=NoteId("acti_2"), title="", attachments=())


def card(desk: Desk, *notes: Note) -> NoteCard:
    """The first card of the lead, with the focus."""
    desk.pick(WANDERLUST)
    desk.hear(ev.NotesLoaded(WANDERLUST.id, notes or (NOTE, PLAIN), fetched_at=NOW))
    desk.settle()
    first = desk.window.timeline.cards[0]
    first.setFocus(Qt.FocusReason.TabFocusReason)
    return first


def menu(card: NoteCard) -> QMenu:
    """The card's menu, as a click with the right button opens it."""
    at = QPoint(20, 10)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(card, QContextMenuEvent(reason, at, card.mapToGlobal(at)))
    return card.findChildren(QMenu)[-1]


def choose(card: NoteCard, words: str) -> None:
    opened = menu(card)
    (action,) = [a for a in opened.actions() if a.text().partition("\t")[0] == words]
    opened.close()
    action.trigger()


def test_the_menu_holds_what_can_be_done(desk: Desk):
    opened = menu(card(desk))
    words = [a.text().partition("\t")[0] for a in opened.actions() if a.text()]
    opened.close()
    assert words == [
        "Edit",
        "Pin to the top",
        "Comments",
        "Duplicate",
        "Copy as text",
        "Copy as Markdown",
        "Copy as HTML",
        "Copy link to the lead",
        "Open in Close",
        "Delete",
    ]


def test_the_button_of_the_menu_is_quiet_until_it_can_be_wanted(desk: Desk):
    first = card(desk)
    desk.settle()
    button = first.findChildren(IconButton, "cross")[0]
    assert button.isVisible()
    desk.window.compose.editor.setFocus()
    desk.settle()
    assert not button.isVisible() or first.underMouse()


@pytest.mark.parametrize("by", ["key", "menu"])
def test_edit(desk: Desk, by: str):
    desk.write("")
    first = card(desk)
    if by == "key":
        QTest.keyClick(first, Qt.Key.Key_Return)
    else:
        choose(first, "Edit")
    assert desk.text == "Old words"
    band = desk.child("Editing a note")
    assert band.isVisible()
    assert desk.child("Save").isVisible()
    assert desk.window.focusWidget() is desk.window.compose.editor
    desk.write("New and ")
    desk.press_send()
    sent = desk.of(SendDraft)[-1].draft
    assert sent.base == NOTE
    assert "New and Old" in sent.note_html
    assert sent.kept_files == (FILE,)
    desk.queued()
    assert not band.isVisible()
    assert desk.child("Send").isVisible()
    assert desk.text == ""
    assert desk.window.focusWidget() is desk.window.compose.editor


def test_the_new_note_is_there_again_after_an_edit(desk: Desk):
    first = card(desk)
    desk.window.compose.editor.setFocus()
    desk.write("My new note")
    QTest.keyClick(first, Qt.Key.Key_Return)
    desk.write("x")
    QTest.mouseClick(desk.child("Cancel the edit"), Qt.MouseButton.LeftButton)
    assert desk.text == "My new note"
    assert len(desk.of(DiscardDraft)) == 1


def test_a_file_is_taken_off_and_put_back(desk: Desk):
    QTest.keyClick(card(desk), Qt.Key.Key_Return)
    QTest.mouseClick(desk.child("Remove file offer.pdf"), Qt.MouseButton.LeftButton)
    assert desk.last_draft().kept_files == ()
    QTest.mouseClick(desk.child("Put file offer.pdf back"), Qt.MouseButton.LeftButton)
    assert desk.last_draft().kept_files == (FILE,)


def test_an_edit_warns_before_it_drops_what_cannot_be_kept(desk: Desk):
    table = replace(NOTE, note_html="<body><table><tr><td>1</td></tr></table></body>")
    QTest.keyClick(card(desk, table), Qt.Key.Key_Return)
    desk.settle()
    told = [line.text for line in desk.window.compose.band.findChildren(LineView)]
    assert "a table" in " ".join(told)


@pytest.mark.parametrize(
    ("key", "kind"),
    [(Qt.Key.Key_P, AmendmentKind.PIN), (Qt.Key.Key_Delete, AmendmentKind.DELETE)],
)
def test_pin_and_delete_by_key(desk: Desk, key: Qt.Key, kind: AmendmentKind):
    QTest.keyClick(card(desk), key)
    (asked,) = desk.of(AmendNote)
    assert (asked.kind, asked.note) == (kind, NOTE)


def test_a_deleted_note_can_be_taken_back_beside_it(desk: Desk):
    first = card(desk)
    QTest.keyClick(first, Qt.Key.Key_Delete)
    asked = desk.of(AmendNote)[-1]
    held = Amendment(asked.amendment_id, asked.kind, asked.note, NOW, state=AmendmentState.HELD)
    desk.hear(ev.AmendmentChanged(held))
    desk.settle()
    (undo,) = [b for b in first.findChildren(QPushButton) if b.isVisible()]
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert desk.of(UndoAmendment) == [UndoAmendment(held.id)]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Copy as text", "Old title\n\nOld words"),
        ("Copy as Markdown", "# Old title\n\nOld **words**"),
        ("Copy as HTML", "<p>Old <strong>words</strong></p>"),
        ("Copy link to the lead", "https://app.close.com/lead/lead_1/"),
    ],
)
def test_copies(desk: Desk, words: str, text: str):
    choose(card(desk), words)
    assert QGuiApplication.clipboard().text().rstrip("\n") == text
    assert "Copied" in desk.window.status.text


def test_the_page_of_the_lead_is_opened(desk: Desk):
    choose(card(desk), "Open in Close")
    assert desk.opened == ["https://app.close.com/lead/lead_1/"]


def test_comments_are_opened_by_key(desk: Desk):
    QTest.keyClick(card(desk), Qt.Key.Key_C)
    assert desk.of(LoadComments) == [LoadComments(NOTE.id)]


def test_arrows_go_from_note_to_note(desk: Desk):
    first = card(desk)
    second = desk.window.timeline.cards[1]
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Up)
    assert first.hasFocus()


def test_a_note_changed_meanwhile_shows_both_and_asks(desk: Desk):
    QTest.keyClick(card(desk), Qt.Key.Key_Return)
    desk.write("Mine: ")
    desk.press_send()
    asking = replace(
        desk.queued(),
        state=OutboxState.ASKING,
        problem=Problem(ProblemKind.NOTE_CHANGED),
        look_alike_html="<body><p>Theirs</p></body>",
    )
    desk.hear(ev.OutboxChanged(asking))
    desk.window.outbox_button.click()
    desk.settle()
    buttons = [b for b in desk.window.outbox.findChildren(QPushButton) if b.isVisible()]
    assert [b.text() for b in buttons] == ["Use mine", "Edit again", "Discard mine"]
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert desk.of(OverwriteNote) == [OverwriteNote(asking.id)]


def test_after_a_deletion_the_next_note_is_marked(desk: Desk):
    first = card(desk, NOTE, PLAIN, replace(NOTE, id=NoteId("acti_3")))
    QTest.keyClick(first, Qt.Key.Key_Delete)
    asked = desk.of(AmendNote)[-1]
    desk.hear(ev.AmendmentDone(Amendment(asked.amendment_id, asked.kind, asked.note, NOW)))
    desk.settle()
    marked = desk.window.focusWidget()
    assert isinstance(marked, NoteCard)
    assert marked.item is not None
    assert marked.item.key == PLAIN.id

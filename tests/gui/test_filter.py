"""Which notes are shown: by words, author, days, pin and files; read on until there is enough."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import LoadNotes
from close_notes_gui.model.ids import NoteId, UserId
from close_notes_gui.model.note import Note, NoteAttachment
from close_notes_gui.model.problem import Problem, ProblemKind
from tests.gui.desk import NOW, SWAN, WANDERLUST, Desk

FILE = NoteAttachment("https://app.close.com/go/file/1", "Offer.pdf")


def note(number: int, words: str = "", **changes: object) -> Note:
    made = Note(
        NoteId(f"acti_{number}"),
        WANDERLUST.id,
        f"<body><p>{words or f'Note {number}'}</p></body>",
        user_id=UserId("user_2"),
        author_name="Sam Okafor",
        activity_at=NOW - timedelta(days=number),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


NOTES = (
    note(1, "They want a <strong>quo</strong>te"),
    note(2, "Grüße", pinned=True),
    note(3, "Mine", user_id=UserId("user_1"), author_name="Ruth Example"),
    note(4, "With a file", attachments=(FILE,)),
    note(40, "Long ago", title="A quote of old"),
)


def opened(desk: Desk, *notes: Note, more: bool = False) -> QLineEdit:
    desk.pick(WANDERLUST)
    given = notes or NOTES
    desk.hear(ev.NotesLoaded(WANDERLUST.id, given, has_more=more, fetched_at=NOW))
    desk.settle()
    control = Qt.KeyboardModifier.ControlModifier
    desk.window.timeline.cards[0].setFocus()
    QTest.keyClick(desk.window.timeline.cards[0], Qt.Key.Key_F, control)
    field = desk.child("Words in the notes")
    assert isinstance(field, QLineEdit)
    assert desk.window.focusWidget() is field
    return field


def shown(desk: Desk) -> list[str]:
    for _ in range(10):
        desk.settle()
    return [card.item.key for card in desk.window.timeline.cards if card.item is not None]


def look_for(field: QLineEdit, words: str) -> None:
    field.insert(words)
    QTest.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("quote", ["acti_1", "acti_40"]),
        ("QUOTE old", ["acti_40"]),
        ("grusse", ["acti_2"]),
        ("grüß", ["acti_2"]),
        ("offer", ["acti_4"]),
        ("ruth", ["acti_3"]),
    ],
)
def test_by_words_of_text_title_files_and_author(desk: Desk, words: str, keys: list[str]):
    look_for(opened(desk), words)
    assert shown(desk) == keys


def test_by_author(desk: Desk):
    opened(desk)
    author = desk.child("Author")
    assert isinstance(author, QComboBox)
    assert [author.itemText(i) for i in range(author.count())] == ["Anyone", "Me", "Sam Okafor"]
    author.setCurrentIndex(1)
    author.activated.emit(1)
    assert shown(desk) == ["acti_3"]


@pytest.mark.parametrize(
    ("name", "keys"), [("Only pinned notes", ["acti_2"]), ("Only notes with files", ["acti_4"])]
)
def test_pinned_and_with_files(desk: Desk, name: str, keys: list[str]):
    opened(desk)
    QTest.mouseClick(desk.child(name), Qt.MouseButton.LeftButton)
    assert shown(desk) == keys
    QTest.mouseClick(desk.child(name), Qt.MouseButton.LeftButton)
    assert len(shown(desk)) == len(NOTES)


def test_by_days(desk: Desk):
    opened(desk)
    QTest.mouseClick(desk.child("Days"), Qt.MouseButton.LeftButton)
    since, until = desk.child("From day"), desk.child("To day")
    day = (NOW - timedelta(days=3)).astimezone().date().isoformat()
    QTest.keyClicks(since, day)
    QTest.keyClicks(until, day)
    QTest.keyClick(until, Qt.Key.Key_Return)
    assert shown(desk) == ["acti_3"]
    assert desk.window.focusWidget() is desk.child("Days")


def test_days_that_are_not_understood_are_not_applied(desk: Desk):
    opened(desk)
    QTest.mouseClick(desk.child("Days"), Qt.MouseButton.LeftButton)
    QTest.keyClicks(desk.child("From day"), "soon")
    (apply,) = [b for b in desk.window.findChildren(QPushButton) if b.text() == "Apply"]
    assert not apply.isEnabled()


def test_esc_shows_all_again(desk: Desk):
    field = opened(desk)
    look_for(field, "quote")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert len(shown(desk)) == len(NOTES)
    assert not field.isVisible()


def test_it_is_said_how_many_fit(desk: Desk):
    look_for(opened(desk), "quote")
    desk.settle()
    labels = [one.text() for one in desk.window.timeline.findChildren(QLabel) if one.isVisible()]
    assert "2 of 5 notes" in labels
    look_for(desk.window.timeline.filter.findChildren(QLineEdit)[0], " xyz")
    desk.settle()
    assert shown(desk) == []
    labels = [one.text() for one in desk.window.timeline.findChildren(QLabel) if one.isVisible()]
    assert any("No note on this lead fits" in text for text in labels)


def test_notes_are_read_on_until_there_is_enough_to_see(desk: Desk, qtbot: QtBot):
    look_for(opened(desk, note(1), more=True), "needle")
    qtbot.waitUntil(lambda: len(desk.of(LoadNotes)) == 1)
    page = tuple(note(n) for n in range(2, 102))
    desk.hear(ev.NotesLoaded(WANDERLUST.id, page, skip=1, has_more=True))
    qtbot.waitUntil(lambda: len(desk.of(LoadNotes)) == 2)
    last = note(200, "a needle")
    desk.hear(ev.NotesLoaded(WANDERLUST.id, (last,), skip=101, has_more=False))
    assert shown(desk) == [last.id]
    assert len(desk.of(LoadNotes)) == 2


def test_each_lead_has_its_own_filter(desk: Desk):
    look_for(opened(desk), "quote")
    desk.pick(SWAN)
    assert not desk.window.timeline.filter.isVisible()
    desk.pick(WANDERLUST)
    assert desk.window.timeline.filter.isVisible()
    assert shown(desk) == ["acti_1", "acti_40"]


def test_offline_it_works_on_what_is_known_and_says_how_old_that_is(desk: Desk):
    desk.pick(WANDERLUST)
    old = NOW - timedelta(hours=3)
    desk.hear(ev.NotesLoaded(WANDERLUST.id, NOTES, is_cached=True, fetched_at=old))
    problem = Problem(ProblemKind.OFFLINE)
    desk.hear(ev.NotesLoaded(WANDERLUST.id, NOTES, is_cached=True, fetched_at=old, problem=problem))
    desk.settle()
    desk.window.timeline.open_filter()
    look_for(desk.window.timeline.filter.findChildren(QLineEdit)[0], "quote")
    assert shown(desk) == ["acti_1", "acti_40"]
    labels = [one.text() for one in desk.window.timeline.findChildren(QLabel) if one.isVisible()]
    assert any("as of 3 h ago" in text for text in labels)

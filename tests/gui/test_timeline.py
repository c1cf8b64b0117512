"""The notes of the lead: built as far as one scrolls, kept where they do not change."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import LoadNotes, SaveNoteFile
from close_notes_gui.model.files import FilePurpose, ReadyFile
from close_notes_gui.model.ids import NoteId
from close_notes_gui.model.note import Note, NoteAttachment
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.ui.note_card import NoteCard
from tests.gui.desk import NOW, SWAN, WANDERLUST, Desk


def note(number: int, words: str = "", **changes: object) -> Note:
    made = Note(
        NoteId(f"acti_{number}"),
        WANDERLUST.id,
        f"<body><p>{words or f'Note {number}'}</p></body>",
        author_name="Sam Okafor",
        activity_at=NOW - timedelta(hours=number + 1),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def notes(*given: Note, more: bool = False, skip: int = 0) -> ev.NotesLoaded:
    return ev.NotesLoaded(WANDERLUST.id, given, skip=skip, has_more=more, fetched_at=NOW)


def words(card: NoteCard) -> str:
    QApplication.processEvents()
    return " | ".join(part.text() for part in card.findChildren(QLabel) if part.isVisible())


def scroll(desk: Desk) -> QScrollArea:
    area = desk.child("Notes on this lead")
    assert isinstance(area, QScrollArea)
    return area


def test_a_note_shows_who_and_when(desk: Desk):
    desk.pick(WANDERLUST)
    desk.hear(notes(note(1, title="Renewal", pinned=True)))
    (card,) = desk.window.timeline.cards
    assert "Sam Okafor" in words(card)
    assert "2 h ago" in words(card)
    assert "Renewal" in words(card)
    (when,) = [part for part in card.findChildren(QLabel) if part.text() == "2 h ago"]
    assert "2026" in when.toolTip()


def test_markup_from_outside_is_no_markup(desk: Desk):
    desk.pick(WANDERLUST)
    desk.hear(notes(note(1, author_name="<b>Sam</b>", title="<i>x</i>")))
    (card,) = desk.window.timeline.cards
    assert "<b>Sam</b>" in words(card)
    assert "<i>x</i>" in words(card)


def test_a_file_of_a_note_is_brought_here_and_opened(desk: Desk):
    desk.pick(WANDERLUST)
    url = "https://app.close.com/go/file/1"
    desk.hear(notes(note(1, attachments=(NoteAttachment(url, "R&D plan.pdf", size_bytes=1000),))))
    (card,) = desk.window.timeline.cards
    desk.settle()
    (button,) = [b for b in card.findChildren(QPushButton) if b.isVisible()]
    assert button.accessibleName() == "File R&D plan.pdf"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.of(SaveNoteFile) == [SaveNoteFile(url, "R&D plan.pdf", FilePurpose.OPEN)]
    desk.hear(ev.NoteFileProgressed(url, 500, 1000))
    assert "50 %" in button.text()
    path = Path("/private/R&D plan.pdf")
    desk.hear(ev.NoteFileSaved(url, ReadyFile(path, FilePurpose.OPEN, may_open=True)))
    desk.hear(ev.NetworkChanged(is_online=True))
    assert desk.shown == [("open", path)]


def test_a_program_on_a_note_is_shown_in_its_folder_and_no_more(desk: Desk):
    problem = Problem(ProblemKind.FILE_NOT_OPENED, subject="setup.exe")
    path = Path("/private/setup.exe")
    desk.hear(ev.NoteFileSaved("u", ReadyFile(path, FilePurpose.OPEN, problem=problem)))
    assert desk.shown == [("reveal", path)]
    assert desk.model.state.notices[-1].problem == problem


def test_only_what_can_be_seen_is_built(desk: Desk, qtbot: QtBot):
    desk.pick(WANDERLUST)
    desk.hear(notes(*(note(n) for n in range(500)), more=True))
    bar = scroll(desk).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 600)
    assert len(desk.window.timeline.cards) < 40
    assert not desk.of(LoadNotes)
    built = len(desk.window.timeline.cards)
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: len(desk.window.timeline.cards) > built)


def test_the_end_of_the_list_asks_for_more_once(desk: Desk, qtbot: QtBot):
    desk.pick(WANDERLUST)
    desk.hear(notes(note(1), more=True))
    qtbot.waitUntil(lambda: bool(desk.of(LoadNotes)))
    assert [command.skip for command in desk.of(LoadNotes)] == [1]
    desk.hear(notes(note(2), skip=1))
    assert len(desk.window.timeline.cards) == 2


def test_a_card_that_did_not_change_is_kept(desk: Desk):
    desk.pick(WANDERLUST)
    desk.hear(notes(note(2)))
    (before,) = desk.window.timeline.cards
    desk.hear(notes(note(1), note(2)))
    first, second = desk.window.timeline.cards
    assert second is before
    assert first.y() <= second.y()


def test_a_note_on_its_way_is_in_the_list(desk: Desk):
    desk.pick(WANDERLUST)
    desk.hear(notes(note(1)))
    desk.write("On its way")
    desk.press_send()
    desk.queued()
    first, _second = desk.window.timeline.cards
    assert "Sending" in words(first)


def test_another_lead_starts_anew(desk: Desk):
    desk.pick(WANDERLUST)
    desk.hear(notes(*(note(n) for n in range(30))))
    desk.pick(SWAN)
    assert desk.window.timeline.cards == ()

"""The notes of the lead: built as far as one scrolls, kept where they do not change."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
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


def last_shown(desk: Desk) -> str | None:
    item = desk.window.timeline.cards[-1].item
    return item.note_id if item is not None else None


def test_only_what_can_be_seen_is_built(desk: Desk, qtbot: QtBot):
    desk.pick(WANDERLUST)
    desk.hear(notes(*(note(n) for n in range(500)), more=True))
    bar = scroll(desk).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 600)
    assert len(desk.window.timeline.cards) < 40
    assert not desk.of(LoadNotes)
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: last_shown(desk) == "acti_499")
    assert len(desk.window.timeline.cards) < 40


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


def long_list(desk: Desk) -> None:
    desk.pick(WANDERLUST)
    desk.hear(notes(*(note(n, f"Note {n} " + "word " * (n % 9 * 20)) for n in range(300))))
    settled(desk)


def settled(desk: Desk) -> None:
    for _ in range(30):
        desk.settle()


def test_cards_that_are_far_away_are_given_to_other_notes(desk: Desk):
    long_list(desk)
    bar = scroll(desk).verticalScrollBar()
    seen = set()
    for part in range(1, 21):
        bar.setValue(bar.maximum() * part // 20)
        settled(desk)
        seen |= {card.item.key for card in desk.window.timeline.cards if card.item}
        assert len(desk.window.timeline.cards) < 60
    assert len(seen) > 150
    assert "acti_299" in seen


def in_sight(desk: Desk) -> list[tuple[str, int]]:
    """The cards in sight, each with how far it is from the top of the list, in px."""
    view = desk.window.timeline.list.viewport()
    tops = [
        (card.item.key, card.mapTo(view, QPoint(0, 0)).y(), card.height())
        for card in desk.window.timeline.cards
        if card.item is not None
    ]
    return [(key, top) for key, top, height in tops if top + height > 0 and top < view.height()]


def gaps(desk: Desk) -> set[int]:
    """The room between cards in sight, in px."""
    keys = {key for key, _ in in_sight(desk)}
    cards = [c for c in desk.window.timeline.cards if c.item is not None and c.item.key in keys]
    return {after.y() - before.y() - before.height() for before, after in pairwise(cards)}


def test_cards_neither_overlap_nor_leave_holes(desk: Desk):
    long_list(desk)
    bar = scroll(desk).verticalScrollBar()
    for value in (0, 700, 5000, bar.maximum()):
        bar.setValue(value)
        settled(desk)
        assert in_sight(desk)
        assert gaps(desk) == {8}


def test_what_one_reads_stays_where_it_is_when_others_come(desk: Desk):
    long_list(desk)
    scroll(desk).verticalScrollBar().setValue(3000)
    settled(desk)
    before = in_sight(desk)
    known = desk.model.state.notes[WANDERLUST.id].notes
    desk.hear(notes(note(1000, "New " * 200), *known))
    settled(desk)
    assert in_sight(desk) == before


def test_at_the_top_new_notes_come_into_sight(desk: Desk):
    long_list(desk)
    known = desk.model.state.notes[WANDERLUST.id].notes
    desk.hear(notes(note(1000), *known))
    settled(desk)
    assert in_sight(desk)[0][0] == "acti_1000"


def test_another_width_lays_all_out_anew(desk: Desk):
    long_list(desk)
    scroll(desk).verticalScrollBar().setValue(4000)
    settled(desk)
    first = in_sight(desk)[0][0]
    desk.window.resize(900, 760)
    settled(desk)
    assert in_sight(desk)[0][0] == first
    assert gaps(desk) == {8}


def test_arrows_reach_notes_that_were_not_built_yet(desk: Desk):
    long_list(desk)
    card = desk.window.timeline.cards[0]
    card.setFocus()
    for _ in range(40):
        QTest.keyClick(desk.window.focusWidget(), Qt.Key.Key_Down)
    focused = desk.window.focusWidget()
    assert isinstance(focused, NoteCard)
    assert focused.item is not None
    assert focused.item.key == "acti_40"
    assert "acti_40" in [key for key, _ in in_sight(desk)]

"""Files dragged out of the window, and pictures of notes looked at: both are brought here first."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import (
    AttachFiles,
    CancelNoteFile,
    MoveAttachment,
    SaveNoteFile,
    ShowAttachment,
)
from close_notes_gui.model.files import FilePurpose, ReadyFile
from close_notes_gui.model.ids import AttachmentId
from close_notes_gui.model.note import NoteAttachment
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.pictures import Pictures
from close_notes_gui.ui.drag_out import chip_of, copy_file, mime_of
from close_notes_gui.ui.note_file import NoteFileButton
from close_notes_gui.ui.preview import Preview
from tests.gui.desk import WANDERLUST, Desk, make_desk
from tests.gui.mouse import LEFT, NONE, let_go, pull, send
from tests.gui.test_chip_mouse import attached, mark
from tests.gui.test_chip_mouse import chip_of as chip_named
from tests.gui.test_files import png
from tests.gui.test_timeline import note, notes

URL = "https://app.close.com/go/file/1"
HAND = FilePurpose.AT_HAND
COPY = Qt.DropAction.CopyAction


def file_button(
    desk: Desk, name: str = "plan.pdf", kind: str = "application/pdf"
) -> NoteFileButton:
    desk.pick(WANDERLUST)
    file = NoteAttachment(URL, name, kind, size_bytes=1000)
    desk.hear(notes(note(1, attachments=(file,))))
    button = desk.child(f"File {name}")
    assert isinstance(button, NoteFileButton)
    return button


def saved(path: Path) -> ev.NoteFileSaved:
    return ev.NoteFileSaved(URL, ReadyFile(path, HAND))


def away(desk: Desk) -> QPoint:
    return desk.window.mapToGlobal(QPoint(-300, -300))


# a file of a note


def test_a_file_of_a_note_is_brought_here_and_dragged_while_the_button_is_down(desk: Desk):
    button = file_button(desk)
    pull(button, away(desk))
    assert desk.of(SaveNoteFile) == [SaveNoteFile(URL, "plan.pdf", HAND)]
    assert not desk.dragged
    desk.hear(ev.NoteFileProgressed(URL, 500, 1000))
    assert "50 %" in button.text()
    desk.hear(saved(Path("/private/plan.pdf")))
    desk.settle()
    assert desk.dragged == [(Path("/private/plan.pdf"), "")]
    assert not desk.shown  # neither opened nor shown


def test_let_go_too_early_it_waits_here_for_the_next_drag(desk: Desk, tmp_path: Path):
    button = file_button(desk)
    path = tmp_path / "plan.pdf"
    path.write_bytes(b"x")
    pull(button, away(desk))
    let_go(button, away(desk))
    desk.hear(saved(path))
    desk.settle()
    assert not desk.dragged
    assert "ready to drag" in button.text()
    pull(button, away(desk))
    desk.settle()
    assert desk.dragged == [(path, "")]
    assert len(desk.of(SaveNoteFile)) == 1


def test_what_somebody_has_tidied_away_is_brought_again(desk: Desk, tmp_path: Path):
    button = file_button(desk)
    pull(button, away(desk))
    let_go(button, away(desk))
    desk.hear(saved(tmp_path / "gone.pdf"))
    pull(button, away(desk))
    desk.settle()
    assert not desk.dragged
    assert len(desk.of(SaveNoteFile)) == 2


def test_a_drag_is_no_click(desk: Desk):
    button = file_button(desk)
    inside = button.mapToGlobal(QPoint(60, 8))
    pull(button, inside, start=QPoint(10, 8))
    let_go(button, inside)
    assert [command.purpose for command in desk.of(SaveNoteFile)] == [HAND]


def test_another_file_is_never_dragged_in_its_place(desk: Desk):
    button = file_button(desk)
    pull(button, away(desk))
    desk.hear(ev.NoteFileSaved("https://app.close.com/go/file/2", ReadyFile(Path("/b"), HAND)))
    desk.settle()
    assert not desk.dragged


# a chip


def test_a_chip_pulled_out_of_the_strip_is_dragged_under_its_own_name(desk: Desk):
    (made,) = attached(desk, "a.png")
    chip = chip_named(desk, "a.png")
    pull(chip, away(desk))
    assert desk.of(ShowAttachment) == [ShowAttachment(made.id, HAND)]
    desk.hear(ev.AttachmentReady(made.id, ReadyFile(Path("/opened/a.png"), HAND)))
    desk.settle()
    assert desk.dragged == [(Path("/opened/a.png"), made.id)]
    assert QGuiApplication.overrideCursor() is None


def test_pulled_back_into_the_strip_it_is_only_moved(desk: Desk):
    (first, _) = attached(desk, "a.png", "b.png")
    chip, other = chip_named(desk, "a.png"), chip_named(desk, "b.png")
    pull(chip, away(desk))
    back = other.mapToGlobal(QPoint(other.width() - 5, 10))
    send(chip, QEvent.Type.MouseMove, back, LEFT)
    desk.hear(ev.AttachmentReady(first.id, ReadyFile(Path("/opened/a.png"), HAND)))
    desk.settle()
    assert not desk.dragged
    let_go(chip, back)
    assert desk.of(MoveAttachment) == [MoveAttachment(first.id, 1)]


def test_dragged_back_from_outside_a_chip_goes_where_it_is_dropped(desk: Desk):
    (first, _) = attached(desk, "a.png", "b.png")
    other, strip = chip_named(desk, "b.png"), desk.window.compose.strip
    mime = mime_of(Path("/opened/a.png"), first.id)
    at = strip.viewport().mapFromGlobal(other.mapToGlobal(QPoint(other.width() - 5, 10)))
    target = strip.viewport()
    QApplication.sendEvent(target, QDragEnterEvent(at, COPY, mime, LEFT, NONE))
    QApplication.sendEvent(target, QDragMoveEvent(at, COPY, mime, LEFT, NONE))
    assert mark(desk).isVisible()
    QApplication.sendEvent(target, QDropEvent(QPointF(at), COPY, mime, LEFT, NONE))
    assert desk.of(MoveAttachment) == [MoveAttachment(first.id, 1)]
    assert not mark(desk).isVisible()


def test_a_chip_that_only_passes_leaves_no_mark(desk: Desk):
    (first, _) = attached(desk, "a.png", "b.png")
    other, target = chip_named(desk, "b.png"), desk.window.compose.strip.viewport()
    at = target.mapFromGlobal(other.mapToGlobal(QPoint(other.width() - 5, 10)))
    mime = mime_of(Path("/opened/a.png"), first.id)
    QApplication.sendEvent(target, QDragEnterEvent(at, COPY, mime, LEFT, NONE))
    QApplication.sendEvent(target, QDragMoveEvent(at, COPY, mime, LEFT, NONE))
    QApplication.sendEvent(target, QDragLeaveEvent())
    assert not mark(desk).isVisible()
    assert not desk.of(MoveAttachment)


@pytest.mark.parametrize("spot", ["editor", "page"])
def test_a_chip_dropped_on_its_own_note_is_not_attached_again(desk: Desk, spot: str):
    (made,) = attached(desk, "a.png")
    editor = desk.window.compose.editor.viewport()
    widget = editor if spot == "editor" else desk.window
    mime = mime_of(Path("/a.png"), made.id)  # the event does not own it
    enter = QDragEnterEvent(QPoint(5, 5), COPY, mime, LEFT, NONE)
    QApplication.sendEvent(widget, enter)
    assert not enter.isAccepted()
    assert not desk.window.overlay.isVisible()
    assert not desk.of(AttachFiles)


def test_a_file_of_an_old_note_may_be_dropped_on_the_new_one(desk: Desk):
    desk.drop(mime_of(Path("/opened/plan.pdf")))
    assert [file.path for file in desk.of(AttachFiles)[-1].files] == [Path("/opened/plan.pdf")]


def test_what_other_programs_get():
    mime = mime_of(Path("/opened/Ä #1%.pdf"), AttachmentId("att1"))
    assert (
        bytes(mime.data("text/uri-list").data()).strip() == b"file:///opened/%C3%84%20%231%25.pdf"
    )
    assert chip_of(mime) == "att1"
    assert chip_of(QMimeData()) == ""


# copied


def test_a_chip_is_copied_under_its_own_name(desk: Desk):
    (made,) = attached(desk, "a.png")
    QTest.keyClick(chip_named(desk, "a.png"), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert desk.of(ShowAttachment) == [ShowAttachment(made.id, HAND)]
    desk.hear(ev.AttachmentReady(made.id, ReadyFile(Path("/opened/a.png"), HAND)))
    desk.hear(ev.NetworkChanged(is_online=True))
    assert desk.copied == [Path("/opened/a.png")]  # once
    assert not desk.dragged


def test_a_file_of_a_note_is_copied_once_it_is_here(desk: Desk):
    button = file_button(desk)
    QTest.keyClick(button, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert desk.of(SaveNoteFile) == [SaveNoteFile(URL, "plan.pdf", HAND)]
    assert not desk.copied
    desk.hear(saved(Path("/private/plan.pdf")))
    assert desk.copied == [Path("/private/plan.pdf")]


def test_what_is_copied_can_be_pasted_into_a_note(desk: Desk, tmp_path: Path):
    copy_file(tmp_path / "plan.pdf")
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [file.path for file in desk.of(AttachFiles)[-1].files] == [tmp_path / "plan.pdf"]


# a picture of a note


@pytest.fixture
def pictured(qtbot: QtBot):
    pictures = Pictures()
    desk = make_desk(pictures=pictures)
    qtbot.addWidget(desk.window)
    desk.window.show()
    desk.loaded()
    yield desk, pictures
    pictures.stop()


def test_a_click_on_a_picture_of_a_note_looks_at_it(pictured, qtbot: QtBot, tmp_path: Path):
    desk, pictures = pictured
    button = file_button(desk, "board.png", "image/png")
    (preview,) = desk.window.findChildren(Preview)
    QTest.mouseClick(button, LEFT)
    assert preview.isVisible()
    assert desk.of(SaveNoteFile) == [SaveNoteFile(URL, "board.png", HAND)]
    with qtbot.waitSignal(pictures.loaded):
        desk.hear(saved(png(tmp_path, 300, 100)))
    QTest.keyClick(preview, Qt.Key.Key_Escape)
    assert not preview.isVisible()
    assert not desk.of(CancelNoteFile)
    assert not desk.shown
    QTest.keyClick(button, Qt.Key.Key_Space)  # at hand now
    assert preview.isVisible()
    assert len(desk.of(SaveNoteFile)) == 1


def test_a_small_picture_stays_while_the_file_is_on_its_way(pictured, qtbot: QtBot, tmp_path: Path):
    desk, _ = pictured
    small = "https://app.close.com/go/file/1/small"
    desk.pick(WANDERLUST)
    file = NoteAttachment(URL, "board.png", "image/png", 1000, thumbnail_url=small)
    desk.hear(notes(note(1, attachments=(file,))))
    button = desk.child("File board.png")
    assert isinstance(button, NoteFileButton)
    thumbnail = ReadyFile(png(tmp_path, 100, 100), FilePurpose.THUMBNAIL)
    desk.hear(ev.NoteFileSaved(small, thumbnail))
    qtbot.waitUntil(lambda: middle(button) == QColor("red"))
    QTest.mouseClick(button, LEFT)
    desk.hear(ev.NoteFileProgressed(URL, 500, 1000))
    assert middle(button) == QColor("red")


def middle(button: NoteFileButton) -> QColor:
    return button.icon().pixmap(16, 16).toImage().pixelColor(8, 8)


def test_a_look_left_early_calls_the_download_off(pictured):
    desk, _ = pictured
    button = file_button(desk, "board.png", "image/png")
    (preview,) = desk.window.findChildren(Preview)
    QTest.mouseClick(button, LEFT)
    QTest.mouseClick(preview, LEFT)
    assert desk.of(CancelNoteFile) == [CancelNoteFile(URL)]
    desk.hear(ev.NoteFileFailed(URL, HAND))
    assert not preview.isVisible()


def test_what_cannot_be_brought_shuts_the_preview_and_says_why(pictured):
    desk, _ = pictured
    button = file_button(desk, "board.png", "image/png")
    (preview,) = desk.window.findChildren(Preview)
    QTest.mouseClick(button, LEFT)
    problem = Problem(ProblemKind.FILE_NOT_IN_CLOSE, subject="board.png")
    desk.hear(ev.NoteFileFailed(URL, HAND, problem))
    assert not preview.isVisible()
    assert [n.problem for n in desk.model.state.notices] == [problem]


def test_a_wide_picture_fills_the_room(qtbot: QtBot, desk: Desk, tmp_path: Path):
    pictures = Pictures()
    preview = Preview(desk.window.page)
    drawn: list[int] = []
    pictures.loaded.connect(lambda _path, _edge, image: drawn.append(image.width()))
    preview.open(png(tmp_path, 4000, 1000), "wide.png", pictures)
    qtbot.waitUntil(lambda: len(drawn) == 2)
    assert drawn[1] == preview.width() - 64 > drawn[0]
    pictures.stop()

"""Files and pictures into the note: dropped anywhere, pasted, chosen; and their chips."""

import os
import sys
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import (
    AttachBytes,
    AttachFiles,
    RemoveAttachment,
    RetryAttachment,
    ReviseDraft,
)
from close_notes_gui.model.draft import Attachment, AttachmentState
from close_notes_gui.model.ids import AttachmentId
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.ui.chip import Chip
from close_notes_gui.ui.drops import paths_of, screenshot_name
from close_notes_gui.ui.file_icons import icon_for
from tests.gui.desk import NOW, Desk, make_desk

A4 = (595, 842)


def of_files(*paths: Path | str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def picture() -> QImage:
    image = QImage(8, 6, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    return image


def attached(desk: Desk, name: str = "report.pdf", **changes: object) -> Attachment:
    first = Attachment(
        AttachmentId("att_1"), desk.model.state.open_draft, name, "application/pdf", 2_000_000
    )
    made: Attachment = replace(first, **changes)  # type: ignore[arg-type]
    desk.hear(ev.AttachmentAdded(made))
    return made


def chips(desk: Desk) -> list[Chip]:
    desk.settle()
    return [chip for chip in desk.window.findChildren(Chip) if chip.isVisible()]


def words(chip: Chip) -> str:
    return " | ".join(label.text() for label in chip.findChildren(QLabel))


@pytest.mark.parametrize("moves", [True, False])
@pytest.mark.parametrize("spot", ["editor", "timeline", "search", "title", "corner"])
def test_files_dropped_anywhere(desk: Desk, spot: str, moves: bool):
    page = desk.window.page
    widgets = {
        "editor": desk.window.compose.editor.viewport(),
        "timeline": desk.window.timeline,
        "search": desk.window.picker,
        "title": desk.child("Note title"),
    }
    widget = widgets.get(spot)
    at = widget.mapTo(page, widget.rect().center()) if widget else QPoint(2, 2)
    desk.drop(of_files("/data/b.pdf", "/data/a folder", "/data/Ä #1%.txt"), at, moves=moves)
    command = desk.of(AttachFiles)[-1]
    assert [file.path for file in command.files] == [
        Path("/data/b.pdf"),
        Path("/data/a folder"),
        Path("/data/Ä #1%.txt"),
    ]
    assert len({file.id for file in command.files}) == 3
    assert command.draft_id == desk.model.state.open_draft
    assert not desk.window.overlay.isVisible()


def test_the_draft_is_known_before_its_files(desk: Desk):
    desk.write("Text first")
    desk.drop(of_files("/data/a.txt"))
    revised = desk.of(ReviseDraft)[-1]
    assert "Text first" in revised.draft.note_html
    assert desk.posted.index(revised) < desk.posted.index(desk.of(AttachFiles)[0])


def test_a_picture_dropped(desk: Desk):
    mime = QMimeData()
    mime.setImageData(picture())
    desk.drop(mime)
    command = desk.of(AttachBytes)[-1]
    assert command.content_type == "image/png"
    assert callable(command.content)  # packing is not for the window's thread
    back = QImage.fromData(command.content())
    assert back.size() == picture().size()
    assert back.pixelColor(3, 3) == picture().pixelColor(3, 3)


def test_a_picture_keeps_the_bytes_that_it_came_with(desk: Desk):
    mime = QMimeData()
    mime.setData("image/jpeg", QByteArray(b"\xff\xd8 as it was"))
    mime.setImageData(picture())
    desk.drop(mime)
    command = desk.of(AttachBytes)[-1]
    assert (command.content_type, command.content) == ("image/jpeg", b"\xff\xd8 as it was")
    assert command.filename.endswith(".jpg")


def test_a_picture_pasted_into_the_note(desk: Desk):
    QGuiApplication.clipboard().setImage(picture())
    desk.window.compose.editor.setFocus()
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    command = desk.of(AttachBytes)[-1]
    assert command.filename.startswith("Screenshot 2026-11-23 at ")
    assert desk.text == ""


def test_a_pasted_picture_keeps_its_own_bytes(desk: Desk):
    png = bytes(desk_png().data())
    mime = QMimeData()
    mime.setData("image/png", QByteArray(png))
    mime.setImageData(picture())
    QGuiApplication.clipboard().setMimeData(mime)
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert desk.of(AttachBytes)[-1].content == png


def desk_png() -> QByteArray:
    """A PNG as no encoder of ours would write it: with a remark in it."""
    made = QImage(picture())
    made.setText("Comment", "as it was on the other side")
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    made.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes, the call words
    return content


def test_text_dropped_beside_the_editor_goes_into_the_note(desk: Desk):
    mime = QMimeData()
    mime.setText("https://example.com/page")
    timeline = desk.window.timeline
    desk.drop(mime, timeline.mapTo(desk.window.page, timeline.rect().center()))
    assert "https://example.com/page" in desk.text
    assert not desk.of(AttachFiles)


def test_the_button_and_the_key_let_choose(qtbot: QtBot):
    desk = make_desk(files=(Path("/data/x.pdf"),))
    qtbot.addWidget(desk.window)
    desk.window.show()
    desk.loaded()
    QTest.mouseClick(desk.child("Attach"), Qt.MouseButton.LeftButton)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_A, both)
    assert [c.files[0].path for c in desk.of(AttachFiles)] == [Path("/data/x.pdf")] * 2


def test_no_file_chosen_is_no_step(desk: Desk):
    QTest.mouseClick(desk.child("Attach"), Qt.MouseButton.LeftButton)
    assert not desk.of(AttachFiles)


@pytest.mark.skipif(sys.platform == "win32", reason="file names are bytes on other systems only")
def test_odd_addresses():
    mime = QMimeData()
    lines = [
        b"# a comment",
        b"file:///tmp/caf%E9.txt",
        b"file://localhost/tmp/b%20c",
        b"file:/tmp/d",
        b"https://example.com/e",
        b"file://elsewhere/tmp/f",
        b"file:relative",
        b"file:///tmp/d",
        b"",
    ]
    mime.setData("text/uri-list", QByteArray(b"\r\n".join(lines)))
    assert paths_of(mime) == (
        Path(os.fsdecode(b"/tmp/caf\xe9.txt")),
        Path("/tmp/b c"),
        Path("/tmp/d"),
    )


def test_screenshot_names():
    at = NOW.astimezone(timezone(timedelta(hours=2)))
    expected = f"Screenshot {NOW.astimezone():%Y-%m-%d at %H.%M.%S}.png"
    assert screenshot_name(at) == expected


def test_the_sheet_goes_when_the_drag_goes(desk: Desk, qtbot: QtBot):
    editor = desk.window.compose.editor.viewport()
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    mime = of_files("/a")  # the event does not own it
    enter = QDragEnterEvent(QPoint(5, 5), copy, mime, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(editor, enter)
    assert desk.window.overlay.isVisible()
    QApplication.sendEvent(editor, QDragLeaveEvent())
    qtbot.waitUntil(lambda: not desk.window.overlay.isVisible())


def test_a_chip_shows_how_far_it_is(desk: Desk):
    made = attached(desk)
    desk.hear(ev.AttachmentChanged(replace(made, state=AttachmentState.UPLOADING)))
    desk.hear(ev.AttachmentProgressed(made.id, 1_000_000, 2_000_000))
    (chip,) = chips(desk)
    bar = chip.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    assert bar.value() == 500
    assert "50 %" in words(chip)
    desk.hear(ev.AttachmentChanged(replace(made, state=AttachmentState.UPLOADED)))
    assert chips(desk) == [chip]  # the same chip, so that focus stays
    assert not bar.isVisible()


def test_remove_and_retry(desk: Desk):
    gone = Problem(ProblemKind.FILE_VANISHED, subject="report.pdf")
    made = attached(desk, state=AttachmentState.FAILED, problem=gone)
    QTest.mouseClick(desk.child("Try again report.pdf"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(desk.child("Remove report.pdf"), Qt.MouseButton.LeftButton)
    assert desk.of(RetryAttachment) == [RetryAttachment(made.id)]
    assert desk.of(RemoveAttachment) == [RemoveAttachment(made.id)]
    desk.hear(ev.AttachmentRemoved(made.id))
    assert not chips(desk)
    assert not desk.window.compose.strip.isVisible()


def test_names_are_plain_text(desk: Desk):
    attached(desk, name="<b>x</b>&y.pdf")
    (chip,) = chips(desk)
    assert "<b>x</b>&y.pdf" in words(chip)
    assert "&lt;b&gt;x" in chip.toolTip()


def test_chips_stand_in_the_order_dropped(desk: Desk):
    for number in (3, 1, 2):
        name = f"file {number}.txt"
        desk.hear(
            ev.AttachmentAdded(
                Attachment(AttachmentId(name), desk.model.state.open_draft, name, "text/plain", 5)
            )
        )
    places = sorted(chips(desk), key=lambda chip: (chip.y(), chip.x()))
    names = [chip.accessibleName().partition(",")[0] for chip in places]
    assert names == ["file 3.txt", "file 1.txt", "file 2.txt"]


def test_size_and_state_are_not_cut_off_beside_a_short_name(desk: Desk):
    attached(desk, "a.txt", size_bytes=199, state=AttachmentState.UPLOADED)
    (chip,) = chips(desk)
    (said,) = [label for label in chip.findChildren(QLabel) if "Ready" in label.text()]
    assert said.fontMetrics().horizontalAdvance(said.text()) <= said.contentsRect().width()


def test_many_chips_leave_room_to_write(desk: Desk):
    desk.window.resize(420, 560)
    for number in range(200):
        desk.hear(
            ev.AttachmentAdded(
                Attachment(
                    AttachmentId(f"a{number}"),
                    desk.model.state.open_draft,
                    f"{number}.png",
                    "image/png",
                    9,
                )
            )
        )
    QGuiApplication.processEvents()
    assert desk.window.compose.editor.height() >= 60


@pytest.mark.parametrize(
    ("content_type", "name", "icon"),
    [
        ("image/png", "x", "image"),
        ("", "Budget.XLSX", "sheet"),
        ("application/pdf", "x", "pdf"),
        ("application/octet-stream", "no ending", "file"),
        ("text/plain", "a.txt", "doc"),
        ("image/heic", "IMG_1.HEIC", "image"),
        ("image/avif", "x", "image"),
        ("image/tiff", "scan.tif", "image"),
        ("", "IMG_1.heic", "image"),
    ],
)
def test_icons_by_kind(content_type: str, name: str, icon: str):
    assert icon_for(content_type, name) == icon

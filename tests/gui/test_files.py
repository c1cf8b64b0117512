"""Files in the window: chips named, ordered, opened and looked at; folders and web pictures."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import (
    AttachAddress,
    AttachFolder,
    DroppedFile,
    MoveAttachment,
    RemoveAttachment,
    RenameAttachment,
    ShowAttachment,
)
from close_notes_gui.model.draft import Attachment, AttachmentState
from close_notes_gui.model.files import FilePurpose, ReadyFile
from close_notes_gui.model.ids import AttachmentId
from close_notes_gui.pictures import Pictures, read_small
from close_notes_gui.ui.chip import Chip
from close_notes_gui.ui.drops import picture_address_of
from close_notes_gui.ui.preview import Preview
from close_notes_gui.ui.thumbnail import Thumbnail
from tests.gui.desk import Desk

ALT = Qt.KeyboardModifier.AltModifier


def attached(desk: Desk, name: str, **changes: object) -> Attachment:
    made = Attachment(AttachmentId(f"id{name}"), desk.model.state.open_draft, name, "image/png", 9)
    made = replace(made, **changes)  # type: ignore[arg-type]
    desk.hear(ev.AttachmentAdded(made))
    return made


def chips(desk: Desk) -> dict[str, Chip]:
    desk.settle()
    visible = [chip for chip in desk.window.findChildren(Chip) if chip.isVisible()]
    return {chip.accessibleName().partition(",")[0]: chip for chip in visible}


def test_a_chip_is_worked_by_keys(desk: Desk):
    first, second = attached(desk, "a.png"), attached(desk, "b.png")
    chip = chips(desk)["a.png"]
    QTest.keyClick(chip, Qt.Key.Key_Return)
    QTest.keyClick(chip, Qt.Key.Key_Right, ALT)
    QTest.keyClick(chip, Qt.Key.Key_Left, ALT)  # it is the first: nothing
    QTest.keyClick(chips(desk)["b.png"], Qt.Key.Key_Delete)
    assert desk.of(ShowAttachment) == [ShowAttachment(first.id, FilePurpose.OPEN)]
    assert desk.of(MoveAttachment) == [MoveAttachment(first.id, 1)]
    assert desk.of(RemoveAttachment) == [RemoveAttachment(second.id)]


def test_the_order_told_is_the_order_shown(desk: Desk):
    made = [attached(desk, name) for name in ("a.png", "b.png", "c.png")]
    assert chips(desk)["a.png"].x() < chips(desk)["b.png"].x()  # they have their places
    draft_id = desk.model.state.open_draft
    desk.hear(ev.AttachmentsArranged(draft_id, (made[2].id, made[0].id, made[1].id)))
    placed = sorted(chips(desk).items(), key=lambda item: (item[1].y(), item[1].x()))
    assert [name for name, _ in placed] == ["c.png", "a.png", "b.png"]


def test_a_name_is_written_anew_in_its_place(desk: Desk):
    made = attached(desk, "a.png")
    chip = chips(desk)["a.png"]
    QTest.keyClick(chip, Qt.Key.Key_F2)
    (field,) = chip.findChildren(QLineEdit)
    assert field.selectedText() == "a"
    QTest.keyClicks(field, "Offer")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.of(RenameAttachment) == [RenameAttachment(made.id, "Offer.png")]


def test_a_name_left_by_escape_stays(desk: Desk):
    attached(desk, "a.png")
    chip = chips(desk)["a.png"]
    chip.edit_name()
    (field,) = chip.findChildren(QLineEdit)
    QTest.keyClicks(field, "Offer")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not desk.of(RenameAttachment)


def test_speed_and_remarks_are_told(desk: Desk):
    made = attached(desk, "a.png", state=AttachmentState.UPLOADING, size_bytes=4_000_000)
    twin = attached(desk, "b.png")
    desk.hear(ev.AttachmentProgressed(made.id, 1_000_000, 4_000_000, 2_500_000.0))
    desk.hear(ev.AttachmentRemarked(twin.id, repeats=made.id))
    assert "25 %, 2.5 MB/s" in chips(desk)["a.png"].accessibleName()
    assert "Same as “a.png”" in chips(desk)["b.png"].toolTip()
    desk.hear(ev.AttachmentRemoved(made.id))
    assert "Same as" not in chips(desk)["b.png"].toolTip()


def test_what_is_ready_is_opened_once(desk: Desk):
    made = attached(desk, "a.pdf")
    path = Path("/private/a.pdf")
    desk.hear(ev.AttachmentReady(made.id, ReadyFile(path, FilePurpose.OPEN, may_open=True)))
    desk.hear(ev.NetworkChanged(is_online=True))
    assert desk.shown == [("open", path)]


@pytest.mark.parametrize(
    ("press", "as_zip"), [("Attach its files", False), ("Attach as one zip", True)]
)
def test_a_folder_asks_what_of_it(desk: Desk, press: str, as_zip: bool):
    draft_id, folder_id, path = desk.model.state.open_draft, AttachmentId("f"), Path("/data/Q3")
    desk.hear(ev.FolderDropped(draft_id, folder_id, path))
    action = next(a for a in _bar(desk) if a.label == press)
    desk.window.notices.acted.emit(action)
    assert desk.of(AttachFolder) == [AttachFolder(draft_id, DroppedFile(folder_id, path), as_zip)]
    assert not desk.model.state.offers


def test_a_picture_known_by_its_address_is_fetched_after_a_yes(desk: Desk):
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.com/a.png")])
    mime.setHtml('<html><body><img src="https://example.com/a.png" alt="x"></body></html>')
    desk.window.dropped.emit(mime)
    assert not desk.of(AttachAddress)
    fetch = next(a for a in _bar(desk) if a.label == "Fetch and attach")
    desk.window.notices.acted.emit(fetch)
    assert [c.url for c in desk.of(AttachAddress)] == ["https://example.com/a.png"]


def test_a_no_fetches_nothing(desk: Desk):
    desk.hear(ev.FolderDropped(desk.model.state.open_draft, AttachmentId("f"), Path("/data")))
    desk.window.notices.acted.emit(next(a for a in _bar(desk) if a.label == "Do not attach"))
    assert not desk.of(AttachFolder)
    assert not desk.model.state.offers


def test_a_link_with_words_is_no_picture():
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.com/page")])
    mime.setHtml('<body><a href="https://example.com/page"><img src="https://e.com/i.png">Read</a>')
    assert picture_address_of(mime) == ""


def test_a_picture_in_a_data_address_is_attached(desk: Desk):
    from close_notes_gui.model.commands import AttachBytes

    mime = QMimeData()
    mime.setData("text/uri-list", QByteArray(b"data:image/gif;base64,R0lGODdhAQABAAAAACw=\r\n"))
    desk.window.dropped.emit(mime)
    assert [c.content[:6] for c in desk.of(AttachBytes)] == [b"GIF87a"]


def _bar(desk: Desk):
    from close_notes_gui.present import show

    return [action for line in show.notices_view(desk.model.state) for action in line.actions]


# pictures


def png(tmp_path: Path, width: int, height: int) -> Path:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    path = tmp_path / "no ending"
    assert image.save(str(path), "PNG")  # type: ignore[call-overload]
    return path


def test_a_picture_is_read_small(tmp_path: Path):
    small = read_small(png(tmp_path, 800, 200), 56)
    assert (small.width(), small.height()) == (56, 14)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n broken", b"ftypheic", b"<svg/>"])
def test_what_cannot_be_drawn_is_null_and_no_error(tmp_path: Path, content: bytes):
    path = tmp_path / "a.png"
    path.write_bytes(content)
    assert read_small(path, 56).isNull()


def test_a_thumbnail_comes_when_it_is_read(qtbot: QtBot, tmp_path: Path):
    pictures = Pictures()
    thumbnail = Thumbnail(28)
    qtbot.addWidget(thumbnail)
    with qtbot.waitSignal(thumbnail.drawn):
        thumbnail.show_file("image", "#000000", png(tmp_path, 100, 100), pictures)
    assert thumbnail.pixmap().toImage().pixelColor(14, 14) == QColor("red")
    assert pictures.ask(tmp_path / "no ending", 56) is not None  # at hand from now on
    pictures.stop()


class Quick(QObject):
    """A source that has read the picture before it returns: the pool, on a good day."""

    loaded = Signal(object, int, QImage)

    def ask(self, path: Path, edge_px: int) -> QImage | None:
        self.loaded.emit(path, edge_px, read_small(path, edge_px))
        return None


def test_a_picture_that_is_read_at_once_is_not_missed(qtbot: QtBot, tmp_path: Path):
    thumbnail = Thumbnail(28)
    qtbot.addWidget(thumbnail)
    source = Quick()
    thumbnail.show_file("image", "#000000", png(tmp_path, 100, 100), source)
    assert thumbnail.pixmap().toImage().pixelColor(14, 14) == QColor("red")


def test_the_preview_opens_on_space_and_shuts_on_any_key(qtbot: QtBot, desk: Desk, tmp_path: Path):
    pictures = Pictures()
    preview = Preview(desk.window.page)
    with qtbot.waitSignal(pictures.loaded):
        preview.open(png(tmp_path, 50, 50), "a.png", pictures)
    assert preview.isVisible()
    QTest.keyClick(preview, Qt.Key.Key_Space)
    assert not preview.isVisible()
    pictures.stop()

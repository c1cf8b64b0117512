"""Chips worked by the mouse: pulled to another place, looked at, opened, named, their menu."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import MoveAttachment, RenameAttachment, ShowAttachment
from close_notes_gui.model.draft import Attachment, AttachmentState
from close_notes_gui.model.files import FilePurpose
from close_notes_gui.model.ids import AttachmentId
from close_notes_gui.pictures import Pictures
from close_notes_gui.ui.chip import Chip
from close_notes_gui.ui.preview import Preview
from close_notes_gui.ui.reorder import DropMark
from close_notes_gui.ui.thumbnail import Thumbnail
from tests.gui.desk import Desk, make_desk
from tests.gui.mouse import LEFT, NONE, let_go, pull, send


def attached(desk: Desk, *names: str, **changes: object) -> list[Attachment]:
    made = []
    for name in names:
        one = Attachment(
            AttachmentId(f"id{name}"),
            desk.model.state.open_draft,
            name,
            "image/png",
            9,
            state=AttachmentState.UPLOADED,
            path=Path("/spool") / name,
        )
        made.append(replace(one, **changes))  # type: ignore[arg-type]
        desk.hear(ev.AttachmentAdded(made[-1]))
    desk.settle()
    return made


def chip_of(desk: Desk, name: str) -> Chip:
    desk.settle()
    found = desk.child(f"{name}, 9 bytes, Ready")
    assert isinstance(found, Chip)
    return found


def mark(desk: Desk) -> DropMark:
    (found,) = desk.window.findChildren(DropMark)
    return found


@pytest.mark.parametrize(
    ("name", "onto", "right_half", "place"),
    [("a.png", "c.png", True, 2), ("a.png", "c.png", False, 1), ("c.png", "a.png", False, 0)],
)
def test_pulled_onto_another_it_goes_there(
    desk: Desk, name: str, onto: str, right_half: bool, place: int
):
    attached(desk, "a.png", "b.png", "c.png")
    chip, other = chip_of(desk, name), chip_of(desk, onto)
    at = other.mapToGlobal(QPoint(other.width() - 5 if right_half else 5, 10))
    pull(chip, at)
    assert mark(desk).isVisible()
    assert QGuiApplication.overrideCursor() is not None
    let_go(chip, at)
    assert desk.of(MoveAttachment) == [MoveAttachment(AttachmentId(f"id{name}"), place)]
    assert not mark(desk).isVisible()
    assert QGuiApplication.overrideCursor() is None


def test_pulled_to_where_it_stands_nothing_happens(desk: Desk):
    attached(desk, "a.png", "b.png")
    chip = chip_of(desk, "a.png")
    at = chip.mapToGlobal(QPoint(40, 10))
    pull(chip, at)
    assert not mark(desk).isVisible()
    let_go(chip, at)
    assert not desk.of(MoveAttachment)
    assert not desk.of(ShowAttachment)


def test_escape_leaves_it_where_it_was(desk: Desk):
    attached(desk, "a.png", "b.png")
    chip, other = chip_of(desk, "a.png"), chip_of(desk, "b.png")
    at = other.mapToGlobal(QPoint(other.width() - 5, 10))
    pull(chip, at)
    QTest.keyClick(chip, Qt.Key.Key_Escape)
    let_go(chip, at)
    assert not desk.of(MoveAttachment)
    assert not mark(desk).isVisible()
    assert QGuiApplication.overrideCursor() is None


def test_taken_off_while_it_is_pulled(desk: Desk):
    (first, _) = attached(desk, "a.png", "b.png")
    chip, other = chip_of(desk, "a.png"), chip_of(desk, "b.png")
    pull(chip, other.mapToGlobal(QPoint(other.width() - 5, 10)))
    desk.hear(ev.AttachmentRemoved(first.id))
    desk.settle()
    assert not mark(desk).isVisible()
    assert QGuiApplication.overrideCursor() is None


def test_a_shaking_hand_is_no_drag(desk: Desk):
    attached(desk, "a.png", "b.png")
    chip = chip_of(desk, "a.png")
    begin = chip.mapToGlobal(QPoint(60, 10))
    send(chip, QEvent.Type.MouseButtonPress, begin, LEFT)
    send(chip, QEvent.Type.MouseMove, begin + QPoint(1, 1), LEFT)
    assert QGuiApplication.overrideCursor() is None
    let_go(chip, begin + QPoint(1, 1))


def test_a_click_on_the_picture_looks_at_it(qtbot: QtBot, tmp_path: Path):
    from tests.gui.test_files import png

    pictures = Pictures()
    desk = make_desk(pictures=pictures)
    qtbot.addWidget(desk.window)
    desk.window.show()
    desk.loaded()
    attached(desk, "a.png", path=png(tmp_path, 50, 50))
    chip = chip_of(desk, "a.png")
    (preview,) = desk.window.findChildren(Preview)
    QTest.mouseClick(chip, LEFT, NONE, QPoint(chip.width() // 2, 10))
    assert not preview.isVisible()
    with qtbot.waitSignal(pictures.loaded):
        QTest.mouseClick(chip, LEFT, NONE, QPoint(16, chip.height() // 2))
    assert preview.isVisible()
    QTest.mouseDClick(preview, LEFT)  # the second click of a double one does not shut it
    QTest.mouseClick(preview, LEFT)
    assert not preview.isVisible()
    pictures.stop()


def test_a_double_click_on_the_name_names_and_beside_it_opens(desk: Desk):
    (made,) = attached(desk, "a.png")
    chip = chip_of(desk, "a.png")
    QTest.mouseDClick(chip, LEFT, NONE, QPoint(60, chip.height() - 12))
    assert desk.of(ShowAttachment) == [ShowAttachment(made.id, FilePurpose.OPEN)]
    QTest.mouseDClick(chip, LEFT, NONE, QPoint(60, 12))
    (field,) = chip.findChildren(QLineEdit)
    QTest.keyClicks(field, "Offer")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.of(RenameAttachment) == [RenameAttachment(made.id, "Offer.png")]


def menu_of(chip: Chip) -> dict[str, bool]:
    at = QPoint(40, 10)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(chip, QContextMenuEvent(reason, at, chip.mapToGlobal(at)))
    (menu,) = chip.findChildren(QMenu)
    return {action.text(): action.isEnabled() for action in menu.actions()}


def test_the_menu_offers_what_can_be_done(desk: Desk):
    attached(desk, "a.png")
    chip = chip_of(desk, "a.png")
    assert menu_of(chip) == dict.fromkeys(
        (
            "Preview",
            "Open",
            "Show in folder",
            "Copy",
            "Rename",
            "Move left",
            "Move right",
            "Remove",
        ),
        True,
    )
    (menu,) = chip.findChildren(QMenu)
    rename = next(action for action in menu.actions() if action.text() == "Rename")
    rename.trigger()
    menu.close()
    assert len(chip.findChildren(QLineEdit)) == 1


@pytest.mark.parametrize("kind", ["image/heic", "image/avif", "image/tiff", "image/svg+xml"])
def test_a_picture_that_cannot_be_drawn_has_an_icon_and_no_preview(desk: Desk, kind: str):
    attached(desk, "IMG_1.HEIC", content_type=kind)
    chip = chip_of(desk, "IMG_1.HEIC")
    QTest.mouseClick(chip, LEFT, NONE, QPoint(16, chip.height() // 2))
    QTest.keyClick(chip, Qt.Key.Key_Space)
    (preview,) = desk.window.findChildren(Preview)
    assert not preview.isVisible()
    assert not menu_of(chip)["Preview"]
    (menu,) = chip.findChildren(QMenu)
    menu.close()
    (sign,) = chip.findChildren(Thumbnail)
    assert not sign.pixmap().isNull()


def test_the_menu_of_what_is_not_here_yet(desk: Desk):
    attached(desk, "a.pdf", content_type="application/pdf", path=None)
    chip = chip_of(desk, "a.pdf")
    offered = menu_of(chip)
    (menu,) = chip.findChildren(QMenu)
    menu.close()
    assert not any(offered[words] for words in ("Preview", "Open", "Show in folder"))
    assert offered["Remove"]

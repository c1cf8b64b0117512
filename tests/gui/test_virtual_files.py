"""Files that Windows drags without their being on a disk, as Qt hands them on."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QMimeData

from close_notes_gui.model.commands import AttachBytes
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.ui.virtual_files import virtual_files_of
from tests.gui.desk import Desk

FORMAT = 'application/x-qt-windows-mime;value="{}"'


def record(name: str, *, folder: bool = False) -> bytes:
    """A FILEDESCRIPTORW: flags, class, places, attributes, times, size, name."""
    flags, attributes = 0x4, 0x10 if folder else 0x20
    head = struct.pack("<I16x8x8xI8x8x8xII", flags, attributes, 0, 0)
    return head + name.encode("utf-16-le").ljust(520, b"\0")


def dragged(*files: tuple[str, bytes], folder: str = "") -> QMimeData:
    records = [record(name) for name, _ in files]
    if folder:
        records.insert(0, record(folder, folder=True))
    mime = QMimeData()
    descriptor = struct.pack("<I", len(records)) + b"".join(records)
    mime.setData(FORMAT.format("FileGroupDescriptorW"), QByteArray(descriptor))
    for index, (_, content) in enumerate(files, start=1 if folder else 0):
        mime.setData(FORMAT.format("FileContents") + f";index={index}", QByteArray(content))
    return mime


def test_attachments_of_a_mail_are_attached_in_their_order(desk: Desk):
    desk.drop(dragged(("Angebot Grün.pdf", b"%PDF-1.7"), ("photo.jpg", b"\xff\xd8\xff")))
    taken = [(c.filename, c.content, c.content_type) for c in desk.of(AttachBytes)]
    assert taken == [("Angebot Grün.pdf", b"%PDF-1.7", ""), ("photo.jpg", b"\xff\xd8\xff", "")]


def test_of_a_folder_its_files_are_taken_by_their_own_names(desk: Desk):
    desk.drop(dragged(("Q3\\deep\\plan.txt", b"plan"), folder="Q3"))
    assert [(c.filename, c.content) for c in desk.of(AttachBytes)] == [("plan.txt", b"plan")]


def test_what_the_other_program_keeps_to_itself_is_told(desk: Desk):
    desk.drop(dragged(("Re: Offer.msg", b""), ("a.txt", b"a")))
    assert [c.filename for c in desk.of(AttachBytes)] == ["a.txt"]
    (told,) = desk.model.state.notices
    assert (told.problem.kind, told.problem.subject) == (
        ProblemKind.FILE_NOT_GIVEN,
        "Re: Offer.msg",
    )


@given(st.binary(max_size=1500))
def test_no_descriptor_does_harm(descriptor: bytes):
    mime = QMimeData()
    mime.setData(FORMAT.format("FileGroupDescriptorW"), QByteArray(descriptor))
    assert all(file.content == b"" for file in virtual_files_of(mime))


@pytest.mark.parametrize("told", [0, 3, 0xFFFFFFFF])
def test_the_number_that_is_told_is_not_believed(told: int):
    mime = QMimeData()
    descriptor = struct.pack("<I", told) + record("a.txt")
    mime.setData(FORMAT.format("FileGroupDescriptorW"), QByteArray(descriptor))
    assert [file.filename for file in virtual_files_of(mime)] == ["a.txt"][:told]

"""The type of a file, by its name and its first bytes."""

import pytest

from close_notes_gui.engine.intake import (
    UNKNOWN_TYPE,
    Unfit,
    check_name_and_size,
    content_type,
    examine,
)
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.settings import Settings

PNG = b"\x89PNG\r\n\x1a\n" + bytes(30)
JPEG = b"\xff\xd8\xff\xe0" + bytes(30)
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "
HEIC = b"\x00\x00\x00\x18ftypheic"
MP4 = b"\x00\x00\x00\x18ftypisom"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.pdf", b"%PDF-1.7", "application/pdf"),
        ("a.PNG", PNG, "image/png"),
        ("shot.png", JPEG, "image/jpeg"),
        ("noname", PNG, "image/png"),
        ("noname", b"%PDF-1.7", "application/pdf"),
        ("photo.webp", WEBP, "image/webp"),
        ("IMG_1.HEIC", HEIC, "image/heic"),
        ("clip", MP4, "video/mp4"),
        ("letter.docx", b"PK\x03\x04", DOCX),
        ("what.zip", b"PK\x03\x04", "application/zip"),
        ("notes.md", b"# Notes", "text/markdown"),
        ("list.csv", b"a;b", "text/csv"),
        ("mail.eml", b"From: a", "message/rfc822"),
        ("trick.pdf", PNG, "application/pdf"),
        ("thing.qqq", b"\x00\x01", UNKNOWN_TYPE),
        ("", b"", UNKNOWN_TYPE),
    ],
)
def test_types(name: str, head: bytes, kind: str):
    assert content_type(name, head) == kind


def test_what_the_storage_host_cannot_take_is_refused_whatever_the_settings_say():
    endless = Settings(largest_file_bytes=1 << 60)
    check_name_and_size("film.mp4", 5 * 1024**3, settings=endless)
    with pytest.raises(Unfit) as caught:
        check_name_and_size("film.mp4", 5 * 1024**3 + 1, settings=endless)
    assert caught.value.problem.kind is ProblemKind.FILE_TOO_LARGE


def test_a_link_is_followed_and_keeps_its_own_name(tmp_path):
    (tmp_path / "real.txt").write_bytes(b"four")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    found = examine(tmp_path / "link.txt", settings=Settings())
    assert (found.filename, found.size_bytes, found.content_type) == ("link.txt", 4, "text/plain")

"""What becomes of a large file that changes before or while it goes up; and names of every class.

A file that is copied cannot change any more; one above the limit for copies stays where it is.
"""

import hashlib
import os
import threading
from pathlib import Path

import pytest

from close_notes_gui.closeapi import filebytes
from close_notes_gui.engine import uploads
from close_notes_gui.model.commands import RetryAttachment, SendDraft
from close_notes_gui.model.draft import AttachmentState
from close_notes_gui.model.events import (
    AttachmentAdded,
    AttachmentChanged,
    DirectoryLoaded,
    NoteSent,
)
from close_notes_gui.model.filenames import safe_filename
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.store.spool import Spool
from tests.engine.engine_rig import Bench, drafted, drop, file_of, is_now

pytestmark = pytest.mark.anyio
K = ProblemKind
S = AttachmentState
CONTENT = os.urandom(5000)


@pytest.fixture
async def bench(tmp_path, monkeypatch):
    """An engine that refers to every file of more than 1000 bytes, and sends 512 at a time."""
    monkeypatch.setattr(filebytes, "PIECE_BYTES", 512)
    monkeypatch.setattr(filebytes, "_LARGEST_PIECE_BYTES", 512)
    bench = Bench(tmp_path)
    async with bench.signed_in():
        await bench.told(DirectoryLoaded)
        bench.workplace.store.spool._largest_copy_bytes = 1000
        yield bench


def grow(path: Path) -> None:
    with path.open("ab") as out:
        out.write(b"more")


def shrink(path: Path) -> None:
    os.truncate(path, 3000)


def rewrite(path: Path) -> None:
    path.write_bytes(os.urandom(len(CONTENT)))
    os.utime(path, ns=(5, 5))


def touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def while_it_is_read(monkeypatch, path: Path, change) -> None:
    """Once, after the first piece has been read."""
    read = filebytes.FileBytes._read
    pieces = []

    def read_and_change(self, most_bytes):
        piece = read(self, most_bytes)
        pieces.append(piece)
        if len(pieces) == 1:
            change(path)
        return piece

    monkeypatch.setattr(filebytes.FileBytes, "_read", read_and_change)


@pytest.mark.parametrize("change", [grow, shrink, rewrite, touch])
async def test_changed_while_it_goes_up_it_fails_and_is_not_in_close(
    bench, tmp_path, monkeypatch, change
):
    path = file_of(tmp_path, "film.mp4", CONTENT)
    while_it_is_read(monkeypatch, path, change)
    (attachment_id,) = drop(bench, drafted(bench), path)
    failed = (await bench.told(AttachmentChanged, is_now(S.FAILED))).attachment
    assert failed.problem.kind is K.FILE_CHANGED
    assert failed.problem.subject == "film.mp4"
    assert failed.url is None
    since = bench.place
    bench.post(RetryAttachment(attachment_id))  # other bytes are never sent in its place
    again = await bench.told(AttachmentChanged, is_now(S.FAILED), since=since)
    assert again.attachment.problem.kind is K.FILE_CHANGED


async def test_deleted_while_it_goes_up_the_bytes_that_were_attached_arrive(
    bench, tmp_path, monkeypatch
):
    path = file_of(tmp_path, "film.mp4", CONTENT)
    while_it_is_read(monkeypatch, path, Path.unlink)
    drop(bench, drafted(bench), path)
    up = (await bench.told(AttachmentChanged, is_now(S.UPLOADED))).attachment
    assert bench.fake.file_sha256(up.url) == hashlib.sha256(CONTENT).hexdigest()


async def test_a_pipe_in_its_place_is_not_waited_for(bench, tmp_path, monkeypatch):
    path = file_of(tmp_path, "film.mp4", CONTENT)

    def exchange(_: Path) -> None:
        path.unlink()
        os.mkfifo(path)

    while_it_is_read(monkeypatch, path, exchange)
    (attachment_id,) = drop(bench, drafted(bench), path)
    await bench.told(AttachmentChanged, is_now(S.UPLOADED))
    bench.workplace.uploads.forget_address(attachment_id)
    bench.workplace.uploads.want(attachment_id)
    failed = (await bench.told(AttachmentChanged, is_now(S.FAILED))).attachment
    assert failed.problem.kind in {K.FILE_UNREADABLE, K.FILE_CHANGED}


async def test_a_drive_that_has_gone_gives_its_place_to_others(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_AT_ONCE", 1)
    answers = threading.Event()
    check = Spool.check

    def hanging(self, kept):
        if kept.path.name == "film.mp4":
            answers.wait(20)
        return check(self, kept)

    monkeypatch.setattr(Spool, "check", hanging)
    draft = drafted(bench)
    (gone,) = drop(bench, draft, file_of(tmp_path, "film.mp4", CONTENT))
    await bench.told(AttachmentChanged, is_now(S.UPLOADING, gone))
    drop(bench, draft, file_of(tmp_path, "a.txt"))
    failed = (await bench.passes(AttachmentChanged, is_now(S.FAILED))).attachment
    assert (failed.id, failed.problem.kind) == (gone, K.FILE_UNREADABLE)
    await bench.told(AttachmentChanged, is_now(S.UPLOADED))
    answers.set()


async def test_copies_that_hang_hold_up_no_other(bench, tmp_path, monkeypatch):
    answers = threading.Event()
    keep = Spool.keep

    def hanging(self, attachment_id, source, **more):
        if source.name.startswith("hangs"):
            answers.wait(20)
        return keep(self, attachment_id, source, **more)

    monkeypatch.setattr(Spool, "keep", hanging)
    draft = drafted(bench)
    hanging_ids = drop(bench, draft, *(file_of(tmp_path, f"hangs {n}.txt") for n in range(4)))
    (quick,) = drop(bench, draft, file_of(tmp_path, "quick.txt"))
    await bench.passes(AttachmentChanged, is_now(S.UPLOADED, quick))
    assert bench.clock.monotonic() >= 20
    answers.set()
    for attachment_id in hanging_ids:
        await bench.told(AttachmentChanged, is_now(S.UPLOADED, attachment_id))


NAMES: list[str | bytes] = [
    'say "hi" & <b>.txt',
    "two\nlines\r\nContent-Type: x.txt",
    "gpj\u202efdp.txt",
    "Angebot Grün 株式 👩\u200d💻.txt",
    "Mu\u0308ller.txt",
    "a\\b.txt",
    "-rf.txt",
    ".hidden.txt",
    "CON.txt",
    "%2e%2e%2f.txt",
    "name; filename=other.txt",
    "ü" * 125 + ".txt",
    b"caf\xe9.txt",
    "trailing . .txt",
]


@pytest.mark.skipif(os.name != "posix", reason="other systems take fewer names")
async def test_a_name_of_each_nasty_class_arrives_safe_and_recognisable(bench, tmp_path):
    draft = drafted(bench)
    names = [name if isinstance(name, str) else os.fsdecode(name) for name in NAMES]
    drop(bench, draft, *(file_of(tmp_path, n, n.encode("utf-8", "replace")) for n in names))
    await bench.told(AttachmentAdded, lambda _: bench.count(AttachmentAdded) == len(names))
    bench.post(SendDraft(draft))
    sent = await bench.passes(NoteSent)
    arrived = [file.filename for file in sent.note.attachments]
    assert arrived == [safe_filename(name) for name in names]
    assert all(name.endswith(".txt") for name in arrived)
    assert bench.fake.violations == []

"""The spool: what is in it is whole, private, and what the rep attached."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from close_notes_gui.model.ids import AttachmentId
from close_notes_gui.store.errors import (
    FileChanged,
    FileUnreadable,
    FileVanished,
    SpoolCancelled,
    SpoolFull,
)
from close_notes_gui.store.spool import Kept, Spool

ID = AttachmentId("f1")


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "Angebot «ß».pdf"
    path.write_bytes(os.urandom(3_000_000))
    return path


def test_the_copy_is_the_file(spool: Spool, source: Path):
    kept = spool.keep(ID, source)
    content = source.read_bytes()
    assert kept.path.read_bytes() == content
    assert kept.digest == hashlib.sha256(content).hexdigest()
    assert (kept.size_bytes, kept.is_copy) == (3_000_000, True)
    assert kept.path.stat().st_ino != source.stat().st_ino
    spool.check(kept)


def test_the_copy_outlives_edits_and_deletion(spool: Spool, source: Path):
    content = source.read_bytes()
    kept = spool.keep(ID, source)
    with source.open("r+b") as file:
        file.write(b"edited in place")
    assert kept.path.read_bytes() == content
    source.unlink()
    spool.check(kept)


@pytest.fixture
def referring(tmp_path: Path) -> Spool:
    """A spool that takes everything for too large to be copied."""
    return Spool(tmp_path / "small", largest_copy_bytes=1000)


def alter(path: Path, at: int) -> None:
    """Another byte in its place, and no trace of it in the file's time."""
    status = path.stat()
    with path.open("r+b") as file:
        file.seek(at)
        before = file.read(1)
        file.seek(at)
        file.write(bytes([before[0] ^ 1]))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_a_large_file_is_referred_to(referring: Spool, source: Path):
    kept = referring.keep(ID, source)
    assert (kept.path, kept.is_copy) == (source, False)
    assert list(referring.folder.iterdir()) == []
    assert referring.check(kept)
    os.utime(source, ns=(0, 0))
    with pytest.raises(FileChanged):
        referring.check(kept)
    source.unlink()
    with pytest.raises(FileVanished):
        referring.check(kept)


@pytest.mark.parametrize("at", [0, 100_000, 2_999_999])
def test_a_large_file_is_known_by_bytes_from_all_over_it(referring: Spool, source: Path, at: int):
    kept = referring.keep(ID, source)
    assert referring.keep(AttachmentId("f2"), source).digest == kept.digest
    alter(source, at)
    with pytest.raises(FileChanged):
        referring.check(kept)


def test_a_large_file_is_not_read_through_before_it_goes_up(referring: Spool, tmp_path: Path):
    path = tmp_path / "film.mp4"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # hashing it would take a quarter of an hour
    assert referring.check(referring.keep(ID, path))


def test_a_copy_of_another_time_must_be_hashed_again(spool: Spool, source: Path):
    kept = spool.keep(ID, source)
    assert spool.check(kept)
    kept.path.write_bytes(os.urandom(kept.size_bytes))
    os.utime(kept.path, ns=(1, 1))
    assert not spool.check(kept)


def test_a_shortened_copy_is_noticed(spool: Spool, source: Path):
    kept = spool.keep(ID, source)
    kept.path.write_bytes(b"short")
    with pytest.raises(FileChanged):
        spool.check(kept)


def test_an_empty_file_is_kept(spool: Spool, tmp_path: Path):
    empty = tmp_path / "empty"
    empty.touch()
    assert spool.keep(ID, empty).size_bytes == 0


def test_pasted_bytes(spool: Spool):
    kept = spool.keep_bytes(ID, b"PNG...")
    assert kept == Kept(
        spool.path(ID), 6, kept.mtime_ns, hashlib.sha256(b"PNG...").hexdigest(), is_copy=True
    )


def test_no_file_no_copy(spool: Spool, tmp_path: Path):
    with pytest.raises(FileVanished):
        spool.keep(ID, tmp_path / "nothing")
    with pytest.raises(FileUnreadable):
        spool.keep(ID, tmp_path)
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    with pytest.raises(FileUnreadable):  # and never waits for a writer
        spool.keep(ID, fifo)
    assert list(spool.folder.iterdir()) == []


def test_cancelling_leaves_nothing(spool: Spool, source: Path):
    answers = iter([False, True])
    with pytest.raises(SpoolCancelled):
        spool.keep(ID, source, is_cancelled=lambda: next(answers))
    assert list(spool.folder.iterdir()) == []


def test_a_file_that_changes_while_it_is_read_is_not_kept(spool: Spool, source: Path):
    def edit() -> bool:
        with source.open("ab") as file:
            file.write(b"more")
        return False

    with pytest.raises(FileChanged):
        spool.keep(ID, source, is_cancelled=edit)
    assert list(spool.folder.iterdir()) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_nothing(
    spool: Spool, source: Path, monkeypatch: pytest.MonkeyPatch, code: int
):
    def full(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SpoolFull):
        spool.keep(ID, source)
    with pytest.raises(SpoolFull):
        spool.keep_bytes(ID, b"x")
    assert list(spool.folder.iterdir()) == []


def test_copying_again_replaces_the_old_copy(spool: Spool, source: Path):
    spool.keep_bytes(ID, b"old")
    assert spool.keep(ID, source).path.read_bytes() == source.read_bytes()


def test_sweep_takes_orphans_and_halves_only(spool: Spool):
    spool.keep_bytes(ID, b"mine")
    spool.keep_bytes(AttachmentId("orphan"), b"?")
    (spool.folder / "f1.partial").write_bytes(b"half")
    assert spool.sweep([ID]) == 2
    assert [p.name for p in spool.folder.iterdir()] == [ID]
    spool.remove(ID)
    spool.remove(ID)
    assert list(spool.folder.iterdir()) == []


@pytest.mark.parametrize("bad", ["../x", "a/b", "", ".", "a.b"])
def test_an_id_is_never_a_path(spool: Spool, bad: str):
    with pytest.raises(ValueError, match="id"):
        spool.path(AttachmentId(bad))

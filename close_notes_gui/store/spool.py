"""The bytes of attachments, as they were when attached.

Any thread (pool threads copy); touches no database. A copy is written aside, synced, and
renamed, so that a file in the spool is whole or not there. Never a hard link: a file edited
in place would change under the note.
"""

import errno
import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from close_notes_gui.model.ids import AttachmentId
from close_notes_gui.store.errors import (
    FileChanged,
    FileUnreadable,
    FileVanished,
    SpoolCancelled,
    SpoolFull,
)

LARGEST_COPY_BYTES = 100 * 1024 * 1024
_CHUNK_BYTES = 1024 * 1024
_SAMPLES = 16
_SAMPLE_BYTES = 256 * 1024
_SAMPLED = "sampled:"
_PARTIAL = ".partial"
_FICLONE = 0x40049409  # linux/fs.h: share the blocks of another file, copied when either changes
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class Kept:
    """Where an attachment's bytes are: our copy, or the file itself where it is too large.

    `digest` is the sha256 of a copy; of a file referred to, a mark made of its time and of bytes
    from all over it, so that its upload may begin at once.
    """

    path: Path
    size_bytes: int
    mtime_ns: int
    digest: str
    is_copy: bool


class Spool:
    """Invariant: a file named by an attachment's id holds all of its bytes, synced."""

    def __init__(self, folder: Path, *, largest_copy_bytes: int = LARGEST_COPY_BYTES) -> None:
        self.folder = folder
        self._largest_copy_bytes = largest_copy_bytes
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def path(self, attachment_id: AttachmentId) -> Path:
        """Where the copy of this attachment is or would be. Raises ValueError for a bad id."""
        if not attachment_id.isalnum():
            raise ValueError("an attachment's id is letters and figures")
        return self.folder / attachment_id

    def keep(
        self,
        attachment_id: AttachmentId,
        source: Path,
        *,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Kept:
        """Copy the file, or refer to it above 100 MB; its digest is made on the way.

        Raises `FileVanished`, `FileUnreadable`, `FileChanged` (while being read),
        `SpoolFull`, `SpoolCancelled`. Blocks for as long as the disk takes.
        """
        with _reading(source) as file:
            before = os.fstat(file.fileno())
            is_copy = before.st_size <= self._largest_copy_bytes
            if is_copy:
                target = self.path(attachment_id)
                digest = self._copy(file, target, is_cancelled)
            else:
                target = source.absolute()
                digest = _sampled(file)
            after = os.fstat(file.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            if is_copy:
                target.unlink(missing_ok=True)
            raise FileChanged("changed while it was read", path=source)
        mtime_ns = target.stat().st_mtime_ns if is_copy else before.st_mtime_ns
        return Kept(target, before.st_size, mtime_ns, digest, is_copy)

    def keep_bytes(self, attachment_id: AttachmentId, content: bytes) -> Kept:
        """Keep bytes that never were a file. Raises `SpoolFull`, `FileUnreadable`."""
        target = self.path(attachment_id)
        with self._writing(target) as file:
            file.write(content)
        digest = hashlib.sha256(content).hexdigest()
        return Kept(target, len(content), target.stat().st_mtime_ns, digest, is_copy=True)

    def keep_made(self, attachment_id: AttachmentId, make: Callable[[BinaryIO], None]) -> Kept:
        """Keep what `make` writes (it may go back and forth in it). As `keep` raises, and what
        `make` does.
        """
        target = self.path(attachment_id)
        with self._writing(target) as file:
            make(file)
        with _reading(target) as file:
            digest = _hash(file, lambda: False)
            now = os.fstat(file.fileno())
        return Kept(target, now.st_size, now.st_mtime_ns, digest, is_copy=True)

    def share(self, attachment_id: AttachmentId, copy_id: AttachmentId) -> None:
        """The same bytes under another attachment's id; each is removed by itself. What is in the
        spool is never written to, so that a hard link is safe; a copy where there are none.

        Raises `SpoolFull`, `FileUnreadable`.
        """
        source, target = self.path(attachment_id), self.path(copy_id)
        try:
            os.link(source, target)
            _sync_folder(self.folder)
        except OSError:
            with _reading(source) as file:
                self._copy(file, target, lambda: False)

    def check(self, kept: Kept) -> bool:
        """Whether these are for certain the bytes that were attached: a copy by size and time, a
        file of the rep's by its mark too. False: only hashing all of it can tell (a copy whose
        time is another one, as after a restored backup).

        Raises `FileVanished`, `FileChanged`, `FileUnreadable`. Reads 4 MB at most.
        """
        with _reading(kept.path) as file:
            now = os.fstat(file.fileno())
            same_time = now.st_mtime_ns == kept.mtime_ns
            is_sampled = kept.digest.startswith(_SAMPLED)
            if now.st_size != kept.size_bytes or not (kept.is_copy or same_time):
                raise FileChanged("not the file that was attached", path=kept.path)
            if is_sampled and _sampled(file) != kept.digest:
                raise FileChanged("not the bytes that were attached", path=kept.path)
        return is_sampled or (kept.is_copy and same_time)

    def remove(self, attachment_id: AttachmentId) -> None:
        """Delete the copy, where there is one; never the rep's own file."""
        with suppress(OSError):  # in use elsewhere (Windows): the sweep at the next start has it
            self.path(attachment_id).unlink(missing_ok=True)

    def sweep(self, known: Iterable[AttachmentId]) -> int:
        """Delete what belongs to no attachment, half copies included; how many."""
        keep = set(known)
        removed = 0
        for path in self.folder.iterdir():
            if path.name not in keep and path.is_file() and not path.is_symlink():
                with suppress(OSError):
                    path.unlink()
                    removed += 1
        return removed

    def _copy(self, file: BinaryIO, target: Path, is_cancelled: Callable[[], bool]) -> str:
        with self._writing(target) as out:
            if _reflink(file, out):
                return _hash(file, is_cancelled)
            return _hash(file, is_cancelled, out)

    @contextmanager
    def _writing(self, target: Path) -> Iterator[BinaryIO]:
        partial = target.with_name(target.name + _PARTIAL)
        try:
            with open(partial, "wb", opener=_private) as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
            _sync_folder(self.folder)
        except OSError as error:
            partial.unlink(missing_ok=True)
            if error.errno in NO_ROOM:
                raise SpoolFull("no room for the copy", path=target) from error
            raise FileUnreadable(_reason(error), path=target) from error
        except BaseException:  # whatever it was that made it
            partial.unlink(missing_ok=True)
            raise


@contextmanager
def _reading(source: Path) -> Iterator[BinaryIO]:
    """The plain file, open for reading; a pipe or device is never opened to be waited for."""
    try:
        if not stat.S_ISREG(source.stat().st_mode):
            raise FileUnreadable("not a plain file", path=source)
        file = source.open("rb")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileVanished("not there", path=source) from error
    except OSError as error:
        raise FileUnreadable(_reason(error), path=source) from error
    with file:
        try:
            yield file
        except OSError as error:
            raise FileUnreadable(_reason(error), path=source) from error


def _hash(file: BinaryIO, is_cancelled: Callable[[], bool], out: BinaryIO | None = None) -> str:
    """Read to the end, copying where `out` is given; the sha256 of all. A file that grows while
    it is read (a log, a download) would have no end: FileChanged.
    """
    digest = hashlib.sha256()
    left_bytes = os.fstat(file.fileno()).st_size
    while chunk := file.read(_CHUNK_BYTES):
        if is_cancelled():
            raise SpoolCancelled("cancelled")
        left_bytes -= len(chunk)
        if left_bytes < 0:
            raise FileChanged("grows while it is read")
        digest.update(chunk)
        if out is not None:
            out.write(chunk)
    return digest.hexdigest()


def _sampled(file: BinaryIO) -> str:
    """A mark of a file too large to be hashed before its upload: its time, its size, and bytes
    from its beginning, its end, and evenly between.
    """
    status = os.fstat(file.fileno())
    digest = hashlib.sha256(f"{status.st_mtime_ns} {status.st_size}".encode())
    last = max(status.st_size - _SAMPLE_BYTES, 0)
    for sample in range(_SAMPLES):
        file.seek(last * sample // (_SAMPLES - 1))
        digest.update(file.read(_SAMPLE_BYTES))
    return _SAMPLED + digest.hexdigest()


def _reflink(file: BinaryIO, out: BinaryIO) -> bool:
    """Share the blocks where the file system can (Btrfs, XFS, bcachefs); False elsewhere."""
    if sys.platform != "linux":
        return False
    import fcntl  # noqa: PLC0415 - there is none on Windows

    try:
        fcntl.ioctl(out.fileno(), _FICLONE, file.fileno())
    except OSError:
        return False
    return True


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """Make the rename last; Windows has no way to open a folder and needs none."""
    if sys.platform == "win32":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _reason(error: OSError) -> str:
    """The system's words without the path, which may be private."""
    return error.strerror or type(error).__name__

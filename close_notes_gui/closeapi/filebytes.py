"""The bytes of one file, read in pieces, hashed, and watched for change. A pool thread."""

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from close_notes_gui.closeapi.errors import FileChanged, FileVanished

PIECE_BYTES = 256 * 1024
_LARGEST_PIECE_BYTES = 1024 * 1024  # where the line takes them fast; fewer calls, more throughput
_FAST_S = 0.02
_PROGRESS_EVERY_S = 0.05

Progress = Callable[[int, int], None]


class FileBytes:
    """An open file. Invariant: exactly `size_bytes` bytes come out of `pieces`, or it raises."""

    def __init__(
        self,
        path: Path,
        *,
        expected_size_bytes: int | None,
        expected_mtime_ns: int | None,
        with_sha256: bool = True,
    ) -> None:
        """Raise FileVanished, or FileChanged where it is not the file that was attached."""
        # A pipe in the file's place must not hang the thread.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            descriptor = os.open(path, flags)
        except (OSError, ValueError):
            descriptor = -1
        if descriptor < 0:
            raise FileVanished("cannot be opened")
        self._descriptor = descriptor
        self._hash = hashlib.sha256() if with_sha256 else None
        self._before = os.fstat(descriptor)
        self.size_bytes = self._before.st_size
        wrong_size = expected_size_bytes not in {None, self.size_bytes}
        wrong_time = expected_mtime_ns not in {None, self._before.st_mtime_ns}
        if not stat.S_ISREG(self._before.st_mode) or wrong_size or wrong_time:
            self.close()
            raise FileChanged("not the file that was attached")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; harmless when done already."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    @property
    def sha256(self) -> str:
        """The hash (hex) of all that came out of `pieces`; empty where none was wanted."""
        return self._hash.hexdigest() if self._hash else ""

    def pieces(
        self, *, before_each: Callable[[], None], on_progress: Progress | None
    ) -> Iterator[bytes]:
        """The file once through. The last piece is held back until the file proved unchanged:
        what is cut off, the storage host does not keep.
        """
        read_bytes = 0
        told_s = now_s = time.monotonic()
        piece_bytes = PIECE_BYTES
        while read_bytes < self.size_bytes:
            before_each()
            piece = self._read(min(piece_bytes, self.size_bytes - read_bytes))
            read_bytes += len(piece)
            if self._hash:
                self._hash.update(piece)
            is_last = read_bytes == self.size_bytes
            if is_last:
                self._check_unchanged()
            yield piece
            before_s, now_s = now_s, time.monotonic()
            is_fast = now_s - before_s < _FAST_S
            piece_bytes = min(piece_bytes * 2, _LARGEST_PIECE_BYTES) if is_fast else PIECE_BYTES
            if on_progress and (is_last or now_s - told_s >= _PROGRESS_EVERY_S):
                told_s = now_s
                on_progress(read_bytes, self.size_bytes)
        before_each()

    def _read(self, most_bytes: int) -> bytes:
        try:
            piece = os.read(self._descriptor, most_bytes)
        except OSError:
            piece = None
        if piece is None:
            raise FileVanished("cannot be read")
        if not piece:
            raise FileChanged("became shorter")
        return piece

    def _check_unchanged(self) -> None:
        after = os.fstat(self._descriptor)
        if (after.st_size, after.st_mtime_ns) != (self.size_bytes, self._before.st_mtime_ns):
            raise FileChanged("changed while it was sent")

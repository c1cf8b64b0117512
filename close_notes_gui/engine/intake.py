"""Looks at what was dropped, before anything is kept of it: what it is, and whether it can go.

Runs beside the loop, in threads of its own (a network drive may hang). Reads the first bytes only;
never executes, never follows what the bytes say.
"""

import mimetypes
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from close_notes_gui.engine.problems import problem_from
from close_notes_gui.model.filenames import extension, safe_filename
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.settings import Settings

UNKNOWN_TYPE: Final = "application/octet-stream"
MOST_ON_A_NOTE: Final = 1000
#: S3 takes no more in one request (Amazon S3 User Guide, "Uploading objects").
LARGEST_POST_BYTES: Final = 5 * 1024**3
_HEAD_BYTES: Final = 64

#: The built-in table alone: the system's own would make the type depend on the machine.
_BUILT_IN: Final = mimetypes.MimeTypes()
_MORE_TYPES: Final = {
    ".7z": "application/x-7z-compressed",
    ".avif": "image/avif",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".flac": "audio/flac",
    ".gz": "application/gzip",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".ics": "text/calendar",
    ".log": "text/plain",
    ".m4a": "audio/mp4",
    ".md": "text/markdown",
    ".msg": "application/vnd.ms-outlook",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ogg": "audio/ogg",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".rar": "application/vnd.rar",
    ".rtf": "application/rtf",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".zip": "application/zip",
}
#: (offset, bytes) that tell a type for certain; for pictures they overrule the name.
_SIGNATURES: Final = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypM4A ", "audio/mp4"),
    (4, b"ftypqt  ", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"ID3", "audio/mpeg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
)
_SNIFFED_PICTURES: Final = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "image/heic", "image/avif"}
)


#: Files that only say where another one is: of no use to whoever reads the note.
_SHORTCUTS: Final = frozenset({".lnk", ".url", ".webloc", ".desktop"})
_ALIAS: Final = b"book\0\0\0\0mark\0\0\0\0"  # a macOS alias


class Unfit(Exception):
    """What was dropped cannot be attached; the problem says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.kind.name)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Found:
    """A plain file that can be attached, as Close shall know it."""

    filename: str
    content_type: str
    size_bytes: int
    links_to: str = ""  # the name of the file that a link was followed to


def examine(path: Path, *, settings: Settings) -> Found:
    """Look at the file (links are followed). Raises Unfit. May block as long as the disk does."""
    filename = safe_filename(path.name)
    try:
        status = path.stat()
        _check_kind(status.st_mode, filename)
        check_name_and_size(filename, status.st_size, settings=settings)
        head = _head(path, filename)
        target = safe_filename(path.resolve().name) if path.is_symlink() else ""
    except ValueError as error:  # a NUL in the name: no file can have it
        raise Unfit(Problem(ProblemKind.FILE_VANISHED, subject=filename)) from error
    except (OSError, RuntimeError) as error:
        raise Unfit(problem_from(error, subject=filename)) from error
    if extension(filename) in _SHORTCUTS or head.startswith(_ALIAS):
        raise Unfit(Problem(ProblemKind.FILE_IS_SHORTCUT, subject=filename))
    return Found(filename, content_type(filename, head), status.st_size, target)


def check_name_and_size(filename: str, size_bytes: int, *, settings: Settings) -> None:
    """Raise Unfit for an empty or too large file and for a kind of file that is not sent."""
    if extension(filename) in {ext.lower() for ext in settings.blocked_extensions}:
        raise Unfit(Problem(ProblemKind.FILE_BLOCKED, subject=filename))
    if size_bytes == 0:
        raise Unfit(Problem(ProblemKind.FILE_EMPTY, subject=filename))
    if size_bytes > min(settings.largest_file_bytes, LARGEST_POST_BYTES):
        raise Unfit(Problem(ProblemKind.FILE_TOO_LARGE, subject=filename))


def write_fit(content: bytes, out: BinaryIO, *, filename: str, settings: Settings) -> None:
    """Write what was made just now, where it can go. Raises Unfit, OSError."""
    check_name_and_size(filename, len(content), settings=settings)
    out.write(content)


def content_type(filename: str, head: bytes) -> str:
    """The type by name, by the first bytes where the name says nothing, and for pictures by the
    bytes in any case: a PNG named .jpg is shown by its bytes.
    """
    sniffed = _sniffed(head)
    ending = extension(filename)
    named = _MORE_TYPES.get(ending) or _BUILT_IN.types_map[True].get(ending)
    if sniffed in _SNIFFED_PICTURES and (named is None or named.startswith("image/")):
        return sniffed
    return named or sniffed or UNKNOWN_TYPE


def sniffed_picture(head: bytes) -> str | None:
    """The type of a picture by its first bytes; None for anything else."""
    sniffed = _sniffed(head)
    return sniffed if sniffed in _SNIFFED_PICTURES else None


def _sniffed(head: bytes) -> str | None:
    for offset, mark, kind in _SIGNATURES:
        if head[offset : offset + len(mark)] == mark:
            return kind
    return None


def _check_kind(mode: int, filename: str) -> None:
    if stat.S_ISDIR(mode):
        raise Unfit(Problem(ProblemKind.FILE_IS_FOLDER, subject=filename))
    if not stat.S_ISREG(mode):
        raise Unfit(Problem(ProblemKind.FILE_IS_SPECIAL, subject=filename))


def _head(path: Path, filename: str) -> bytes:
    # O_NONBLOCK: were it exchanged for a pipe just now, opening would wait for a writer.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        _check_kind(os.fstat(descriptor).st_mode, filename)
        return os.read(descriptor, _HEAD_BYTES)
    finally:
        os.close(descriptor)

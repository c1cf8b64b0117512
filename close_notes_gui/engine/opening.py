"""Which files may be handed to the system to be opened, and a private place for those.

Any thread; the disk is touched by `private_place`, `sweep` and `copy_aside` alone. A kind that is
not known to be mere contents is never opened: a program would be started by it.
"""

import contextlib
import os
import secrets
import shutil
import time
from pathlib import Path
from typing import Final

from close_notes_gui.model.filenames import extension, local_filename
from close_notes_gui.model.files import FilePurpose, ReadyFile
from close_notes_gui.model.problem import Problem, ProblemKind

#: Contents that a viewer shows. Not here, on purpose: whatever holds macros, scripts or links to
#: programs (docm, html, svg, xml, js, lnk, desktop, jar, iso …) and everything unknown.
_SHOWN: Final = frozenset(
    """
    .aac .aiff .avi .avif .bmp .csv .doc .docx .eml .epub .flac .gif .gz .heic .heif .ics .jpeg
    .jpg .json .key .log .m4a .m4v .md .mkv .mov .mp3 .mp4 .mpeg .mpg .numbers .odp .ods .odt
    .ogg .opus .pages .pdf .png .ppt .pptx .rtf .tar .tif .tiff .tsv .txt .vcf .wav .webm .webp
    .wmv .xls .xlsx .yaml .yml .zip
    """.split()
)
KEPT_S: Final = 24 * 3600.0


def may_open(path: Path) -> bool:
    """Whether the system may be asked to open a file of this name."""
    return extension(path.name) in _SHOWN


def ready_file(path: Path, purpose: FilePurpose) -> ReadyFile:
    """The file at `path`, with what may be done with it."""
    is_harmless = may_open(path)
    problem = None
    if purpose is FilePurpose.OPEN and not is_harmless:
        problem = Problem(ProblemKind.FILE_NOT_OPENED, subject=path.name)
    return ReadyFile(path, purpose, is_harmless, problem)


def private_place(folder: Path, filename: str) -> Path:
    """A path of this name in a new folder that this user alone can enter. Raises OSError."""
    inside = folder / secrets.token_hex(8)
    inside.mkdir(mode=0o700, parents=True)
    return inside / local_filename(filename)


def copy_aside(source: Path, folder: Path, filename: str) -> Path:
    """A copy under its own name, to be opened without touching what will be sent. OSError."""
    place = private_place(folder, filename)
    with source.open("rb") as read, place.open("xb") as write:
        shutil.copyfileobj(read, write, 1024 * 1024)
    place.chmod(0o600)
    return place


def sweep(folder: Path, *, kept_s: float = KEPT_S, most_bytes: int | None = None) -> None:
    """Delete what was put there or last written longer than `kept_s` ago, and where files come to
    more than `most_bytes`, the oldest of them. In use or not deletable, it stays.
    """
    oldest_s = time.time() - kept_s
    kept_bytes = 0
    for entry, status in _newest_first(folder):
        kept_bytes += status.st_size
        is_too_much = most_bytes is not None and kept_bytes > most_bytes
        if status.st_mtime >= oldest_s and not is_too_much:
            continue
        if entry.is_dir(follow_symlinks=False):
            # saved in place, a file leaves the time of its folder as it was
            if _written_last_s(entry.path) < oldest_s:
                shutil.rmtree(entry.path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                Path(entry.path).unlink()


def _written_last_s(folder: str) -> float:
    """When anything within was written last; 0 where nothing is."""
    last_s = 0.0
    for inside, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                last_s = max(last_s, os.lstat(os.path.join(inside, name)).st_mtime)  # noqa: PTH118
    return last_s


def _newest_first(folder: Path) -> list[tuple["os.DirEntry[str]", os.stat_result]]:
    found = []
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return []
    for entry in entries:
        with contextlib.suppress(OSError):
            found.append((entry, entry.stat(follow_symlinks=False)))
    return sorted(found, key=lambda each: each[1].st_mtime, reverse=True)

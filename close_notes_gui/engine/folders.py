"""Folders that were dropped: their files one by one, or all of it as one zip.

Runs beside the loop, in threads of its own. Links inside a folder are left out: a folder that came
from someone else could lead to any file of the rep's.
"""

import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from close_notes_gui.engine.intake import MOST_ON_A_NOTE, Unfit
from close_notes_gui.model.filenames import safe_filename
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.store.errors import SpoolCancelled

#: What file browsers leave behind in folders.
_LITTER: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".directory"})
_MOST_IN_ZIP: Final = 100_000
_PIECE_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Inside:
    """A plain file in a folder. `name` is its way from there, parts joined by slashes."""

    path: Path
    name: str
    size_bytes: int


def files_inside(folder: Path) -> tuple[Inside, ...]:
    """The plain files, folder by folder, in the order of their names. Raises Unfit where there
    are more than a note takes, or none; OSError.
    """
    found = _listed(folder, most=MOST_ON_A_NOTE)
    return tuple(each for each in found if each.size_bytes > 0) or _none_in(folder)


def files_to_pack(folder: Path, *, largest_bytes: int) -> tuple[Inside, ...]:
    """As `files_inside`, for a zip: empty files too, and so large a folder at most."""
    found = _listed(folder, most=_MOST_IN_ZIP) or _none_in(folder)
    if sum(each.size_bytes for each in found) > largest_bytes:
        raise Unfit(Problem(ProblemKind.FILE_TOO_LARGE, subject=safe_filename(folder.name)))
    return found


def pack(
    files: tuple[Inside, ...], out: BinaryIO, *, top: str, is_cancelled: Callable[[], bool]
) -> None:
    """Write a zip of the files, below one folder `top`. Raises SpoolCancelled, OSError."""
    with zipfile.ZipFile(
        out, "w", zipfile.ZIP_DEFLATED, compresslevel=6, strict_timestamps=False
    ) as packed:
        for each in files:
            entry = zipfile.ZipInfo.from_file(
                each.path, f"{top}/{each.name}", strict_timestamps=False
            )
            entry.compress_type = zipfile.ZIP_DEFLATED
            with each.path.open("rb") as read, packed.open(entry, "w") as write:
                while piece := read.read(_PIECE_BYTES):
                    if is_cancelled():
                        raise SpoolCancelled("cancelled")
                    write.write(piece)


def _listed(folder: Path, *, most: int) -> tuple[Inside, ...]:
    found: list[Inside] = []
    names: set[str] = set()
    for path, parts in _walked(folder, ()):
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            continue
        name = "/".join(safe_filename(part) for part in parts)
        if name in names:  # two names that differ in what is not shown only
            name = f"{name.rpartition('/')[0]}/{len(names)} {name.rpartition('/')[2]}".lstrip("/")
        names.add(name)
        found.append(Inside(path, name, status.st_size))
        if len(found) > most:
            raise Unfit(Problem(ProblemKind.TOO_MANY_FILES, subject=safe_filename(folder.name)))
    return tuple(found)


def _walked(folder: Path, above: tuple[str, ...]) -> Iterator[tuple[Path, tuple[str, ...]]]:
    with os.scandir(folder) as entries:
        ordered = sorted(entries, key=lambda entry: (entry.is_dir(), entry.name.lower()))
    for entry in ordered:
        if entry.is_symlink() or entry.name.lower() in _LITTER:
            continue
        parts = (*above, entry.name)
        if entry.is_dir(follow_symlinks=False):
            yield from _walked(Path(entry.path), parts)
        else:
            yield Path(entry.path), parts


def _none_in(folder: Path) -> tuple[Inside, ...]:
    raise Unfit(Problem(ProblemKind.FILE_EMPTY, subject=safe_filename(folder.name)))

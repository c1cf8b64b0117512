"""What the window asks of the world outside it, so that tests can stand in for the world.

Window thread.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QProcess, QProcessEnvironment, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from close_notes_gui.ui.drag_out import copy_file, drag_file
from close_notes_gui.ui.thumbnail import PictureSource


def utc_now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


def open_address(address: str) -> None:
    """Open an address in the rep's browser, mail or phone program; any other kind is left alone."""
    url = QUrl(address)
    if url.scheme() in {"https", "http", "mailto", "tel"}:
        QDesktopServices.openUrl(url)


def choose_files(parent: QWidget) -> tuple[Path, ...]:
    """Let the rep choose files; empty where they changed their mind."""
    names, _ = QFileDialog.getOpenFileNames(parent, "Attach files")
    return tuple(Path(name) for name in names)


def choose_place(parent: QWidget, name: str) -> Path | None:
    """Let the rep choose where a file of this name is saved; None where they changed their mind."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    chosen, _ = QFileDialog.getSaveFileName(parent, "Save file", str(Path(folder) / name))
    return Path(chosen) if chosen else None


def choose_markdown(parent: QWidget) -> tuple[Path, ...]:
    """Let the rep choose Markdown files; empty where they changed their mind."""
    kinds = "Markdown (*.md *.markdown *.txt)"
    names, _ = QFileDialog.getOpenFileNames(parent, "Import templates", filter=kinds)
    return tuple(Path(name) for name in names)


def choose_folder(parent: QWidget) -> Path | None:
    """Let the rep choose a folder to write into; None where they changed their mind."""
    chosen = QFileDialog.getExistingDirectory(parent, "Export to folder")
    return Path(chosen) if chosen else None


def open_file(path: Path) -> None:
    """Open a file with the system's program for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def reveal_file(path: Path) -> None:
    """Show the folder that a file is in."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def start_sandbox() -> None:
    """Start the program once more, on a sample organisation with a data folder of its own."""
    is_frozen = getattr(sys, "frozen", False)
    process = QProcess()
    process.setProgram(sys.executable)
    process.setArguments([*([] if is_frozen else ["-m", "close_notes_gui"]), "--sandbox"])
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("PYINSTALLER_RESET_ENVIRONMENT", "1")  # it is not a part of this one
    process.setProcessEnvironment(environment)
    process.startDetached()


def as_it_is(_scheme: str, _text_size_percent: int) -> None:
    """Looks stay as they are."""


def always() -> bool:
    """The window may close at once."""
    return True


def nothing() -> None:
    """There is nothing to do."""


@dataclass(frozen=True, slots=True)
class Services:
    """Seams of the window.

    `close_requested` is asked when the rep closes the window, after unsaved text was flushed;
    True lets it close now, False keeps it (the program then hides or ends it itself).
    `keep_sending`: hide it, send what waits, then end. `close_now`: the rep has read what is lost
    or waits, and means it.
    `wear` sets light or dark and the size of text (see `look.Look.wear`).
    `pictures` reads pictures beside this thread; None draws icons only.
    """

    close_requested: Callable[[], bool] = always
    keep_sending: Callable[[], None] = nothing
    close_now: Callable[[], None] = nothing
    wear: Callable[[str, int], None] = as_it_is
    now: Callable[[], datetime] = utc_now
    open_address: Callable[[str], None] = open_address
    start_sandbox: Callable[[], None] = start_sandbox
    choose_files: Callable[[QWidget], tuple[Path, ...]] = field(default=choose_files)
    choose_place: Callable[[QWidget, str], Path | None] = field(default=choose_place)
    choose_markdown: Callable[[QWidget], tuple[Path, ...]] = field(default=choose_markdown)
    choose_folder: Callable[[QWidget], Path | None] = field(default=choose_folder)
    open_file: Callable[[Path], None] = field(default=open_file)
    reveal_file: Callable[[Path], None] = field(default=reveal_file)
    drag_file: Callable[[QWidget, Path, str], None] = field(default=drag_file)
    copy_file: Callable[[Path], None] = field(default=copy_file)
    pictures: PictureSource | None = None

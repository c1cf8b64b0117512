"""What the window asks of the world outside it, so that tests can stand in for the world.

Window thread.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget


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


def always() -> bool:
    """The window may close at once."""
    return True


@dataclass(frozen=True, slots=True)
class Services:
    """Seams of the window.

    `close_requested` is asked when the rep closes the window, after unsaved text was flushed;
    True lets it close now, False keeps it (the program then hides or ends it itself).
    `layout_file` is where size and place of the window are kept; None keeps them nowhere.
    """

    close_requested: Callable[[], bool] = always
    now: Callable[[], datetime] = utc_now
    open_address: Callable[[str], None] = open_address
    choose_files: Callable[[QWidget], tuple[Path, ...]] = field(default=choose_files)
    layout_file: Path | None = None

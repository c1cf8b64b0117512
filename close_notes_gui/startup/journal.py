"""The log of this run: a rotating file, free of keys and note text, and the last word on crashes.

Set up first of all, on the main thread. Standard library alone.
"""

import faulthandler
import logging
import os
import re
import sys
import threading
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

MIB = 1024 * 1024
SECRET = re.compile(r"api_[A-Za-z0-9._-]{8,}|(?i:basic|bearer)\s+[A-Za-z0-9+/=._-]{8,}")
QUIET = ("httpx", "httpcore", "asyncio", "markdown", "keyring")  # they would log addresses

log = logging.getLogger("close_notes_gui")

Crash = Callable[[str], None]


class WithoutSecrets(logging.Formatter):
    """A formatter whose lines hold no API key and no Authorization value, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it goes to the file."""
        return SECRET.sub("[hidden]", super().format(record))


class _PrivateFile(RotatingFileHandler):
    """Invariant: this user alone reads the log, also after it has rotated."""

    def _open(self) -> TextIOWrapper:
        opened = super()._open()
        Path(self.baseFilename).chmod(0o600)
        return opened


def open_log(folder: Path, level: str = "INFO") -> Path | None:
    """Log to `folder/close-notes.log`, 1 MiB by 3; None where the folder cannot be written,
    then to standard error. Never raises: a program that cannot log still starts.
    """
    root = logging.getLogger()
    root.setLevel(level if level in logging.getLevelNamesMapping() else "INFO")
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    path = folder / "close-notes.log"
    target: logging.Handler
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = _PrivateFile(path, maxBytes=MIB, backupCount=3, encoding="utf-8")
    except OSError:
        target = logging.StreamHandler()
        path = None  # type: ignore[assignment]
    target.setFormatter(WithoutSecrets("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.addHandler(target)
    return path


def _stacks(path: Path) -> TextIOWrapper:
    """Added to: a report wants the stack after the next start, and a start that only hands over
    to the program that runs must leave it that file. Emptied above 1 MiB. Raises OSError.
    """
    file = open(path, "a", encoding="utf-8", opener=_private)  # noqa: SIM115 (for all of the run)
    path.chmod(0o600)
    if path.stat().st_size > MIB:
        file.truncate(0)
    return file


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def watch_crashes(folder: Path, report: Crash) -> None:
    """Log every uncaught exception of any thread and tell `report` once. Hard crashes of the
    process (a fault in Qt) leave their stack in `folder/crash.txt`, behind those of earlier runs.
    """
    told = threading.Event()

    def on_error(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None, where: str
    ) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            sys.__excepthook__(kind, error, trace)
            return
        log.critical("uncaught in %s", where, exc_info=(kind, error, trace))
        if not told.is_set():
            told.set()
            report(f"{kind.__name__} in {where}")

    sys.excepthook = lambda k, e, t: on_error(k, e, t, "the window")
    threading.excepthook = lambda args: on_error(
        args.exc_type,
        args.exc_value or args.exc_type(),
        args.exc_traceback,
        args.thread.name if args.thread else "a thread",
    )
    try:
        faulthandler.enable(_stacks(folder / "crash.txt"))
    except OSError:
        log.info("no file for hard crashes")

"""Wires the rooms together, starts them and stops them. No logic of its own.

Main thread. The window is painted before anything heavy is loaded: what this module imports is
what the first paint needs. The rest comes in steps, then the engine's thread.
"""

import logging
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from close_notes_gui import __version__
from close_notes_gui.bridge import Bridge, RunsOnLoop
from close_notes_gui.startup.garbage import collect_due
from close_notes_gui.startup.journal import open_log, watch_crashes
from close_notes_gui.startup.options import OpenRequest, Options
from close_notes_gui.startup.place import CLOSE_API_URL, api_url, data_folder, log_level
from close_notes_gui.ui.crash_report import CrashReport
from close_notes_gui.ui.look import Look
from close_notes_gui.ui.single_instance import hand_over
from close_notes_gui.ui.theme import STYLE_ARGUMENTS
from close_notes_gui.ui.window import MainWindow

if TYPE_CHECKING:
    from close_notes_gui.model.events import Event
    from close_notes_gui.running import Running
    from close_notes_gui.sandbox.fake_close import FakeClose
    from close_notes_gui.ui.app_model import AppModel

log = logging.getLogger(__name__)

UNSAFE_ADDRESS = (
    "The address in CLOSE_NOTES_API_URL is not safe for your API key, so the program did not "
    "start. Nothing was sent. Use an https address, or http on this computer only."
)
LONGEST_UNSEEN_MS = 500
_GARBAGE_EVERY_MS = 1000
# Loaded one by one after the first paint, so that no step keeps a key waiting: each brings what
# the next one needs.
LOADED_IN_STEPS = (
    "model.commands",
    "model.events",
    "markup",
    "model.folding",
    "present.filtering",
    "present.views",
    "present.show",
    "ui.services",
    "ui.chip",
    "ui.richtext.document",
    "ui.richtext.typing_aids",
    "ui.richtext.templating",
    "ui.richtext.editor",
    "ui.compose",
    "ui.lead_results",
    "ui.wiring",
    "ui.settings.form",
    "ui.furnishing",
    "running",
)

EngineMaker = Callable[[Callable[["Event"], None]], RunsOnLoop]


def engine_maker(folder: Path, *, sandbox: "FakeClose | bool" = False) -> EngineMaker:
    """What makes the engine on its own thread: on the real Close, on a fake of its own (True),
    or on the fake given.
    """

    def make(emit: Callable[["Event"], None]) -> RunsOnLoop:
        # Imported here, on the engine's thread: httpx, bleach, markdown, keyring and the TLS
        # context take 300 ms that the first paint does not wait for.
        from close_notes_gui.engine.engine import Engine  # noqa: PLC0415
        from close_notes_gui.engine.smoothness import settle  # noqa: PLC0415
        from close_notes_gui.seams import real_seams, sandbox_seams  # noqa: PLC0415

        fake = None if isinstance(sandbox, bool) else sandbox
        seams = sandbox_seams(fake) if sandbox else real_seams(api_url())
        engine = Engine(data_folder=folder, emit=emit, seams=seams)
        settle()
        return engine

    return make


class Program(QObject):
    """One run of the program: shows the window at once, then loads and builds all else in steps.

    Invariant: the engine starts once the window is whole.
    """

    def __init__(self, folder: Path, maker: EngineMaker, look: Look | None = None) -> None:
        super().__init__()
        self._folder = folder
        self._look = look
        self._request = OpenRequest()
        self._bridge = Bridge(maker)
        self._running: Running | None = None
        self._steps = self._remaining_steps()
        self._has_begun = False
        self._garbage = QTimer(self)
        self._garbage.timeout.connect(collect_due)
        self._garbage.start(_GARBAGE_EVERY_MS)
        self.window = MainWindow(folder / "layout.json")
        self.window.hurried.connect(self.complete)

    @property
    def model(self) -> "AppModel":
        """What the window shows."""
        return self._whole().model

    def start(self, request: OpenRequest) -> None:
        """Show the window; the rest follows as soon as it is painted."""
        self._request = request
        self.window.show()
        self.window.windowHandle().installEventFilter(self)
        QTimer.singleShot(LONGEST_UNSEEN_MS, self._begin)  # a window that starts hidden

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Go on after the first paint."""
        if event.type() == QEvent.Type.Expose:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._begin)
        return False

    @Slot()
    def complete(self) -> None:
        """Do all steps that are left, at once."""
        for _ in self._steps:
            pass

    def finish(self) -> None:
        """After the event loop: wait for the engine's thread, so that nothing is cut off."""
        self._whole().finish()

    def _whole(self) -> "Running":
        self.complete()
        assert self._running is not None
        return self._running

    @Slot()
    def _begin(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._take_step()

    @Slot()
    def _take_step(self) -> None:
        """One step, then whatever keys and paints have come, then the next."""
        if next(self._steps, self) is not self:
            QTimer.singleShot(0, self._take_step)

    def _remaining_steps(self) -> Iterator[None]:
        for name in LOADED_IN_STEPS:
            import_module(f"close_notes_gui.{name}")
            yield
        from close_notes_gui.running import Running  # noqa: PLC0415 (see LOADED_IN_STEPS)

        running = Running(self.window, self._bridge, self._folder, look=self._look)
        yield from running.furnish()
        running.start(self._request)
        self._running = running


def is_safe_address(address: str) -> bool:
    """Whether the key may be sent there: https, or this machine."""
    if address == CLOSE_API_URL:
        return True
    # Only where another address was asked for: they take a moment to load.
    from close_notes_gui.closeapi.errors import UnsafeAddress  # noqa: PLC0415
    from close_notes_gui.closeapi.hosts import check_api_address  # noqa: PLC0415

    try:
        check_api_address(address)
    except UnsafeAddress:
        return False
    return True


def run(options: Options) -> int:
    """The whole run; the exit code."""
    folder = data_folder(sandbox=options.sandbox)
    log_file = open_log(folder, log_level())
    app = QApplication([*sys.argv[:1], *STYLE_ARGUMENTS])
    app.setApplicationName("Close Notes")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("close-notes")
    app.setQuitOnLastWindowClosed(False)
    look = Look(app, folder / "look.json")
    report = CrashReport(log_file)
    watch_crashes(folder, report.arose.emit)
    if hand_over(folder, options.request.to_json()):
        return 0
    if not options.sandbox and not is_safe_address(api_url()):
        log.error("CLOSE_NOTES_API_URL is refused")
        from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415 (hardly ever needed)

        QMessageBox.critical(None, "Close Notes", UNSAFE_ADDRESS)
        return 2
    log.info("Close Notes %s starts", __version__)
    program = Program(folder, engine_maker(folder, sandbox=options.sandbox), look)
    program.start(options.request)
    code = app.exec()
    program.finish()
    _take_down(app, program.window)
    return code


def _take_down(app: QApplication, window: MainWindow) -> None:
    """The window, then Qt itself, while all that they may call on their way is still there.

    Left to the interpreter's end, PySide takes the widgets apart in no set order, which can end
    in a fault; left out, what the rep copied last would be gone (the platform gets it here).
    """
    shiboken6.delete(window)
    shiboken6.delete(app)

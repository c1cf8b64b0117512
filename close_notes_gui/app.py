"""Wires the rooms together, starts them and stops them. No logic of its own.

Main thread. The window is shown before the engine's thread imports anything heavy.
"""

import gc
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QMessageBox

from close_notes_gui import __version__
from close_notes_gui.bridge import Bridge, RunsOnLoop
from close_notes_gui.model.commands import Stop
from close_notes_gui.model.events import Event
from close_notes_gui.model.ids import new_draft_id
from close_notes_gui.pictures import Pictures
from close_notes_gui.present import actions, closing
from close_notes_gui.present.state import fresh_state
from close_notes_gui.startup.journal import open_log, watch_crashes
from close_notes_gui.startup.options import OpenRequest, Options
from close_notes_gui.startup.place import CLOSE_API_URL, api_url, data_folder, log_level
from close_notes_gui.ui.app_model import AppModel
from close_notes_gui.ui.crash_report import CrashReport
from close_notes_gui.ui.opening import open_filled
from close_notes_gui.ui.services import Services
from close_notes_gui.ui.single_instance import SingleInstance, hand_over
from close_notes_gui.ui.theme import follow_system
from close_notes_gui.ui.window import MainWindow

if TYPE_CHECKING:
    from close_notes_gui.sandbox.fake_close import FakeClose

log = logging.getLogger(__name__)

UNSAFE_ADDRESS = (
    "The address in CLOSE_NOTES_API_URL is not safe for your API key, so the program did not "
    "start. Nothing was sent. Use an https address, or http on this computer only."
)
LONGEST_UNSEEN_MS = 500
STOP_WAIT_MS = 2500  # the engine has promised to stop within 2 s

EngineMaker = Callable[[Callable[[Event], None]], RunsOnLoop]


def engine_maker(folder: Path, *, sandbox: "FakeClose | bool" = False) -> EngineMaker:
    """What makes the engine on its own thread: on the real Close, on a fake of its own (True),
    or on the fake given.
    """

    def make(emit: Callable[[Event], None]) -> RunsOnLoop:
        # Imported here, on the engine's thread: httpx, bleach, markdown, keyring and the TLS
        # context take 300 ms that the first paint does not wait for.
        from close_notes_gui.engine.engine import Engine  # noqa: PLC0415
        from close_notes_gui.engine.smoothness import settle  # noqa: PLC0415
        from close_notes_gui.seams import real_seams, sandbox_seams  # noqa: PLC0415

        fake = None if isinstance(sandbox, bool) else sandbox
        seams = sandbox_seams(fake) if sandbox else real_seams(api_url())
        engine = Engine(data_folder=folder, emit=emit, seams=seams)
        settle()
        gc.enable()
        return engine

    return make


class Program(QObject):
    """One run of the program: owns model, window, bridge and the door for further starts.

    Invariant: the engine is told to stop exactly once, after the last flush of the editor.
    """

    def __init__(self, folder: Path, maker: EngineMaker) -> None:
        super().__init__()
        self._folder = folder
        self._is_closing = False
        self._is_in_background = False
        self._bridge = Bridge(maker)
        self.model = AppModel(self._bridge.post, fresh_state(new_draft_id()))
        self._bridge.happened.connect(self.model.receive)
        self.model.changed.connect(self._on_model_changed)
        self._pictures = Pictures(self)
        services = Services(
            close_requested=self._close_requested,
            keep_sending=self._keep_sending,
            layout_file=folder / "layout.json",
            pictures=self._pictures,
        )
        self._services = services
        self._request = OpenRequest()
        self.window = MainWindow(self.model, services)
        self._door = SingleInstance(folder)
        self._door.requested.connect(self._on_door_requested)

    def start(self, request: OpenRequest) -> None:
        """Show the window, then start the engine."""
        self._request = request
        self.window.show()
        self.window.windowHandle().installEventFilter(self)
        QTimer.singleShot(LONGEST_UNSEEN_MS, self._bridge.start)  # a window that starts hidden

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Start the engine after the first paint: its imports would slow that down."""
        if event.type() == QEvent.Type.Expose:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._bridge.start)
        return False

    def _close_requested(self) -> bool:
        """The window was closed, its text is flushed. Where notes wait it hides and sends them, or
        stays a moment and says what becomes of them, as set; closed again, it closes.
        """
        state = self.model.state
        app = QApplication.instance()
        is_log_off = isinstance(app, QApplication) and app.isSavingSession()
        is_urgent = state.closing is not None or is_log_off
        if is_urgent or not closing.has_waiting(state):
            self._end()
            return True
        if state.settings.keep_sending_in_background:
            self._keep_sending()
        else:
            self.model.do(closing.begin, now=self._services.now())
        return False

    def _keep_sending(self) -> None:
        self._is_in_background = True
        self.model.do(actions.dismiss, closing.KEY)
        self.window.hide()

    def _end(self) -> None:
        if self._is_closing:
            return
        self._is_closing = True
        self._door.close()
        self._bridge.start()  # where the window was closed at once: what was typed is kept
        self._bridge.post(Stop())
        QTimer.singleShot(STOP_WAIT_MS, QApplication.quit)

    @Slot()
    def _on_model_changed(self) -> None:
        if self.model.state.is_stopped:
            QApplication.quit()
        elif self.model.state.is_loaded and not self._request.is_empty:
            self._open_filled()
        elif self._is_in_background and not closing.has_waiting(self.model.state):
            self._end()
        elif closing.is_over(self.model.state, self._services.now()):
            self.window.hide()
            self._end()

    @Slot(object)
    def _on_door_requested(self, line: bytes) -> None:
        request = OpenRequest.from_json(line)
        self._is_in_background = False
        self.model.do(actions.dismiss, closing.KEY)
        self.window.raise_window()
        self._request = request
        self._on_model_changed()

    def _open_filled(self) -> None:
        """Not before the drafts are there, so that none of them is covered by the new note."""
        request, self._request = self._request, OpenRequest()
        open_filled(
            self.window,
            self.model,
            self._services,
            lead=request.lead,
            title=request.title,
            text=request.text,
            attach=request.attach,
        )

    def finish(self) -> None:
        """After the event loop: wait for the engine's thread, so that nothing is cut off."""
        self._pictures.stop()
        if not self._bridge.stop():
            log.warning("the engine did not stop in time; what it was doing is resumed next time")


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
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Close Notes")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("close-notes")
    app.setQuitOnLastWindowClosed(False)
    follow_system(app)
    report = CrashReport(log_file)
    watch_crashes(folder, report.arose.emit)
    if hand_over(folder, options.request.to_json()):
        return 0
    if not options.sandbox and not is_safe_address(api_url()):
        log.error("CLOSE_NOTES_API_URL is refused")
        QMessageBox.critical(None, "Close Notes", UNSAFE_ADDRESS)
        return 2
    log.info("Close Notes %s starts", __version__)
    program = Program(folder, engine_maker(folder, sandbox=options.sandbox))
    program.start(options.request)
    code = app.exec()
    program.finish()
    return code

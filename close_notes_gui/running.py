"""The program once it is loaded: the model, the engine behind it, further starts, and the end.

Main thread. Wires and orders; what is shown and what is done is decided elsewhere.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from close_notes_gui.bridge import Bridge
from close_notes_gui.model.commands import Stop
from close_notes_gui.model.ids import new_draft_id
from close_notes_gui.pictures import Pictures
from close_notes_gui.present import actions, closing, saving
from close_notes_gui.present.show_tray import tray_view
from close_notes_gui.present.state import fresh_state
from close_notes_gui.startup.options import OpenRequest
from close_notes_gui.ui.app_model import AppModel
from close_notes_gui.ui.furnishing import furnish
from close_notes_gui.ui.look import Look
from close_notes_gui.ui.opening import open_filled
from close_notes_gui.ui.services import Services, as_it_is
from close_notes_gui.ui.single_instance import SingleInstance
from close_notes_gui.ui.tray import Tray
from close_notes_gui.ui.window import MainWindow

log = logging.getLogger(__name__)

STOP_WAIT_MS = 2500  # the engine has promised to stop within 2 s


class Running(QObject):
    """Owns model, bridge and the door for further starts.

    Invariant: the engine is told to stop exactly once, after the last flush of the editor.
    """

    def __init__(
        self, window: MainWindow, bridge: Bridge, folder: Path, *, look: Look | None = None
    ) -> None:
        super().__init__()
        self._window = window
        self._bridge = bridge
        self._is_closing = False
        self._is_in_background = False
        self._is_close_meant = False
        self._requests: list[OpenRequest] = []  # what is yet to be opened, in order
        self._door = SingleInstance(folder)
        self._door.requested.connect(self._on_door_requested)
        self.model = AppModel(bridge.post, fresh_state(new_draft_id()))
        bridge.happened.connect(self.model.receive)
        self.model.changed.connect(self._on_model_changed)
        self._pictures = Pictures(self)
        self._is_quitting = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(QApplication.quit)
        self._tray = Tray(self)
        self._connect_tray()
        self._services = Services(
            close_requested=self._close_requested,
            keep_sending=self._keep_sending,
            close_now=self._close_now,
            wear=look.wear if look is not None else as_it_is,
            pictures=self._pictures,
        )

    def furnish(self) -> Iterator[None]:
        """Make the window whole, in steps."""
        yield
        yield from furnish(self._window, self.model, self._services)

    def start(self, request: OpenRequest) -> None:
        """Start the engine; open what is asked for as soon as the drafts are there."""
        if not request.is_empty:
            self._requests.insert(0, request)
        self._bridge.start()

    def _close_requested(self) -> bool:
        """The window was closed, its text is flushed. Where notes wait it hides and sends them, or
        stays a moment and says what becomes of them, as set; closed again, it closes. Where the
        disk refused the text, it closes at the rep's word only.
        """
        state = self.model.state
        app = QApplication.instance()
        is_log_off = isinstance(app, QApplication) and app.isSavingSession()
        is_again = state.closing is not None and not saving.is_at_risk(state)
        is_meant = is_log_off or is_again or self._is_close_meant
        if not is_meant and self._stays_in_tray():
            self._window.hide()
            self._tray.tell_once()
            return False
        if is_meant or not closing.keeps_open(state):
            self._end()
            return True
        if state.settings.keep_sending_in_background and closing.has_waiting(state):
            self._keep_sending()
        else:
            self.model.do(closing.begin, now=self._services.now())
        return False

    def _stays_in_tray(self) -> bool:
        state = self.model.state
        is_wanted = state.settings.close_to_tray and not self._is_quitting
        return is_wanted and self._tray.is_there and not saving.is_at_risk(state)

    def _connect_tray(self) -> None:
        tray, window = self._tray, self._window
        tray.window_asked.connect(window.raise_window)
        tray.note_asked.connect(window.begin_note)
        tray.lead_asked.connect(window.write_to)
        tray.outbox_asked.connect(window.show_outbox)
        tray.quit_asked.connect(self._on_tray_quit_asked)

    @Slot()
    def _on_tray_quit_asked(self) -> None:
        """As if the window were closed, and there were no tray."""
        self._is_quitting = True
        self._window.close()
        self._is_quitting = False
        if closing.closing_line(self.model.state) is not None:
            self._window.show()  # it says what still waits

    def _close_now(self) -> None:
        self._is_close_meant = True
        self._window.close()

    def _keep_sending(self) -> None:
        self._is_in_background = True
        self.model.do(actions.dismiss, closing.KEY)
        self._window.hide()

    def _end(self) -> None:
        if self._is_closing:
            return
        self._is_closing = True
        self._door.close()
        self._bridge.start()  # where the window was closed at once: what was typed is kept
        self._bridge.post(Stop())
        self._patience.start(0 if self.model.state.is_stopped else STOP_WAIT_MS)

    @Slot()
    def _on_model_changed(self) -> None:
        state = self.model.state
        if state.is_loaded and self._window.is_whole:
            self._tray.show_view(tray_view(state, self._services.now()))
        is_at_risk, is_leaving = saving.is_at_risk(state), self._is_in_background or state.closing
        if state.is_stopped and (self._is_closing or (self._is_in_background and not is_at_risk)):
            QApplication.quit()
        elif is_leaving and is_at_risk and not (self._is_closing or self._window.isVisible()):
            self._is_in_background = False
            self._window.show()
            self.model.do(closing.begin, now=self._services.now())
        elif state.is_loaded and self._requests:
            self._open_filled(self._requests.pop(0))
        elif self._is_in_background and not closing.has_waiting(state):
            self._end()
        elif closing.is_over(state, self._services.now()):
            self._window.hide()
            self._end()

    @Slot(object)
    def _on_door_requested(self, line: bytes) -> None:
        request = OpenRequest.from_json(line)
        if not request.is_empty:
            self._requests.append(request)
        self._is_in_background = False
        self.model.do(actions.dismiss, closing.KEY)
        self._window.raise_window()
        self._on_model_changed()

    def _open_filled(self, request: OpenRequest) -> None:
        """Not before the drafts are there, so that none of them is covered by the new note."""
        open_filled(
            self._window,
            self.model,
            self._services,
            lead=request.lead,
            title=request.title,
            text=request.text,
            attach=request.attach,
        )

    def finish(self) -> None:
        """After the event loop: wait for the engine's thread, so that nothing is cut off."""
        self._patience.stop()
        self._tray.shut()
        self._pictures.stop()
        if not self._bridge.stop():
            log.warning("the engine did not stop in time; what it was doing is resumed next time")

"""`--smoke`: the program proves that it is whole, then leaves with 0 or 1.

Starts the real window off screen on the sandbox, finds a lead, writes a note, attaches a
file, sends it, and looks in the sandbox whether it arrived. For packaging and for CI.
"""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from close_notes_gui import __version__

LONGEST_WAIT_S = 30.0
WORDS = "Smoke test, sent by the program itself."
CONTENT = b"%PDF-1.4\nsmoke test\n"


class StepFailed(Exception):
    """A step that did not come to pass; the message says which."""


def run_smoke() -> int:
    """The exit code; what was done is told on standard output, line by line."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="close-notes-smoke-") as folder:
        try:
            _send_one_note(Path(folder))
        except StepFailed as failed:
            _tell(f"smoke: FAILED, {failed}")
            return 1
    _tell("smoke: ok")
    return 0


def _tell(line: str) -> None:
    if sys.stdout is not None:  # a frozen program on Windows has none unless it is redirected
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if TYPE_CHECKING:
    from close_notes_gui.app import Program
    from close_notes_gui.sandbox.fake_close import FakeClose


def _send_one_note(folder: Path) -> None:
    # Qt is wanted only when the test really runs.
    from PySide6 import __version__ as pyside_version  # noqa: PLC0415
    from PySide6.QtCore import qVersion  # noqa: PLC0415
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from close_notes_gui.app import Program, engine_maker  # noqa: PLC0415
    from close_notes_gui.sandbox.fake_close import FakeClose  # noqa: PLC0415
    from close_notes_gui.startup.options import OpenRequest  # noqa: PLC0415

    _tell(f"Close Notes {__version__}, Python {platform.python_version()}")
    _tell(f"PySide6 {pyside_version}, Qt {qVersion()}, {platform.platform()}")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)  # type: ignore[attr-defined]
    fake = FakeClose(leads=20)
    attached = folder / "contract.pdf"
    attached.write_bytes(CONTENT)
    program = Program(folder / "profile", engine_maker(folder / "profile", sandbox=fake))
    program.start(OpenRequest(lead="wayne", text=WORDS, attach=(str(attached),)))
    try:
        _drive(program, fake, app.processEvents)
    finally:
        program.window.close()
        program.finish()


def _drive(program: "Program", fake: "FakeClose", turn: Callable[[], None]) -> None:
    """Through the real window: pick the lead found, send, and look what the sandbox holds."""
    from close_notes_gui.model.draft import AttachmentState  # noqa: PLC0415
    from close_notes_gui.model.ids import new_draft_id  # noqa: PLC0415
    from close_notes_gui.present import actions  # noqa: PLC0415

    model = program.model
    _wait(turn, "a lead is found", lambda: bool(model.state.search.hits))
    lead_id = model.state.search.hits[0].lead.id
    model.do(actions.pick_lead, lead_id, new_draft_id=new_draft_id())
    _wait(
        turn,
        "the file is up",
        lambda: any(a.state is AttachmentState.UPLOADED for a in model.state.attachments.values()),
    )
    program.window.compose.send_asked.emit()
    _wait(turn, "the note is queued", lambda: bool(model.state.outbox))
    for outbox_id in model.state.outbox:
        model.do(actions.retry_note, outbox_id)  # not waiting for the time for undo
    _wait(turn, "the note is sent", lambda: model.state.last_sent is not None)
    [note] = [n for n in fake.notes_on(lead_id) if WORDS in n["note_html"]]
    [file] = note["attachments"]
    _tell(f"sent to {lead_id}: {note['note_html']} with {file['filename']}")
    if fake.file_sha256(file["url"]) != sha256(CONTENT).hexdigest():
        raise StepFailed("the file in the sandbox is not the one attached")


def _wait(turn: Callable[[], None], what: str, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_WAIT_S
    while not is_so():
        if time.monotonic() > deadline:
            raise StepFailed(f"waited {LONGEST_WAIT_S:.0f} s in vain until {what}")
        turn()

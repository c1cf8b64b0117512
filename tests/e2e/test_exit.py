"""The real program ends with 0, without a fault, whenever it is closed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e
# The program as it is, but for a clock that closes the window.
CLOSED_LATER = """
import sys
from PySide6.QtCore import QTimer
from close_notes_gui import __main__, app
delay_ms = int(sys.argv.pop())
start = app.Program.start
def start_and_close(program, request):
    start(program, request)
    QTimer.singleShot(delay_ms, program.window.close)
app.Program.start = start_and_close
__main__.main()
"""


@pytest.mark.parametrize("close_after_ms", [0, 150, 1500])
def test_it_ends_without_a_fault(tmp_path: Path, project_root: Path, close_after_ms: int) -> None:
    environment = {**os.environ, "CLOSE_NOTES_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [
            sys.executable,
            "-X",
            "faulthandler",
            "-c",
            CLOSED_LATER,
            "--sandbox",
            str(close_after_ms),
        ],
        cwd=project_root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "sandbox" / "crash.txt").read_text() == ""
    log = (tmp_path / "sandbox" / "close-notes.log").read_text()
    assert " starts" in log
    assert "WARNING" not in log

"""A second start joins the first."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess

from close_notes_gui.ui.single_instance import SingleInstance, channel_name, hand_over

SECOND_START = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from close_notes_gui.ui.single_instance import hand_over
app = QCoreApplication([])
sys.exit(42 if hand_over(Path(sys.argv[1]), b'{"lead": "x"}\\n') else 1)
"""


def test_nobody_runs_so_nobody_takes_it(qapp, tmp_path: Path) -> None:
    assert not hand_over(tmp_path, b"{}\n")


def test_the_second_start_hands_its_request_to_the_first(qtbot, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path)
    assert first.is_listening
    lines: list[bytes] = []
    first.requested.connect(lines.append)
    # A process of its own, as in life: Qt's blocking waits hold this interpreter's lock.
    second = QProcess()
    second.start(sys.executable, ["-c", SECOND_START, str(tmp_path)])
    qtbot.waitUntil(lambda: second.state() is QProcess.ProcessState.NotRunning, timeout=20000)
    first.close()
    assert lines == [b'{"lead": "x"}\n']
    assert second.exitCode() == 42


def test_another_folder_is_another_program(tmp_path: Path) -> None:
    assert channel_name(tmp_path / "a") != channel_name(tmp_path / "b")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no folders for pipes")
def test_no_other_user_can_stand_at_the_door_first(tmp_path: Path) -> None:
    assert Path(channel_name(tmp_path)).parent == tmp_path

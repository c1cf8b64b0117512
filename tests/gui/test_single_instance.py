"""A second start joins the first."""

import threading
from pathlib import Path

from close_notes_gui.ui.single_instance import SingleInstance, channel_name, hand_over


def test_nobody_runs_so_nobody_takes_it(qapp, tmp_path: Path) -> None:
    assert not hand_over(tmp_path, b"{}\n")


def test_the_second_start_hands_its_request_to_the_first(qtbot, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path)
    assert first.is_listening
    lines: list[bytes] = []
    first.requested.connect(lines.append)
    taken: list[bool] = []
    second = threading.Thread(target=lambda: taken.append(hand_over(tmp_path, b'{"lead": "x"}\n')))
    second.start()
    qtbot.waitUntil(lambda: bool(taken))
    second.join()
    first.close()
    assert lines == [b'{"lead": "x"}\n']
    assert taken == [True]


def test_another_folder_is_another_program(tmp_path: Path) -> None:
    assert channel_name(tmp_path / "a") != channel_name(tmp_path / "b")

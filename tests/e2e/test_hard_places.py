"""Places where the program must start all the same: it sends its test note, or says what lacks."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel

from close_notes_gui.app import Program, engine_maker
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.present.wording import words_for
from close_notes_gui.startup.options import OpenRequest

pytestmark = pytest.mark.e2e
WAIT_MS = 20_000
ROOT = Path(__file__).resolve().parents[2]
BARE = {"PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}

PLACES = {
    "no bus": {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"},
    "no keyring": {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
    "plain C": {"LANG": "C", "LC_ALL": "C"},
    "no icon theme": {"XDG_DATA_DIRS": "/nonexistent"},
    "twice the size": {"QT_SCALE_FACTOR": "2"},
    "an uneven size": {"QT_SCALE_FACTOR": "1.25", "QT_FONT_DPI": "144"},
    "no session at all": {"XDG_RUNTIME_DIR": "/nonexistent"},
    "right to left": {"LANG": "ar_EG.UTF-8"},
}


def start(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """One start of the program with nothing but these variables."""
    # Windows' own cannot be left out, or Python finds no random numbers.
    system = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "close_notes_gui", *arguments],
        env={**system, **BARE, "HOME": str(home), "USERPROFILE": str(home), **environment},
        cwd=home,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=90,
    )


@pytest.mark.parametrize("place", sorted(PLACES))
def test_it_starts_and_sends(place: str, tmp_path: Path) -> None:
    done = start("--smoke", home=tmp_path, **PLACES[place])
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("smoke: ok\n")
    assert "Traceback" not in done.stderr


def test_a_user_whose_name_is_not_ascii(tmp_path: Path) -> None:
    home = tmp_path / "Jürgen Łukasz 山田 o'Brien"
    for folder in (home, home / "Ünïcode tmp"):
        folder.mkdir()
    done = start("--smoke", home=home, TMPDIR=str(home / "Ünïcode tmp"), LANG="C")
    assert done.returncode == 0, done.stdout + done.stderr


def test_links_and_versions_answer_without_a_display(tmp_path: Path) -> None:
    done = start("--version", home=tmp_path, QT_QPA_PLATFORM="xcb", DISPLAY=":none")
    assert done.returncode == 0
    assert done.stdout.startswith("Close Notes ")


def words_on(program: Program) -> str:
    """All that labels of the window say, folded away ones left out."""
    labels = program.window.findChildren(QLabel)
    return " ".join(label.text() for label in labels if label.isVisible())


@pytest.fixture
def started(qtbot) -> Iterator[Callable[[Path], Program]]:
    """Start the real program on the sandbox inside it; it is ended with the test."""
    programs: list[Program] = []

    def start_on(folder: Path) -> Program:
        program = Program(folder, engine_maker(folder, sandbox=True))
        program.start(OpenRequest())
        programs.append(program)
        qtbot.waitUntil(lambda: program.model.state.is_loaded, timeout=WAIT_MS)
        return program

    yield start_on
    for program in programs:
        program.window.close()
        qtbot.waitUntil(lambda p=program: p.model.state.is_stopped, timeout=WAIT_MS)
        program.finish()


@pytest.mark.expect_log
def test_a_folder_that_cannot_be_written_is_said(qtbot, started, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    program = started(in_the_way / "profile")
    wanted = words_for(Problem(ProblemKind.STORE_FAILED)).safe
    qtbot.waitUntil(lambda: wanted in words_on(program), timeout=WAIT_MS)
    assert "Not a directory" in words_on(program), "why, in the system's words"
    assert "StoreFailed" not in words_on(program)
    program.window.compose.editor.insert_plain("typed all the same")
    assert program.window.compose.editor.toPlainText() == "typed all the same"
    for _ in range(2):  # closed once or twice: what is nowhere but in the window is not thrown away
        program.window.close()
        qtbot.waitUntil(lambda: "what you wrote last is lost" in words_on(program), timeout=WAIT_MS)
        assert program.window.isVisible()
    buttons = program.window.notices.findChildren(QAbstractButton)
    next(button for button in buttons if button.text() == "Close and lose it").click()
    assert not program.window.isVisible()


@pytest.mark.expect_log
def test_an_engine_that_cannot_start_does_not_take_the_window_along(
    qtbot, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _arguments: None)

    def broken(_emit: object) -> NoReturn:
        raise RuntimeError("a library is missing")

    program = Program(tmp_path, broken)
    program.start(OpenRequest())
    program.complete()
    qtbot.waitUntil(lambda: "has stopped" in words_on(program), timeout=WAIT_MS)
    program.window.compose.editor.insert_plain("typed all the same")
    program.window.close()
    qtbot.waitUntil(lambda: "what you wrote last is lost" in words_on(program), timeout=WAIT_MS)
    assert program.window.isVisible()
    buttons = program.window.notices.findChildren(QAbstractButton)
    next(button for button in buttons if button.text() == "Close and lose it").click()
    assert not program.window.isVisible()
    program.finish()


@pytest.mark.expect_log
def test_data_of_a_newer_version_is_refused_in_words_and_not_touched(
    qtbot, started, tmp_path: Path
) -> None:
    folder = tmp_path / "profile"
    before = started(folder)
    qtbot.waitUntil(lambda: before.model.state.account is not None, timeout=WAIT_MS)
    before.window.close()
    qtbot.waitUntil(lambda: before.model.state.is_stopped, timeout=WAIT_MS)
    before.finish()
    databases = list(folder.rglob("close-notes.db"))
    for path in databases:
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA journal_mode = DELETE")
            database.execute("PRAGMA user_version = 999")
    held = {path: sha256(path.read_bytes()).hexdigest() for path in databases}

    program = started(folder)
    wanted = words_for(Problem(ProblemKind.STORE_NEWER)).todo
    qtbot.waitUntil(lambda: wanted in words_on(program), timeout=WAIT_MS)

    assert {path: sha256(path.read_bytes()).hexdigest() for path in databases} == held

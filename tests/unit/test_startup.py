"""The first steps of a run: options, places, and a log that holds no secret."""

import faulthandler
import logging
import sys
import threading
from pathlib import Path
from typing import TextIO

import pytest

from close_notes_gui import __version__
from close_notes_gui.startup.journal import MIB, WithoutSecrets, open_log, watch_crashes
from close_notes_gui.startup.options import OpenRequest, read_options
from close_notes_gui.startup.place import CLOSE_API_URL, api_url, data_folder

KEY = "api_3fAbCdEfGh1234567890.zYxWvU"


@pytest.fixture
def root_logger():
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield root
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_options_carry_what_the_composer_opens_with() -> None:
    options = read_options(
        ["--sandbox", "--lead", "acme", "--title", "Call", "--text", "hi", "--attach", "a", "b c"]
    )
    assert options.sandbox
    assert options.request == OpenRequest("acme", "Call", "hi", ("a", "b c"))
    assert OpenRequest.from_json(options.request.to_json()) == options.request


@pytest.mark.parametrize(
    "line",
    [b"", b"\xff\xfe", b"[]", b"7", b'{"lead": 7, "attach": "x"}', b'{"attach": [1, null]}'],
)
def test_a_strange_request_from_another_start_opens_nothing(line: bytes) -> None:
    assert OpenRequest.from_json(line).is_empty


def test_a_link_fills_the_composer() -> None:
    link = "close-notes:note?lead=lead_7&title=Call%20back&text=a%26b%0Ac%C3%A9"
    assert read_options([link]).request == OpenRequest("lead_7", "Call back", "a&b\ncé")
    assert OpenRequest.from_address("Close-Notes://note?lead=acme") == OpenRequest("acme")


@pytest.mark.parametrize(
    "link",
    [
        "close-notes:",
        "close-notes://[",
        "https://example.com/?text=no",
        "close-notes:note?attach=/etc/passwd&send=1",
        "close-notes:note?" + "&".join(f"a{n}=1" for n in range(50)),
        "close-notes:note?text=" + "x" * 40_000,
    ],
)
def test_a_strange_link_opens_nothing(link: str) -> None:
    assert OpenRequest.from_address(link).is_empty


def test_version_comes_from_one_place(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        read_options(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"Close Notes {__version__}\n"


def test_play_and_work_never_share_a_folder(tmp_path: Path) -> None:
    named = {"CLOSE_NOTES_DATA_DIR": str(tmp_path)}
    assert data_folder(named) == tmp_path
    assert data_folder(named, sandbox=True) == tmp_path / "sandbox"
    assert data_folder({}).is_absolute()


def test_the_address_of_close_can_be_named() -> None:
    assert api_url({}) == CLOSE_API_URL
    named = {"CLOSE_NOTES_API_URL": "http://127.0.0.1:8080/api/v1/"}
    assert api_url(named) == "http://127.0.0.1:8080/api/v1"


def test_no_key_reaches_the_log_not_even_in_a_traceback() -> None:
    form = WithoutSecrets("%(message)s")
    try:
        raise ValueError(f"refused {KEY} and Basic YXBpX3NlY3JldDo6Og==")
    except ValueError:
        record = logging.LogRecord("x", 40, "f", 1, f"key={KEY}", None, sys.exc_info())
    line = form.format(record)
    assert "3fAbCdEfGh" not in line
    assert "YXBp" not in line
    assert "ValueError" in line


def test_the_log_goes_to_a_file_only_its_owner_reads(tmp_path: Path, root_logger) -> None:
    path = open_log(tmp_path / "new", "DEBUG")
    assert path is not None
    logging.getLogger("close_notes_gui").info("hello")
    assert "hello" in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0 or sys.platform == "win32"


def test_a_folder_that_cannot_be_written_does_not_stop_the_program(
    tmp_path: Path, root_logger
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert open_log(blocked / "folder") is None


@pytest.mark.expect_log
def test_an_uncaught_error_is_logged_and_told_once(
    tmp_path: Path, root_logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = open_log(tmp_path)
    assert path is not None
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(faulthandler, "enable", lambda file: file.close())
    told: list[str] = []
    watch_crashes(tmp_path, told.append)

    for _ in range(2):
        sys.excepthook(RuntimeError, RuntimeError("boom"), None)

    assert told == ["RuntimeError in the window"]
    assert path.read_text(encoding="utf-8").count("boom") == 2


def test_the_stack_of_a_hard_crash_outlives_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which has it in its report; a second start while the program runs leaves it alone too."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    stack = tmp_path / "crash.txt"
    stack.write_text("Fatal Python error: Segmentation fault\n")
    opened: list[TextIO] = []
    monkeypatch.setattr(faulthandler, "enable", opened.append)
    watch_crashes(tmp_path, lambda _: None)
    opened[0].close()
    assert stack.read_text() == "Fatal Python error: Segmentation fault\n"
    assert stack.stat().st_mode & 0o777 == 0o600
    stack.write_bytes(b"x" * (MIB + 1))
    watch_crashes(tmp_path, lambda _: None)
    opened[1].close()
    assert stack.read_bytes() == b""

"""Rules that hold for every test: nothing stray is left, nothing real is touched.

A stray log record at WARNING or above, a thread left running, or a look beyond this machine
fails the test that caused it. Qt's own warnings fail it too (pytest-qt, see pyproject.toml).
The real keyring, data folder and API key are out of reach.
"""

import gc
import logging
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from close_notes_gui.startup.garbage import collect_due

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
gc.disable()  # see _garbage_on_this_thread
# Set before anything can import keyring, and inherited by every program that a test starts.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
for _name in ("CLOSE_API_KEY", "CLOSE_NOTES_API_URL", "CLOSE_NOTES_LOG"):
    os.environ.pop(_name, None)

# too_slow measures the machine, not the program; this machine may be busy.
_SHARED: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("dev", max_examples=40, **_SHARED)
settings.register_profile("ci", max_examples=60, derandomize=True, print_blob=True, **_SHARED)
settings.register_profile("deep", max_examples=2000, **_SHARED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev"))

_LOOPBACK = {"localhost", "127.0.0.1", "::1", "", "0.0.0.0", None}
_THREADS_END_WITHIN_S = 2.0


class _StrayRecords(logging.Handler):
    """Keeps what was logged at WARNING or above during one test."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.levelname}: {record.getMessage()}")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests (`@pytest.mark.anyio`) run on asyncio, as the program does."""
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _data_folder_of_no_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A test that forgets to name a data folder gets an empty one, not the engineer's own."""
    folder = tmp_path_factory.mktemp("data-folder-of-no-one")
    os.environ["CLOSE_NOTES_DATA_DIR"] = str(folder)


@pytest.fixture(autouse=True)
def _no_stray_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail on records at WARNING or above, unless the test reads `caplog` or expects them."""
    if "caplog" in request.fixturenames or request.node.get_closest_marker("expect_log"):
        yield
        return
    stray = _StrayRecords()
    logging.getLogger().addHandler(stray)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(stray)
    if stray.lines:
        pytest.fail("logged without being expected:\n  " + "\n  ".join(stray.lines), pytrace=False)


@pytest.fixture(autouse=True)
def _no_leaked_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail where a thread started by the test outlives it (those of wider fixtures may)."""
    before = set(threading.enumerate())
    yield
    if request.node.get_closest_marker("expect_threads"):
        return
    started = [thread for thread in threading.enumerate() if thread not in before]
    for thread in started:
        # A QThread or other foreign thread shows as a _DummyThread, which cannot be joined.
        if not isinstance(thread, threading._DummyThread):
            thread.join(_THREADS_END_WITHIN_S)
    left = [t.name for t in started if t.is_alive() and not isinstance(t, threading._DummyThread)]
    if left:
        pytest.fail(f"threads left running: {', '.join(left)}", pytrace=False)


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse to resolve any name but loopback's, and fail the test that asked."""
    outside: list[str] = []
    resolve = socket.getaddrinfo

    def guarded(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name in _LOOPBACK:
            return resolve(host, *args, **kwargs)
        outside.append(str(name))
        raise socket.gaierror(socket.EAI_NONAME, "tests stay on this machine")

    monkeypatch.setattr(socket, "getaddrinfo", guarded)
    yield
    if outside:
        pytest.fail(f"looked beyond this machine: {', '.join(outside)}", pytrace=False)


@pytest.fixture(autouse=True)
def _garbage_on_this_thread() -> Iterator[None]:
    """As in the program: what tests leave of widgets is deleted on no thread but this one."""
    yield
    collect_due()


@pytest.fixture(autouse=True)
def _empty_clipboard() -> Iterator[None]:
    """No test finds what another one copied, and nothing made in Python is left for the end: the
    offscreen platform keeps its clipboard beyond the interpreter, and deleting it then crashes.
    """
    yield
    qt = sys.modules.get("PySide6.QtGui")
    if qt is not None and qt.QGuiApplication.instance() is not None:
        qt.QGuiApplication.clipboard().clear()


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder that holds pyproject.toml."""
    return Path(__file__).resolve().parents[1]

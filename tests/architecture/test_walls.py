"""Each room imports what the plan of the house allows, and starting up loads nothing heavy."""

import ast
import subprocess
import sys

from tests.architecture.sources import ROOT, Module, program, room

PURE_ROOMS = ("model", "markup", "closeapi", "store", "vault", "engine", "present", "sandbox")
HEAVY = (
    "httpx",
    "bleach",
    "markdown",
    "nh3",
    "keyring",
    "cryptography",
    "asyncio.tasks",
    "sqlite3",
)
THREADS_OF_QT = {"QThread", "QThreadPool", "QRunnable", "QtConcurrent", "QMutex", "QWaitCondition"}


def qt_names(source: Module) -> set[str]:
    """Names imported from PySide6, its modules included."""
    names: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6"):
            names |= {str(node.module).removeprefix("PySide6").lstrip(".")} - {""}
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {a.name.split(".", 1)[1] for a in node.names if a.name.startswith("PySide6.")}
    return names


def test_import_contracts_hold():
    # In a process of its own: import-linter sets up logging for the whole process it runs in.
    code = (
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_has_a_contract():
    contracts = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name in (
        "model",
        "markup",
        "closeapi",
        "store",
        "vault",
        "engine",
        "present",
        "bridge",
        "ui",
        "sandbox",
    ):
        assert f'source_modules = ["close_notes_gui.{name}"]' in contracts, name


def test_model_stands_on_the_standard_library_alone():
    allowed = sys.stdlib_module_names | {"close_notes_gui"}
    for source in room("model"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom):
                assert str(node.module).split(".")[0] in allowed, source.name
            elif isinstance(node, ast.Import):
                assert {a.name.split(".")[0] for a in node.names} <= allowed, source.name


def test_bridge_knows_no_widget():
    modules = {name for source in room("bridge") for name in qt_names(source) if name[:2] == "Qt"}
    assert modules <= {"QtCore"}


def test_only_the_bridge_and_the_reader_of_pictures_use_threads_of_qt():
    for source in program():
        if source.path.name not in {"bridge.py", "pictures.py"}:
            assert not qt_names(source) & THREADS_OF_QT, source.name


def test_no_relative_import():
    for source in program():
        for node in ast.walk(source.tree):
            assert not (isinstance(node, ast.ImportFrom) and node.level), source.name


def loaded_after(*modules: str) -> set[str]:
    """Names in sys.modules after a fresh interpreter imported the modules."""
    code = f"import sys; import {', '.join(modules)}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_rooms_without_a_window_load_no_qt():
    loaded = loaded_after(*(f"close_notes_gui.{name}" for name in PURE_ROOMS))
    assert not {name for name in loaded if name.split(".")[0] in {"PySide6", "shiboken6"}}


def test_starting_up_loads_nothing_heavy_before_the_first_paint():
    loaded = loaded_after("close_notes_gui.__main__", "close_notes_gui.ui.window")
    assert not loaded & set(HEAVY)

"""The project's own files, read once, for the tests in this folder."""

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "close_notes_gui"
_NOT_OURS = {".venv", ".git", "node_modules", "__pycache__", "build", "dist"}


@dataclass(frozen=True, slots=True)
class Module:
    """A Python file of the project with its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The path within the project, as a test failure shows it."""
        return self.path.relative_to(ROOT).as_posix()


@cache
def module(path: Path) -> Module:
    """Read and parse the file."""
    text = path.read_text(encoding="utf-8")
    return Module(path, text, ast.parse(text, filename=str(path)))


@cache
def program() -> tuple[Module, ...]:
    """Every module of the program, and dev.py."""
    return tuple(module(path) for path in (*sorted(PACKAGE.rglob("*.py")), ROOT / "dev.py"))


@cache
def room(name: str) -> tuple[Module, ...]:
    """The modules of one room, be it a folder or a single file."""
    folder = PACKAGE / name
    paths = sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{name}.py"]
    return tuple(module(path) for path in paths)


@cache
def suite() -> tuple[Module, ...]:
    """Every Python file under tests/."""
    paths = sorted((ROOT / "tests").rglob("*.py"))
    return tuple(module(path) for path in paths if not _NOT_OURS & set(path.parts))


@cache
def committed() -> tuple[Path, ...]:
    """Files that are, or would be, committed."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        paths = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    else:  # an unpacked archive has no git
        paths = [path for path in ROOT.rglob("*") if not _NOT_OURS & set(path.parts)]
    return tuple(path for path in paths if path.is_file())

#!/usr/bin/env python3
"""Set up, run and check Close Notes: `python3 dev.py setup|run|test|lint|bench|build`.

Standard library alone, Python 3.11 or newer, Linux, macOS and Windows. What is missing is
installed first: an environment in .venv/, pinned and hashed requirements, and on Debian and
its relatives (as root or with sudo) Qt's system libraries. pip's own configuration is obeyed.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import Callable, NoReturn, Sequence  # noqa: UP035 - read by old Pythons up to the check

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
WINDOWS = os.name == "nt"
LINUX = sys.platform.startswith("linux")
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if WINDOWS else "bin/python")

# What each set of requirements holds; a set that is up to date covers those that it includes.
RUN, TEST, BUILD = "requirements.txt", "requirements-dev.txt", "requirements-build.txt"
BUILDER: list[object] = ["-m", "resources.packaging.build"]
COVERED_BY = {RUN: (RUN, TEST, BUILD), TEST: (TEST,), BUILD: (BUILD,)}

# Shared libraries that Qt loads, and the Debian package of each. None comes with Qt's wheels.
ANY_PLATFORM = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
ON_X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
FONT_PACKAGE = "fonts-dejavu-core"
VENV_PACKAGE = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"

NO_DISPLAY = """\
Everything is set up, but there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set),
so no window can open. On a machine without a screen, a virtual one does:
    sudo apt-get install xvfb xauth
    xvfb-run --auto-servernum python3 dev.py run"""


def say(text: str) -> None:
    """Print at once, also where the output is a pipe."""
    print(text, flush=True)


def stop(text: str) -> NoReturn:
    """End with the words on stderr."""
    sys.exit(f"\n{text}")


def call(command: Sequence[object], **options: object) -> int:
    """Run a program to its end; its exit status, 130 where Ctrl+C ended it."""
    try:
        done = subprocess.run([str(part) for part in command], check=False, **options)  # type: ignore[call-overload]
    except KeyboardInterrupt:
        return 130
    return int(done.returncode)


# ------------------------------------------------------------------ the system


def loads(library: str) -> bool:
    """Whether the dynamic loader finds the shared library, wherever the system keeps it."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_font() -> bool:
    """Whether any font is installed, so that text shows."""
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    return any(
        path.suffix.lower() in {".ttf", ".otf", ".ttc"}
        for folder in folders
        for path in folder.rglob("*")
    )


def can_make_environments() -> bool:
    """Whether venv can put pip into a new environment (Debian ships that part separately)."""
    return importlib.util.find_spec("ensurepip") is not None


def missing_for_build() -> list[str]:
    """Debian packages for what PyInstaller wants: objdump, and Python as a shared library."""
    name = str(sysconfig.get_config_var("INSTSONAME"))
    has_python = loads(name) or Path(sysconfig.get_config_var("LIBDIR"), name).exists()
    wanted = {"binutils": shutil.which("objdump"), f"lib{VENV_PACKAGE[:-5]}": has_python}
    return [package for package, is_there in wanted.items() if LINUX and not is_there]


def missing_packages(*, for_build: bool) -> list[str]:
    """Debian packages for what this Linux lacks."""
    libraries = {**ANY_PLATFORM, **ON_X11}
    missing = [package for library, package in libraries.items() if not loads(library)]
    if not has_font():
        missing.append(FONT_PACKAGE)
    if not PYTHON.exists() and not can_make_environments():
        missing.append(VENV_PACKAGE)
    return missing + missing_for_build() if for_build else missing


def apt_get() -> list[str] | None:
    """The command that installs Debian packages without asking, or None where none may."""
    if not shutil.which("apt-get"):
        return None
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    if os.geteuid() == 0:
        return quiet
    if shutil.which("sudo") and call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0:
        return ["sudo", "-n", *quiet]
    return None


def prepare_system(*, for_build: bool) -> None:
    """On Linux, install the system packages that are missing, or say which they are."""
    if not LINUX:
        return
    missing = missing_packages(for_build=for_build)
    if not missing:
        return
    install = apt_get()
    if install:
        say(f"Installing system packages: {' '.join(missing)}")
        call([*install, "update"])
        call(
            [*install, "install", "--yes", "--no-install-recommends", *missing],
            stdout=subprocess.DEVNULL,
        )
        importlib.invalidate_caches()
        missing = missing_packages(for_build=for_build)
    if importlib.util.find_spec("pip"):  # this Python's own can fill an environment as well
        missing = [package for package in missing if package != VENV_PACKAGE]
    if missing:
        explain_missing(missing)


def explain_missing(packages: list[str]) -> None:
    """Say what to install by hand; end where nothing can work without it."""
    lines = [
        "These system packages are missing and could not be installed from here:",
        f"    {' '.join(packages)}",
        "On Debian or Ubuntu:",
        f"    sudo apt-get update && sudo apt-get install {' '.join(packages)}",
    ]
    libraries = [name for name in (*ANY_PLATFORM, *ON_X11) if not loads(name)]
    if libraries:
        lines += ["On other systems, what holds these libraries:", f"    {' '.join(libraries)}"]
    say("\n".join(lines))
    if not all(loads(library) for library in ANY_PLATFORM):
        stop("Qt cannot start without them, not even to run the tests.")


# ------------------------------------------------------------------ the environment


def stamp_of(requirements: str) -> tuple[Path, str]:
    """The file that remembers what was installed, and what it says when that is up to date."""
    digest = hashlib.sha256(sys.version.encode() + (ROOT / requirements).read_bytes())
    return ENVIRONMENT / f"installed-{requirements}", digest.hexdigest()


def is_up_to_date(requirements: str) -> bool:
    """Whether this set, or one that includes it, is installed as pinned."""
    if not PYTHON.exists():
        return False
    for name in COVERED_BY[requirements]:
        if (ROOT / name).exists():
            stamp, expected = stamp_of(name)
            if stamp.exists() and stamp.read_text(encoding="ascii") == expected:
                return True
    return False


def make_environment() -> None:
    """Make .venv/ anew, with pip where this Python can, without where it cannot."""
    base = getattr(sys, "_base_executable", sys.executable) or sys.executable
    options = ["--clear"] if can_make_environments() else ["--clear", "--without-pip"]
    say(f"Making an environment in {ENVIRONMENT}")
    if call([base, "-m", "venv", *options, ENVIRONMENT]):
        stop("Python could not make an environment; what it says is above.")


def pip() -> list[str]:
    """The pip that installs into the environment: its own, or this Python's."""
    if call([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0:
        return [str(PYTHON), "-m", "pip"]
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    stop(
        "This Python has neither ensurepip nor pip. Install one of them; on Debian or Ubuntu:\n"
        "    sudo apt-get install python3-venv"
    )


def prepare(requirements: str, *, is_needed: bool = True) -> bool:
    """Install whatever the command needs, unless it is there already; False where that failed."""
    if is_up_to_date(requirements):
        return True
    began = time.monotonic()
    prepare_system(for_build=requirements == BUILD)
    if not PYTHON.exists() or not runs_this_version():
        make_environment()
    say(f"Installing {requirements}")
    options = ["--require-hashes", "--only-binary", ":all:", "--disable-pip-version-check"]
    lacks_something = not is_needed and missing_for_build()
    if lacks_something or call([*pip(), "install", "--quiet", *options, "-r", ROOT / requirements]):
        if not is_needed:
            say("PyInstaller cannot work here; the frozen program is not tried.")
            return False
        stop(
            "pip could not install the requirements; its reason is above. Behind a proxy or with "
            "a mirror,\ntell pip (pip config, or its environment variables); it is obeyed here."
        )
    stamp, digest = stamp_of(requirements)
    stamp.write_text(digest, encoding="ascii")
    say(f"Ready after {time.monotonic() - began:.0f} s.\n")
    return True


def runs_this_version() -> bool:
    """Whether the environment's Python is of the version that runs this file."""
    code = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]!r})"
    return call([PYTHON, "-c", code]) == 0


def prepare_judges() -> None:
    """Install the JavaScript editor that judges our HTML, where npm exists; tests skip without."""
    folder = ROOT / "tests" / "judge"
    npm = shutil.which("npm")
    if not npm or not (folder / "package.json").exists():
        return
    wanted = hashlib.sha256((folder / "package.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".installed"
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    say("Installing the JavaScript judges in tests/judge")
    options = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]
    if call([npm, "install", *options], cwd=folder, stdout=subprocess.DEVNULL) == 0:
        stamp.write_text(wanted, encoding="ascii")
    else:
        say("npm could not install them; the tests that need them will be skipped.")


def surroundings(**more: str) -> dict[str, str]:
    """The environment variables for a child that shall import the program."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def steps(named: dict[str, list[object]], *, go_on: bool = True) -> int:
    """Run each step, show its name and time, and sum up; `go_on` after a failure, or not."""
    failed: dict[str, int] = {}
    for name, arguments in named.items():
        say(f"== {name}")
        began = time.monotonic()
        platform = os.environ.get("QT_QPA_PLATFORM", "offscreen")
        status = call([PYTHON, *arguments], cwd=ROOT, env=surroundings(QT_QPA_PLATFORM=platform))
        verdict = f"failed with {status}" if status else "passed"
        say(f"== {name}: {verdict} in {time.monotonic() - began:.1f} s\n")
        if status:
            failed[name] = status
            if status == 130 or not go_on:
                break
    say(f"Failed: {', '.join(failed)}." if failed else "All steps passed.")
    return next(iter(failed.values()), 0)


def static_steps() -> dict[str, list[object]]:
    """What can be checked without running the program."""
    return {
        "ruff check": ["-m", "ruff", "check"],
        "ruff format": ["-m", "ruff", "format", "--check"],
        "mypy": ["-m", "mypy"],
        "import walls": ["-c", "from importlinter.cli import lint_imports_command as c; c()"],
    }


# ------------------------------------------------------------------ commands


def setup(arguments: list[str]) -> int:
    """Install all that running and testing need."""
    if arguments:
        stop(f"setup takes no arguments, got: {' '.join(arguments)}")
    prepare(TEST)
    prepare_judges()
    say(f"Set up: {ENVIRONMENT}")
    return 0


def run(arguments: list[str]) -> int:
    """Start the program on the sandbox; with --account, on the Close account."""
    prepare(RUN)
    needs_window = not {"--help", "--version", "--smoke"} & set(arguments)
    has_display = any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if LINUX and needs_window and not has_display:
        say(NO_DISPLAY)
        return 2
    if "--account" in arguments:
        arguments = [argument for argument in arguments if argument != "--account"]
    elif "--sandbox" not in arguments:
        arguments = ["--sandbox", *arguments]
    # -P and PYTHONPATH, not another folder: file arguments stay relative to the caller's.
    command = [str(PYTHON), "-P", "-m", "close_notes_gui", *arguments]
    if not WINDOWS:
        os.execve(PYTHON, command, surroundings())  # noqa: S606 - so that signals reach it
    return call(command, env=surroundings())


def test(arguments: list[str]) -> int:
    """Lint, types, walls, tests, frozen program; arguments go to pytest, --no-build hurries."""
    prepare(TEST)
    prepare_judges()
    every_core = ["--numprocesses=auto", "--dist=worksteal"]
    chosen = [argument for argument in arguments if argument != "--no-build"] or every_core
    named: dict[str, list[object]] = {**static_steps(), "pytest": ["-m", "pytest", *chosen]}
    if not arguments and prepare(BUILD, is_needed=False):
        named["frozen program"] = [*BUILDER, "--frozen"]
    return steps(named)


def lint(arguments: list[str]) -> int:
    """Lint, types and walls; with --fix, mend first what ruff can mend."""
    prepare(TEST)
    if "--fix" in arguments:
        call([PYTHON, "-m", "ruff", "check", "--fix", "--quiet"], cwd=ROOT)
        call([PYTHON, "-m", "ruff", "format", "--quiet"], cwd=ROOT)
    return steps(static_steps())


def bench(arguments: list[str]) -> int:
    """Run the benchmarks, or those whose name contains one of the arguments."""
    prepare(TEST)
    scripts = sorted((ROOT / "tests" / "bench").glob("bench_*.py"))
    chosen = [s for s in scripts if not arguments or any(word in s.stem for word in arguments)]
    if not chosen:
        stop(f"No benchmark matches. There are: {', '.join(script.stem for script in scripts)}")
    return steps({script.stem: [script] for script in chosen})


def build(arguments: list[str]) -> int:
    """Freeze the program into dist/, try it, and pack it for this system."""
    prepare(BUILD)
    return steps({"build": [*BUILDER, *arguments]})


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "setup": setup,
    "run": run,
    "test": test,
    "lint": lint,
    "bench": bench,
    "build": build,
}


def main(arguments: list[str]) -> int:
    """Carry out one command; its exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file may be started by any Python
        stop(f"Close Notes needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if not arguments or arguments[0] not in COMMANDS:
        say("usage: python3 dev.py COMMAND [arguments]\n")
        for name, command in COMMANDS.items():
            say(f"  {name:<7} {command.__doc__}")
        return 2
    return COMMANDS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

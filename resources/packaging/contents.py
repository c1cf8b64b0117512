"""What the frozen folder must hold and what must never be in it, for each system.

`python -m resources.packaging.contents FOLDER` prints what is wrong, and ends with 1 if
anything is. A file missing here would be missed by a rep months later: an input method, the
keyring, a picture format.
"""

import sys
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]

# Patterns of file names, the folder in front left out: PyInstaller and Qt move them about.
QT_EVERYWHERE = (
    "imageformats/*qgif.*",
    "imageformats/*qico.*",
    "imageformats/*qjpeg.*",
    "imageformats/*qsvg.*",
    "imageformats/*qwebp.*",
    "iconengines/*qsvgicon.*",
    "platforms/*qoffscreen.*",  # for --smoke
    "translations/qtbase_de.qm",
    "translations/qtbase_fr.qm",
    "translations/qtbase_ja.qm",
)
ON = {
    "linux": (
        "close-notes",
        "platforms/libqxcb.so",
        "platforms/libqwayland*.so",
        "wayland-shell-integration/libxdg-shell.so",
        "wayland-decoration-client/*.so",  # GNOME draws no title bars of its own
        "platforminputcontexts/libcomposeplatforminputcontextplugin.so",
        "platforminputcontexts/libibusplatforminputcontextplugin.so",
        "platformthemes/libqxdgdesktopportal.so",
        "libQt6Network.so.6",  # one program per data folder: QLocalServer
        "libQt6Svg.so.6",
        "libxcb-cursor.so.0",
    ),
    "win32": ("close-notes.exe", "platforms/qwindows.dll", "styles/*.dll"),
    "darwin": ("close-notes", "platforms/libqcocoa.dylib", "styles/*.dylib"),
}
OURS = (
    "LICENSE",
    "resources/templates/*.md",
    "keyring-*.dist-info/METADATA",
    "keyring-*.dist-info/entry_points.txt",
)

# Modules inside the executable's archive, found by name at run time only.
MODULES = (
    "bleach",
    "close_notes_gui.app",
    "close_notes_gui.sandbox.server",
    "close_notes_gui.seams",
    "keyring.backends.SecretService",
    "keyring.backends.Windows",
    "keyring.backends.kwallet",
    "keyring.backends.libsecret",
    "keyring.backends.macOS",
    "markdown.extensions.fenced_code",
    "markdown.extensions.sane_lists",
    "markdown.extensions.tables",
    "truststore",
)
BANNED_MODULES = ("pytest", "hypothesis", "tkinter", "pip", "setuptools", "PyInstaller", "tests")
BANNED = (
    "*Qt6Quick*",
    "*Qt6Qml*",
    "*Qt6WebEngine*",
    "*Qt6VirtualKeyboard*",
    "*Qt6Pdf*",
    "libgtk-3*",
    "libgdk-3*",
    "libGL.so*",  # these belong to the driver of the machine it runs on
    "libEGL.so*",
    "libstdc++-*.a",
    "opengl32sw.dll",
    "*.spec",
    "*.iss",
    "*.db",
    "*.log",
    ".env",
    "requirements*.txt",
)


def faults(
    files: Iterable[str], modules: Iterable[str], *, platform: str, icons: Iterable[str]
) -> list[str]:
    """What is wrong, a line each. `files` are paths within the folder, with slashes."""
    names, inside = sorted(files), set(modules)
    wanted = [*QT_EVERYWHERE, *OURS, *ON[platform], "resources/style/window.qss"]
    wanted += [f"resources/icons/{icon}" for icon in icons]
    wrong = [f"missing: {pattern}" for pattern in wanted if not _any(names, pattern)]
    wrong += [f"missing module: {module}" for module in MODULES if module not in inside]
    wrong += [
        f"must not be in it: {name}"
        for name in names
        if any(fnmatch(PurePosixPath(name).name, pattern) for pattern in BANNED)
    ]
    wrong += [f"must not be in it: module {name}" for name in BANNED_MODULES if name in inside]
    return wrong


def _any(names: Iterable[str], pattern: str) -> bool:
    return any(fnmatch(name, pattern) or fnmatch(name, f"*/{pattern}") for name in names)


def files_of(folder: Path) -> list[str]:
    """Every file of the folder, sorted, with slashes."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def size_bytes(folder: Path) -> int:
    """What the folder takes on disk; links count nothing."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


def modules_of(program: Path) -> list[str]:
    """The Python modules inside the frozen executable."""
    # Of the build requirements; the check itself does without.
    from PyInstaller.archive.readers import CArchiveReader  # noqa: PLC0415

    outer = CArchiveReader(str(program))
    [inner] = [name for name in outer.toc if name.startswith("PYZ")]
    return sorted(outer.open_embedded_archive(inner).toc)


def check(folder: Path) -> list[str]:
    """What is wrong with the frozen folder."""
    platform = "linux" if sys.platform.startswith("linux") else sys.platform
    program = folder / ("close-notes.exe" if platform == "win32" else "close-notes")
    icons = [path.name for path in (ROOT / "resources" / "icons").glob("*.svg")]
    return faults(files_of(folder), modules_of(program), platform=platform, icons=icons)


def main(folder: Path) -> int:
    """Print the figures and the faults; the exit code."""
    wrong = check(folder)
    print(f"{len(files_of(folder))} files, {size_bytes(folder) / 1e6:.0f} MB unpacked")
    print("\n".join(wrong) or "nothing missing, nothing that must not be there")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

"""A Debian package around the frozen folder: no scripts, only files; dpkg's triggers do the rest.

Linux, with dpkg-deb. Program in /usr/lib/close-notes, desktop entry with the `close-notes:`
links, icons in every size, AppStream's description.
"""

import gzip
import hashlib
import os
import platform
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from close_notes_gui import __version__
from resources.packaging.contents import ROOT
from resources.packaging.libraries import debian_packages

HERE = Path(__file__).resolve().parent
APP_ID = "io.github.close_notes.CloseNotes"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
CONTROL = """\
Package: close-notes
Version: {version}
Architecture: {architecture}
Maintainer: Close Notes contributors <close-notes@users.noreply.github.com>
Installed-Size: {size_kib}
Depends: {depends}
Recommends: gnome-keyring | kwalletmanager | keepassxc
Section: net
Priority: optional
Description: Write notes into Close the moment you hang up
 A desktop note composer for people who live in the Close CRM: lead search,
 rich text, files and screenshots. The note is in Close exactly as written,
 once, even when the network dies half-way.
"""
COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Close Notes
Comment: Qt and PySide6 inside are under the LGPL 3; the folder may be given other builds of them.

Files: *
Copyright: Close Notes contributors
License: MIT
"""


def architecture() -> str:
    """Debian's word for this machine."""
    return ARCHITECTURES.get(platform.machine(), platform.machine())


def make_deb(frozen: Path, *, icons: Path, into: Path, made_at: datetime) -> Path:
    """Write `close-notes_<version>_<architecture>.deb`; its path."""
    tree = into / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(frozen, tree / "usr/lib/close-notes", symlinks=True)
    _add_program_names(tree)
    _add_desktop_files(tree / "usr/share", icons=icons, made_at=made_at)
    _add_documents(tree / "usr/share/doc/close-notes")
    _set_modes(tree)
    _add_control(tree, depends=debian_packages(frozen))
    package = into / f"close-notes_{__version__}_{architecture()}.deb"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(made_at.timestamp()))}
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, package],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    shutil.rmtree(tree)
    return package


def add_file(path: Path, content: str | bytes) -> None:
    """Write a file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def metainfo(made_at: datetime) -> str:
    """AppStream's description, with version and day filled in."""
    text = (HERE / f"{APP_ID}.metainfo.xml").read_text(encoding="utf-8")
    return text.replace("@VERSION@", __version__).replace("@DATE@", f"{made_at:%Y-%m-%d}")


def _add_program_names(tree: Path) -> None:
    folder = tree / "usr/bin"
    folder.mkdir(parents=True)
    for name in ("close-notes", "close-notes-gui"):
        (folder / name).symlink_to("../lib/close-notes/close-notes")


def _add_desktop_files(share: Path, *, icons: Path, made_at: datetime) -> None:
    add_file(
        share / "applications/close-notes.desktop", (HERE / "close-notes.desktop").read_bytes()
    )
    add_file(share / f"metainfo/{APP_ID}.metainfo.xml", metainfo(made_at))
    hicolor = share / "icons/hicolor"
    for png in icons.glob("*.png"):
        size = png.stem
        add_file(hicolor / f"{size}x{size}/apps/close-notes.png", png.read_bytes())
    svg = ROOT / "resources" / "icons" / "app.svg"
    add_file(hicolor / "scalable/apps/close-notes.svg", svg.read_bytes())


def _add_documents(folder: Path) -> None:
    license_text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    indented = "\n".join(f" {line}" if line.strip() else " ." for line in license_text.splitlines())
    add_file(folder / "copyright", f"{COPYRIGHT}{indented}\n")
    changes = (ROOT / "CHANGELOG.md").read_bytes()
    add_file(folder / "changelog.gz", gzip.compress(changes, mtime=0))


def _set_modes(tree: Path) -> None:
    """The same whatever the builder's umask: all may read, what was executable stays so."""
    for path in tree.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)


def _add_control(tree: Path, *, depends: list[str]) -> None:
    files = sorted(p for p in tree.rglob("*") if p.is_file() and not p.is_symlink())
    sums = [f"{hashlib.md5(p.read_bytes()).hexdigest()}  {p.relative_to(tree)}\n" for p in files]  # noqa: S324 - dpkg's format
    control = CONTROL.format(
        version=__version__,
        architecture=architecture(),
        size_kib=sum(p.stat().st_size for p in files) // 1024,
        depends=", ".join(depends),
    )
    add_file(tree / "DEBIAN/control", control)
    add_file(tree / "DEBIAN/md5sums", "".join(sums))


def time_of_the_source() -> datetime:
    """When the newest commit was made, so that two builds of it are alike; else now."""
    told = (
        os.environ.get("SOURCE_DATE_EPOCH")
        or subprocess.run(
            ["git", "log", "-1", "--format=%ct"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        ).stdout
    )
    return datetime.fromtimestamp(int(told), UTC) if told.strip() else datetime.now(UTC)

"""`python3 dev.py build`: freeze the program, look into it, try it, pack it for this system.

Linux: .deb and tar.gz. Windows: an installer where Inno Setup is there, else zip. macOS: dmg.
`--frozen` stops after the trial and skips what is up to date; `python3 dev.py test` does that.
"""

import gzip
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import time
from datetime import datetime
from pathlib import Path

from close_notes_gui import __version__
from resources.packaging.contents import ROOT, check, files_of, size_bytes
from resources.packaging.debian import architecture, make_deb, metainfo, time_of_the_source

HERE = Path(__file__).resolve().parent
DIST, WORK = ROOT / "dist", ROOT / "build"
FROZEN, ICONS, STAMP = DIST / "close-notes", WORK / "icons", WORK / "frozen-from"
WINDOWS, MACOS = sys.platform == "win32", sys.platform == "darwin"
PROGRAM = FROZEN / ("close-notes.exe" if WINDOWS else "close-notes")
LINUX_NOTE = """\
Close Notes {version}, portable: unpack anywhere and start ./close-notes/close-notes.
It needs these of the system (Debian's names): {packages}
"""


def say(text: str) -> None:
    """Print at once."""
    print(text, flush=True)


def inputs() -> str:
    """One digest over all that decides what the frozen program is."""
    digest = hashlib.sha256(f"{sys.version} {platform.platform()}".encode())
    paths = [ROOT / "requirements-build.txt"]
    for folder in (ROOT / "close_notes_gui", ROOT / "resources"):
        paths += [p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"]
    for path in sorted(paths):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_up_to_date(wanted: str) -> bool:
    """Whether the frozen folder was made from what is here now."""
    return PROGRAM.exists() and STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted


def freeze(wanted: str) -> None:
    """Make dist/close-notes/ anew."""
    STAMP.unlink(missing_ok=True)
    # A fixed seed: otherwise sets are written in another order each time.
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    environment["SOURCE_DATE_EPOCH"] = str(int(time_of_the_source().timestamp()))
    folders = ["--distpath", str(DIST), "--workpath", str(WORK)]
    quiet = ["--noconfirm", "--log-level", "WARN"]
    for arguments in (
        [str(HERE / "draw_icons.py"), str(ICONS)],
        ["-m", "PyInstaller", *quiet, *folders, str(HERE / "close_notes.spec")],
    ):
        subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True)
    STAMP.write_text(wanted, encoding="ascii")


def look_into() -> None:
    """End where something is missing in the folder, or in it that must not be."""
    wrong = check(FROZEN)
    say(f"dist/close-notes: {len(files_of(FROZEN))} files, {size_bytes(FROZEN) / 1e6:.0f} MB")
    if wrong:
        sys.exit("\n".join(wrong))


def smoke() -> None:
    """The frozen program sends one note to its own sandbox, from an empty environment."""
    keep = ("SYSTEMROOT", "TEMP", "TMP", "HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA")
    environment = {name: os.environ[name] for name in keep if name in os.environ}
    environment |= {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([PROGRAM, "--smoke"], env=environment, check=False, timeout=120)
    if done.returncode:
        sys.exit(f"The frozen program's --smoke ended with {done.returncode}.")


def make_tar(made_at: datetime) -> Path:
    """A folder to unpack anywhere, the same bytes for the same source."""
    from resources.packaging.libraries import debian_packages  # noqa: PLC0415 - Linux only

    package = DIST / f"close-notes-{__version__}-linux-{architecture()}.tar.gz"
    extras = {
        "README.txt": LINUX_NOTE.format(
            version=__version__, packages=", ".join(debian_packages(FROZEN))
        ),
        "share/close-notes.desktop": (HERE / "close-notes.desktop").read_text(encoding="utf-8"),
        "share/io.github.close_notes.CloseNotes.metainfo.xml": metainfo(made_at),
    }
    tree = WORK / "portable" / "close-notes"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(FROZEN, tree, symlinks=True)
    for name, text in extras.items():
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).write_text(text, encoding="utf-8")
    shutil.copytree(ICONS, tree / "share" / "icons", ignore=shutil.ignore_patterns("app.*"))

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = int(made_at.timestamp())
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    with (
        package.open("wb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=0) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in sorted([tree, *tree.rglob("*")]):
            name = path.relative_to(tree.parent).as_posix()
            tar.add(path, name, recursive=False, filter=plain)
    shutil.rmtree(tree.parent)
    return package


def make_installer() -> Path:
    """Windows: per user, without asking for an administrator; a zip where Inno Setup is not."""
    compiler = shutil.which("iscc") or shutil.which("iscc", path=os.environ.get("INNO_SETUP", ""))
    if not compiler:
        say("Inno Setup (iscc) is not on PATH; making a zip instead of an installer.")
        name = DIST / f"close-notes-{__version__}-windows"
        return Path(shutil.make_archive(str(name), "zip", DIST, "close-notes"))
    script = HERE / "windows.iss"
    subprocess.run([compiler, "/Q", f"/DVersion={__version__}", script], cwd=ROOT, check=True)
    return DIST / f"close-notes-{__version__}-setup.exe"


def make_dmg() -> Path:
    """macOS: a disk image with the program and a link to Applications.

    Signed with the hardened runtime where CLOSE_NOTES_SIGN_AS names an identity; notarize then.
    """
    app = DIST / "Close Notes.app"
    identity = os.environ.get("CLOSE_NOTES_SIGN_AS")
    if identity:
        rights = str(HERE / "macos-entitlements.plist")
        sign = ["codesign", "--force", "--deep", "--timestamp", "--options", "runtime"]
        subprocess.run([*sign, "--entitlements", rights, "--sign", identity, app], check=True)
    folder = WORK / "dmg"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(app, folder / app.name, symlinks=True)
    (folder / "Applications").symlink_to("/Applications")
    image = DIST / f"close-notes-{__version__}-macos-{platform.machine()}.dmg"
    make = ["hdiutil", "create", "-quiet", "-ov", "-format", "UDZO", "-volname", "Close Notes"]
    subprocess.run([*make, "-srcfolder", folder, image], check=True)
    return image


def packages() -> list[Path]:
    """What this system's people install."""
    if WINDOWS:
        return [make_installer()]
    if MACOS:
        return [make_dmg()]
    made_at = time_of_the_source()
    made = [make_tar(made_at)]
    if shutil.which("dpkg-deb"):
        made.append(make_deb(FROZEN, icons=ICONS, into=DIST, made_at=made_at))
    else:
        say("dpkg-deb is not here; no .deb is made.")
    return made


def write_sums(made: list[Path]) -> None:
    """SHA256SUMS, as `sha256sum --check` reads it."""
    lines = []
    for path in sorted(made):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        lines.append(f"{digest}  {path.name}\n")
        say(f"dist/{path.name}: {path.stat().st_size / 1e6:.0f} MB")
    (DIST / "SHA256SUMS").write_text("".join(lines), encoding="ascii")


def main(arguments: list[str]) -> int:
    """Freeze, look, try; pack unless told `--frozen`."""
    only_frozen = arguments == ["--frozen"]
    if arguments and not only_frozen:
        say("usage: python3 dev.py build [--frozen]")
        return 2
    wanted, began = inputs(), time.monotonic()
    if only_frozen and is_up_to_date(wanted):
        say("dist/close-notes is up to date.")
    else:
        freeze(wanted)
        say(f"Frozen in {time.monotonic() - began:.0f} s.")
    look_into()
    smoke()
    if not only_frozen:
        write_sums(packages())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

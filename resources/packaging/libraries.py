"""Which of the system's libraries the frozen folder needs, asked of ldd, as Debian packages.

PyInstaller takes along most of what Qt needs; what belongs to the machine (libc, the graphics
driver's libraries) it leaves out. Linux only; needs ldd and readelf.
"""

import re
import subprocess
import sys
from pathlib import Path

# Debian 12 and 13, Ubuntu 22.04 and 24.04; the second name is the one after the 64-bit time_t.
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libGLdispatch.so.0": "libglvnd0",
    "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdrm.so.2": "libdrm2",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgbm.so.1": "libgbm1",
    "libglib-2.0.so.0": "libglib2.0-0 | libglib2.0-0t64",
    "libgcc_s.so.1": "libgcc-s1",
    "libstdc++.so.6": "libstdc++6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb.so.1": "libxcb1",
    "libz.so.1": "zlib1g",
}
# Not linked but looked for at run time: text shows with no font of its own, but as boxes.
AT_RUN_TIME = (
    "fontconfig-config",
    "fonts-dejavu-core | fonts-liberation | fonts-noto-core",
    "ca-certificates",
)
LIBC = re.compile(r"(ld-linux.*|lib(c|m|dl|rt|pthread|util|resolv|anl))\.so\.\d+")
FOUND = re.compile(r"^\s+(\S+) => (.+?)(?: \(0x|$)", re.MULTILINE)


def is_elf(path: Path) -> bool:
    """Whether it is a program or a shared library."""
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def binaries(folder: Path) -> list[Path]:
    """Every program and shared library of the folder."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink() and is_elf(p))


def linked_outside(folder: Path) -> dict[str, str]:
    """Each shared library that is loaded from outside the folder, and for whom first."""
    outside: dict[str, str] = {}
    for path in binaries(folder):
        # The bootloader lets libraries be found in _internal; so does this.
        told = subprocess.run(
            ["ldd", path],
            env={"LD_LIBRARY_PATH": str(folder / "_internal"), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        for library, place in FOUND.findall(told):
            if not place.startswith(str(folder)) and not LIBC.fullmatch(library):
                outside.setdefault(library, path.name)
    return outside


def least_libc(folder: Path) -> str:
    """The oldest glibc that has every symbol asked for, such as `2.35`."""
    versions = {(2, 0)}
    for path in binaries(folder):
        told = subprocess.run(
            ["readelf", "--version-info", "--wide", path],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        versions |= {(int(a), int(b)) for a, b in re.findall(r"GLIBC_(\d+)\.(\d+)", told)}
    return ".".join(map(str, max(versions)))


def debian_packages(folder: Path) -> list[str]:
    """What the package depends on. SystemExit where a library has no package in the table."""
    outside = linked_outside(folder)
    unknown = [
        f"{library} (for {user})" for library, user in outside.items() if library not in PACKAGES
    ]
    if unknown:
        sys.exit(f"Neither in the folder nor in libraries.PACKAGES: {', '.join(unknown)}")
    linked = {PACKAGES[library] for library in outside}
    return [f"libc6 (>= {least_libc(folder)})", *sorted(linked), *AT_RUN_TIME]

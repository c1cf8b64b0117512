"""What is packed: the check of the frozen folder, the desktop's files, one version for all."""

import configparser
import re
import tomllib
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

import pytest

from close_notes_gui import __version__
from close_notes_gui.startup.options import SCHEME
from resources.packaging import debian, libraries
from resources.packaging.contents import BANNED, MODULES, ON, OURS, QT_EVERYWHERE, faults

PACKAGING = Path(debian.__file__).parent
ROOT = PACKAGING.parents[1]
ICONS = ["app.svg", "send.svg"]


def whole(platform: str) -> list[str]:
    """A list of files that has all that is wanted on that system."""
    wanted = [*QT_EVERYWHERE, *OURS, *ON[platform], "resources/style/window.qss"]
    wanted += [f"resources/icons/{icon}" for icon in ICONS]
    return [f"_internal/some/{pattern.replace('*', 'x')}" for pattern in wanted]


def wrong(files: list[str], modules: tuple[str, ...] = MODULES, platform: str = "linux"):
    return faults(files, modules, platform=platform, icons=ICONS)


@pytest.mark.parametrize("platform", sorted(ON))
def test_a_whole_folder_passes_and_each_missing_file_is_named(platform: str) -> None:
    files = whole(platform)
    assert wrong(files, platform=platform) == []
    for file in files:
        rest = [other for other in files if other != file]
        assert len(wrong(rest, platform=platform)) == 1, file


def test_each_module_that_is_missing_is_named() -> None:
    for module in MODULES:
        rest = tuple(other for other in MODULES if other != module)
        assert wrong(whole("linux"), rest) == [f"missing module: {module}"]


@pytest.mark.parametrize("pattern", BANNED)
def test_what_must_not_be_in_it_is_named(pattern: str) -> None:
    stray = f"_internal/{pattern.replace('*', 'x')}"
    assert wrong([*whole("linux"), stray]) == [f"must not be in it: {stray}"]
    assert wrong(whole("linux"), (*MODULES, "pytest")) == ["must not be in it: module pytest"]


def test_the_desktop_entry_opens_our_links() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(PACKAGING / "close-notes.desktop", encoding="utf-8")
    section = entry["Desktop Entry"]
    assert section["MimeType"] == f"x-scheme-handler/{SCHEME};"
    assert section["Exec"] == "close-notes %u"
    assert section["Icon"] == "close-notes"


def test_the_description_carries_version_and_day() -> None:
    tree = ET.fromstring(debian.metainfo(datetime(2026, 3, 2, tzinfo=UTC)))
    release = tree.find("releases/release")
    assert release.attrib == {"version": __version__, "date": "2026-03-02"}
    assert tree.findtext("id") == debian.APP_ID
    assert tree.findtext("launchable") == "close-notes.desktop"
    assert len(tree.findtext("summary") or "") in range(10, 61)


def test_the_changelog_tells_of_this_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", changes, re.MULTILINE)[0] == __version__


def test_the_package_of_the_wheel_has_the_same_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "close_notes_gui/__init__.py"


def test_what_ldd_says_is_read() -> None:
    told = (
        "\tlinux-vdso.so.1 (0x7ffd)\n"
        "\tlibEGL.so.1 => /lib/x86_64-linux-gnu/libEGL.so.1 (0x7f00)\n"
        "\tlibgone.so.2 => not found\n"
        "\t/lib64/ld-linux-x86-64.so.2 (0x7f01)\n"
    )
    assert libraries.FOUND.findall(told) == [
        ("libEGL.so.1", "/lib/x86_64-linux-gnu/libEGL.so.1"),
        ("libgone.so.2", "not found"),
    ]
    assert libraries.LIBC.fullmatch("libc.so.6")
    assert not libraries.LIBC.fullmatch("libcrypto.so.3")


def test_an_unknown_library_stops_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "linked_outside", lambda folder: {"libnew.so.9": "libQt6Gui"})
    with pytest.raises(SystemExit, match=r"libnew\.so\.9 \(for libQt6Gui\)"):
        libraries.debian_packages(tmp_path)
    monkeypatch.setattr(libraries, "linked_outside", lambda folder: {"libEGL.so.1": "libQt6Gui"})
    assert libraries.debian_packages(tmp_path)[:2] == ["libc6 (>= 2.0)", "libegl1"]

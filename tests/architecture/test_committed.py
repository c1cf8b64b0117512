"""What is committed works on any machine: no registry's address, no path of one machine."""

import re
import tomllib
from collections.abc import Iterator

from close_notes_gui import __version__
from tests.architecture.sources import ROOT, committed

# One letter of each stands in brackets, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    r"[p]ypi\.(org|python\.org)|[p]ythonhosted\.org|[n]pmjs\.(org|com)|[y]arnpkg\.com"
    r"|[d]eb\.debian\.org|[p]roxy\.golang\.org|[c]rates\.io|[r]epo\.maven|/[s]imple/"
)
INDEX_OPTIONS = re.compile(r"--([i]ndex-url|[e]xtra-index-url|[f]ind-links|[t]rusted-host)")
MACHINE_PATHS = re.compile(r"(?<![\w.])/([w]ork|[r]oot|[o]pt/pypi|[o]pt/wheels|[t]mp/team)/")
TEXT = {
    ".py",
    ".toml",
    ".txt",
    ".md",
    ".json",
    ".yml",
    ".yaml",
    ".sh",
    ".spec",
    ".cfg",
    ".ini",
    ".iss",
    ".xml",
    ".desktop",
    ".qss",
    ".svg",
    ".plist",
    "",
}


def lines() -> Iterator[tuple[str, str]]:
    """Each line of each committed text file, with where it stands."""
    for path in committed():
        if path.suffix in TEXT:
            text = path.read_text(encoding="utf-8", errors="replace")
            for number, line in enumerate(text.splitlines(), 1):
                yield f"{path.relative_to(ROOT).as_posix()}:{number}", line


def places(wanted: re.Pattern[str]) -> list[str]:
    """Where the pattern occurs."""
    return [where for where, line in lines() if wanted.search(line)]


def test_no_registry_address():
    assert not places(REGISTRIES)


def test_no_index_option():
    assert not places(INDEX_OPTIONS)


def test_no_path_of_one_machine():
    assert not places(MACHINE_PATHS)


def test_no_lock_file_that_records_an_address():
    names = {path.name for path in committed()}
    assert not names & {"uv.lock", "poetry.lock", "package-lock.json", "Pipfile.lock", "yarn.lock"}


def test_requirements_are_pinned_and_hashed():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
        pins = [
            line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
        ]
        assert pins, name
        for pin in pins:
            assert re.match(r"[\w.-]+(\[[\w,]+\])?==\S+", pin), f"{name}: {pin[:60]}"
            assert "--hash=sha256:" in pin, f"{name}: {pin[:60]}"


def test_development_pins_agree_with_those_of_the_program():
    def pins(name: str) -> set[str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return set(re.findall(r"^([\w.-]+(?:\[[\w,]+\])?==[^\s;\\]+)", text, re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_each_dependency_of_the_project_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8").lower().replace("_", "-")
    for requirement in project["dependencies"]:
        name = re.match(r"[\w.-]+", requirement)
        assert name
        assert f"{name[0].lower()}==" in pinned


def test_version_stands_in_one_place():
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    repeated = re.compile(rf"version.{{0,4}}=.{{0,4}}{re.escape(__version__)}", re.IGNORECASE)
    found = {where.split(":")[0] for where, line in lines() if repeated.search(line)}
    assert found == {"close_notes_gui/__init__.py"}

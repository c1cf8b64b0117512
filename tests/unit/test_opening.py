"""What lies here of opened files and small pictures does not pile up."""

import os
import time
from pathlib import Path

import pytest

from close_notes_gui.engine.opening import private_place, sweep

DAY_S = 24 * 3600.0


def put(path: Path, *, age_s: float, size_bytes: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size_bytes)
    at = time.time() - age_s
    os.utime(path, (at, at))
    return path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_is_older_than_a_day_goes(tmp_path: Path):
    put(tmp_path / "old", age_s=DAY_S + 60)
    put(tmp_path / "new", age_s=DAY_S - 60)
    opened = private_place(tmp_path, "contract.pdf")
    put(opened, age_s=DAY_S + 60)
    os.utime(opened.parent, (1, 1))
    sweep(tmp_path)
    assert names(tmp_path) == {"new"}


def test_what_was_written_in_meanwhile_is_kept_for_a_day_from_then(tmp_path: Path):
    opened = private_place(tmp_path, "contract.docx")
    put(opened, age_s=3600)  # saved in place, which leaves the time of its folder as it was
    at = time.time() - 3 * DAY_S
    os.utime(opened.parent, (at, at))
    sweep(tmp_path)
    assert opened.exists()
    put(opened, age_s=DAY_S + 60)
    sweep(tmp_path)
    assert not opened.exists()


def test_of_too_much_the_oldest_go(tmp_path: Path):
    for age in range(5):
        put(tmp_path / f"{age} hours", age_s=age * 3600, size_bytes=40)
    sweep(tmp_path, kept_s=DAY_S, most_bytes=100)
    assert names(tmp_path) == {"0 hours", "1 hours"}


def test_a_link_is_deleted_and_not_followed(tmp_path: Path):
    mine = put(tmp_path / "documents" / "mine.txt", age_s=2 * DAY_S)
    place = tmp_path / "opened"
    place.mkdir()
    (place / "link").symlink_to(mine.parent, target_is_directory=True)
    os.utime(place / "link", (1, 1), follow_symlinks=False)
    sweep(place)
    assert names(place) == set()
    assert mine.exists()


def test_what_is_in_use_stays_and_the_rest_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    put(tmp_path / "in use", age_s=2 * DAY_S)
    put(tmp_path / "old", age_s=3 * DAY_S)
    unlink = Path.unlink

    def unlink_on_windows(path: Path, missing_ok: bool = False) -> None:
        if path.name == "in use":
            raise PermissionError(13, "in use by another process")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink_on_windows)
    sweep(tmp_path)
    assert names(tmp_path) == {"in use"}


def test_no_folder_nothing_to_do(tmp_path: Path):
    sweep(tmp_path / "none")

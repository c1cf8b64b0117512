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
    opened.write_bytes(b"x")
    os.utime(opened.parent, (1, 1))
    sweep(tmp_path)
    assert names(tmp_path) == {"new"}


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


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root deletes anything")
def test_what_cannot_be_deleted_stays_and_harms_nothing(tmp_path: Path):
    put(tmp_path / "old", age_s=2 * DAY_S)
    tmp_path.chmod(0o500)
    try:
        sweep(tmp_path)
        assert names(tmp_path) == {"old"}
    finally:
        tmp_path.chmod(0o700)


def test_no_folder_nothing_to_do(tmp_path: Path):
    sweep(tmp_path / "none")

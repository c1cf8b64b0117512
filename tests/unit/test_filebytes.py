"""A file read in pieces: larger ones on a fast line, the first size again on a slow one."""

import hashlib
import time
from pathlib import Path

import pytest

from close_notes_gui.closeapi import filebytes
from close_notes_gui.closeapi.filebytes import FileBytes


def sizes(path: Path, monkeypatch: pytest.MonkeyPatch, *, line_s: float) -> list[int]:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    taken, digest = [], hashlib.sha256()
    with FileBytes(path, expected_size_bytes=None, expected_mtime_ns=None) as source:
        for piece in source.pieces(before_each=lambda: None, on_progress=None):
            now[0] += line_s
            taken.append(len(piece))
            digest.update(piece)
        assert source.sha256 == digest.hexdigest() == hashlib.sha256(path.read_bytes()).hexdigest()
    return taken


@pytest.mark.parametrize(
    ("line_s", "expected"),
    [(0.001, [100, 200, 400, 400, 400, 1]), (1.0, [100] * 15 + [1])],
)
def test_pieces_follow_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line_s: float, expected: list[int]
) -> None:
    monkeypatch.setattr(filebytes, "PIECE_BYTES", 100)
    monkeypatch.setattr(filebytes, "_LARGEST_PIECE_BYTES", 400)
    path = tmp_path / "a"
    path.write_bytes(bytes(range(150)) * 10 + b"x")
    assert sizes(path, monkeypatch, line_s=line_s) == expected

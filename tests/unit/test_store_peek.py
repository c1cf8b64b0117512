"""What is told of accounts that are not open, from files that may be damaged."""

from pathlib import Path

import pytest

from close_notes_gui.model.draft import OutboxState
from close_notes_gui.store.peek import waiting_in
from close_notes_gui.store.profile import Profile


def test_a_store_that_cannot_be_looked_into_tells_nothing(tmp_path: Path):
    assert waiting_in(tmp_path / "none") == 0
    (tmp_path / "close-notes.db").write_bytes(b"rubbish" * 1000)
    assert waiting_in(tmp_path) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[3, {}]",
        b"\xff",
        b'[{"user_id": 1}]',
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
def test_a_damaged_list_of_accounts_is_as_good_as_none(tmp_path: Path, content: bytes):
    (tmp_path / "accounts.json").write_bytes(content)
    assert Profile(tmp_path).known_accounts() == ()


def test_sent_is_the_word_that_the_look_goes_by():
    assert OutboxState.SENT.value == "sent"  # in store/peek.py

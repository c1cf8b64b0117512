"""Two accounts in the real program over loopback: what is typed while they are switched to and fro,
key by key, is on disk once, in the store of the account in view.
"""

import sqlite3
from collections import defaultdict
from contextlib import closing
from itertools import cycle
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from close_notes_gui.app import Program, engine_maker
from close_notes_gui.markup import canonical_text
from close_notes_gui.sandbox.server import SandboxServer
from close_notes_gui.startup.options import OpenRequest

pytestmark = pytest.mark.e2e
WAIT_MS = 20_000
SWITCHES = 6


def choose(program: Program, words: str) -> None:
    menu = program.window.status.account.menu()
    menu.aboutToShow.emit()
    (action,) = [each for each in menu.actions() if words in each.text()]
    action.trigger()


def user(program: Program) -> str:
    account = program.model.state.account
    return account.user_id if account is not None else ""


def drafts_on_disk(folder: Path) -> dict[str, dict[str, str]]:
    """For each account's folder the texts of its drafts."""
    found: dict[str, dict[str, str]] = {}
    for path in folder.glob("accounts/*/close-notes.db"):
        with closing(sqlite3.connect(path)) as database:
            rows = database.execute("SELECT id, note_html FROM draft WHERE place = 'open'")
            found[path.parent.name] = {row[0]: canonical_text(row[1]) for row in rows}
    return found


def test_nothing_strays_between_two_accounts(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with SandboxServer() as close:
        monkeypatch.setenv("CLOSE_API_KEY", close.api_key)
        monkeypatch.setenv("CLOSE_NOTES_API_URL", close.base_url)
        program = Program(tmp_path, engine_maker(tmp_path))
        program.start(OpenRequest())
        first, second = close.fake.user_ids[:2]
        qtbot.waitUntil(lambda: user(program) == first, timeout=WAIT_MS)
        choose(program, "Add an account")
        (field,) = [
            each
            for each in program.window.sign_in.findChildren(QLineEdit)
            if each.accessibleName() == "API key"
        ]
        QTest.keyClicks(field, close.fake.issue_key(user=1))
        QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: user(program) == second, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: len(program.model.state.accounts) == 2, timeout=WAIT_MS)
        typed = _type_while_switching(program, first, second)
        program.window.close()
        qtbot.waitUntil(lambda: program.model.state.is_stopped, timeout=WAIT_MS)
        program.finish()
    kept = drafts_on_disk(tmp_path)
    assert sorted(name.split("_user_")[1] for name in kept) == sorted(
        each.removeprefix("user_") for each in (first, second)
    )
    texts = [(draft, text) for drafts in kept.values() for draft, text in drafts.items() if text]
    assert sorted(texts) == sorted((draft, text) for draft, (_, text) in typed.items())
    for draft, (account, _) in typed.items():
        (own,) = [drafts for name, drafts in kept.items() if name.endswith(account)]
        assert draft in own


def _type_while_switching(program: Program, *accounts: str) -> dict[str, tuple[str, str]]:
    """Type on and on, switching in the middle. For each draft that was in view the account, which
    is told a moment after its drafts, and what was typed.
    """
    typed: dict[str, tuple[str, str]] = defaultdict(lambda: ("", ""))
    letters = cycle("abcdefghijklmnopqrstuvwxyz")
    editor = program.window.compose.editor

    def type_one() -> None:
        letter = next(letters)
        draft = str(program.model.state.open_draft)
        typed[draft] = user(program), typed[draft][1] + letter
        QTest.keyClicks(editor, letter)
        QApplication.processEvents()

    for number in range(SWITCHES):
        for _ in range(5):
            type_one()
        target = accounts[number % 2]
        (known,) = [
            each.account for each in program.model.state.accounts if each.account.user_id == target
        ]
        choose(program, known.user_name)
        for _ in range(2000):  # goes on typing until the other account is there
            if user(program) == target:
                break
            type_one()
        assert user(program) == target
        type_one()
    return typed

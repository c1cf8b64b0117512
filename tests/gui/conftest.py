"""Fixtures of the window's tests."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from close_notes_gui.ui import theme
from tests.gui.desk import Desk, make_desk


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot) -> Desk:
    """A shown window, 1100 × 760, drafts loaded, signed in."""
    made = make_desk()
    qtbot.addWidget(made.window)
    made.window.show()
    qtbot.waitExposed(made.window)
    made.window.activateWindow()
    made.loaded()
    return made


@pytest.fixture(params=[theme.LIGHT, theme.DARK], ids=["light", "dark"])
def tokens(request: pytest.FixtureRequest) -> theme.Tokens:
    """Each of the two sets of colours."""
    return request.param  # type: ignore[no-any-return]

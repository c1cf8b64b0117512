"""Fixtures of the window's tests."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from close_notes_gui.ui import theme
from tests.gui.desk import Desk, make_desk


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot) -> Iterator[Desk]:
    """A shown window, 1100 × 760, drafts loaded, signed in."""
    made = make_desk()
    made.window.resize(1100, 760)  # the offscreen screen is smaller, and the window heeds that
    made.window.show()
    qtbot.waitExposed(made.window)
    made.window.activateWindow()
    made.loaded()
    yield made
    made.window.close()
    made.window.deleteLater()
    # Outside an event loop Qt would keep it, and a hundred windows make each test slower.
    QApplication.sendPostedEvents(made.window, QEvent.Type.DeferredDelete)


@pytest.fixture(params=[theme.LIGHT, theme.DARK], ids=["light", "dark"])
def tokens(request: pytest.FixtureRequest) -> theme.Tokens:
    """Each of the two sets of colours."""
    return request.param  # type: ignore[no-any-return]

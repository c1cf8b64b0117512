"""The title is offered from the first heading and never forced; the author is shown."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from close_notes_gui import markup
from close_notes_gui.model.commands import SendDraft
from tests.gui.desk import WANDERLUST, Desk


def title(desk: Desk) -> QLineEdit:
    field = desk.child("Note title")
    assert isinstance(field, QLineEdit)
    return field


def write_heading(desk: Desk) -> None:
    desk.pick(WANDERLUST)
    desk.write("Before")
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_Return)
    desk.write("## Discovery call")
    desk.window.compose.flush()


def test_the_first_heading_is_offered_and_taken_by_one_key(desk: Desk):
    write_heading(desk)
    field = title(desk)
    assert "Discovery call" in field.placeholderText()
    assert field.text() == ""
    QTest.keyClick(field, Qt.Key.Key_Right)
    assert field.text() == "Discovery call"
    desk.press_send()
    assert desk.of(SendDraft)[-1].draft.title == "Discovery call"


def test_what_is_not_taken_is_not_sent(desk: Desk):
    write_heading(desk)
    desk.press_send()
    assert desk.of(SendDraft)[-1].draft.title == ""


def test_a_title_of_ones_own_is_left_alone(desk: Desk):
    write_heading(desk)
    QTest.keyClicks(title(desk), "Mine")
    QTest.keyClick(title(desk), Qt.Key.Key_Right)
    assert title(desk).text() == "Mine"


@pytest.mark.parametrize(
    ("note_html", "heading"),
    [
        ("<body><p>x</p></body>", ""),
        ("<body><h1></h1><h3>A <strong>b</strong> &amp; c</h3></body>", "A b & c"),
        ("<body><p>x</p><h2>First</h2><h1>Second</h1></body>", "First"),
    ],
)
def test_the_first_heading(note_html: str, heading: str):
    assert markup.first_heading(note_html) == heading


def test_the_author_is_shown(desk: Desk):
    assert desk.child("Author of the note").text() == "by Ruth Example"  # type: ignore[attr-defined]

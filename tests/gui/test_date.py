"""Saying when: in words that are read back exactly before they count, or on the calendar."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCalendarWidget, QLabel, QLineEdit, QPushButton

from close_notes_gui.model.commands import ReviseDraft
from tests.gui.desk import NOW, Desk


def words(desk: Desk, typed: str = "") -> QLineEdit:
    """The field, opened by a click, with this typed into it."""
    QTest.mouseClick(desk.child("Date"), Qt.MouseButton.LeftButton)
    field = desk.child("Date in words")
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, typed)
    return field


def told(desk: Desk) -> str:
    label = desk.child("Date as it is understood")
    assert isinstance(label, QLabel)
    return label.text()


def test_it_is_now_until_something_else_is_said(desk: Desk):
    words(desk)
    assert told(desk).startswith("Now")
    assert desk.model.state.draft.activity_at is None
    assert not desk.of(ReviseDraft)


def test_what_is_understood_is_shown_in_full_before_it_counts(desk: Desk):
    field = words(desk, "yesterday 15:30")
    meant = (NOW.astimezone() - timedelta(days=1)).replace(hour=15, minute=30, second=0)
    for part in ("Sunday", "22", "November", "2026", "15:30"):
        assert part in told(desk)
    assert not desk.of(ReviseDraft)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.last_draft().activity_at == meant
    assert "2026" in desk.child("Date").toolTip()
    assert desk.window.focusWidget() is desk.child("Date")
    QTest.mouseClick(desk.child("Back to now"), Qt.MouseButton.LeftButton)
    assert desk.last_draft().activity_at is None


def test_typing_on_the_button_is_typing_the_date(desk: Desk):
    button = desk.child("Date")
    button.setFocus()
    QTest.keyClicks(button, "-")
    field = desk.child("Date in words")
    QTest.keyClicks(field, "20m")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.last_draft().activity_at == NOW - timedelta(minutes=20)


def test_what_is_not_understood_does_not_count(desk: Desk):
    field = words(desk, "soon")
    assert "Not understood" in told(desk)
    assert not desk.child("Set the date").isEnabled()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.isVisible()
    desk.window.compose.editor.setFocus()
    desk.settle()
    assert not field.isVisible()
    assert not desk.of(ReviseDraft)


def test_esc_leaves_it_as_it_was(desk: Desk):
    QTest.keyClick(words(desk, "yesterday"), Qt.Key.Key_Escape)
    assert not desk.of(ReviseDraft)
    assert desk.child("Date").hasFocus()


def test_going_on_elsewhere_takes_what_was_read_back(desk: Desk):
    words(desk, "yesterday 9:00")
    desk.window.compose.editor.setFocus()
    assert desk.last_draft().activity_at is not None
    assert desk.window.focusWidget() is desk.window.compose.editor


def test_a_day_is_chosen_on_the_calendar(desk: Desk):
    words(desk)
    (calendar,) = desk.window.findChildren(QCalendarWidget)
    calendar.clicked.emit(QDate(2026, 11, 12))
    QTest.mouseClick(desk.child("Set the date"), Qt.MouseButton.LeftButton)
    chosen = desk.last_draft().activity_at
    assert chosen is not None
    assert chosen.astimezone().date().isoformat() == "2026-11-12"
    assert chosen.tzinfo is UTC


@pytest.mark.parametrize(("name", "minutes"), [("15 min ago", 15), ("1 h ago", 60)])
def test_one_press(desk: Desk, name: str, minutes: int):
    words(desk)
    (button,) = [b for b in desk.window.findChildren(QPushButton) if b.text() == name]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.last_draft().activity_at == NOW - timedelta(minutes=minutes)


def test_drawing_is_not_choosing(desk: Desk):
    skipped = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)  # an hour that summer time skips
    desk.window.compose.date.show_date(skipped)
    assert not desk.of(ReviseDraft)

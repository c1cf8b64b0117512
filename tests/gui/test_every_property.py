"""Every property that Close's calls on notes accept has a control in the window that sets it.

Whoever adds one to `closeapi.contract` meets this test: give it a control, or say there why it is
left to Close.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel

from close_notes_gui.closeapi.contract import CREATE_NOTE, LEFT_TO_CLOSE, UPDATE_NOTE
from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import AttachFiles
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.ids import ContactId, NoteId
from close_notes_gui.model.note import Note, NoteAttachment
from close_notes_gui.ui.drops import paths_of
from tests.gui.desk import NOW, SWAN, WANDERLUST, Desk

FILE = NoteAttachment("https://app.close.com/go/file/1", "offer.pdf")
NOTE = Note(
    NoteId("acti_1"),
    WANDERLUST.id,
    "<body><p>Old</p></body>",
    title="Old",
    contact_id=ContactId("cont_1a"),
    activity_at=NOW - timedelta(days=3),
    attachments=(FILE,),
)


def _lead(desk: Desk) -> object:
    desk.pick(SWAN)
    return desk.model.state.draft.lead_id


def _text(desk: Desk) -> object:
    note = desk.child("Note")
    QTest.keyClicks(note, "New")
    desk.window.compose.flush()
    return desk.model.state.draft.note_html


def _title(desk: Desk) -> object:
    QTest.keyClicks(desk.child("Note title"), "New")
    desk.window.compose.flush()
    return desk.model.state.draft.title


def _contact(desk: Desk) -> object:
    picker = desk.child("Contact")
    assert isinstance(picker, QComboBox)
    picker.setCurrentIndex(2)
    picker.activated.emit(2)
    return desk.model.state.draft.contact_id


def _date(desk: Desk) -> object:
    QTest.mouseClick(desk.child("Date"), Qt.MouseButton.LeftButton)
    words = desk.child("Date in words")
    QTest.keyClicks(words, "yesterday 9:00")
    QTest.keyClick(words, Qt.Key.Key_Return)
    return desk.model.state.draft.activity_at


def _pinned(desk: Desk) -> object:
    QTest.mouseClick(desk.child("Pinned"), Qt.MouseButton.LeftButton)
    return desk.model.state.draft.pinned


def _new_file(desk: Desk) -> object:
    assert desk.child("Attach").isEnabled()
    desk.window.dropped.emit(_mime())
    return len(desk.of(AttachFiles))


def _kept_file(desk: Desk) -> object:
    QTest.mouseClick(desk.child("Remove file offer.pdf"), Qt.MouseButton.LeftButton)
    return desk.model.state.draft.kept_files


def _mime() -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(Path(__file__)))])
    assert paths_of(mime)
    return mime


Control = Callable[[Desk], object]
CREATE: Mapping[str, Control] = {
    "lead_id": _lead,
    "note_html": _text,
    "title": _title,
    "contact_id": _contact,
    "activity_at": _date,
    "pinned": _pinned,
    "attachments": _new_file,
}
UPDATE: Mapping[str, Control] = {
    **{name: control for name, control in CREATE.items() if name != "lead_id"},
    "attachments": _kept_file,
}


def before(desk: Desk, name: str) -> object:
    draft: Draft = desk.model.state.draft
    if name == "attachments":
        return draft.kept_files if draft.is_edit else 0
    return getattr(draft, name)


def test_no_property_is_forgotten():
    assert set(CREATE) == CREATE_NOTE - set(LEFT_TO_CLOSE)
    assert set(UPDATE) == UPDATE_NOTE - set(LEFT_TO_CLOSE)
    assert all(LEFT_TO_CLOSE.values())


@pytest.mark.parametrize("name", CREATE)
def test_a_new_note_takes(desk: Desk, name: str):
    desk.pick(WANDERLUST)
    was = before(desk, name)
    assert CREATE[name](desk) != was


@pytest.mark.parametrize("name", UPDATE)
def test_an_edit_takes(desk: Desk, name: str):
    desk.pick(WANDERLUST)
    desk.hear(ev.NotesLoaded(WANDERLUST.id, (NOTE,), fetched_at=NOW))
    desk.settle()
    QTest.keyClick(desk.window.timeline.cards[0], Qt.Key.Key_F2)
    assert desk.model.state.draft.is_edit
    was = before(desk, name)
    assert UPDATE[name](desk) != was


def test_what_the_key_settles_is_shown(desk: Desk):
    """Author and organization are those of the key."""
    window = desk.window
    shown = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    assert any("Ruth Example" in text for text in shown)
    assert window.status.account.isVisible()
    assert "Example Sales Inc." in window.status.account.text()

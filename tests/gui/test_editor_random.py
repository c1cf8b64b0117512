"""A thousand documents made by editing: sound, faithful, undoable, and the same to TipTap."""

import pytest
from PySide6.QtWidgets import QApplication

from close_notes_gui.markup import check, from_note_html, to_note_html
from close_notes_gui.ui.richtext.blocks import needs_repair
from close_notes_gui.ui.richtext.editor import NoteEditor
from tests.gui.pen import PEOPLE
from tests.gui.random_editing import Moves
from tests.judge.judge import judge, reason_missing

DOCUMENTS = 1_000
MOVES = 12
EMPTY = "<body><p></p></body>"


def undo_all(editor: NoteEditor) -> None:
    while editor.document().isUndoAvailable():
        editor.undo()


def redo_all(editor: NoteEditor) -> None:
    while editor.document().isRedoAvailable():
        editor.redo()


@pytest.fixture(scope="module")
def edited(qapp: QApplication) -> list[str]:
    """The notes of all documents. Made once; what holds for each is asserted on the way."""
    editor = NoteEditor()
    editor.resize(500, 300)
    editor.set_people(PEOPLE)
    editor.show()
    notes = []
    for seed in range(DOCUMENTS):
        editor.load_note_html(EMPTY)
        moves = Moves(editor, seed)
        for number in range(MOVES):
            moves.step()
            if seed % 10 == 0 or number % 4 == 3:
                assert editor.note_html() == editor.note_html(fresh=True), seed
        notes.append(editor.note_html())
        assert_in_order(editor, seed)
        if seed % 4 == 0:
            assert_undoable(editor, seed)
    editor.close()
    editor.deleteLater()
    return notes


def assert_in_order(editor: NoteEditor, seed: int) -> None:
    """What lists show is what they are: no item without a paragraph of its own."""
    block = editor.document().begin()
    while block.isValid():
        assert not needs_repair(block), seed
        block = block.next()


def assert_undoable(editor: NoteEditor, seed: int) -> None:
    note_html = editor.note_html()
    had_more = editor.document().isRedoAvailable()
    undo_all(editor)
    assert editor.note_html() == editor.note_html(fresh=True) == EMPTY, seed
    redo_all(editor)
    assert had_more or editor.note_html() == note_html, seed


def test_every_one_passes_the_gate(edited: list[str]):
    for note_html in edited:
        check(note_html)


def test_every_one_reads_back_as_itself(edited: list[str]):
    for note_html in edited:
        assert to_note_html(from_note_html(note_html)) == note_html


def test_they_hold_every_construct(edited: list[str]):
    """The other tests would mean little if the documents were bland."""
    together = "".join(edited)
    for sign in (
        "<h1>", "<h6>", "<strong>", "<em>", "<u>", "<s>", "<code>", "<pre>", "<blockquote>", "<ul>", "<ol>", "<hr />",
        "<br />", "<a href=", "style=", "</ul></li>", "<li><p>", "start=", "<p></p>", "日本",
    ):  # fmt: skip
        assert sign in together, sign


@pytest.mark.judge
def test_tiptap_loses_nothing_of_any(edited: list[str]):
    if (reason := reason_missing()) is not None:
        pytest.skip(reason)
    reports = judge(edited)
    unfaithful = [
        (note, report) for note, report in zip(edited, reports, strict=True) if not report.ok
    ]
    assert not unfaithful, unfaithful[:3]

"""Comments that are being written outlive the program."""

from datetime import UTC, datetime
from pathlib import Path

from close_notes_gui.model.ids import NoteId
from close_notes_gui.model.note import CommentText
from close_notes_gui.model.richtext import EMPTY_NOTE_HTML
from close_notes_gui.store.db import open_store


class _Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC)


def test_the_newest_text_of_each_note_is_there_again(tmp_path: Path):
    store = open_store(tmp_path, clock=_Clock()).store
    first, second = NoteId("acti_1"), NoteId("acti_2")
    for text in (
        CommentText(first, "<body><p>Ha</p></body>"),
        CommentText(second, "<body><p>Other</p></body>"),
        CommentText(first, "<body><p>Half</p></body>"),
    ):
        store.comment_texts.keep(text)
    store.close()
    again = open_store(tmp_path, clock=_Clock()).store
    assert {t.note_id: t.body_html for t in again.comment_texts.all()} == {
        first: "<body><p>Half</p></body>",
        second: "<body><p>Other</p></body>",
    }
    again.comment_texts.keep(CommentText(first, EMPTY_NOTE_HTML))
    again.comment_texts.keep(CommentText(second, ""))
    assert again.comment_texts.all() == ()
    again.close()

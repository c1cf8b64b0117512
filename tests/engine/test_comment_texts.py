"""A comment that is being written is there again after a restart, and with its account alone."""

import pytest

from close_notes_gui.model.commands import KeepCommentText
from close_notes_gui.model.events import Loaded, TroubleArose
from close_notes_gui.model.ids import NoteId
from close_notes_gui.model.note import CommentText
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.store.errors import StoreFull
from close_notes_gui.store.facts import CommentTexts
from tests.engine.engine_rig import Bench, note_html

pytestmark = pytest.mark.anyio
TEXT = CommentText(NoteId("acti_1"), note_html("Half a comm"))


async def test_it_is_there_after_a_restart(tmp_path):
    bench = Bench(tmp_path)
    async with bench.signed_in():
        bench.post(KeepCommentText(TEXT))
    async with bench.running():
        assert (await bench.told(Loaded)).comment_texts == (TEXT,)


async def test_that_it_could_not_be_kept_is_told(tmp_path, monkeypatch):
    def full(_keeper: CommentTexts, _text: CommentText) -> None:
        raise StoreFull("no room")

    monkeypatch.setattr(CommentTexts, "keep", full)
    bench = Bench(tmp_path)
    async with bench.signed_in():
        bench.post(KeepCommentText(TEXT))
        assert (await bench.told(TroubleArose)).problem.kind is ProblemKind.DISK_FULL

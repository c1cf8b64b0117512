"""Templates, comments and edits on disk, at the moments at which something could be lost or doubled."""

import pytest

from close_notes_gui.model.amendment import AmendmentKind
from close_notes_gui.model.commands import KeepTemplate
from close_notes_gui.model.draft import OutboxState
from close_notes_gui.model.events import Loaded, SignedIn, TemplatesChanged
from close_notes_gui.model.ids import TemplateId
from close_notes_gui.model.note import CommentText
from close_notes_gui.model.template import Template
from close_notes_gui.sandbox.faults import FaultKind
from tests.engine.engine_rig import Bench, note_html
from tests.engine.notes_rig import NotesRig, html

pytestmark = pytest.mark.anyio
S = OutboxState


@pytest.fixture
async def rig(tmp_path):
    rig = NotesRig(tmp_path)
    await rig.boot()
    yield rig
    await rig.close()


async def test_a_template_written_before_signing_in_goes_over_to_who_signs_in(tmp_path):
    bench = Bench(tmp_path)
    template = Template(TemplateId("t1"), "Mine", note_html("Hello"))
    async with bench.running():
        await bench.told(Loaded)
        bench.post(KeepTemplate(template))
        await bench.told(TemplatesChanged)
    async with bench.signed_in():
        await bench.told(SignedIn)
        assert bench.all(Loaded)[-1].templates == (template,)
        assert bench.workplace.store.templates.all() == (template,)


async def test_a_comment_that_is_queued_is_not_written_still_after_a_crash(rig: NotesRig):
    note = await rig.note()
    rig.store.comment_texts.keep(CommentText(note.id, html("Once")))
    await rig.amend(AmendmentKind.COMMENT, note, body_html=html("Once"))
    assert rig.store.comment_texts.all() == ()


async def test_what_was_written_after_a_comment_stays_when_it_is_queued(rig: NotesRig):
    note = await rig.note()
    later = CommentText(note.id, html("Once, and more"))
    rig.store.comment_texts.keep(later)
    await rig.amend(AmendmentKind.COMMENT, note, body_html=html("Once"))
    assert rig.store.comment_texts.all() == (later,)


async def test_a_comment_taken_back_is_what_is_being_written_in_the_same_commit(rig: NotesRig):
    note = await rig.note()
    rig.fault(FaultKind.CONNECT_ERROR, path="/comment/", times=100)
    taken_back = await rig.amend(AmendmentKind.COMMENT, note, body_html=html("First"))
    rig.store.comment_texts.keep(CommentText(note.id, html("Second")))
    rig.delivery.amending.undo(taken_back)
    both = CommentText(note.id, "<body><p>First</p><p>Second</p></body>")
    assert rig.store.comment_texts.all() == (both,)
    assert rig.amendment(taken_back) is None


async def test_a_comment_that_is_too_late_to_take_back_is_not_written_again(rig: NotesRig):
    note = await rig.note()
    done = await rig.amend(AmendmentKind.COMMENT, note, body_html=html("Once"))
    await rig.run_until_done()
    rig.delivery.amending.undo(done)
    assert rig.store.comment_texts.all() == ()
    assert rig.comments(note) == [html("Once")]


async def test_an_edit_on_an_old_base_asks_before_it_goes_over_a_later_edit_of_ones_own(
    rig: NotesRig,
):
    note = await rig.note()
    first = await rig.send(rig.edit(note, note_html=html("as it was, and agreed on the price")))
    assert rig.state(first) is S.SENT
    second = await rig.send(rig.edit(note, note_html=html("as it was, or so")))
    assert rig.state(second) is S.ASKING
    assert rig.text(note) == "as it was, and agreed on the price"

"""A note that changed in Close while it was edited here: nobody's words are lost."""

from dataclasses import replace

import pytest

from close_notes_gui.model.draft import OutboxState
from close_notes_gui.model.events import (
    DraftOpened,
)
from close_notes_gui.model.problem import ProblemKind
from tests.engine.delivery_rig import UNDOABLE
from tests.engine.notes_rig import NotesRig, html

pytestmark = pytest.mark.anyio
S = OutboxState
K = ProblemKind


@pytest.fixture
async def rig(tmp_path):
    rig = NotesRig(tmp_path)
    await rig.boot()
    yield rig
    await rig.close()


async def test_another_s_words_are_never_overwritten_unasked(rig: NotesRig):
    note = await rig.note()
    await rig.colleague_changes(note.id, note_html=html("what Jane wrote"))
    entry = await rig.send(rig.edit(note, note_html=html("mine")))
    now = rig.entry(entry)
    assert (now.state, now.problem.kind) == (S.ASKING, K.NOTE_CHANGED)
    assert now.look_alike_html == html("what Jane wrote")
    assert now.found is not None
    assert now.found.note_text == "what Jane wrote"
    assert now.can_recall
    assert (rig.text(note), rig.calls("PUT")) == ("what Jane wrote", 1)  # hers


async def test_what_others_changed_elsewhere_in_the_note_is_no_conflict(rig: NotesRig):
    note = await rig.note(title="Old")
    await rig.colleague_changes(note.id, title="Jane's title", pinned=True)
    entry = await rig.send(rig.edit(note, note_html=html("mine")))
    assert rig.state(entry) is S.SENT
    there = rig.there(note)
    assert (there["note"], there["title"], there["pinned"]) == ("mine", "Jane's title", True)


async def test_the_same_change_made_by_another_is_done_already(rig: NotesRig):
    note = await rig.note()
    await rig.colleague_changes(note.id, note_html="<body><p>the  same</p>\n</body>")
    entry = await rig.send(rig.edit(note, note_html=html("the same")))
    assert rig.state(entry) is S.SENT
    assert rig.calls("PUT") == 1  # hers


async def test_a_note_that_is_merely_spelled_otherwise_is_no_conflict(rig: NotesRig):
    rig.fake.behaviour.normalises_html = True
    note = await rig.note()
    respelled = replace(note, note_html="<body><p>as it was</p>\n</body>", updated_at=None)
    entry = await rig.send(rig.edit(respelled, note_html=html("mine")))
    assert rig.state(entry) is S.SENT


async def test_overwriting_keeps_what_only_the_other_changed(rig: NotesRig):
    note = await rig.note(title="Old")
    await rig.colleague_changes(note.id, note_html=html("hers"), title="Hers")
    entry = await rig.send(rig.edit(note, note_html=html("mine")))
    rig.delivery.overwrite(entry.id)
    await rig.settle()
    assert rig.state(entry) is S.SENT
    there = rig.there(note)
    assert (there["note"], there["title"]) == ("mine", "Hers")


async def test_overwriting_asks_again_where_the_note_changed_once_more(rig: NotesRig):
    note = await rig.note()
    await rig.colleague_changes(note.id, note_html=html("hers"))
    entry = await rig.send(rig.edit(note, note_html=html("mine")))
    await rig.colleague_changes(note.id, note_html=html("hers again"))
    rig.delivery.overwrite(entry.id)
    await rig.settle()
    assert rig.state(entry) is S.ASKING
    assert rig.text(note) == "hers again"


async def test_edited_again_it_stands_on_what_close_has_now(rig: NotesRig):
    note = await rig.note_with_file()
    theirs = await rig.uploaded_by_colleague("theirs.txt", b"theirs")
    await rig.colleague_changes(
        note.id, note_html=html("hers"), title="Hers", attachments=(*note.attachments, theirs)
    )
    entry = await rig.send(rig.edit(note, note_html=html("mine"), kept_files=()))
    rig.delivery.recall(entry.id)
    (opened,) = rig.told(DraftOpened)
    draft = opened.draft
    assert draft.base is not None
    assert draft.base.note_text == "hers"
    assert (draft.note_html, draft.title) == (html("mine"), "Hers")
    assert [file.filename for file in draft.kept_files] == ["theirs.txt"]
    assert rig.store.drafts.get(draft.id) == draft
    again = await rig.send(draft)
    assert rig.state(again) is S.SENT
    assert rig.text(note) == "mine"


async def test_given_up_an_edit_in_conflict_can_be_restored_as_a_draft(rig: NotesRig):
    note = await rig.note()
    await rig.colleague_changes(note.id, note_html=html("hers"))
    draft = rig.edit(note, note_html=html("mine"))
    entry = await rig.send(draft)
    rig.delivery.discard(entry.id)
    assert rig.store.outbox.get(entry.id) is None
    assert rig.store.drafts.restore(draft.id).note_html == html("mine")
    assert rig.text(note) == "hers"


async def test_what_a_rep_answers_about_a_lost_note_is_no_answer_for_an_edit(rig: NotesRig):
    note = await rig.note()
    await rig.colleague_changes(note.id, note_html=html("hers"))
    entry = await rig.send(rig.edit(note, note_html=html("mine")))
    for is_in_close in (True, False):
        rig.delivery.resolve(entry.id, is_in_close=is_in_close)
        await rig.settle()
    assert rig.state(entry) is S.ASKING
    assert rig.text(note) == "hers"


async def test_of_two_edits_on_the_same_base_the_second_asks(rig: NotesRig):
    """The first may hold words that the second has never seen, the rep's own though they be."""
    note = await rig.note()
    first = await rig.send(rig.edit(note, note_html=html("first")), UNDOABLE)
    second = await rig.send(rig.edit(note, note_html=html("second")), UNDOABLE)
    await rig.run(20)
    assert (rig.state(first), rig.state(second)) == (S.SENT, S.ASKING)
    assert rig.text(note) == "first"

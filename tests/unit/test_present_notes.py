"""Notes in Close: edited as drafts, pinned and deleted at once, put back where Close says no."""

from dataclasses import replace

import pytest

from close_notes_gui.model import commands as cmd
from close_notes_gui.model import events as ev
from close_notes_gui.model.amendment import AmendmentKind, AmendmentState
from close_notes_gui.model.draft import Attachment, Draft, OutboxEntry, OutboxState
from close_notes_gui.model.ids import (
    AmendmentId,
    AttachmentId,
    DraftId,
    OutboxId,
)
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.present import actions, note_actions, show
from close_notes_gui.present.copies import CopyKind, copied
from close_notes_gui.present.edits import is_untouched, loss_words
from close_notes_gui.present.follow_up import follow_up
from close_notes_gui.present.reduce import reduce
from close_notes_gui.present.views import ActionKind
from tests.unit.present_notes_rig import (
    ACME,
    FILE,
    NOTE,
    NOW,
    OTHER,
    SECOND,
    amendment,
    editing,
    items,
    on_lead,
    write,
)

# editing


def test_an_edit_begins_with_what_the_note_holds():
    state, commands = note_actions.edit_note(
        on_lead(), NOTE.id, new_draft_id=DraftId("edit"), now=NOW
    )
    draft = state.draft
    assert (draft.base, draft.kept_files) == (NOTE, (FILE,))
    assert (draft.note_html, draft.title) == (NOTE.note_html, "Old")
    assert draft.contact_id == NOTE.contact_id
    assert draft.activity_at is None
    assert commands == (cmd.ReviseDraft(draft), cmd.FocusDraft(draft.id))
    assert is_untouched(draft)


def test_an_edit_leaves_the_new_note_of_the_lead_alone():
    state = editing(write(on_lead(), "My new note"))
    state = write(state, "Changed words")
    assert "My new note" in state.drafts[DraftId("own")].note_html
    again, _ = actions.pick_lead(state, ACME.id, new_draft_id=DraftId("x"))
    assert again.open_draft == DraftId("own")
    assert DraftId("edit") in again.drafts


def test_an_edit_begun_before_goes_on():
    state = write(editing(on_lead()), "Half done")
    state, _ = actions.pick_lead(state, ACME.id, new_draft_id=DraftId("x"))
    state, commands = note_actions.edit_note(state, NOTE.id, new_draft_id=DraftId("y"), now=NOW)
    assert "Half done" in state.draft.note_html
    assert cmd.FocusDraft(DraftId("edit")) in commands


@pytest.mark.parametrize("leave", ["pick", "new", "other draft", "other note"])
def test_an_edit_in_which_nothing_was_changed_is_not_kept(leave: str):
    state = editing(write(on_lead(), "Mine"))
    left, commands = {
        "pick": lambda: actions.pick_lead(state, OTHER.id, new_draft_id=DraftId("x")),
        "new": lambda: actions.new_note(state, new_draft_id=DraftId("x"), now=NOW),
        "other draft": lambda: actions.open_draft(state, DraftId("own")),
        "other note": lambda: note_actions.edit_note(
            state, SECOND.id, new_draft_id=DraftId("x"), now=NOW
        ),
    }[leave]()
    assert DraftId("edit") not in left.drafts
    assert cmd.DiscardDraft(DraftId("edit")) in commands
    assert left.last_discarded is None


def test_a_draft_that_comes_back_takes_the_place_of_an_untouched_edit():
    before = editing(on_lead())
    event = ev.DraftOpened(Draft(DraftId("back"), note_html="<body><p>Back</p></body>"))
    after = reduce(before, event)
    assert DraftId("edit") not in after.drafts
    assert cmd.DiscardDraft(DraftId("edit")) in follow_up(before, event, after)


def test_cancelling_goes_back_to_the_new_note_of_the_lead():
    state = write(editing(write(on_lead(), "Mine")), "Changed")
    state, commands = actions.discard_draft(state, DraftId("edit"), new_draft_id=DraftId("x"))
    assert state.open_draft == DraftId("own")
    assert state.last_discarded is not None
    assert commands == (cmd.DiscardDraft(DraftId("edit")),)


def test_after_saving_the_new_note_of_the_lead_is_open_again():
    state = write(editing(write(on_lead(), "Mine")), "Changed")
    sent = state.draft
    state, _ = actions.send(state, now=NOW, next_draft_id=DraftId("heir"))
    entry = OutboxEntry(OutboxId("o"), sent, OutboxState.HELD, NOW)
    state = reduce(state, ev.DraftQueued(sent.id, entry))
    assert state.open_draft == DraftId("own")
    assert "Mine" in state.draft.note_html


def test_a_file_taken_off_can_be_put_back_at_its_place():
    two = replace(NOTE, attachments=(FILE, replace(FILE, url=FILE.url + "2")))
    state = editing(on_lead(two))
    state, _ = note_actions.drop_kept_file(state, FILE.url, now=NOW)
    assert [f.url for f in state.draft.kept_files] == [FILE.url + "2"]
    edit = show.compose_view(state).edit
    assert edit is not None
    assert [file.is_kept for file in edit.files] == [False, True]
    state, _ = note_actions.keep_file(state, FILE.url, now=NOW)
    assert state.draft.kept_files == two.attachments


def test_new_files_alone_make_an_edit_worth_keeping():
    state = editing(on_lead())
    state = reduce(state, ev.AttachmentAdded(attached(state.open_draft)))
    left, commands = actions.pick_lead(state, OTHER.id, new_draft_id=DraftId("x"))
    assert DraftId("edit") in left.drafts
    assert not [c for c in commands if isinstance(c, cmd.DiscardDraft)]


def attached(draft_id: DraftId) -> Attachment:
    return Attachment(AttachmentId("t"), draft_id, "b.txt", "text/plain", 3)


@pytest.mark.parametrize(
    ("note_html", "words"),
    [
        ("<body><p>x <strong>y</strong></p></body>", ""),
        ("<body><table><tr><td>1</td></tr></table></body>", "a table"),
        ("<body><p><mark>x</mark> <sub>2</sub></p></body>", "highlighted words and lowered words"),
        ('<body><p style="font-size: 30px">x</p></body>', "colours or sizes"),
    ],
)
def test_what_an_edit_would_drop_is_said_before(note_html: str, words: str):
    told = loss_words(note_html)
    assert words in told
    assert bool(told) is bool(words)


def test_the_list_of_drafts_tells_edits_apart():
    state = write(editing(write(on_lead(), "Mine")), "Changed")
    told = {row.preview: row.is_edit for row in show.outbox_view(state, NOW).drafts}
    assert told == {"Old": True, "Mine": False}


def test_an_edit_that_waits_shows_in_the_place_of_its_note():
    state = write(editing(on_lead()), "Changed")
    entry = OutboxEntry(OutboxId("o"), state.draft, OutboxState.HELD, NOW)
    state = reduce(state, ev.DraftQueued(state.draft.id, entry))
    first, second = items(state)
    assert (first.note_id, second.note_id) == (NOTE.id, SECOND.id)
    assert "Changed" in first.note_html
    assert first.pending is not None
    assert first.pending.text.startswith("Saving")
    _, commands = note_actions.edit_note(state, NOTE.id, new_draft_id=DraftId("z"), now=NOW)
    assert commands == (cmd.RecallNote(entry.id),)


def test_a_note_that_was_changed_meanwhile_is_the_reps_to_decide():
    frozen = Draft(DraftId("e"), ACME.id, "Acme", base=NOTE, note_html="<body><p>M</p></body>")
    entry = OutboxEntry(
        OutboxId("o"),
        frozen,
        OutboxState.ASKING,
        NOW,
        problem=Problem(ProblemKind.NOTE_CHANGED),
        look_alike_html="<body><p>Theirs</p></body>",
    )
    state = replace(on_lead(), outbox={entry.id: entry})
    (row,) = show.outbox_view(state, NOW).rows
    assert [a.label for a in row.line.actions] == ["Use mine", "Edit again", "Discard mine"]
    assert row.look_alike_html == "<body><p>Theirs</p></body>"
    assert row.differences == ()
    theirs = replace(NOTE, title="New", pinned=True, contact_id=None)
    told = replace(entry, found=theirs, frozen=replace(frozen, title="Mine", contact_id=None))
    state = replace(state, outbox={entry.id: told})
    assert show.outbox_view(state, NOW).rows[0].differences == (
        "Title: “Mine” (yours), “New” (in Close)",
        "Pinned: no (yours), yes (in Close)",
    )
    assert note_actions.overwrite_note(state, entry.id)[1] == (cmd.OverwriteNote(entry.id),)


def test_the_note_as_saved_stays_at_its_place():
    state = on_lead()
    frozen = Draft(DraftId("e"), ACME.id, "Acme", base=SECOND)
    entry = OutboxEntry(OutboxId("o"), frozen, OutboxState.SENT, NOW)
    changed = replace(SECOND, note_html="<body><p>New</p></body>")
    state = reduce(state, ev.NoteSent(entry, changed))
    assert state.notes[ACME.id].notes == (NOTE, changed)


def test_a_duplicate_is_a_new_note_without_the_files():
    state, commands = note_actions.duplicate_note(
        on_lead(), NOTE.id, new_draft_id=DraftId("copy"), now=NOW
    )
    draft = state.draft
    assert (draft.base, draft.kept_files) == (None, ())
    assert (draft.note_html, draft.title) == (NOTE.note_html, NOTE.title)
    assert cmd.ReviseDraft(draft) in commands
    assert "not copied" in state.told


# pin, unpin, delete


def test_a_pinned_note_is_on_top_at_once():
    state, commands = note_actions.amend(
        on_lead(), SECOND.id, AmendmentKind.PIN, amendment_id=AmendmentId("a")
    )
    assert commands == (cmd.AmendNote(AmendmentId("a"), AmendmentKind.PIN, SECOND),)
    held = replace(amendment(AmendmentKind.PIN, AmendmentState.HELD), note=SECOND)
    state = reduce(state, ev.AmendmentChanged(held))
    first = items(state)[0]
    assert first.note_id == SECOND.id
    assert first.line is not None
    assert [a.kind for a in first.line.actions] == [ActionKind.UNDO_AMENDMENT]


def test_unpinning_what_was_pinned_a_moment_ago_takes_it_back():
    held = amendment(AmendmentKind.PIN, AmendmentState.HELD)
    state = reduce(on_lead(), ev.AmendmentChanged(held))
    _, commands = note_actions.amend(
        state, NOTE.id, AmendmentKind.UNPIN, amendment_id=AmendmentId("b")
    )
    assert commands == (cmd.UndoAmendment(held.id),)


def test_the_same_asked_twice_is_asked_once():
    state = reduce(
        on_lead(), ev.AmendmentChanged(amendment(AmendmentKind.DELETE, AmendmentState.QUEUED))
    )
    for kind in (AmendmentKind.DELETE, AmendmentKind.PIN):
        assert not note_actions.amend(state, NOTE.id, kind, amendment_id=AmendmentId("b"))[1]


def test_a_deleted_note_leaves_a_line_to_undo_and_then_nothing():
    held = amendment(AmendmentKind.DELETE, AmendmentState.HELD)
    state = reduce(on_lead(), ev.AmendmentChanged(held))
    first = items(state)[0]
    assert first.is_deleted
    assert first.line is not None
    assert first.line.actions[0].label == "Undo"
    state = reduce(state, ev.AmendmentDone(held))
    assert [item.note_id for item in items(state)] == [SECOND.id]
    late = ev.NotesLoaded(ACME.id, (NOTE, SECOND), fetched_at=NOW)
    assert [item.note_id for item in items(reduce(state, late))] == [SECOND.id]


def test_a_deletion_taken_back_shows_the_note_again():
    state = reduce(
        on_lead(), ev.AmendmentChanged(amendment(AmendmentKind.DELETE, AmendmentState.HELD))
    )
    state = reduce(state, ev.AmendmentRemoved(AmendmentId("a")))
    assert not items(state)[0].is_deleted


@pytest.mark.parametrize("kind", [AmendmentKind.PIN, AmendmentKind.DELETE])
def test_a_refusal_shows_the_note_as_close_has_it_and_why(kind: AmendmentKind):
    problem = Problem(ProblemKind.NOT_ALLOWED)
    failed = amendment(kind, AmendmentState.FAILED, problem=problem)
    state = reduce(on_lead(), ev.AmendmentChanged(failed))
    first = items(state)[0]
    assert not first.is_deleted
    assert not first.pinned
    assert first.line is not None
    assert "not allow" in first.line.text
    assert [a.label for a in first.line.actions] == ["Try again", "Leave it"]
    view = show.outbox_view(state, NOW)
    assert view.needs_rep
    assert view.badge == 1
    assert show.status_view(state, NOW).main.text == "Needs you (1 note)"
    _, commands = note_actions.amend(state, NOTE.id, kind, amendment_id=AmendmentId("b"))
    assert [type(c) for c in commands] == [cmd.UndoAmendment, cmd.AmendNote]


def test_what_waits_for_the_network_is_told_as_notes_are():
    queued = amendment(AmendmentKind.PIN, AmendmentState.QUEUED)
    state = replace(reduce(on_lead(), ev.AmendmentChanged(queued)), is_online=False)
    assert show.status_view(state, NOW).main.text == "Waiting for network (1 note)"
    line = items(state)[0].line
    assert line is not None
    assert line.text == "Pinned here. Waiting for network."


def test_a_list_that_lags_does_not_undo_what_close_told_since():
    pinned = replace(NOTE, pinned=True, updated_at=NOW)
    done = ev.AmendmentDone(amendment(AmendmentKind.PIN, AmendmentState.DOING), pinned)
    state = reduce(on_lead(), done)
    state = reduce(state, ev.NotesLoaded(ACME.id, (NOTE, SECOND), fetched_at=NOW))
    assert items(state)[0].pinned


# several leads


def test_further_leads():
    state = write(on_lead(), "For both")
    state, commands = note_actions.add_lead(state, OTHER.id, now=NOW)
    assert [o.name for o in state.draft.also_leads] == ["Other"]
    assert commands == (cmd.ReviseDraft(state.draft),)
    for again in (OTHER.id, ACME.id):
        assert note_actions.add_lead(state, again, now=NOW) == (state, ())
    assert show.outbox_view(state, NOW).drafts[0].lead_name == "Acme and 1 more"
    state, _ = note_actions.remove_lead(state, OTHER.id, now=NOW)
    assert state.draft.also_leads == ()


def test_an_edit_goes_to_no_further_lead():
    state = editing(on_lead())
    assert note_actions.add_lead(state, OTHER.id, now=NOW) == (state, ())


# copies


def test_copies_are_clean():
    hostile = "<body><p onclick='x()'>a <b>b</b></p><script>x</script></body>"
    assert copied(hostile, CopyKind.TEXT, title="T").text == "T\n\na b"
    html = copied(hostile, CopyKind.HTML)
    assert html.html == html.text == "<p>a <strong>b</strong></p>"

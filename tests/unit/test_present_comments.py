"""Comments on a note: in their field until they are on disk, beneath the note from then on."""

from dataclasses import replace

from close_notes_gui.model import commands as cmd
from close_notes_gui.model import events as ev
from close_notes_gui.model.amendment import AmendmentKind, AmendmentState
from close_notes_gui.model.ids import (
    AmendmentId,
    CommentId,
)
from close_notes_gui.model.note import Comment, CommentText
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.present import note_actions
from close_notes_gui.present.follow_up import follow_up
from close_notes_gui.present.reduce import reduce
from close_notes_gui.present.state import NoteComments
from tests.unit.present_notes_rig import (
    NOTE,
    amendment,
    items,
    on_lead,
)


def test_a_comment_leaves_its_field_only_when_it_is_on_disk():
    state, commands = note_actions.toggle_comments(on_lead(), NOTE.id)
    assert commands == (cmd.LoadComments(NOTE.id),)
    body = "<body><p>Agreed</p></body>"
    state, (_keep, add) = note_actions.add_comment(
        state, NOTE.id, body, amendment_id=AmendmentId("a")
    )
    assert add == cmd.AmendNote(AmendmentId("a"), AmendmentKind.COMMENT, NOTE, body)
    assert state.comments[NOTE.id].text_html == body
    again = note_actions.add_comment(state, NOTE.id, body, amendment_id=AmendmentId("b"))
    assert again == (state, ())
    kept = amendment(AmendmentKind.COMMENT, AmendmentState.QUEUED, body_html=body)
    state = reduce(state, ev.AmendmentChanged(kept))
    shown = items(state)[0].comments
    assert shown is not None
    assert shown.text_html == ""
    assert [c.body_html for c in shown.comments] == [body]


def test_an_empty_comment_is_not_added():
    state = on_lead()
    blank = note_actions.add_comment(
        state, NOTE.id, "<body><p> </p></body>", amendment_id=AmendmentId("a")
    )
    assert blank == (state, ())


def test_a_comment_taken_back_is_in_its_field_again():
    body = "<body><p>Agreed</p></body>"
    kept = amendment(AmendmentKind.COMMENT, AmendmentState.FAILED, body_html=body)
    state = reduce(on_lead(), ev.AmendmentChanged(kept))
    asked, commands = note_actions.undo_amendment(state, kept.id)
    assert (asked, commands) == (state, (cmd.UndoAmendment(kept.id),))
    removed = ev.AmendmentRemoved(kept.id)
    after = reduce(state, removed)
    assert after.comments[NOTE.id].text_html == body
    keep = cmd.KeepCommentText(CommentText(NOTE.id, body))
    assert follow_up(state, removed, after) == (keep,)


def test_our_comment_is_there_at_once_and_stays_though_the_list_lags():
    state, _ = note_actions.toggle_comments(on_lead(), NOTE.id)
    made = Comment(CommentId("comm_2"), NOTE.id, "<body><p>Ours</p></body>")
    doing = amendment(AmendmentKind.COMMENT, AmendmentState.DOING)
    counted = replace(NOTE, comment_count=1)
    state = reduce(state, ev.AmendmentDone(doing, counted, made))
    theirs = Comment(CommentId("comm_1"), NOTE.id, "<body><p>Theirs</p></body>")
    state = reduce(state, ev.CommentsLoaded(NOTE.id, (theirs,)))
    assert state.comments[NOTE.id].comments == (theirs, made)
    state = reduce(state, ev.CommentsLoaded(NOTE.id, (theirs, made)))
    assert state.comments[NOTE.id].comments == (theirs, made)
    assert items(state)[0].comment_count == 1


def test_what_is_being_written_as_a_comment_is_kept_on_disk_until_it_is_queued():
    state, _ = note_actions.toggle_comments(on_lead(), NOTE.id)
    body = "<body><p>Half</p></body>"
    state, commands = note_actions.write_comment(state, NOTE.id, body)
    assert commands == (cmd.KeepCommentText(CommentText(NOTE.id, body)),)
    assert note_actions.write_comment(state, NOTE.id, body) == (state, ())
    state, _ = note_actions.add_comment(state, NOTE.id, body, amendment_id=AmendmentId("a"))
    kept = amendment(AmendmentKind.COMMENT, AmendmentState.QUEUED, body_html=body)
    after = reduce(state, ev.AmendmentChanged(kept))
    put_away = (cmd.KeepCommentText(CommentText(NOTE.id, "")),)
    assert follow_up(state, ev.AmendmentChanged(kept), after) == put_away


def test_a_refused_comment_stays_in_its_field():
    body = "<body><p>Half</p></body>"
    state, _ = note_actions.add_comment(on_lead(), NOTE.id, body, amendment_id=AmendmentId("a"))
    problem = Problem(ProblemKind.DISK_FULL)
    state = reduce(state, ev.AmendmentRefused(AmendmentId("a"), problem))
    assert state.comments[NOTE.id] == NoteComments(text_html=body)
    assert state.notices[-1].problem == problem


def test_comments_being_written_come_back_with_the_store():
    kept = CommentText(NOTE.id, "<body><p>Half</p></body>")
    state = reduce(on_lead(), ev.Loaded(Settings(), comment_texts=(kept,)))
    assert state.comments[NOTE.id].text_html == kept.body_html
    typed, _ = note_actions.write_comment(state, NOTE.id, "<body><p>More</p></body>")
    again = reduce(typed, ev.Loaded(Settings(), comment_texts=(kept,)))
    assert "More" in again.comments[NOTE.id].text_html
    other = reduce(typed, ev.Loaded(Settings(), takes_over=False))
    assert not other.comments

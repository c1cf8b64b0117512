"""Which part of a workplace carries out which command, and what is told where there is no store.

Engine thread. A table and nothing else.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from close_notes_gui.engine.send import Delivery
from close_notes_gui.engine.workplace import Workplace
from close_notes_gui.model import commands as cmd
from close_notes_gui.model import upkeep_commands as up
from close_notes_gui.model.events import (
    AmendmentRefused,
    AttachmentRefused,
    CommentsLoaded,
    DraftSaveFailed,
    Event,
    LeadsFound,
    NoteFileFailed,
    NotesLoaded,
    SearchStage,
    SendRefused,
    TroubleArose,
)
from close_notes_gui.model.problem import Problem, ProblemKind

Deed = Callable[[Workplace, Any], None]


def _in_outbox(deed: Callable[[Delivery, Any], None]) -> Deed:
    """A deed on the outbox, which is empty until someone has signed in."""

    def carry_out(at: Workplace, command: cmd.Command) -> None:
        if at.delivery is not None:
            deed(at.delivery, command)

    return carry_out


AT_WORK: Final[Mapping[type[cmd.Command], Deed]] = {
    cmd.SearchLeads: lambda at, command: at.search.search(command),
    cmd.OpenLead: lambda at, command: at.reading.open(command),
    cmd.LoadNotes: lambda at, command: at.reading.load_notes(command),
    cmd.ReviseDraft: lambda at, command: at.drafting.revise(command),
    cmd.FocusDraft: lambda at, command: at.drafting.focus(command),
    cmd.DiscardDraft: lambda at, command: at.drafting.discard(command),
    cmd.RestoreDraft: lambda at, command: at.drafting.restore(command),
    cmd.AttachFiles: lambda at, command: at.attaching.attach_files(command),
    cmd.AttachBytes: lambda at, command: at.attaching.attach_bytes(command),
    cmd.RemoveAttachment: lambda at, command: at.attaching.remove(command),
    cmd.RetryAttachment: lambda at, command: at.attaching.retry(command),
    cmd.RenameAttachment: lambda at, command: at.arranging.rename(command),
    cmd.MoveAttachment: lambda at, command: at.arranging.move(command),
    cmd.ShowAttachment: lambda at, command: at.arranging.show(command),
    cmd.AttachFolder: lambda at, command: at.offers.attach_folder(command),
    cmd.AttachAddress: lambda at, command: at.offers.attach_address(command),
    cmd.SaveNoteFile: lambda at, command: at.note_files.save(command),
    cmd.CancelNoteFile: lambda at, command: at.note_files.cancel(command),
    cmd.ClearIndex: lambda at, _command: at.index.clear(),
    cmd.ChangeSettings: lambda at, command: at.change_settings(command),
    up.ImportTemplates: lambda at, command: at.template_files.take(command),
    up.ExportTemplates: lambda at, command: at.template_files.write(command),
    cmd.SendDraft: lambda at, command: at.send(command),
    cmd.RecallNote: _in_outbox(lambda outbox, command: outbox.recall(command.outbox_id)),
    cmd.RetryNote: _in_outbox(lambda outbox, command: outbox.retry(command.outbox_id)),
    cmd.DiscardNote: _in_outbox(lambda outbox, command: outbox.discard(command.outbox_id)),
    cmd.ResolveNote: _in_outbox(
        lambda outbox, command: outbox.resolve(command.outbox_id, is_in_close=command.is_in_close)
    ),
    cmd.ReassignNote: _in_outbox(
        lambda outbox, command: outbox.reassign(
            command.outbox_id, lead_id=command.lead_id, lead_name=command.lead_name
        )
    ),
    cmd.OverwriteNote: _in_outbox(lambda outbox, command: outbox.overwrite(command.outbox_id)),
    cmd.SendAsNew: _in_outbox(lambda outbox, command: outbox.send_as_new(command.outbox_id)),
    cmd.AmendNote: lambda at, command: at.amend(command),
    cmd.UndoAmendment: _in_outbox(
        lambda outbox, command: outbox.amending.undo(command.amendment_id)
    ),
    cmd.RetryAmendment: _in_outbox(
        lambda outbox, command: outbox.amending.retry(command.amendment_id)
    ),
    cmd.LoadComments: lambda at, command: at.reading.load_comments(command),
    cmd.KeepCommentText: lambda at, command: at.drafting.keep_comment_text(command),
    cmd.KeepTemplate: lambda at, command: at.drafting.keep_template(command),
    cmd.DeleteTemplate: lambda at, command: at.drafting.delete_template(command),
}


#: What is done in the store of an account that the rep has just left, by commands on their way.
LATE: Final[Mapping[type[cmd.Command], Deed]] = {
    cmd.ReviseDraft: AT_WORK[cmd.ReviseDraft],
    cmd.DiscardDraft: AT_WORK[cmd.DiscardDraft],
    cmd.FocusDraft: AT_WORK[cmd.FocusDraft],
    cmd.RemoveAttachment: AT_WORK[cmd.RemoveAttachment],
    cmd.KeepCommentText: AT_WORK[cmd.KeepCommentText],
    # Kept without a word: what is told now is of the account that is open now.
    cmd.KeepTemplate: lambda at, command: at.store.templates.keep(command.template),
    cmd.DeleteTemplate: lambda at, command: at.store.templates.delete(command.template_id),
    cmd.ChangeSettings: lambda at, command: at.store.settings.put(command.settings),
    cmd.SendDraft: lambda at, command: at.drafting.revise(cmd.ReviseDraft(command.draft)),
}
#: Of these, the ones that are done by that; the others are told not to be.
KEPT_LATE: Final = frozenset(LATE) - {cmd.SendDraft}


def after_bug(command: cmd.Command) -> tuple[Event, ...]:
    """What to answer after a bug, which is told already: who waits for an answer gets one."""
    answer = _WITHOUT_STORE.get(type(command))
    return () if answer is None else answer(command, Problem(ProblemKind.BUG))


def without_store(command: cmd.Command, problem: Problem) -> tuple[Event, ...]:
    """What to answer where the store could not be opened or does not do as asked."""
    answer = _WITHOUT_STORE.get(type(command))
    return (TroubleArose(problem),) if answer is None else answer(command, problem)


_WITHOUT_STORE: Final[Mapping[type[cmd.Command], Callable[[Any, Problem], tuple[Event, ...]]]] = {
    cmd.ReviseDraft: lambda command, problem: (
        DraftSaveFailed(command.draft.id, command.draft.revision, problem),
    ),
    cmd.SendDraft: lambda command, problem: (SendRefused(command.draft.id, problem),),
    cmd.SearchLeads: lambda command, problem: (
        LeadsFound(command.seq, command.text, (), SearchStage.CLOSE, problem),
    ),
    cmd.LoadNotes: lambda command, problem: (
        NotesLoaded(command.lead_id, (), command.skip, problem=problem),
    ),
    cmd.OpenLead: lambda command, problem: (NotesLoaded(command.lead_id, (), problem=problem),),
    cmd.AttachFiles: lambda command, problem: tuple(
        AttachmentRefused(command.draft_id, file.id, problem) for file in command.files
    ),
    cmd.AttachBytes: lambda command, problem: (
        AttachmentRefused(command.draft_id, command.id, problem),
    ),
    cmd.FocusDraft: lambda _command, _problem: (),
    cmd.AttachFolder: lambda command, problem: (
        AttachmentRefused(command.draft_id, command.folder.id, problem),
    ),
    cmd.AttachAddress: lambda command, problem: (
        AttachmentRefused(command.draft_id, command.id, problem),
    ),
    cmd.SaveNoteFile: lambda command, problem: (
        NoteFileFailed(command.url, command.purpose, problem),
    ),
    cmd.CancelNoteFile: lambda _command, _problem: (),
    cmd.AmendNote: lambda command, problem: (AmendmentRefused(command.amendment_id, problem),),
    cmd.LoadComments: lambda command, problem: (CommentsLoaded(command.note_id, problem=problem),),
}

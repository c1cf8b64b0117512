"""The part of the fold that is about the account: signing in and out, what was loaded. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from close_notes_gui.model import events as ev
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.ids import DraftId, NoteId, new_draft_id
from close_notes_gui.model.lead import Account, Directory
from close_notes_gui.model.upkeep_events import AccountsKnown
from close_notes_gui.present.state import AppState, NoteComments, Search, SignInState, notice


def _loaded(state: AppState, event: ev.Loaded) -> AppState:
    typed = _unsaved(state) if event.takes_over else {}
    discarded = state.last_discarded if event.takes_over else None
    drafts = {draft.id: draft for draft in event.drafts} | typed
    if discarded is not None and discarded.id != state.open_draft:
        drafts.pop(discarded.id, None)  # its discarding is on its way to the engine
    opened = _opened(state, event, drafts, typed)
    drafts.setdefault(opened, Draft(id=opened))
    loaded = replace(
        state,
        is_loaded=True,
        settings=event.settings,
        drafts=drafts,
        open_draft=opened,
        saved_revisions={draft.id: draft.revision for draft in event.drafts},
        attachments={a.id: a for a in event.attachments},
        progress={},
        last_discarded=discarded,
        next_drafts=state.next_drafts if event.takes_over else {},
        outbox={entry.id: entry for entry in event.outbox},
        leads={lead.id: lead for lead in event.recents},
        recents=tuple(lead.id for lead in event.recents),
        notes={},
        amendments={a.id: a for a in event.amendments},
        comments=_comment_texts(state, event),
        templates=event.templates,
        deleted_template=None,
        told_of_templates="",
    )
    if not event.takes_over:
        loaded = _without_the_other(loaded)
    for problem in event.problems:
        loaded = notice(loaded, f"loaded {problem.kind.name}", problem)
    return loaded


def _comment_texts(state: AppState, event: ev.Loaded) -> dict[NoteId, NoteComments]:
    """The comments that are being written: those in the window are newer than those kept."""
    texts = {text.note_id: text.body_html for text in event.comment_texts}
    if event.takes_over:
        typed = {note_id: known.text_html for note_id, known in state.comments.items()}
        texts |= {note_id: text for note_id, text in typed.items() if text}
    return {note_id: NoteComments(text_html=text) for note_id, text in texts.items()}


def _opened(
    state: AppState,
    event: ev.Loaded,
    drafts: Mapping[DraftId, Draft],
    typed: Mapping[DraftId, Draft],
) -> DraftId:
    """Which draft is in the editor now."""
    if state.open_draft in typed:
        return state.open_draft
    if event.focused_draft is not None and event.focused_draft in drafts:
        return event.focused_draft
    is_elsewhere = state.open_draft in state.saved_revisions or not event.takes_over
    if state.open_draft not in drafts and is_elsewhere:
        return new_draft_id()  # it is in another account's store, and so is its text
    return state.open_draft


def _without_the_other(state: AppState) -> AppState:
    """Nothing that is only in the window stays of the account that was open before."""
    return replace(
        state,
        save_problem=None,
        expected={},
        remarks={},
        offers={},
        note_files={},
        thumbnails={},
        at_hand={},
        ready=(),
        note_filters={},
        told="",
        last_sent=None,
        index=None,
        directory=Directory(),
        notices=(),
        closing=None,
        key_wish=None,
        storage=None,
        search=Search(seq=state.search.seq + 1),
    )


def _accounts_known(state: AppState, event: AccountsKnown) -> AppState:
    return replace(state, accounts=event.accounts)


def _unsaved(state: AppState) -> dict[DraftId, Draft]:
    """What was typed and is on no disk yet."""
    return {
        draft_id: draft
        for draft_id, draft in state.drafts.items()
        if (draft.has_words or draft.changed_at)
        and draft.revision > state.saved_revisions.get(draft_id, -1)
    }


def _signed_in(state: AppState, event: ev.SignedIn) -> AppState:
    signed_in = replace(
        state,
        sign_in=SignInState.SIGNED_IN,
        sign_in_problem=None,
        # told again once it is checked: the rep may be typing another key
        is_adding_account=state.is_adding_account and state.sign_in is SignInState.SIGNED_IN,
        account=event.account,
        has_signed_out=False,
        has_lost_index=False,
    )
    if state.account is not None and _store_of(state.account) != _store_of(event.account):
        signed_in = replace(
            signed_in,
            search=replace(state.search, text="", hits=(), stage=None, problem=None),
            directory=Directory(),
            thumbnails={},
            at_hand={},
        )
    return notice(signed_in, "keyring", event.problem)


def _store_of(account: Account) -> tuple[str, str]:
    return account.organization_id, account.user_id


def _sign_in_failed(state: AppState, event: ev.SignInFailed) -> AppState:
    is_still_in = state.is_adding_account and state.account is not None
    sign_in = SignInState.SIGNED_IN if is_still_in else SignInState.NEEDED
    return replace(state, sign_in=sign_in, sign_in_problem=event.problem)


def _sign_in_needed(state: AppState, event: ev.SignInNeeded) -> AppState:
    return replace(state, sign_in=SignInState.NEEDED, sign_in_problem=event.problem)


def _signed_out(state: AppState, event: ev.SignedOut) -> AppState:
    blank = new_draft_id()  # one that no store has ever seen: the editor is cleared
    return replace(
        state,
        sign_in=SignInState.NEEDED,
        sign_in_problem=None,
        account=None,
        is_loaded=False,
        open_draft=blank,
        drafts={blank: Draft(id=blank)},
        saved_revisions={},
        attachments={},
        progress={},
        remarks={},
        offers={},
        note_files={},
        thumbnails={},
        at_hand={},
        outbox={},
        last_sent=None,
        last_discarded=None,
        next_drafts={},
        leads={},
        recents=(),
        notes={},
        note_filters={},
        amendments={},
        comments={},
        templates=(),
        deleted_template=None,
        told_of_templates="",
        deleted=frozenset(),
        told="",
        index=None,
        directory=Directory(),
        has_signed_out=True,
        has_lost_index=event.index_deleted,
        search=replace(state.search, text="", hits=(), stage=None, problem=None),
        notices=(),
    )


def _directory_loaded(state: AppState, event: ev.DirectoryLoaded) -> AppState:
    return replace(state, directory=event.directory)


ACCOUNT_FOLDS: Mapping[type[ev.Event], Callable[[AppState, Any], AppState]] = {
    ev.Loaded: _loaded,
    ev.SignedIn: _signed_in,
    ev.SignInFailed: _sign_in_failed,
    ev.SignInNeeded: _sign_in_needed,
    ev.SignedOut: _signed_out,
    ev.DirectoryLoaded: _directory_loaded,
    AccountsKnown: _accounts_known,
}

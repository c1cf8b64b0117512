"""AppState: all that the window knows, as one frozen value.

A fold of the engine's events and the rep's own actions; can be rebuilt from `Loaded`.
Mappings are never changed in place: `put` and `drop` give new ones.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TypeVar

from close_notes_gui.model.accounts import KnownAccount
from close_notes_gui.model.amendment import Amendment
from close_notes_gui.model.draft import Attachment, Draft, OutboxEntry
from close_notes_gui.model.events import IndexProgressed, SearchStage
from close_notes_gui.model.files import ReadyFile
from close_notes_gui.model.ids import (
    AmendmentId,
    AttachmentId,
    DraftId,
    LeadId,
    NoteId,
    OutboxId,
)
from close_notes_gui.model.lead import Account, Directory, Lead, LeadHit
from close_notes_gui.model.note import Comment, Note
from close_notes_gui.model.problem import Problem
from close_notes_gui.model.settings import Settings
from close_notes_gui.model.template import Template
from close_notes_gui.model.upkeep_events import StorageMeasured
from close_notes_gui.model.values import dataclass
from close_notes_gui.present.edits import is_untouched
from close_notes_gui.present.filtering import NoteFilter
from close_notes_gui.present.keymap import KeyAct

K = TypeVar("K")
V = TypeVar("V")


class SignInState(Enum):
    """How far the way to an account is."""

    UNKNOWN = "unknown"  # the engine has not told yet
    NEEDED = "needed"
    CHECKING = "checking"
    SIGNED_IN = "signed in"


@dataclass(frozen=True, slots=True)
class Search:
    """The search as typed, and what was found: `hits` for `found_text`, which is what was typed
    before while `stage` is None.
    """

    seq: int = 0
    text: str = ""
    hits: tuple[LeadHit, ...] = ()
    found_text: str = ""
    stage: SearchStage | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class LeadNotes:
    """The notes of a lead as far as they were loaded. `stuck_at`: behind so many no more could be
    had, and none are asked for until something else was.
    """

    notes: tuple[Note, ...] = ()
    has_more: bool = False
    is_cached: bool = False
    is_loading: bool = True
    fetched_at: datetime | None = None
    problem: Problem | None = None
    stuck_at: int | None = None


@dataclass(frozen=True, slots=True)
class NoteComments:
    """The comments on a note, and the one being written: `text_html`. `adding` is asked of the
    engine and not yet on disk. `made` were made here: a list that lags does not take them away.
    """

    comments: tuple[Comment, ...] = ()
    made: tuple[Comment, ...] = ()
    is_open: bool = False
    is_loading: bool = False
    problem: Problem | None = None
    text_html: str = ""
    adding: AmendmentId | None = None


@dataclass(frozen=True, slots=True)
class Transit:
    """Bytes on their way. `total_bytes` None: not told."""

    done_bytes: int
    total_bytes: int | None
    bytes_per_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Remark:
    """What is worth knowing of an attachment."""

    repeats: AttachmentId | None = None
    links_to: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something dropped that is taken in at the rep's word only: a folder, or a web picture."""

    draft_id: DraftId
    folder: Path | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A line for the rep that stays until it is dismissed or replaced. `key` tells them apart."""

    key: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Closing:
    """The rep closed the window while notes wait. `stalled_since`: nothing moves any more."""

    since: datetime
    stalled_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeletedTemplate:
    """The template deleted last, for Undo. `was_kept`: it lay in the store."""

    template: Template
    was_kept: bool


@dataclass(frozen=True, slots=True)
class KeyWish:
    """A key that the rep wanted for an act and did not get: another one, `owner`, has it, or (None)
    none can have it.
    """

    act: str
    key: str
    owner: KeyAct | None


@dataclass(frozen=True, slots=True)
class AppState:
    """Invariant: `open_draft` is a key of `drafts`."""

    open_draft: DraftId
    drafts: Mapping[DraftId, Draft]
    is_loaded: bool = False
    sign_in: SignInState = SignInState.UNKNOWN
    sign_in_problem: Problem | None = None
    is_adding_account: bool = False  # the rep asked for the first screen, signed in or not
    account: Account | None = None
    accounts: tuple[KnownAccount, ...] = ()  # that can be gone on with
    settings: Settings = field(default_factory=Settings)
    is_online: bool = True
    saved_revisions: Mapping[DraftId, int] = field(default_factory=dict)
    save_problem: Problem | None = None
    next_drafts: Mapping[DraftId, DraftId] = field(default_factory=dict)  # being sent → its heir
    last_discarded: Draft | None = None
    attachments: Mapping[AttachmentId, Attachment] = field(default_factory=dict)
    expected: Mapping[AttachmentId, DraftId] = field(default_factory=dict)  # not told of yet
    progress: Mapping[AttachmentId, Transit] = field(default_factory=dict)
    remarks: Mapping[AttachmentId, Remark] = field(default_factory=dict)
    offers: Mapping[AttachmentId, Offer] = field(default_factory=dict)
    note_files: Mapping[str, Transit] = field(default_factory=dict)  # by address, on their way
    thumbnails: Mapping[str, Path | None] = field(default_factory=dict)  # None: asked for
    at_hand: Mapping[str, Path] = field(default_factory=dict)  # by address or AttachmentId
    ready: tuple[ReadyFile, ...] = ()  # to be opened or shown by the window, each once
    outbox: Mapping[OutboxId, OutboxEntry] = field(default_factory=dict)
    last_sent: OutboxEntry | None = None
    leads: Mapping[LeadId, Lead] = field(default_factory=dict)
    recents: tuple[LeadId, ...] = ()
    notes: Mapping[LeadId, LeadNotes] = field(default_factory=dict)
    note_filters: Mapping[LeadId, NoteFilter] = field(default_factory=dict)
    amendments: Mapping[AmendmentId, Amendment] = field(default_factory=dict)
    comments: Mapping[NoteId, NoteComments] = field(default_factory=dict)
    deleted: frozenset[NoteId] = frozenset()  # Close's lists may lag and name them still
    told: str = ""  # a short word for the status line
    search: Search = field(default_factory=Search)
    index: IndexProgressed | None = None  # how far the leads kept on this computer are
    has_signed_out: bool = False  # just now
    has_lost_index: bool = False  # the leads kept for search were deleted by that
    templates: tuple[Template, ...] = ()  # the rep's own
    deleted_template: DeletedTemplate | None = None
    told_of_templates: str = ""
    key_wish: KeyWish | None = None
    storage: StorageMeasured | None = None
    diagnostics: Path | None = None  # the report saved last
    directory: Directory = field(default_factory=Directory)
    notices: tuple[Notice, ...] = ()
    closing: Closing | None = None
    is_stopped: bool = False

    @property
    def draft(self) -> Draft:
        """The draft in the editor."""
        return self.drafts[self.open_draft]

    def attachments_of(self, draft_id: DraftId) -> tuple[Attachment, ...]:
        """The attachments of a draft, in the order in which they were dropped."""
        return tuple(a for a in self.attachments.values() if a.draft_id == draft_id)


def fresh_state(draft_id: DraftId) -> AppState:
    """The state before the engine has told anything: one blank draft, ready to type in."""
    return AppState(open_draft=draft_id, drafts={draft_id: Draft(id=draft_id)})


def is_blank(state: AppState, draft_id: DraftId) -> bool:
    """Whether a draft holds nothing that anyone would miss."""
    draft = state.drafts[draft_id]
    has_words = not is_untouched(draft) if draft.is_edit else draft.has_words
    has_files = bool(state.attachments_of(draft_id)) or draft_id in state.expected.values()
    return not has_words and not has_files


def own_draft(state: AppState, lead_id: LeadId | None) -> Draft | None:
    """The new note that is being written to this lead, the latest where there are several.
    Neither an edit of a note in Close, nor what is being sent, nor a blank one.
    """
    drafts = [
        d
        for d in state.drafts.values()
        if d.lead_id == lead_id
        and not d.is_edit
        and d.id not in state.next_drafts
        and not is_blank(state, d.id)
    ]
    by_age = [(d.changed_at.timestamp() if d.changed_at else 0.0, d.revision, d) for d in drafts]
    return max(by_age, key=lambda aged: aged[:2])[2] if by_age else None


def put(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    """A copy with `key` set; a new key goes last."""
    return {**mapping, key: value}


def drop(mapping: Mapping[K, V], *keys: K) -> Mapping[K, V]:
    """A copy without the keys."""
    return {k: v for k, v in mapping.items() if k not in keys}


def lead_notice(lead_id: LeadId | None) -> str:
    """The key of the notice that a lead is gone."""
    return f"lead {lead_id}"


def notice(state: AppState, key: str, problem: Problem | None) -> AppState:
    """The state with this line set, replaced, or taken away (None)."""
    rest = tuple(n for n in state.notices if n.key != key)
    return replace(state, notices=(*rest, Notice(key, problem)) if problem else rest)

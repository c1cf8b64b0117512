"""What each widget shows, as plain values made from AppState by the functions in `show`.

Widgets draw these and nothing else. All text in them is plain text, never markup, except
`note_html`, which passes `markup` before it is drawn.
"""

from dataclasses import field
from datetime import datetime
from enum import Enum
from pathlib import Path

from close_notes_gui.model.ids import (
    AmendmentId,
    AttachmentId,
    ContactId,
    DraftId,
    LeadId,
    NoteId,
    OutboxId,
    TemplateId,
    UserId,
)
from close_notes_gui.model.values import dataclass
from close_notes_gui.present.filtering import NoteFilter


class Tone(Enum):
    """How a line looks: its colour and icon."""

    QUIET = "quiet"
    BUSY = "busy"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


class ActionKind(Enum):
    """A small thing to press beside a line. The words are `Action.label`."""

    UNDO_SEND = "undo send"
    EDIT_NOTE = "edit note"
    RETRY_NOTE = "retry note"
    DISCARD_NOTE = "discard note"
    IS_IN_CLOSE = "is in close"
    NOT_IN_CLOSE = "not in close"
    OVERWRITE_NOTE = "overwrite note"
    SEND_AS_NEW = "send as new"
    OTHER_LEAD = "other lead"
    PICK_LEAD = "pick lead"
    OPEN_LEAD_PAGE = "open lead page"
    RESTORE_TEMPLATE = "restore template"
    RESTORE_DRAFT = "restore draft"
    RETRY_ATTACHMENT = "retry attachment"
    SIGN_IN = "sign in"
    CHECK_NETWORK = "check network"
    ATTACH_FOLDER_FILES = "attach folder files"
    ATTACH_FOLDER_ZIP = "attach folder zip"
    FETCH_PICTURE = "fetch picture"
    LEAVE_OFFER = "leave offer"
    USE_ACCOUNT = "use account"
    TAKE_KEY = "take key"
    LEAVE_KEY = "leave key"
    SHOW_FILE = "show file"
    UNDO_AMENDMENT = "undo amendment"
    RETRY_AMENDMENT = "retry amendment"
    DISMISS = "dismiss"
    SHOW_OUTBOX = "show outbox"
    CLOSE_NOW = "close now"
    KEEP_SENDING = "keep sending"


@dataclass(frozen=True, slots=True)
class Action:
    """A button; `target` is the id or the address that it is about."""

    kind: ActionKind
    label: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One message. `text` says what happened and what is safe; `actions` what to do next."""

    text: str
    tone: Tone = Tone.QUIET
    actions: tuple[Action, ...] = ()
    key: str = ""


#: Stands between the parts of a line.
BETWEEN = "  ·  "


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead in the list. `detail` is its person and the reason of the match. `bold` and
    `detail_bold` are (start, length) pairs of what matched.
    """

    lead_id: LeadId
    name: str
    status: str
    detail: str
    contact_id: ContactId | None = None
    bold: tuple[tuple[int, int], ...] = ()
    detail_bold: tuple[tuple[int, int], ...] = ()
    has_draft: bool = False


@dataclass(frozen=True, slots=True)
class SearchView:
    """`line` stands in the list's place when `rows` is empty, below it otherwise."""

    rows: tuple[LeadRow, ...] = ()
    line: Line | None = None
    heading: str = ""
    is_busy: bool = False
    is_stale: bool = False  # the rows were found for words typed before; Enter waits for others


@dataclass(frozen=True, slots=True)
class ContactChoice:
    """An entry of the contact picker; id None is "No contact"."""

    contact_id: ContactId | None
    label: str


@dataclass(frozen=True, slots=True)
class KeptFileView:
    """A file of the note that is edited. Taken off, it shows struck out until it is saved."""

    url: str
    name: str
    size: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class EditView:
    """The band over an edit: whose note of when. `warning` says what an edit would drop."""

    author: str
    at: datetime | None
    warning: str = ""
    files: tuple[KeptFileView, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherLeadView:
    """A further lead that gets the note."""

    lead_id: LeadId
    name: str


@dataclass(frozen=True, slots=True)
class ComposeView:
    """The fields around the editor. The text itself is loaded once per draft, by `draft_id`."""

    draft_id: DraftId
    lead_id: LeadId | None
    lead_name: str
    lead_detail: str
    title: str
    contacts: tuple[ContactChoice, ...]
    contact_id: ContactId | None
    activity_at: datetime | None
    pinned: bool
    is_sending: bool
    saved: Line
    edit: EditView | None = None
    also_leads: tuple[OtherLeadView, ...] = ()
    author: str = ""  # who the note will be by
    suggested_title: str = ""


@dataclass(frozen=True, slots=True)
class ChipView:
    """An attachment of the draft. `fraction` 0..1 while bytes move, None otherwise."""

    attachment_id: AttachmentId
    name: str
    size: str
    status: str
    tone: Tone
    content_type: str
    fraction: float | None = None
    can_retry: bool = False
    remark: str = ""  # e.g. the same file twice
    picture: Path | None = None  # to be drawn small, where it is a picture
    can_open: bool = False


@dataclass(frozen=True, slots=True)
class AttachmentsView:
    """The chips, in the order dropped, and a line with number and total size."""

    chips: tuple[ChipView, ...] = ()
    total: str = ""


@dataclass(frozen=True, slots=True)
class NoteFileView:
    """A file on a note that is in Close."""

    name: str
    size: str
    url: str
    content_type: str = ""
    status: str = ""  # while it is brought here
    fraction: float | None = None
    picture: Path | None = None
    can_preview: bool = False
    is_at_hand: bool = False  # whole and here, to be dragged out at once


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment on a note; `line` while it is on its way, or was refused."""

    key: str
    author: str
    at: datetime | None
    body_html: str
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class CommentsView:
    """What is beneath a note while its comments are open. `text_html` is what is being written."""

    comments: tuple[CommentView, ...] = ()
    line: Line | None = None
    text_html: str = ""
    is_adding: bool = False


@dataclass(frozen=True, slots=True)
class NoteItem:
    """A note of the timeline. `note_id` is None until Close has it; `key` tells items apart."""

    key: str
    note_id: NoteId | None
    title: str
    author: str
    at: datetime | None
    note_html: str
    pinned: bool
    files: tuple[NoteFileView, ...] = ()
    contact: str = ""
    comment_count: int = 0
    comments: CommentsView | None = None  # None: shut
    has_comment_begun: bool = False  # written and not added, while they are shut
    pending: Line | None = None  # words for a note or a change that is still on its way
    line: Line | None = None  # words for what was asked of the note: Undo, or why not
    is_deleted: bool = False  # here already; only `line` is shown


@dataclass(frozen=True, slots=True)
class AuthorChoice:
    """An entry of the filter's list of authors; id None is "Anyone"."""

    user_id: UserId | None
    label: str


@dataclass(frozen=True, slots=True)
class TimelineView:
    """Pinned first, then newest first. `line` says empty, loading, cached or what failed;
    `found` how many of the notes fit the filter.
    """

    lead_id: LeadId | None
    items: tuple[NoteItem, ...] = ()
    line: Line | None = None
    has_more: bool = False
    filter: NoteFilter = field(default_factory=NoteFilter)
    authors: tuple[AuthorChoice, ...] = ()
    found: str = ""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A queued note in the outbox list, or what was asked of a note in Close."""

    outbox_id: OutboxId | AmendmentId
    lead_name: str
    preview: str
    line: Line
    queued_at: datetime
    look_alike_html: str | None = None
    note_html: str = ""
    differences: tuple[str, ...] = ()  # beside the text, where the two are compared


@dataclass(frozen=True, slots=True)
class DraftRow:
    """An open draft in the drafts list."""

    draft_id: DraftId
    lead_name: str
    preview: str
    changed_at: datetime | None
    is_open: bool
    is_edit: bool = False


@dataclass(frozen=True, slots=True)
class OutboxView:
    """What waits and why, and the open drafts, newest first."""

    rows: tuple[OutboxRow, ...] = ()
    drafts: tuple[DraftRow, ...] = ()
    badge: int = 0
    needs_rep: bool = False


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template in the list. `origin` is empty for one that the rep wrote or changed."""

    template_id: TemplateId
    name: str
    preview: str
    note_html: str
    is_shipped: bool
    origin: str = ""


@dataclass(frozen=True, slots=True)
class TemplatesView:
    """All templates by name; `line` tells what was done, with a way back."""

    rows: tuple[TemplateRow, ...] = ()
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account that can be gone on with. `target` goes back with the choice."""

    target: str
    name: str
    waiting: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class TrayView:
    """The icon in the system's tray. `recents` are pairs of a lead's id and name."""

    is_wanted: bool
    tip: str
    waiting: int = 0
    needs_rep: bool = False
    recents: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StatusView:
    """The status line: `main` is Saved / Sending / Sent / Waiting…; `account` who is signed in."""

    main: Line
    account: str
    is_online: bool


@dataclass(frozen=True, slots=True)
class SignInView:
    """The first-run screen. Shown while `is_needed`."""

    is_needed: bool
    is_busy: bool
    line: Line | None
    can_leave: bool = False  # there is an account to go back to

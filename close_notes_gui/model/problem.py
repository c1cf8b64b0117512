"""What went wrong, as a value: the kind, never the words (those are in `present/wording.py`).

Any thread. Holds no secret and no traceback.
"""

from datetime import datetime
from enum import Enum, auto

from close_notes_gui.model.ids import LeadId
from close_notes_gui.model.values import dataclass


class ProblemKind(Enum):
    """Each kind has its own words: what happened, what is safe, what to do next."""

    # the way to Close
    OFFLINE = auto()
    TIMED_OUT = auto()
    THROTTLED = auto()
    KEY_REFUSED = auto()  # 401
    NOT_ALLOWED = auto()  # 403
    PLAN_LIMIT = auto()  # 402
    REFUSED = auto()  # 400; `detail` is Close's own reason, cleaned
    LEAD_GONE = auto()  # 404 on the lead
    SERVER_TROUBLE = auto()  # 5xx
    STRANGE_ANSWER = auto()  # captive portal, truncated or wrong JSON
    ANSWER_LOST = auto()  # posted, no answer: being looked up
    TLS_FAILED = auto()
    UNSAFE_ADDRESS = auto()  # an address outside the host rules
    # keys
    KEY_MALFORMED = auto()
    KEYRING_MISSING = auto()  # key kept for this run only
    KEYRING_FAILED = auto()
    KEY_GONE = auto()  # of an account that was known
    # files
    FILE_VANISHED = auto()
    FILE_CHANGED = auto()
    FILE_UNREADABLE = auto()
    FILE_NOT_GIVEN = auto()  # dragged from a program that does not give its bytes
    FILE_EMPTY = auto()
    FILE_TOO_LARGE = auto()
    FILE_IS_FOLDER = auto()
    FILE_IS_SPECIAL = auto()
    FILE_BLOCKED = auto()
    FILE_IS_SHORTCUT = auto()  # .lnk, .url, .webloc, an alias
    FILE_NOT_OPENED = auto()  # saved, but of a kind that is not opened from here
    FILE_NOT_IN_CLOSE = auto()  # 404 on a note's file
    FILE_UNWRITABLE = auto()  # an export that the folder does not take
    NO_PICTURE = auto()  # the web address gave no picture
    TOO_MANY_FILES = auto()
    STORAGE_REFUSED = auto()  # the storage host's 4xx
    # this machine
    DISK_FULL = auto()
    STORE_FAILED = auto()
    STORE_NEWER = auto()
    STORE_DAMAGED = auto()  # set aside; `detail` names the copy
    # the note itself
    NOTE_EMPTY = auto()
    NOTE_NO_LEAD = auto()
    NOTE_NOT_SENDABLE = auto()  # the gate refused; a bug of ours
    NOTE_UNCHANGED = auto()  # an edit that changes nothing
    NOTE_GONE = auto()  # 404 on the note that was to be changed
    NOTE_CHANGED = auto()  # someone changed it in Close while it was edited here
    COMMENT_UNSURE = auto()  # a comment of which nobody can tell whether Close has it
    TOO_LATE = auto()  # recall after it was posted
    ATTACHMENT_FAILED = auto()  # the note waits for an attachment that cannot go
    FILE_LEFT_OUT = auto()  # Send right behind a file that was refused
    ACCOUNT_CHANGED = auto()  # it belongs to an account that is not signed in any more
    BUG = auto()
    ENGINE_STOPPED = auto()  # by an error: nothing is saved or sent any more


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that went wrong.

    `subject` is what it is about (a file name, a lead's name); `detail` is an outside reason in
    outside words, cleaned and short, may be empty; `retry_at` is when the program itself tries
    again, None where it will not. `lead_id` is the lead that took a missing one over (LEAD_GONE,
    where Close's log tells), to be offered, never chosen.
    """

    kind: ProblemKind
    detail: str = ""
    subject: str = ""
    retry_at: datetime | None = None
    lead_id: LeadId | None = None

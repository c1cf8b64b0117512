"""The one place where a Problem becomes words: what happened, what is safe, what to do next.

Pure. Plain text only; outside reasons are quoted, shortened, and never stand alone.
"""

from collections.abc import Callable, Mapping

from close_notes_gui.model.problem import Problem
from close_notes_gui.model.problem import ProblemKind as K
from close_notes_gui.model.values import dataclass

LONGEST_DETAIL = 200
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Words:
    """Three short sentences; `safe` and `todo` may be empty."""

    what: str
    safe: str = ""
    todo: str = ""

    @property
    def text(self) -> str:
        """All of it as one line."""
        return " ".join(part for part in (self.what, self.safe, self.todo) if part)


def words_for(problem: Problem) -> Words:
    """The words for any problem. Never raises; every kind has its own (a test sees to it)."""
    return WORDS[problem.kind](problem)


def _fixed(what: str, safe: str = "", todo: str = "") -> Callable[[Problem], Words]:
    words = Words(what, safe, todo)
    return lambda _problem: words


def _named(what: str, safe: str = "", todo: str = "") -> Callable[[Problem], Words]:
    """`what` may hold `{name}` (what it is about) and `{reason}` (the outside reason)."""

    def fill(problem: Problem) -> Words:
        name = _quoted(problem.subject) or "This"
        return Words(what.format(name=name, reason=_reason(problem)), safe, todo)

    return fill


def _short(text: str, longest: int) -> str:
    """Outside words on one line, cut where they are too long to read."""
    words = " ".join(text.split())
    return words if len(words) <= longest else words[: longest - 1] + "…"


def _quoted(name: str) -> str:
    return f"“{_short(name, LONGEST_NAME)}”" if name.strip() else ""


def _reason(problem: Problem) -> str:
    detail = _short(problem.detail, LONGEST_DETAIL).rstrip(".")
    return f": {detail}" if detail else ""


def _lead_gone(problem: Problem) -> Words:
    name = _quoted(problem.subject) or "This lead"
    if problem.detail:
        return Words(
            f"{name} was merged into {_quoted(problem.detail)} in Close.",
            "Your text is kept.",
            "Choose the lead that the note belongs to.",
        )
    return Words(
        f"{name} is no longer in Close.", "Your text is kept.", "Choose another lead for it."
    )


def _disk_full(problem: Problem) -> Words:
    if problem.subject:
        return Words(
            f"The disk is full, so {_quoted(problem.subject)} cannot be kept here.",
            "Your text is saved.",
            "Free some space, then try it again.",
        )
    return Words(
        "The disk is full, so your text cannot be saved.",
        "It is safe as long as this window stays open.",
        "Free some space; saving goes on by itself.",
    )


def _store_failed(problem: Problem) -> Words:
    where = f"in {_quoted(problem.subject)}" if problem.subject else "on this computer"
    return Words(
        f"Your text cannot be saved {where}{_reason(problem)}.",
        "It is safe as long as this window stays open.",
        "Copy it to a safe place if this stays.",
    )


def _damaged(problem: Problem) -> Words:
    where = f" A copy of the damaged file is at {problem.detail}." if problem.detail else ""
    return Words(
        "The notes file on this computer was damaged.",
        "What could be read was rescued." + where,
        "Look through your drafts and the outbox.",
    )


WORDS: Mapping[K, Callable[[Problem], Words]] = {
    K.OFFLINE: _fixed(
        "Close cannot be reached.",
        "Your notes are kept here.",
        "They go out by themselves when the network is back.",
    ),
    K.TIMED_OUT: _fixed("Close did not answer in time.", "Nothing is lost.", "Trying again soon."),
    K.THROTTLED: _fixed(
        "Close asks us to slow down.", "Your notes are kept here.", "They go out in a moment."
    ),
    K.KEY_REFUSED: _fixed(
        "Close does not accept this API key.",
        "Drafts and waiting notes are kept on this computer.",
        "Check the key in Close under Settings, Developer, API Keys, and sign in again.",
    ),
    K.NOT_ALLOWED: _named(
        "Close does not allow this for your account{reason}.",
        "Your text is kept.",
        "Ask an admin of your organization for the permission.",
    ),
    K.PLAN_LIMIT: _named(
        "Your Close plan does not allow this{reason}.",
        "Your text is kept.",
        "Ask an admin of your organization.",
    ),
    K.REFUSED: _named(
        "Close did not accept this{reason}.", "Your text is kept.", "Edit it and send it again."
    ),
    K.LEAD_GONE: _lead_gone,
    K.SERVER_TROUBLE: _fixed(
        "Close has trouble at the moment.", "Your notes are kept here.", "Trying again soon."
    ),
    K.STRANGE_ANSWER: _fixed(
        "Something other than Close answered, perhaps a Wi-Fi sign-in page.",
        "Your notes are kept here.",
        "Open a web page in your browser to sign in to the network, then try again.",
    ),
    K.ANSWER_LOST: _fixed(
        "The connection broke before Close answered.",
        "Checking whether Close has the note; it will not be sent twice.",
    ),
    K.TLS_FAILED: _named(
        "The connection to Close is not secure{reason}.",
        "Nothing was sent.",
        "Check the date of this computer and the network, or ask your IT team.",
    ),
    K.UNSAFE_ADDRESS: _named(
        "An address was refused because it is not safe{reason}.", "Nothing was sent there."
    ),
    K.KEY_MALFORMED: _fixed(
        "This does not look like a Close API key.",
        "Nothing was sent.",
        "Copy the whole key from Close: Settings, Developer, API Keys. It begins with “api_”.",
    ),
    K.KEYRING_MISSING: _fixed(
        "This computer has no keyring to keep your API key in.",
        "You are signed in for now; the key is forgotten when the program ends.",
    ),
    K.KEYRING_FAILED: _fixed(
        "The keyring of this computer did not keep your API key.",
        "You are signed in for now; the key is forgotten when the program ends.",
        "Unlock the keyring and sign in again to keep it.",
    ),
    K.KEY_GONE: _named(
        "The key for {name} is no longer in the keyring.",
        "Drafts and waiting notes of that account are kept on this computer.",
        "Sign in to it again with a key.",
    ),
    K.FILE_VANISHED: _named(
        "{name} is no longer where it was.", "Your note is kept.", "Attach it again."
    ),
    K.FILE_CHANGED: _named(
        "{name} was changed while it was on its way.",
        "The changed file was not sent.",
        "Attach it again as it is now.",
    ),
    K.FILE_UNREADABLE: _named(
        "{name} cannot be read{reason}.", "", "Check that you may open it, then attach it again."
    ),
    K.FILE_NOT_GIVEN: _named(
        "{name} could not be taken over from the program it was dragged from.",
        "",
        "Save it as a file first, then attach the file.",
    ),
    K.FILE_EMPTY: _named("{name} is empty (0 bytes), so it was not attached."),
    K.FILE_TOO_LARGE: _named(
        "{name} is larger than the limit{reason}.", "", "Share a link to it instead."
    ),
    K.FILE_IS_FOLDER: _named(
        "{name} is a folder, so it was not attached.", "", "Drop the files in it."
    ),
    K.FILE_IS_SPECIAL: _named("{name} is a device or a pipe, not a file, and was not attached."),
    K.FILE_IS_SHORTCUT: _named(
        "{name} is a shortcut, not the file itself, and was not attached.",
        "",
        "Drop the file that it leads to.",
    ),
    K.FILE_NOT_OPENED: _named(
        "{name} was saved but not opened: files of this kind can act on their own.",
        "",
        "Its folder is shown; open it from there if you trust it.",
    ),
    K.FILE_NOT_IN_CLOSE: _named(
        "{name} is no longer in Close.", "", "Load the notes again to see what is there."
    ),
    K.FILE_UNWRITABLE: _named(
        "{name} cannot be written to{reason}.",
        "Nothing there was changed.",
        "Choose another place.",
    ),
    K.NO_PICTURE: _named("No picture came from {name}.", "", "Save it in the browser and drop it."),
    K.FILE_BLOCKED: _named(
        "{name} was not attached: files of this type are blocked.",
        "",
        "The list of blocked types is in the settings.",
    ),
    K.TOO_MANY_FILES: _named(
        "{name} was not attached: a note takes at most 1000 files.", "", "Use a second note."
    ),
    K.STORAGE_REFUSED: _named(
        "Close’s file storage did not accept {name}{reason}.",
        "The file is kept here.",
        "Try it again, or remove it.",
    ),
    K.DISK_FULL: _disk_full,
    K.STORE_FAILED: _store_failed,
    K.STORE_NEWER: _fixed(
        "The notes on this computer were written by a newer version of Close Notes.",
        "Nothing was touched.",
        "Install the newer version to open them.",
    ),
    K.STORE_DAMAGED: _damaged,
    K.NOTE_EMPTY: _fixed("There is nothing to send yet.", "", "Write something or attach a file."),
    K.NOTE_NO_LEAD: _fixed(
        "The note has no lead yet.", "Your text is kept.", "Choose a lead, then send it."
    ),
    K.NOTE_NOT_SENDABLE: _named(
        "The note holds something that cannot be sent safely{reason}.",
        "Your text is kept; nothing was sent.",
        "Paste that part again as plain text. This is a fault of the program; please report it.",
    ),
    K.NOTE_UNCHANGED: _fixed("Nothing was changed yet, so there is nothing to save."),
    K.NOTE_GONE: _fixed(
        "The note is no longer in Close.",
        "Your text is kept.",
        "Send it as a new note, or discard it.",
    ),
    K.NOTE_CHANGED: _fixed(
        "The note was changed in Close while you edited it.",
        "Nothing was overwritten.",
        "Compare the two and choose.",
    ),
    K.COMMENT_UNSURE: _fixed(
        "Nobody can tell whether Close has this comment; the connection broke while it was sent.",
        "It was not sent again.",
        "Look at the note in Close; send the comment again if it is not there.",
    ),
    K.TOO_LATE: _fixed("The note is already on its way to Close.", "It is sent once."),
    K.ATTACHMENT_FAILED: _named(
        "The note waits because {name} could not be uploaded{reason}.",
        "Note and file are kept here.",
        "Edit the note to remove the file, or try again.",
    ),
    K.FILE_LEFT_OUT: _named(
        "{name} could not be attached, so the note was not sent.",
        "Your text is kept.",
        "Attach it another way, or send again without it.",
    ),
    K.ACCOUNT_CHANGED: _fixed(
        "The account changed just then, so this was not done.",
        "Notes and drafts stay with the account that they were written in.",
        "Sign in to that account to go on.",
    ),
    K.ENGINE_STOPPED: _fixed(
        "The part of the program that saves and sends has stopped.",
        "What was saved is safe; notes in the outbox go out at the next start.",
        "Copy what you wrote last to a safe place, then start Close Notes again.",
    ),
    K.BUG: _named(
        "Something went wrong inside the program{reason}.",
        "What was saved is safe.",
        "Details are in the log.",
    ),
}

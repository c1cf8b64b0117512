"""What can go wrong between us and Close or its storage host.

    CloseError
    ├── Offline             nothing was sent: no network, no name, no connection
    ├── TimedOut            no answer in time, and asking again does no harm
    ├── AnswerLost          a create call may have been carried out: look it up, never repeat it
    ├── Throttled           429: wait `retry_after_s`
    ├── NotAuthorized       401: the key is not accepted
    ├── PlanLimit           402: a limit of the organisation's plan
    ├── Forbidden           403: the key is good, the deed is not allowed
    ├── Gone                404: no such thing (any more)
    ├── Refused             400 and other definite 4xx, with Close's reason
    ├── ServerTrouble       5xx, and asking again does no harm
    ├── BadAnswer           not the JSON that was promised: captive portal, cut off, too large
    ├── TlsFailed           the host could not prove who it is; nothing was sent
    ├── UnsafeAddress       an address outside the host rules; nothing was sent
    ├── StorageRefused      the storage host's 4xx, with its code
    │   └── PolicyExpired   403: the signature is too old or does not fit: sign anew
    ├── FileChanged         the file is not (any more) the one that was attached
    ├── FileVanished        the file is not there or cannot be read
    └── UploadCancelled     `Upload.cancel()` was called

For a create call every class but AnswerLost means: certainly not created. Messages are short,
cleaned and free of keys, headers, policies and signatures. Any thread.
"""

import re
from datetime import datetime

_LONGEST_REASON = 300
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+"
)
_TAG = re.compile(r"<[^>]{0,200}>")
_SECRET = re.compile(
    r"(?i)(\bapi_[\w.\-]{6,}|\b(?:basic|bearer)\s+[\w.~+/=\-]{8,}|\bAKIA[0-9A-Z]{8,}|\b[\w+/=\-]{60,})"
)


def cleaned(reason: str) -> str:
    """One line of at most 300 characters, without markup, control or bidi characters, and with
    whatever looks like a key or signature blotted out.
    """
    text = _TAG.sub(" ", reason[: _LONGEST_REASON * 20])
    text = _UNPRINTABLE.sub(" ", text)
    text = _SECRET.sub("…", " ".join(text.split()))
    return text if len(text) <= _LONGEST_REASON else text[: _LONGEST_REASON - 1] + "…"


class CloseError(Exception):
    """Base of all. `reason` is in outside words, cleaned; it may be empty. `was_sent` False: not
    a byte of what was asked has left this machine.
    """

    def __init__(self, reason: str = "") -> None:
        self.reason = cleaned(reason)
        self.was_sent = True
        super().__init__(self.reason)


class Offline(CloseError):
    """No connection, or it broke while asking something that can be asked again."""


class TimedOut(CloseError):
    """No answer in time. Raised only where the call may be repeated."""


class AnswerLost(CloseError):
    """A create call was sent and its outcome is unknown: it may have been carried out, or may
    still be. `status` is the HTTP code where there was one.
    """

    def __init__(self, reason: str = "", *, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class Throttled(CloseError):
    """429, or a request held back because its group is known to be blocked.

    `retry_after_s` counts from now, `reset_at` is the same as a time (aware UTC).
    """

    def __init__(self, reason: str = "", *, retry_after_s: float, reset_at: datetime) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s
        self.reset_at = reset_at


class NotAuthorized(CloseError):
    """401: the key is wrong, or was revoked."""


class PlanLimit(CloseError):
    """402: the organisation's plan does not allow it."""


class Forbidden(CloseError):
    """403 from Close."""


class Gone(CloseError):
    """404: deleted, merged away, or never there."""


class Refused(CloseError):
    """A definite no to what was asked. `fields` pairs names with reasons, both cleaned."""

    def __init__(
        self, reason: str = "", *, status: int = 400, fields: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.fields = tuple((cleaned(name), cleaned(why)) for name, why in fields)


class ServerTrouble(CloseError):
    """5xx. Raised only where the call may be repeated."""

    def __init__(self, reason: str = "", *, status: int = 500) -> None:
        super().__init__(reason)
        self.status = status


class BadAnswer(CloseError):
    """An answer that is not what Close would say. Raised only where the call may be repeated."""


class TlsFailed(CloseError):
    """The certificate was not accepted, or TLS could not be agreed on."""


class UnsafeAddress(CloseError):
    """An address that is neither https nor loopback, names a user, or is on the wrong host."""


class StorageRefused(CloseError):
    """The storage host's no. `code` is its own (`EntityTooLarge`), `message` its reason."""

    def __init__(self, code: str, message: str = "", *, status: int = 400) -> None:
        super().__init__(message)
        self.code = cleaned(code)
        self.message = self.reason
        self.status = status


class PolicyExpired(StorageRefused):
    """The signed policy is too old or does not fit; signing anew may help."""


class FileChanged(CloseError):
    """Size or time of change differ from what was attached, or changed during the upload."""


class FileVanished(CloseError):
    """The file could not be opened or read."""


class UploadCancelled(CloseError):
    """The upload was called off; the storage host keeps nothing of it."""

"""Brings the bytes of attachments to the storage host, at most three at a time.

Engine thread; the bytes themselves are read and sent in pool threads. Never holds a file in
memory, and never signs before there is a free place to upload from.
"""

from close_notes_gui.model.draft import Attachment
from close_notes_gui.model.ids import AttachmentId
from close_notes_gui.model.problem import Problem


class NotUploaded(Exception):
    """The attachment is not up. `waits`: a passing fault (offline, throttled, 5xx), it is tried
    again by itself; otherwise the attachment is FAILED and the rep must act.
    """

    def __init__(self, problem: Problem, *, waits: bool) -> None:
        super().__init__(problem.kind.name)
        self.problem = problem
        self.waits = waits


class Uploads:
    """Invariant: at most one upload runs for an attachment, at most three in all."""

    async def ensure_uploaded(self, attachment_id: AttachmentId) -> Attachment:
        """The attachment with an address younger than 23 h; uploads it (again) if need be.

        Joins an upload that runs already. Commits every state. Raises NotUploaded, or KeyError
        where the attachment is not (any more) known. Cancelling the waiter leaves the upload on.
        """
        raise NotImplementedError

    def forget_address(self, attachment_id: AttachmentId) -> None:
        """Close does not know the address (any more): the next `ensure_uploaded` uploads anew."""
        raise NotImplementedError

    def cancel(self, attachment_id: AttachmentId) -> None:
        """Call a running or waiting upload off, at once. Unknown ids do no harm."""
        raise NotImplementedError

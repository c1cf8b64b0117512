"""Identifiers, each a distinct type so that a lead is never taken for a note.

Any thread. Close's ids are opaque strings with a prefix (`lead_`, `cont_`, `user_`,
`group_`, `acti_`, `orga_`); ours are random and never leave this machine.
"""

from typing import NewType
from uuid import uuid4

LeadId = NewType("LeadId", str)
ContactId = NewType("ContactId", str)
UserId = NewType("UserId", str)
GroupId = NewType("GroupId", str)
NoteId = NewType("NoteId", str)
CommentId = NewType("CommentId", str)
LeadStatusId = NewType("LeadStatusId", str)
OrganizationId = NewType("OrganizationId", str)

DraftId = NewType("DraftId", str)
AttachmentId = NewType("AttachmentId", str)
OutboxId = NewType("OutboxId", str)
AmendmentId = NewType("AmendmentId", str)
TemplateId = NewType("TemplateId", str)


def new_draft_id() -> DraftId:
    """A fresh id for a draft; made where the draft is made, which is the window."""
    return DraftId(uuid4().hex)


def new_attachment_id() -> AttachmentId:
    """A fresh id for an attachment; made where it is dropped, which is the window."""
    return AttachmentId(uuid4().hex)


def new_outbox_id() -> OutboxId:
    """A fresh id for a queued note; made by the engine when it queues one."""
    return OutboxId(uuid4().hex)


def new_amendment_id() -> AmendmentId:
    """A fresh id for a change asked of a note in Close; made where it is asked, the window."""
    return AmendmentId(uuid4().hex)


def new_template_id() -> TemplateId:
    """A fresh id for a template; made where it is written, which is the window."""
    return TemplateId(uuid4().hex)

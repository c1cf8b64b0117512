"""Close's JSON to the model's values, and back. Any thread; pure.

Lenient where Close promises nothing: an odd or missing part becomes a default, an unreadable
row is left out. Only what a call cannot do without is demanded.
"""

from close_notes_gui.closeapi.wire.basics import (
    cursor,
    demand,
    each,
    field,
    has_more,
    moment,
    moment_out,
    part,
    rows,
    text,
    total,
)
from close_notes_gui.closeapi.wire.files import signed_upload
from close_notes_gui.closeapi.wire.leads import (
    CONTACT_FIELDS,
    LEAD_FIELDS,
    SEARCH_FIELDS,
    contact,
    lead,
    lead_id,
    lead_status,
)
from close_notes_gui.closeapi.wire.notes import (
    NOTE_FIELDS,
    comment_on,
    new_note,
    note,
    note_changes,
)
from close_notes_gui.closeapi.wire.people import USER_FIELDS, account, group, user

__all__ = [
    "CONTACT_FIELDS",
    "LEAD_FIELDS",
    "NOTE_FIELDS",
    "SEARCH_FIELDS",
    "USER_FIELDS",
    "account",
    "comment_on",
    "contact",
    "cursor",
    "demand",
    "each",
    "field",
    "group",
    "has_more",
    "lead",
    "lead_id",
    "lead_status",
    "moment",
    "moment_out",
    "new_note",
    "note",
    "note_changes",
    "part",
    "rows",
    "signed_upload",
    "text",
    "total",
    "user",
]

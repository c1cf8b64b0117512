"""The properties that Close's calls on notes accept: the one list that wire and window go by.

Any thread. From the API reference (`POST /activity/note/`, `PUT /activity/note/{id}/`); anything
else in a body is refused.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

#: `PUT`; what is not sent stays. A note cannot change its lead.
UPDATE_NOTE: Final = frozenset(
    {"note_html", "note", "title", "pinned", "contact_id", "activity_at", "attachments"}
)
#: `POST`; the lead is required.
CREATE_NOTE: Final = UPDATE_NOTE | {
    "lead_id",
    "user_id",
    "created_by",
    "date_created",
    "organization_id",
}
#: What is never sent, and why.
LEFT_TO_CLOSE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "note": "the plain text is made of note_html by Close, and loses where both are sent",
        "user_id": "a note is of the rep whose key it is sent with",
        "created_by": "a note is of the rep whose key it is sent with",
        "date_created": "Close's own time tells a note that was sent twice from one that was not",
        "organization_id": "the key is of one organization",
    }
)

"""A lead as one text in the index, and back. Any thread; pure."""

import json

from close_notes_gui.model.ids import ContactId, LeadId
from close_notes_gui.model.lead import Contact, Lead
from close_notes_gui.store.codec import whole
from close_notes_gui.store.codec_times import from_time, to_time


def to_text(lead: Lead) -> str:
    """Everything of the lead but its id."""
    contacts = [[c.id, c.name, c.title, c.emails, c.phones] for c in lead.contacts]
    changed = from_time(lead.updated_at)
    parts = [lead.name, lead.status_label, lead.url, lead.address, changed, contacts]
    return whole(json.dumps(parts, ensure_ascii=False, separators=(",", ":")))


def from_text(lead_id: str, text: str) -> Lead:
    """The lead again."""
    name, status, url, address, changed, contacts = json.loads(text)
    return Lead(
        id=LeadId(lead_id),
        name=name,
        status_label=status,
        contacts=tuple(
            Contact(ContactId(c[0]), c[1], title=c[2], emails=tuple(c[3]), phones=tuple(c[4]))
            for c in contacts
        ),
        url=url,
        updated_at=to_time(changed),
        address=address,
    )

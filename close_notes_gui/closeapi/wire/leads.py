"""Leads and contacts from JSON. Any thread; pure."""

from close_notes_gui.closeapi.wire.basics import each, field, identifier, items, moment, text
from close_notes_gui.model.ids import ContactId, LeadId, LeadStatusId
from close_notes_gui.model.lead import Contact, Lead, LeadStatus

SEARCH_FIELDS = (
    "id", "display_name", "name", "status_label", "contacts", "url", "date_updated", "addresses",
)  # fmt: skip
LEAD_FIELDS = ",".join(SEARCH_FIELDS)
CONTACT_FIELDS = "id,lead_id,name,display_name,title,emails,phones"


def lead_id(value: object) -> LeadId | None:
    """A lead's id, None where it is none."""
    found = identifier(value)
    return LeadId(found) if found else None


def lead(value: object) -> Lead | None:
    """A lead, of a search or by itself."""
    found = lead_id(field(value, "id"))
    if found is None:
        return None
    return Lead(
        id=found,
        name=text(field(value, "display_name")) or text(field(value, "name")),
        status_label=text(field(value, "status_label")),
        contacts=each(items(value, "contacts"), contact),
        url=text(field(value, "url")),
        updated_at=moment(field(value, "date_updated")),
        address=_address(value),
    )


def _address(value: object) -> str:
    """The first address, on one line, as far as a rep tells places apart by it."""
    for item in items(value, "addresses"):
        parts = [text(field(item, name)) for name in ("zipcode", "city", "state", "country")]
        line = ", ".join(part for part in parts if part)
        if line:
            return line
    return ""


def contact(value: object) -> Contact | None:
    """A contact, of its lead or by itself."""
    contact_id = identifier(field(value, "id"))
    if contact_id is None:
        return None
    return Contact(
        id=ContactId(contact_id),
        name=text(field(value, "display_name")) or text(field(value, "name")),
        title=text(field(value, "title")),
        emails=_texts(value, "emails", "email"),
        phones=_texts(value, "phones", "phone_formatted", "phone"),
    )


def lead_status(value: object) -> LeadStatus | None:
    """A row of `/status/lead/`."""
    status_id = identifier(field(value, "id"))
    if status_id is None:
        return None
    return LeadStatus(LeadStatusId(status_id), text(field(value, "label")))


def _texts(value: object, list_name: str, *names: str) -> tuple[str, ...]:
    found = []
    for item in items(value, list_name):
        first = next((text(field(item, name)) for name in names if text(field(item, name))), "")
        if first:
            found.append(first)
    return tuple(found)

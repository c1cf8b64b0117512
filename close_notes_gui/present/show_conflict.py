"""Where an edit and the note as Close has it now differ, beside the text. Pure."""

from datetime import datetime

from close_notes_gui.model.draft import OutboxEntry
from close_notes_gui.model.ids import ContactId
from close_notes_gui.model.lead import Lead


def differences(entry: OutboxEntry, lead: Lead | None) -> tuple[str, ...]:
    """A line for each of title, contact, date and pin: what the rep wants, what Close has."""
    mine, found = entry.frozen, entry.found
    if mine.base is None or found is None:
        return ()
    at = mine.activity_at or mine.base.activity_at
    pairs = (
        ("Title", _quoted(mine.title), _quoted(found.title)),
        ("Contact", _name(mine.contact_id, lead), _name(found.contact_id, lead)),
        ("Date", _date(at), _date(found.activity_at)),
        ("Pinned", _yes(mine.pinned), _yes(found.pinned)),
    )
    return tuple(
        f"{what}: {own} (yours), {theirs} (in Close)"
        for what, own, theirs in pairs
        if own != theirs
    )


def _quoted(title: str) -> str:
    words = " ".join(title.split())
    return f"“{words}”" if words else "none"


def _name(contact_id: ContactId | None, lead: Lead | None) -> str:
    if contact_id is None:
        return "none"
    names = [c.name for c in (lead.contacts if lead else ()) if c.id == contact_id]
    return " ".join(names[0].split()) if names and names[0].strip() else "another contact"


def _date(at: datetime | None) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at else "none"


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"

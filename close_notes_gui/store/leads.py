"""Leads as last heard of, and which of them were opened when.

Engine thread only. A cache: Close is right, this is quick.
"""

import json
from collections.abc import Iterable
from datetime import datetime

from close_notes_gui.model.ids import ContactId, LeadId
from close_notes_gui.model.lead import Contact, Lead
from close_notes_gui.store.codec import whole
from close_notes_gui.store.codec_times import from_time, micros, to_time
from close_notes_gui.store.database import Database, Row, Value

_INSERT = """
    INSERT INTO lead (id, name, status_label, contacts, url, updated_at, fetched_at)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO
"""
_PUT = f"""{_INSERT} UPDATE SET name = excluded.name, status_label = excluded.status_label,
    contacts = excluded.contacts, url = excluded.url, updated_at = excluded.updated_at,
    fetched_at = excluded.fetched_at
"""


class Leads:
    """Invariant: a lead stands here once, as it was when last fetched."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, leads: Iterable[Lead], *, fetched_at: datetime) -> None:
        """Keep these leads as they are now, in one transaction."""
        with self._database.write() as write:
            write.change_many(_PUT, (_row(lead, fetched_at) for lead in leads))

    def get(self, lead_id: LeadId) -> Lead | None:
        """The lead as last fetched."""
        row = self._database.one("SELECT * FROM lead WHERE id = ?", (lead_id,))
        return None if row is None else _lead(row)

    def all(self) -> tuple[Lead, ...]:
        """Every lead that is known, in no particular order."""
        return tuple(_lead(row) for row in self._database.read("SELECT * FROM lead"))

    def count(self) -> int:
        """How many leads are known."""
        row = self._database.one("SELECT count(*) AS many FROM lead")
        return 0 if row is None else int(row["many"])

    def recents(self, *, limit: int = 20) -> tuple[Lead, ...]:
        """The leads opened last, the latest first."""
        rows = self._database.read(
            "SELECT * FROM lead WHERE opened_at IS NOT NULL ORDER BY opened_at DESC LIMIT ?",
            (limit,),
        )
        return tuple(_lead(row) for row in rows)

    def opened(self, lead: Lead, *, at: datetime) -> None:
        """The rep opened this lead now; it is kept if it was not known."""
        with self._database.write() as write:
            write.change(f"{_INSERT} NOTHING", _row(lead, at))
            write.change("UPDATE lead SET opened_at = ? WHERE id = ?", (micros(at), lead.id))

    def remove(self, lead_id: LeadId) -> None:
        """Close no longer has it."""
        self._database.change("DELETE FROM lead WHERE id = ?", (lead_id,))

    def clear(self) -> None:
        """Forget all of them, recents included."""
        self._database.change("DELETE FROM lead")


def _row(lead: Lead, fetched_at: datetime) -> tuple[Value, ...]:
    contacts = [
        {"id": c.id, "name": c.name, "title": c.title, "emails": c.emails, "phones": c.phones}
        for c in lead.contacts
    ]
    return (
        lead.id,
        whole(lead.name),
        whole(lead.status_label),
        json.dumps(contacts),
        whole(lead.url),
        from_time(lead.updated_at),
        micros(fetched_at),
    )


def _lead(row: Row) -> Lead:
    return Lead(
        id=LeadId(row["id"]),
        name=row["name"],
        status_label=row["status_label"],
        contacts=tuple(
            Contact(
                ContactId(c["id"]),
                c["name"],
                title=c["title"],
                emails=tuple(c["emails"]),
                phones=tuple(c["phones"]),
            )
            for c in json.loads(row["contacts"])
        ),
        url=row["url"],
        updated_at=to_time(row["updated_at"]),
    )

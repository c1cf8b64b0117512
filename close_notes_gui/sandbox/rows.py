"""Leads and contacts as a search looks at them: texts folded, made only on demand.

Any thread, under FakeClose's lock. One row object is reused for all leads of
a scan, so that 200,000 leads cost no 200,000 objects.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Protocol

from close_notes_gui.sandbox import names
from close_notes_gui.sandbox.leads import LeadBook
from close_notes_gui.sandbox.sample import Contact, Lead, Sample
from close_notes_gui.sandbox.world import World

#: Searchable fields by object type, with their nature.
FIELDS: dict[str, dict[str, str]] = {
    "lead": {
        "id": "id",
        "name": "text",
        "display_name": "text",
        "description": "text",
        "url": "text",
        "status_id": "id",
        "date_created": "moment",
        "date_updated": "moment",
    },
    "contact": {
        "id": "id",
        "name": "text",
        "title": "text",
        "date_created": "moment",
        "date_updated": "moment",
    },
    "contact_email": {"email": "text"},
    "contact_phone": {"phone": "text"},
    "address": {"city": "text", "country": "text"},
}

RELATED: dict[str, tuple[str, ...]] = {
    "lead": ("contact", "address"),
    "contact": ("contact_email", "contact_phone"),
}


class Row(Protocol):
    """What a compiled query may ask of a thing. Texts are case folded, ids are not."""

    kind: str

    def text(self, name: str) -> str: ...
    def moment(self, name: str) -> datetime: ...
    def everything(self) -> str: ...
    def related(self, kind: str) -> Iterator["Row"]: ...


class ValueRow:
    """A row of a few given texts, such as one email address."""

    def __init__(
        self, kind: str, texts: dict[str, str], moments: dict[str, datetime] | None = None
    ) -> None:
        self.kind = kind
        self._texts = texts
        self._moments = moments or {}

    def text(self, name: str) -> str:
        return self._texts[name]

    def moment(self, name: str) -> datetime:
        return self._moments[name]

    def everything(self) -> str:
        return "\n".join(self._texts.values())

    def related(self, kind: str) -> Iterator[Row]:  # noqa: ARG002 (it has no relatives)
        return iter(())


class ContactRow(ValueRow):
    """A contact with its emails and phones; ``make_id`` gives the id of one without."""

    def __init__(self, contact: Contact, make_id: Callable[[], str] | None = None) -> None:
        super().__init__(
            "contact",
            {"id": contact.id, "name": contact.name.casefold(), "title": contact.title.casefold()},
            {"date_created": contact.created_at, "date_updated": contact.updated_at},
        )
        self._contact = contact
        self._make_id = make_id

    def text(self, name: str) -> str:
        if name == "id" and self._make_id is not None:
            return self._make_id()
        return super().text(name)

    def everything(self) -> str:
        contact = self._contact
        phones = [f"{phone}\n{formatted}" for phone, formatted, _ in contact.phones]
        return "\n".join(
            (contact.name, contact.title, *(email for email, _ in contact.emails), *phones)
        ).casefold()

    def related(self, kind: str) -> Iterator[Row]:
        if kind == "contact_email":
            for email, _ in self._contact.emails:
                yield ValueRow(kind, {"email": email.casefold()})
        else:
            for phone, _, _ in self._contact.phones:
                yield ValueRow(kind, {"phone": phone})


class LeadScan:
    """A row that walks over the leads. Invariant: answers for the lead last moved to.

    Names, dates and whole texts are remembered between scans and forgotten
    for leads that change.
    """

    kind = "lead"

    def __init__(self, world: World, book: LeadBook, sample: Sample) -> None:
        self._world = world
        self._book = book
        self._sample = sample
        self._names: list[str | None] = []
        self._texts: list[str | None] = []
        self._dates: list[tuple[datetime, datetime] | None] = []
        self._place = 0
        self._lead: Lead | None = None

    def move(self, place: int) -> None:
        """Answer for the lead at ``place`` from now on."""
        self._place = place
        self._lead = None

    def refresh(self) -> None:
        """Forget what has changed since the last scan."""
        grown = [None] * (self._book.size - len(self._names))
        self._names.extend(grown)
        self._texts.extend(grown)
        self._dates.extend(grown)
        for place in self._book.stale:
            self._names[place] = self._texts[place] = self._dates[place] = None
        self._book.stale.clear()

    def lead(self) -> Lead:
        """The whole lead."""
        if self._lead is None:
            self._lead = self._book.at(self._place)
            if self._lead is None:
                raise LookupError("moved to a lead that is gone")
        return self._lead

    def text(self, name: str) -> str:
        match name:
            case "name" | "display_name":
                folded = self._names[self._place]
                if folded is None:
                    folded = (self._book.name_at(self._place) or "").casefold()
                    self._names[self._place] = folded
                return folded or (self._unnamed() if name == "display_name" else "")
            case "id":
                return self.lead().id
            case "status_id":
                return self._world.status_ids[self.lead().status]
            case "url":
                return self.lead().url
            case _:
                return self.lead().description.casefold()

    def moment(self, name: str) -> datetime:
        dates = self._dates[self._place]
        if dates is None:
            if self._is_sample():
                dates = self._sample.dates(self._place)
            else:
                dates = self.lead().created_at, self.lead().updated_at
            self._dates[self._place] = dates
        return dates[0] if name == "date_created" else dates[1]

    def everything(self) -> str:
        text = self._texts[self._place]
        if text is None:
            lead = self._sample.without_ids(self._place) if self._is_sample() else self.lead()
            parts = [
                lead.name,
                lead.description,
                lead.url,
                names.CITIES[lead.city][0],
                names.STATUSES[lead.status],
            ]
            text = "\n".join(parts).casefold()
            text = "\n".join(
                (text, *(ContactRow(contact).everything() for contact in lead.contacts))
            )
            self._texts[self._place] = text
        return text

    def related(self, kind: str) -> Iterator[Row]:
        if kind == "contact":
            if self._is_sample():
                # Ids cost more than all the rest, and hardly any query asks for them.
                for turn, contact in enumerate(self._sample.without_ids(self._place).contacts):
                    yield ContactRow(contact, partial(self._sample.contact_id, self._place, turn))
            else:
                yield from (ContactRow(contact) for contact in self.lead().contacts)
        else:
            city, _, country = names.CITIES[self.lead().city]
            yield ValueRow(kind, {"city": city.casefold(), "country": country.casefold()})

    def _is_sample(self) -> bool:
        return self._place < self._sample.count and not self._book.is_changed(self._place)

    def _unnamed(self) -> str:
        contacts = self.lead().contacts
        return (contacts[0].name if contacts else "Untitled").casefold()

"""Leads and contacts: the sample with everything that changed laid over it.

Any thread, under FakeClose's lock. A lead is looked up by its place, which
never changes; a deleted lead's place stays empty.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from close_notes_gui.sandbox import fields, names
from close_notes_gui.sandbox.exchange import Json, refuse, refuse_fields
from close_notes_gui.sandbox.sample import MAX_CONTACTS, Contact, Lead, Sample
from close_notes_gui.sandbox.world import APP_URL, World, iso, to_ms


class LeadBook:
    """Invariant: every contact belongs to exactly one lead that exists, or is gone with it."""

    def __init__(self, world: World, sample: Sample) -> None:
        self._world = world
        self._sample = sample
        self._changed: dict[int, Lead | None] = {}
        self._created: dict[str, int] = {}
        self._homes: dict[str, int] = {}
        self.size = sample.count
        self.stale: set[int] = set()

    def at(self, place: int) -> Lead | None:
        """The lead at ``place``; None if it is gone."""
        if place in self._changed:
            return self._changed[place]
        return self._sample.lead(place) if 0 <= place < self._sample.count else None

    def is_changed(self, place: int) -> bool:
        """Whether the lead at ``place`` is no longer as the sample has it."""
        return place in self._changed

    def name_at(self, place: int) -> str | None:
        """The name of the lead at ``place``, without making the whole lead."""
        if place in self._changed:
            lead = self._changed[place]
            return None if lead is None else lead.name
        return self._sample.name(place)

    def place_of(self, lead_id: str) -> int | None:
        """The place of an existing lead."""
        place = self._created.get(lead_id)
        if place is None and lead_id.startswith("lead_"):
            place = self._sample.place_of(lead_id)
        return place if place is not None and self._exists(place) else None

    def _exists(self, place: int) -> bool:
        if place in self._changed:
            return self._changed[place] is not None
        return 0 <= place < self._sample.count

    def get(self, lead_id: str) -> Lead:
        """An existing lead; refused with 404 if it is not there."""
        place = self.place_of(lead_id)
        lead = None if place is None else self.at(place)
        if lead is None:
            raise refuse(404, "Lead not found.")
        return lead

    def home_of(self, contact_id: str) -> tuple[Lead, Contact]:
        """A contact with its lead; refused with 404 if it is not there."""
        place = self._homes.get(contact_id)
        if place is None and contact_id.startswith("cont_"):
            made_for = self._sample.place_of(contact_id)
            place = None if made_for is None else made_for // MAX_CONTACTS
        lead = None if place is None else self.at(place)
        for contact in lead.contacts if lead else ():
            if lead is not None and contact.id == contact_id:
                return lead, contact
        raise refuse(404, "Contact not found.")

    def places(self) -> Iterator[int]:
        """The places of all existing leads, oldest first."""
        gone = {place for place, lead in self._changed.items() if lead is None}
        return (place for place in range(self.size) if place not in gone)

    # What happens to leads outside of this program's calls.

    def create(self, name: str, *, contacts: Sequence[Mapping[str, str]]) -> Lead:
        """A new lead; each contact has ``name`` and perhaps ``title``, ``email``, ``phone``."""
        now = to_ms(self._world.now())
        people = tuple(
            Contact(
                id=self._world.mint("cont"),
                name=person["name"],
                title=person.get("title", ""),
                emails=((person["email"], "office"),) if "email" in person else (),
                phones=((person["phone"], person["phone"], "office"),) if "phone" in person else (),
                urls=(),
                created_at=now,
                updated_at=now,
            )
            for person in contacts
        )
        lead = Lead(
            id=self._world.mint("lead"),
            name=name,
            description="",
            url="",
            status=0,
            city=0,
            contacts=people,
            created_at=now,
            updated_at=now,
        )
        place, self.size = self.size, self.size + 1
        self._created[lead.id] = place
        self._put(place, lead)
        self._world.record(
            "lead", "created", object_id=lead.id, lead_id=lead.id, after=self.shown(lead)
        )
        return lead

    def rename(self, lead_id: str, name: str) -> None:
        """Give a lead another name."""
        before = self.get(lead_id)
        after = replace(before, name=name, updated_at=to_ms(self._world.now()))
        self._put(self._place(lead_id), after)
        self._world.record(
            "lead",
            "updated",
            object_id=lead_id,
            lead_id=lead_id,
            changed_fields=("name", "display_name"),
            after=self.shown(after),
            before={"name": before.name, "display_name": _display_name(before)},
        )

    def set_status(self, lead_id: str, label: str) -> None:
        """Give a lead another status, one of names.STATUSES; ValueError for others."""
        before = self.get(lead_id)
        status = names.STATUSES.index(label)
        after = replace(before, status=status, updated_at=to_ms(self._world.now()))
        self._put(self._place(lead_id), after)
        self._world.record(
            "lead",
            "updated",
            object_id=lead_id,
            lead_id=lead_id,
            changed_fields=("status_id", "status_label"),
            after=self.shown(after),
            before={"status_label": names.STATUSES[before.status]},
        )

    def move_contact(self, contact_id: str, destination_id: str) -> None:
        """Re-assign a contact to another lead, as its last one."""
        source, contact = self.home_of(contact_id)
        now = to_ms(self._world.now())
        left = tuple(one for one in source.contacts if one.id != contact_id)
        self._put(self._place(source.id), replace(source, contacts=left, updated_at=now))
        destination = self.get(destination_id)
        joined = (*destination.contacts, contact)
        home = self._place(destination_id)
        self._put(home, replace(destination, contacts=joined, updated_at=now))
        self._homes[contact_id] = home

    def delete(self, lead_id: str) -> None:
        """Delete a lead with its contacts."""
        lead = self.get(lead_id)
        self._put(self._place(lead_id), None)
        self._world.record(
            "lead", "deleted", object_id=lead_id, lead_id=lead_id, before=self.shown(lead)
        )

    def merge(self, source_id: str, destination_id: str) -> None:
        """Move the contacts of one lead to another and delete the first."""
        source, destination = self.get(source_id), self.get(destination_id)
        if source_id == destination_id:
            raise refuse(400, "A lead cannot be merged with itself.")
        home = self._place(destination_id)
        merged = replace(
            destination,
            contacts=destination.contacts + source.contacts,
            updated_at=to_ms(self._world.now()),
        )
        self._put(self._place(source_id), None)
        self._put(home, merged)
        self._homes.update((contact.id, home) for contact in source.contacts)
        self._world.record(
            "lead",
            "merged",
            object_id=destination_id,
            lead_id=destination_id,
            after=self.shown(merged),
            meta={"merge_source_lead_id": source_id, "merge_destination_lead_id": destination_id},
        )

    def _place(self, lead_id: str) -> int:
        place = self.place_of(lead_id)
        if place is None:
            raise refuse(404, "Lead not found.")
        return place

    def _put(self, place: int, lead: Lead | None) -> None:
        self._changed[place] = lead
        self.stale.add(place)

    # How Close shows them.

    def shown(self, lead: Lead) -> Json:
        """A lead as Close answers it."""
        world = self._world
        contacts = [self.shown_contact(contact, lead.id) for contact in lead.contacts]
        emails = [email for contact in contacts for email in contact["emails"]]
        phones = [phone for contact in contacts for phone in contact["phones"]]
        city, state, country = names.CITIES[lead.city]
        url = f"{APP_URL}/lead/{lead.id}/"
        return {
            "id": lead.id,
            "name": lead.name,
            "display_name": _display_name(lead),
            "status_id": world.status_ids[lead.status],
            "status_label": names.STATUSES[lead.status],
            "description": lead.description,
            "url": lead.url or None,
            "html_url": url,
            "contact_ids": [contact.id for contact in lead.contacts],
            "contacts": contacts,
            "contacts_summary": {"count": len(contacts), "preview": contacts[:1]},
            "primary_email": emails[0] if emails else None,
            "primary_phone": phones[0] if phones else None,
            "addresses": [
                {
                    "label": "business",
                    "address_1": "1 Main St",
                    "address_2": "",
                    "city": city,
                    "state": state,
                    "zipcode": "",
                    "country": country,
                }
            ],
            "organization_id": world.organization_id,
            "created_by": world.user_ids[0],
            "updated_by": world.user_ids[0],
            "date_created": iso(lead.created_at),
            "date_updated": iso(lead.updated_at),
        }

    def shown_contact(self, contact: Contact, lead_id: str) -> Json:
        """A contact as Close answers it."""
        return {
            "id": contact.id,
            "lead_id": lead_id,
            "name": contact.name,
            "display_name": contact.name,
            "title": contact.title,
            "emails": [
                {"email": email, "type": kind, "is_unsubscribed": False}
                for email, kind in contact.emails
            ],
            "phones": [
                {"phone": phone, "phone_formatted": formatted, "type": kind}
                for phone, formatted, kind in contact.phones
            ],
            "urls": [{"url": url, "type": "url"} for url in contact.urls],
            "organization_id": self._world.organization_id,
            "date_created": iso(contact.created_at),
            "date_updated": iso(contact.updated_at),
        }

    def list_contacts(self, params: fields.Params) -> Json:
        """The answer of ``GET /contact/``; the filter by lead is required here."""
        fields.only_known_params(params, {"lead_id"})
        if "lead_id" not in params:
            raise refuse_fields({"lead_id": "The sandbox lists contacts of one lead only."})
        lead = self.get(params["lead_id"])
        return fields.page(
            [self.shown_contact(contact, lead.id) for contact in lead.contacts], params
        )


def _display_name(lead: Lead) -> str:
    if lead.name:
        return lead.name
    return lead.contacts[0].name if lead.contacts else "Untitled"

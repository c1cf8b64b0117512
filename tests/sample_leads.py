"""The sandbox's sample organisation as the program's own leads, without asking for it."""

from collections.abc import Iterator
from datetime import UTC, datetime

from close_notes_gui.model.ids import ContactId, LeadId
from close_notes_gui.model.lead import Contact, Lead
from close_notes_gui.sandbox import names
from close_notes_gui.sandbox.sample import Sample

ANCHOR = datetime(2026, 11, 23, tzinfo=UTC)


def sample_leads(count: int, *, seed: int = 0) -> Iterator[Lead]:
    """The first leads of the sample, in its order."""
    sample = Sample(seed=seed, count=count, anchor=ANCHOR)
    for place in range(count):
        lead = sample.without_ids(place)
        yield Lead(
            LeadId(sample.id_of("lead", place)),
            lead.name or (lead.contacts[0].name if lead.contacts else "Untitled"),
            names.STATUSES[lead.status],
            tuple(
                Contact(
                    ContactId(sample.contact_id(place, turn)),
                    contact.name,
                    contact.title,
                    tuple(email for email, _ in contact.emails),
                    tuple(shown for _, shown, _ in contact.phones),
                )
                for turn, contact in enumerate(lead.contacts)
            ),
            lead.url,
            sample.dates(place)[1],
            names.CITIES[lead.city][0],
        )

"""Finds leads among those that are known, without asking anyone.

Engine thread. Case and accents do not count; each word typed must begin a word of the lead.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from close_notes_gui.model.ids import ContactId, LeadId
from close_notes_gui.model.lead import Lead, LeadHit, MatchedBy

_WORD: Final = re.compile(r"\w+")
_FEWEST_DIGITS: Final = 3
_PHONE: Final = re.compile(r"[\d\s()+./-]+")

_RANK: Final = {
    MatchedBy.NAME: 1,
    MatchedBy.CONTACT: 2,
    MatchedBy.EMAIL: 3,
    MatchedBy.PHONE: 4,
    MatchedBy.OTHER: 5,
}


def folded(text: str) -> str:
    """`text` without case, accents and width: what counts when words are compared."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


@dataclass(frozen=True, slots=True)
class _Facet:
    """One text of a lead that can answer to what is typed."""

    kind: MatchedBy
    shown: str
    words: tuple[str, ...]
    digits: str = ""
    contact_id: ContactId | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    lead: Lead
    name: str
    facets: tuple[_Facet, ...]


class Lookup:
    """Invariant: every lead that is known stands here once, as last heard of."""

    def __init__(self, leads: Iterable[Lead] = ()) -> None:
        self._known: dict[LeadId, _Known] = {}
        self.put(leads)

    def put(self, leads: Iterable[Lead]) -> None:
        """Know these leads as they are now."""
        for lead in leads:
            self._known[lead.id] = _Known(lead, folded(lead.name), tuple(_facets(lead)))

    def remove(self, lead_id: LeadId) -> None:
        """Forget it; unknown ones do no harm."""
        self._known.pop(lead_id, None)

    def find(self, text: str, *, recents: Iterable[LeadId] = (), limit: int) -> list[LeadHit]:
        """The hits, best first: names before people, whole beginnings before later words, what
        was opened lately before what was not.
        """
        order = {lead_id: place for place, lead_id in enumerate(recents)}
        scored = []
        for known in self._known.values():
            found = _match(known, text)
            if found is not None:
                rank, hit = found
                scored.append((rank, order.get(hit.lead.id, len(order)), known.name, hit))
        scored.sort(key=lambda row: row[:3])
        return [row[3] for row in scored[:limit]]


def hit_for(lead: Lead, text: str) -> LeadHit:
    """Why this lead answers to the text, as far as can be seen from here (else OTHER)."""
    found = _match(_Known(lead, folded(lead.name), tuple(_facets(lead))), text)
    return found[1] if found is not None else LeadHit(lead, MatchedBy.OTHER)


def _match(known: _Known, text: str) -> tuple[int, LeadHit] | None:
    wanted = folded(text).strip()
    words = tuple(_WORD.findall(wanted))
    if not words:
        return None
    if known.name.startswith(wanted):
        return 0, LeadHit(known.lead)
    best: tuple[int, LeadHit] | None = None
    for facet in known.facets:
        if _answers(facet, words, wanted) and (best is None or _RANK[facet.kind] < best[0]):
            why = "" if facet.kind is MatchedBy.NAME else facet.shown
            best = _RANK[facet.kind], LeadHit(known.lead, facet.kind, why, facet.contact_id)
    if best is None and _all_somewhere(known, words):
        best = _RANK[MatchedBy.OTHER], LeadHit(known.lead, MatchedBy.OTHER)
    return best


def _answers(facet: _Facet, words: tuple[str, ...], wanted: str) -> bool:
    if facet.kind is MatchedBy.PHONE:
        if not _PHONE.fullmatch(wanted):
            return False
        typed = "".join(char for char in wanted if char.isdigit())
        return len(typed) >= _FEWEST_DIGITS and typed in facet.digits
    return all(any(have.startswith(word) for have in facet.words) for word in words)


def _all_somewhere(known: _Known, words: tuple[str, ...]) -> bool:
    """A name and a person together: "acme jane"."""
    have = [word for facet in known.facets for word in facet.words]
    return len(words) > 1 and all(any(h.startswith(word) for h in have) for word in words)


def _facets(lead: Lead) -> Iterable[_Facet]:
    yield _facet(MatchedBy.NAME, lead.name)
    for contact in lead.contacts:
        yield _facet(MatchedBy.CONTACT, contact.name, contact.id)
        for email in contact.emails:
            yield _facet(MatchedBy.EMAIL, email, contact.id)
        for phone in contact.phones:
            digits = "".join(char for char in phone if char.isdigit())
            yield _Facet(MatchedBy.PHONE, phone, (), digits, contact.id)


def _facet(kind: MatchedBy, text: str, contact_id: ContactId | None = None) -> _Facet:
    return _Facet(kind, text, tuple(_WORD.findall(folded(text))), contact_id=contact_id)

"""Finds leads on this computer: those the rep had before, those just heard of, and the index.

Engine thread. Asks nobody; a broken index finds nothing, and says so once.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from close_notes_gui.engine.lead_match import (
    GUESS,
    INITIALS,
    PERSON,
    Match,
    guess,
    guess_roughly,
    match,
)
from close_notes_gui.model.ids import LeadId
from close_notes_gui.model.lead import Lead, LeadHit, MatchedBy
from close_notes_gui.store.errors import StoreError
from close_notes_gui.store.index.query import LeadQuery, parse
from close_notes_gui.store.index.reader import IndexReader

_HEARD_KEPT: Final = 200
_INITIALS_AT: Final = 3  # so many beginnings come before what the letters may abbreviate
_INITIALS_SHOWN: Final = 2
_NOT_SPELT_SO: Final = 2  # ranks that a name loses without the accents that were typed on purpose
_NAMES_FIRST: Final = 14  # of the names that begin so; then people get their turn
Answer = TypeVar("Answer")
_Test = Callable[[Lead, LeadQuery], Match | None]
_Tested = tuple[Lead, Sequence[_Test]]
_Order = tuple[bool, int, int, int, str, str]


class LeadFinder:
    """Invariant: a lead that is gone is found nowhere, whatever the index still holds."""

    def __init__(self, own: Iterable[Lead] = ()) -> None:
        """`own` are the leads that the rep opened before, the latest first."""
        self._own: dict[LeadId, Lead] = {lead.id: lead for lead in own}
        self._heard: dict[LeadId, Lead] = {}
        self._gone: set[LeadId] = set()
        self.reader: IndexReader | None = None
        self.on_trouble: Callable[[StoreError], None] = lambda _error: None

    def opened(self, lead: Lead) -> None:
        """The rep opened this lead: it comes before all others."""
        self._own.pop(lead.id, None)
        self._own = {lead.id: lead, **self._own}

    def put(self, leads: Iterable[Lead]) -> None:
        """Close told of these leads just now."""
        for lead in leads:
            self._gone.discard(lead.id)
            if lead.id in self._own:
                self._own[lead.id] = lead
            self._heard.pop(lead.id, None)
            self._heard[lead.id] = lead
        while len(self._heard) > _HEARD_KEPT:
            del self._heard[next(iter(self._heard))]

    def renew(self, leads: Iterable[Lead]) -> None:
        """These are in the index as they are now; what is held beside it must not be older."""
        for lead in leads:
            self._gone.discard(lead.id)
            for held in (self._own, self._heard):
                if lead.id in held:
                    held[lead.id] = lead

    def is_news(self, lead: Lead) -> bool:
        """Whether a lead that the rep opened before is not as it was."""
        return lead.id in self._own and self._own[lead.id] != lead

    def is_own(self, lead_id: LeadId) -> bool:
        """Whether the rep opened it before."""
        return lead_id in self._own

    def remove(self, lead_id: LeadId) -> None:
        """Close no longer has it."""
        self._own.pop(lead_id, None)
        self._heard.pop(lead_id, None)
        self._gone.add(lead_id)

    def forget_heard(self) -> None:
        """What was heard is in the index by now, or is not to be kept."""
        self._heard.clear()

    def get(self, lead_id: LeadId) -> Lead | None:
        """The lead as it was last heard of."""
        known = self._heard.get(lead_id) or self._own.get(lead_id)
        if known is not None or self.reader is None or lead_id in self._gone:
            return known
        try:
            return self.reader.get(lead_id)
        except StoreError as error:
            self.on_trouble(error)
            return None

    def find(self, text: str, *, limit: int) -> list[LeadHit]:
        """The hits, best first. The same letters give the same order until a lead changes."""
        query = parse(text)
        if query.is_empty:
            return []
        in_index = self._asked(lambda reader: reader.find(query))
        told = [(each.lead, (guess,) if each.is_guess else (match,)) for each in in_index]
        found = self._ranked(query, told, otherwise=(match, guess))
        as_typed = [each for each in found if each.rank < GUESS]
        if len(as_typed) >= query.enough:
            found = as_typed
        if not found:
            rough = self._asked(lambda reader: reader.find_roughly(query))
            told = [(lead, (guess_roughly,)) for lead in rough]
            found = self._ranked(query, told, otherwise=(guess_roughly,))
        return _arranged(found, query)[:limit]

    def _ranked(
        self, query: LeadQuery, told: Iterable[_Tested], *, otherwise: Sequence[_Test]
    ) -> list[Match]:
        """These leads and those held here that answer, best first; `otherwise` for the latter."""
        tests = {lead.id: (lead, ways) for lead, ways in told}
        for lead in (*self._own.values(), *self._heard.values()):
            tests[lead.id] = (self._heard.get(lead.id, lead), otherwise)
        own = {lead_id: place for place, lead_id in enumerate(self._own)}
        ranked: list[tuple[_Order, Match]] = []
        for lead, ways in tests.values():
            found = None if lead.id in self._gone else _first(way(lead, query) for way in ways)
            if found is not None:
                ranked.append((_order(found, own.get(lead.id)), found))
        ranked.sort(key=lambda row: row[0])
        return [found for _, found in ranked]

    def _asked(self, ask: Callable[[IndexReader], Sequence[Answer]]) -> Sequence[Answer]:
        """What the index answers; nothing where there is none, or it is broken."""
        if self.reader is None:
            return ()
        try:
            return ask(self.reader)
        except StoreError as error:
            self.on_trouble(error)
            return ()


def _first(found: Iterable[Match | None]) -> Match | None:
    return next((each for each in found if each is not None), None)


def hit_for(lead: Lead, text: str) -> LeadHit:
    """Why this lead answers to the text, as far as can be seen from here (else OTHER)."""
    query = parse(text)
    found = match(lead, query) or guess(lead, query) or guess_roughly(lead, query)
    return LeadHit(lead, MatchedBy.OTHER) if found is None else found.hit


def _order(found: Match, own_place: int | None) -> _Order:
    """Nothing of how it was found counts: that changes with each letter."""
    lead = found.hit.lead
    is_own = own_place is not None and found.rank <= PERSON
    near = own_place if is_own and own_place is not None else 0
    rank = found.rank + _NOT_SPELT_SO * found.lacks_accents
    return (not is_own, rank, -found.wholes, near, lead.name.casefold(), lead.id)


def _arranged(found: list[Match], query: LeadQuery) -> list[LeadHit]:
    """A few letters may abbreviate a name, or begin a person's: these get places in sight."""
    if not query.initials:
        return [each.hit for each in found]
    names = [each for each in found if each.rank < INITIALS]
    initials = [each for each in found if each.rank == INITIALS]
    rest = [each for each in found if each.rank > INITIALS]
    early, late = initials[:_INITIALS_SHOWN], initials[_INITIALS_SHOWN:]
    people = [each for each in rest if each.rank < GUESS]
    guesses = [each for each in rest if each.rank >= GUESS]
    arranged = [
        *names[:_INITIALS_AT], *early, *names[_INITIALS_AT:_NAMES_FIRST], *late, *people,
        *names[_NAMES_FIRST:], *guesses,
    ]  # fmt: skip
    return [each.hit for each in arranged]

"""How well a lead answers to what was typed, and by which of its parts.

Any thread; pure.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from close_notes_gui.model.folding import (
    UNSPACED,
    digits_of,
    folded,
    grams,
    joined,
    runs_of,
    terms_of,
    words_of,
)
from close_notes_gui.model.lead import Contact, Lead, LeadHit, MatchedBy
from close_notes_gui.model.typing_errors import begins_nearly, is_roughly
from close_notes_gui.store.index.query import OPTIONAL, LeadQuery
from close_notes_gui.store.index.terms import domain_words, email_words, initials_of

EXACT: Final = 0
BEGINNING: Final = 1
FIRST_WORDS: Final = 2
NAME: Final = 3
INITIALS: Final = 4
PERSON: Final = 5
ADDRESS: Final = 6
PHONE: Final = 7
NAME_AND_PERSON: Final = 8
OTHER: Final = 9
GUESS: Final = 20
ROUGH: Final = 40

_TAIL_DIGITS: Final = 7
_Test = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Match:
    """A hit and its place: lower `rank` first, then more whole words. `lacks_accents`: typed with
    accents, and this name has none there.
    """

    rank: int
    wholes: int
    hit: LeadHit
    lacks_accents: bool = False


@lru_cache(maxsize=8192)  # from letter to letter the candidates stay much the same
def _terms(text: str) -> tuple[str, ...]:
    return tuple(terms_of(text))


@lru_cache(maxsize=8192)
def _words(text: str) -> tuple[str, ...]:
    return tuple(words_of(text))


@lru_cache(maxsize=8192)
def _initials(name: str) -> tuple[str, ...]:
    return initials_of(name)


@lru_cache(maxsize=8192)
def _domain_terms(url: str) -> tuple[str, ...]:
    return tuple(domain_words(url))


@lru_cache(maxsize=8192)
def _email_terms(email: str) -> tuple[str, ...]:
    return tuple(email_words(email))


def match(lead: Lead, query: LeadQuery) -> Match | None:
    """The best reason for which this lead may be meant as typed, None where there is none."""
    if not has_status(lead, query):
        return None
    if query.digits:
        found = _by_phone(lead, query.digits)
        if found is not None:
            return found
    if query.address:
        found = _by_address(lead, query.address)
        if found is not None:
            return found
    if not query.words:
        return Match(OTHER, 0, LeadHit(lead, MatchedBy.OTHER, lead.status_label))
    for words in dict.fromkeys((query.words, query.needed)):
        found = _by_words(lead, words, _begins)
        if found is not None:
            is_spelt_so = query.rest.casefold() in lead.name.casefold()
            lacks = query.has_accents and not found.hit.why and not is_spelt_so
            return Match(found.rank, found.wholes * 2 + is_spelt_so, found.hit, lacks)
    return None


def has_status(lead: Lead, query: LeadQuery) -> bool:
    """Whether the lead passes the status filter."""
    return joined(lead.status_label).startswith(query.status)


def guess(lead: Lead, query: LeadQuery) -> Match | None:
    """The best reason where one slip in each word is forgiven."""
    return _guessed(lead, query, begins_nearly, rank=GUESS)


def guess_roughly(lead: Lead, query: LeadQuery) -> Match | None:
    """The best reason where two slips are forgiven in long words."""
    return _guessed(lead, query, is_roughly, rank=ROUGH)


def _guessed(lead: Lead, query: LeadQuery, test: _Test, *, rank: int) -> Match | None:
    found = _by_words(lead, query.needed, test) if has_status(lead, query) else None
    if found is None:
        return None
    terms = (*_terms(lead.name), *_terms(found.hit.why))
    wholes = sum(any(_is_nearly(term, word) for term in terms) for word in query.needed)
    return Match(rank + found.rank, wholes, found.hit)


def _is_nearly(term: str, word: str) -> bool:
    return abs(len(term) - len(word)) <= 1 and begins_nearly(term, word)


def _begins(term: str, word: str) -> bool:
    return term.startswith(word)


def _by_phone(lead: Lead, digits: str) -> Match | None:
    tail = digits.lstrip("0")
    short = digits[-_TAIL_DIGITS:] if len(digits) > _TAIL_DIGITS else digits
    for wanted, wholes in ((digits, 2), (tail, 1), (short, 0)):
        for contact in lead.contacts:
            for phone in contact.phones:
                if wanted and wanted in digits_of(phone):
                    hit = LeadHit(lead, MatchedBy.PHONE, phone, contact.id)
                    return Match(PHONE, wholes, hit)
    return None


def _by_address(lead: Lead, address: str) -> Match | None:
    for contact in lead.contacts:
        for email in contact.emails:
            known = folded(email)
            if address in known:
                hit = LeadHit(lead, MatchedBy.EMAIL, email, contact.id)
                return Match(ADDRESS, int(known == address), hit)
    if address in folded(lead.url):
        return Match(ADDRESS, 0, LeadHit(lead, MatchedBy.URL, lead.url))
    return None


def _by_words(lead: Lead, words: tuple[str, ...], test: _Test) -> Match | None:
    name = _terms(lead.name)
    left = [word for word in words if not _is_in(name, word, test)]
    if not left:
        rank, wholes = _name_rank(lead.name, name, words)
        return Match(rank, wholes, LeadHit(lead))
    if len(words) == 1:
        if words[0] in _initials(lead.name):
            return Match(INITIALS, 1, LeadHit(lead))
        if len(words[0]) > 3 and test(joined(lead.name), words[0]):
            return Match(NAME, 0, LeadHit(lead))
    person = _by_person(lead, words, test)
    if person is not None:
        return person
    return _by_parts(lead, left, test, is_partly_name=len(left) < len(words))


def _name_rank(name: str, terms: Sequence[str], words: tuple[str, ...]) -> tuple[int, int]:
    wholes = sum(word in terms for word in words)
    have = _words(name)
    if have == words or _without_forms(have) == _without_forms(words):
        return EXACT, wholes
    if " ".join(have).startswith(" ".join(words)):
        return BEGINNING, wholes
    return (FIRST_WORDS if have and have[0].startswith(words[0]) else NAME), wholes


def _without_forms(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in OPTIONAL)


def _by_person(lead: Lead, words: tuple[str, ...], test: _Test) -> Match | None:
    for contact in lead.contacts:
        terms = _terms(contact.name)
        if all(_is_in(terms, word, test) for word in words):
            wholes = sum(word in terms for word in words)
            return Match(PERSON, wholes, _person_hit(lead, contact))
    for contact in lead.contacts:
        for email in contact.emails:
            terms = _email_terms(email)
            if all(_is_in(terms, word, test) for word in words):
                hit = LeadHit(lead, MatchedBy.EMAIL, email, contact.id)
                return Match(ADDRESS, sum(word in terms for word in words), hit)
    terms = _domain_terms(lead.url)
    if all(_is_in(terms, word, test) for word in words):
        return Match(ADDRESS, 0, LeadHit(lead, MatchedBy.URL, lead.url))
    return None


def _by_parts(lead: Lead, left: list[str], test: _Test, *, is_partly_name: bool) -> Match | None:
    """The name together with a person ("acme jane"), or words from anywhere."""
    rank = NAME_AND_PERSON if is_partly_name else OTHER
    hit = LeadHit(lead, MatchedBy.OTHER, lead.address)
    for contact in lead.contacts:
        terms = _contact_terms(contact)
        rest = [word for word in left if not _is_in(terms, word, test)]
        if len(rest) < len(left):
            left, hit = rest, _person_hit(lead, contact)
            break
    if not left:
        return Match(rank, 0, hit)
    terms = (*_terms(lead.address), *_terms(lead.status_label), *_domain_terms(lead.url))
    for contact in lead.contacts:
        terms += _contact_terms(contact)
    if all(_is_in(terms, word, test) for word in left):
        return Match(OTHER, 0, hit)
    return None


def _contact_terms(contact: Contact) -> tuple[str, ...]:
    return (*_terms(contact.name), *(t for email in contact.emails for t in _email_terms(email)))


def _person_hit(lead: Lead, contact: Contact) -> LeadHit:
    return LeadHit(lead, MatchedBy.CONTACT, contact.name, contact.id)


def _is_in(terms: Sequence[str], word: str, test: _Test) -> bool:
    if not UNSPACED.search(word):
        return any(test(term, word) for term in terms)
    have = set(terms)
    for run in runs_of(word):
        is_prefix = len(run) == 1 or not UNSPACED.match(run)
        pairs = [run] if is_prefix else grams(run)[:-1]
        for pair in pairs:
            found = any(test(term, pair) for term in terms) if is_prefix else pair in have
            if not found:
                return False
    return True

"""What a lead can be found by: the words of each of its parts, as the index holds them.

Any thread; pure. VERSION changes with any change of what is made here: old entries can only be
taken out of the index by making them again.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from close_notes_gui.model.folding import UNSPACED, digits_of, joined, terms_of, words_of
from close_notes_gui.model.lead import Lead
from close_notes_gui.store.index.query import OPTIONAL

VERSION: Final = f"1/{unicodedata.unidata_version}"
_LONGEST_TERM: Final = 32
_MOST_CONTACTS: Final = 50
_LONGEST_KEY: Final = 48


@dataclass(frozen=True, slots=True)
class Terms:
    """One row of the word index and one of the index of digits, each term once per column."""

    name: str
    initials: str
    people: str
    mail: str
    more: str
    status: str
    digits: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the word index, in its order."""
        return (self.name, self.initials, self.people, self.mail, self.more, self.status)

    @property
    def vocabulary(self) -> set[str]:
        """The words among which a slip is looked for."""
        words = {*self.name.split(), *self.people.split()}
        return {word for word in words if len(word) > 2 and not UNSPACED.search(word)}


def key_of(name: str) -> str:
    """The name as it sorts: its folded words."""
    return " ".join(words_of(name))[:_LONGEST_KEY]


def initials_of(name: str) -> tuple[str, ...]:
    """The first letters of the name's words, legal form and "and" left out; none for one word.

    A number counts whole or not at all: "42dn" and "dn".
    """
    if UNSPACED.search(name):
        return ()
    words = [word for word in words_of(name) if word not in OPTIONAL and word[0].isalnum()]
    whole = "".join(word if word.isdecimal() else word[0] for word in words)
    letters = "".join(word[0] for word in words if not word.isdecimal())
    return tuple(dict.fromkeys(found[:8] for found in (whole, letters) if len(found) > 1))


def terms_for(lead: Lead) -> Terms:
    """The terms of a lead."""
    name = [*terms_of(lead.name)]
    whole = "".join(word for word in words_of(lead.name) if word[0].isalnum())
    if len(name) > 1 and len(whole) <= _LONGEST_TERM and not UNSPACED.search(whole):
        name.append(whole)
    people: list[str] = []
    mail = domain_words(lead.url)
    phones: list[str] = []
    for contact in lead.contacts[:_MOST_CONTACTS]:
        people += terms_of(contact.name)
        for email in contact.emails:
            mail += email_words(email)
        phones += [digits_of(phone) for phone in contact.phones]
    return Terms(
        name=_column(name),
        initials=" ".join(initials_of(lead.name)),
        people=_column(people),
        mail=_column(mail),
        more=_column([*terms_of(lead.address), *terms_of(lead.status_label)]),
        status=joined(lead.status_label)[:_LONGEST_TERM],
        digits=" ".join(dict.fromkeys(phone for phone in phones if phone)),
    )


def email_words(email: str) -> list[str]:
    """The words of an address, its top-level domain left out."""
    mailbox, _, domain = email.rpartition("@")
    return [*terms_of(mailbox), *_labels(domain)]


def domain_words(url: str) -> list[str]:
    """The words of a web address' domain, `www` and the top-level domain left out."""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return []
    return _labels(host.removeprefix("www."))


def _labels(domain: str) -> list[str]:
    return terms_of(domain.rpartition(".")[0])


def _column(words: list[str]) -> str:
    return " ".join(dict.fromkeys(word[:_LONGEST_TERM] for word in words))

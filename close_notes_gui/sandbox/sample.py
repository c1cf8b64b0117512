"""The sample organisation: any number of leads, each a pure function of its place.

Any thread. Nothing is stored per lead, so 200,000 leads cost nothing until
they are looked at; the same seed and day give the same leads.
"""

import base64
import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from close_notes_gui.sandbox import names

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANGE = 1 << 35  # fits six characters of the alphabet
_STEP = 0x2545F4915  # odd, so it can be undone within _RANGE
_UNSTEP = pow(_STEP, -1, _RANGE)
_MASK = (1 << 64) - 1
_YEARS_S = 4 * 365 * 86_400
MAX_CONTACTS = 8


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a lead; phones are (E.164, as formatted, type)."""

    id: str
    name: str
    title: str
    emails: tuple[tuple[str, str], ...]
    phones: tuple[tuple[str, str, str], ...]
    urls: tuple[str, ...]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Lead:
    """A company. ``status`` is a place in names.STATUSES, ``city`` one in names.CITIES."""

    id: str
    name: str
    description: str
    url: str
    status: int
    city: int
    contacts: tuple[Contact, ...]
    created_at: datetime
    updated_at: datetime


def mix(value: int) -> int:
    """A well spread 64-bit number for ``value`` (splitmix64)."""
    value = (value + 0x9E3779B97F4A7C15) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def tail_of(text: str) -> str:
    """36 letters and digits that depend on ``text``."""
    digest = hashlib.sha256(text.encode()).digest()[:27]
    return base64.b64encode(digest, b"xX").decode()


def ascii_slug(text: str) -> str:
    """Lower-case ASCII letters and digits of ``text``, for domains and mailboxes."""
    return "".join(map(_slug_of_word, text.split()))


@lru_cache(maxsize=4096)
def _slug_of_word(word: str) -> str:
    plain = word.lower().replace("ł", "l").replace("ß", "ss").replace("ø", "o")
    bare = unicodedata.normalize("NFKD", plain)
    return "".join(char for char in bare if char.isascii() and char.isalnum())


class Sample:
    """``count`` leads, made when asked for. Invariant: lead(i) is always equal to itself."""

    def __init__(self, *, seed: int, count: int, anchor: datetime) -> None:
        self.seed = seed
        self.count = count
        self._anchor = anchor
        self._salt = mix(seed) & 0xFFFF_FFFF_FFFF

    def id_of(self, prefix: str, place: int) -> str:
        """The id, such as ``lead_…``, of the thing at ``place``."""
        code, head = place * _STEP % _RANGE, ""
        for _ in range(6):
            code, digit = divmod(code, 62)
            head += _ALPHABET[digit]
        return f"{prefix}_{head}{tail_of(f'{self.seed}/{prefix}/{place}')}"

    def contact_id(self, index: int, turn: int) -> str:
        """The id of a contact of the lead at ``index``."""
        return self.id_of("cont", index * MAX_CONTACTS + turn)

    def place_of(self, any_id: str) -> int | None:
        """The place that ``any_id`` was made for; None if it was not made here."""
        prefix, _, rest = any_id.partition("_")
        code = 0
        for char in reversed(rest[:6]):
            digit = _ALPHABET.find(char)
            if digit < 0:
                return None
            code = code * 62 + digit
        place = code * _UNSTEP % _RANGE
        return place if self.id_of(prefix, place) == any_id else None

    def name(self, index: int) -> str:
        """The name of the lead at ``index``."""
        if index < len(names.CURATED):
            return names.CURATED[index][0]
        number = mix(index ^ self._salt)
        number, first = divmod(number, len(names.FIRST_WORDS))
        number, second = divmod(number, len(names.SECOND_WORDS))
        number, form = divmod(number, len(names.LEGAL_FORMS))
        number, pattern = divmod(number, 10)
        number, last = divmod(number, len(names.LAST_NAMES))
        head, tail = names.FIRST_WORDS[first], names.SECOND_WORDS[second]
        if pattern == 0:
            head = names.LAST_NAMES[last]
        elif pattern == 1:
            other = names.LAST_NAMES[number % len(names.LAST_NAMES)]
            head, tail = names.LAST_NAMES[last], f"& {other}"
        elif pattern == 2:
            tail = f"{tail} of {names.CITIES[number % len(names.CITIES)][0]}"
        elif pattern == 3:
            head += names.FIRST_WORDS[number % len(names.FIRST_WORDS)].lower()
        return " ".join(word for word in (head, tail, names.LEGAL_FORMS[form]) if word)

    def domain(self, index: int) -> str:
        """The internet domain of the lead at ``index``; unique."""
        slug = ascii_slug(self.name(index))[:24] or f"lead{index}"
        return f"{slug}{index}.example" if index >= len(names.CURATED) else f"{slug}.example"

    def lead(self, index: int) -> Lead:
        """The lead at ``index``."""
        return self._lead(index, *self.dates(index), with_ids=True)

    def without_ids(self, index: int) -> Lead:
        """The lead at ``index`` with empty ids: for searching, and several times faster."""
        return self._lead(index, self._anchor, self._anchor, with_ids=False)

    def _lead(
        self, index: int, created_at: datetime, updated_at: datetime, *, with_ids: bool
    ) -> Lead:
        number = mix(index * 3 + self._salt)
        number, status = divmod(number, len(names.STATUSES))
        number, city = divmod(number, len(names.CITIES))
        domain = self.domain(index)
        curated = index < len(names.CURATED)
        count = 1 + index % 3 if curated else (1, 1, 2, 1, 3, 2, 0, 1)[number % 8]
        described = number // 8 % 4 == 0
        place = names.CITIES[city][0]
        return Lead(
            id=self.id_of("lead", index) if with_ids else "",
            name=self.name(index),
            description=f"Met at the {place} fair; asked for a call back." if described else "",
            url=f"https://www.{domain}/",
            status=status,
            city=city,
            contacts=tuple(
                self._contact(index, turn, domain, created_at, with_id=with_ids)
                for turn in range(count)
            ),
            created_at=created_at,
            updated_at=updated_at,
        )

    def dates(self, index: int) -> tuple[datetime, datetime]:
        """When the lead at ``index`` was created and last changed; whole milliseconds.

        One in sixteen was changed within the same ten minutes, as a bulk edit
        does: in a large organisation more than one search can return.
        """
        number = mix(index * 5 + self._salt)
        age_ms = number % (_YEARS_S * 1000)
        created_at = self._anchor - timedelta(milliseconds=86_400_000 + age_ms)
        number = mix(number)
        if number % 16 == 0:
            return created_at, self._anchor - timedelta(milliseconds=number // 16 % 600_000)
        return created_at, created_at + timedelta(milliseconds=number // 16 % (age_ms + 1))

    def _contact(
        self, index: int, turn: int, domain: str, created_at: datetime, *, with_id: bool
    ) -> Contact:
        place = index * MAX_CONTACTS + turn
        number = mix(place * 7 + self._salt)
        number, first = divmod(number, len(names.FIRST_NAMES))
        number, last = divmod(number, len(names.LAST_NAMES))
        number, title = divmod(number, len(names.TITLES))
        number, line = divmod(number, 10_000)
        name = f"{names.FIRST_NAMES[first]} {names.LAST_NAMES[last]}"
        if turn == 0 and index < len(names.CURATED):
            name = names.CURATED[index][1]
        mailbox = ".".join(filter(None, map(ascii_slug, name.split()))) or "office"
        area = 200 + number % 780
        return Contact(
            id=self.contact_id(index, turn) if with_id else "",
            name=name,
            title=names.TITLES[title],
            emails=((f"{mailbox}@{domain}", "office"),) if number % 8 else (),
            phones=((f"+1{area}555{line:04}", f"+1 {area}-555-{line:04}", "office"),)
            if number % 5
            else (),
            urls=(),
            created_at=created_at,
            updated_at=created_at,
        )

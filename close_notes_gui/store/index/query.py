"""What was typed into the search, taken apart once for all who look.

Any thread; pure.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from close_notes_gui.model.folding import (
    STATUS_FILTER,
    UNSPACED,
    digits_of,
    folded,
    joined,
    without_status,
    words_of,
)

_MOST_WORDS: Final = 8
_LONGEST: Final = 200
_FEWEST_DIGITS: Final = 3
_PHONE: Final = re.compile(r"(?:tel:)?[\s()+./\d\-]+", re.IGNORECASE)
_SCHEME: Final = re.compile(r"^(?:[a-z]+://|mailto:)?(?:www\.)?", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"\S+@\S*|\S*[^\W\d_][^\s.]+\.[^\s.]{2,}\S*|\S*://\S+|www\.\S+")

#: Words that say nothing about which company it is, and may stand in one spelling only.
OPTIONAL: Final = frozenset(
    """
    and und et y e i og och en the inc incorporated llc ltd limited co corp corporation company
    gmbh mbh ag kg ohg gbr ug ev se sa sas sarl srl spa bv nv ab oy oyj as aps plc pty kk sp z oo
    zoo ltda sl ooo ооо оао зао ао αε epe 株式会社 有限公司 주식회사
    """.split()
)


@dataclass(frozen=True, slots=True)
class LeadQuery:
    """`words` are folded, each the beginning of a word that is looked for. `rest` is the text
    without its status filter. `address` is an email or a domain as typed, folded, else empty;
    `digits` those of a phone number, else empty.
    """

    rest: str
    words: tuple[str, ...]
    status: str = ""
    address: str = ""
    digits: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.words or self.status or self.digits)

    @property
    def key(self) -> str:
        """The words as the beginning of a whole name."""
        return " ".join(self.words)

    @property
    def initials(self) -> str:
        """The one word, where it may be the initials of a name."""
        fits = len(self.words) == 1 and 2 <= len(self.words[0]) <= 5 and not self.address
        return self.words[0] if fits and not UNSPACED.search(self.words[0]) else ""

    @property
    def enough(self) -> int:
        """How many leads must answer as typed for nobody to need a guess at slips."""
        return 1 if len(self.needed) > 1 else 3

    @property
    def has_accents(self) -> bool:
        """Whether accents were typed: then they are meant."""
        apart = unicodedata.normalize("NFD", self.rest)
        return any(unicodedata.combining(char) for char in apart)

    @property
    def needed(self) -> tuple[str, ...]:
        """The words that a lead must have."""
        needed = tuple(word for word in self.words if word not in OPTIONAL)
        return needed or self.words


def parse(text: str) -> LeadQuery:
    """Take apart what was typed."""
    text = text[:_LONGEST]
    found = STATUS_FILTER.search(text)
    status = joined(found[1].strip('"')) if found else ""
    rest = without_status(text)
    if _PHONE.fullmatch(rest):
        digits = digits_of(rest)
        if rest.lstrip("tel:").startswith("00"):
            digits = digits[2:]
        if len(digits) >= _FEWEST_DIGITS:
            return LeadQuery(rest, tuple(words_of(rest)[:_MOST_WORDS]), status, digits=digits)
    if _ADDRESS.fullmatch(rest):
        bare = _SCHEME.sub("", rest)
        bare = bare if "@" in bare else bare.split("/")[0]
        words = words_of(bare)
        if "." in bare.rpartition("@")[2].strip(".") and len(words) > 1:
            words = words[:-1]  # the top-level domain is not kept
        if words:
            return LeadQuery(rest, tuple(words[:_MOST_WORDS]), status, address=folded(bare).strip())
    return LeadQuery(rest, tuple(words_of(rest)[:_MOST_WORDS]), status)

"""How words are compared: without case, accents, width, apostrophes and marks of direction.

Any thread; pure. Scripts without spaces are cut into overlapping pairs of characters, so that
any part of a name can be found.
"""

import re
import unicodedata
from typing import Final

from close_notes_gui.model.composing import composed

# Letters that Unicode does not take apart, and forms that are typed for one another.
_SPECIAL: Final = {
    "ø": "o", "đ": "d", "ł": "l", "ı": "i", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th",
    "ð": "d", "ς": "σ", "ة": "ه", "ى": "ي", "ٱ": "ا", "״": "", "׳": "", "'": "'", "’": "'",
    "‘": "'", "ʼ": "'", "`": "'", "´": "'", "ー": "ー",
}  # fmt: skip
_KEPT: Final = "'.+#-"
_KATAKANA: Final = range(0x30A1, 0x30F7)
_TO_HIRAGANA: Final = 0x60
_HANGUL: Final = range(0xAC00, 0xD7A4)

#: Characters of scripts that put no spaces between words.
_UNSPACED: Final = (
    "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\U00020000-\U0003ffff"
)
_RUNS: Final = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
UNSPACED: Final = re.compile(f"[{_UNSPACED}]")
#: A status that a search is limited to: `status:potential`, `status:"bad fit"`.
STATUS_FILTER: Final = re.compile(r"(?<!\S)status:(\"[^\"]*\"?|\S*)", re.IGNORECASE)
_INNER: Final = re.compile(r"['.\-]")
_KEPT_ANY: Final = re.compile(r"['.+#\-]")


class _Table(dict[int, str]):
    """What each character becomes; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _folded(chr(code))
        return found


def _folded(char: str) -> str:
    special = _SPECIAL.get(char)
    if special is not None:
        return special
    if ord(char) in _HANGUL:  # Unicode would take syllables apart
        return char
    # Letters for mathematics and the like are small ones only once they are taken apart.
    apart = unicodedata.normalize("NFKD", char).casefold()
    parts = unicodedata.normalize("NFKD", apart)
    return "".join(map(_classed, parts)) if parts != char else _classed(char)


def _classed(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    if char in _KEPT or ord(char) in _HANGUL:
        return char
    if unicodedata.combining(char):
        return ""
    if ord(char) in _KATAKANA:
        return chr(ord(char) - _TO_HIRAGANA)
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if category[0] in "PZC" or category in {"Sm", "Sk", "Sc"}:
        return " "
    return f" {char} " if category == "So" else char


_TABLE: Final = _Table()


def folded(text: str) -> str:
    """`text` as it is compared; words are split by spaces, `'`, `.`, `-`, and hold `+` and `#`."""
    if not text.isascii():
        text = composed(text)
    return text.translate(_TABLE)


def folded_with_places(text: str) -> tuple[str, list[int]]:
    """`folded`, and for each of its characters the place in `text` that it came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for letter in _TABLE[ord(char)]:
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def without_status(text: str) -> str:
    """What was typed but for its status filter, on one line."""
    return " ".join(STATUS_FILTER.sub(" ", text).split())


def joined(text: str) -> str:
    """The folded letters and digits alone, in one piece: "rocketsurgerylabs"."""
    return "".join(char for char in folded(text) if char not in " '.-")


def words_of(text: str) -> list[str]:
    """The words, apostrophes and points of abbreviations taken out: "oreilly", "sa"."""
    words: list[str] = []
    for chunk in folded(text).split():
        for part in chunk.split("-"):
            words += _pieces(part)
    return [word for word in words if word.strip("+#")]


def _pieces(part: str) -> list[str]:
    part = part.replace("'", "")
    pieces = [piece for piece in part.split(".") if piece]
    if len(pieces) > 1 and all(len(piece) <= 1 for piece in pieces):
        return ["".join(pieces)]
    return pieces


def terms_of(text: str) -> list[str]:
    """Every word that the text can be found by: its words, parts of them, and pairs."""
    line = folded(text)
    if text.isascii() and not _KEPT_ANY.search(line):
        return list(dict.fromkeys(line.split()))
    found: dict[str, None] = {}
    for chunk in line.split():
        if _INNER.search(chunk):
            parts = [part for part in _INNER.split(chunk) if part]
            whole = "".join(parts)
            forms = parts if "." in chunk and any(len(p) > 1 for p in parts) else [*parts, whole]
        else:
            forms = [chunk]
        for form in forms:
            for term in _spelt(form):
                found[term] = None
    if UNSPACED.search(line) and " " in line.strip():  # a name may be typed without its space
        for run in _RUNS.findall("".join(line.split())):
            if UNSPACED.match(run):
                found.update(dict.fromkeys(grams(run)))
    for spelling in _other_spellings(text):
        found[spelling] = None
    return list(found)


def _spelt(form: str) -> list[str]:
    if not UNSPACED.search(form):
        if form.startswith("ال") and len(form) > 3:  # the Arabic article
            return [form, form[2:]]
        return [form] if form.strip("+#") else []
    return [gram for run in _RUNS.findall(form) for gram in grams(run)]


def grams(run: str) -> list[str]:
    """The overlapping pairs of a run of an unspaced script, and its last character alone."""
    if not UNSPACED.match(run):
        return [run]
    return [run[place : place + 2] for place in range(len(run))]


_UMLAUTS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
     "Å": "Aa", "Ø": "Oe"}
)  # fmt: skip


def _other_spellings(text: str) -> list[str]:
    """Müller as "mueller"."""
    if text.isascii():
        return []
    text = composed(text)
    spelt = text.translate(_UMLAUTS)
    return words_of(spelt) if spelt != text else []


def runs_of(word: str) -> list[str]:
    """A word cut where a spaced and an unspaced script meet."""
    return _RUNS.findall(word) if UNSPACED.search(word) else [word]


def digits_of(text: str) -> str:
    """The decimal digits, as ASCII."""
    if text.isascii():
        return "".join(char for char in text if char.isdigit())
    return "".join(
        str(unicodedata.decimal(char))
        for char in text
        if unicodedata.decimal(char, None) is not None
    )

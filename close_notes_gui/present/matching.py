"""Which part of a text answered to the words typed, to show it bold. Pure."""

from functools import lru_cache

from close_notes_gui.model.folding import UNSPACED, digits_of, folded_with_places, words_of
from close_notes_gui.model.typing_errors import begins_nearly, is_roughly

Spans = tuple[tuple[int, int], ...]  # (start, length), in order, not overlapping

_SHORTEST_JOINED = 4
_FEWEST_DIGITS = 3


@lru_cache(maxsize=2048)  # views are made anew with every event, their names rarely are
def bold_parts(name: str, words: str) -> Spans:
    """Of `name`: each typed word where it begins
    a word of the name, or nearly so; initials; words typed without their spaces. Accents and case
    do not count.
    """
    folded, origin = _folded(name)
    typed = _typed(words)
    taken: list[tuple[int, int]] = []
    for word in typed:
        taken += _spans(folded, word, is_alone=len(typed) == 1)
    return _merged([(origin[start], origin[end - 1] + 1) for start, end in taken])


@lru_cache(maxsize=16)
def _typed(words: str) -> tuple[str, ...]:
    return tuple(words_of(words))


def bold_digits(phone: str, typed: str) -> Spans:
    """Of a phone number: the digits that were typed, or as many of their end as it has."""
    places = [at for at, char in enumerate(phone) if digits_of(char)]
    digits, wanted = digits_of(phone), digits_of(typed)
    while len(wanted) >= _FEWEST_DIGITS:
        at = digits.find(wanted)
        if at != -1:
            start = places[at]
            return ((start, places[at + len(wanted) - 1] + 1 - start),)
        wanted = wanted[1:]
    return ()


@lru_cache(maxsize=2048)
def _folded(name: str) -> tuple[str, list[int]]:
    letters, places = folded_with_places(name)
    if "'" not in letters:
        return letters, places
    kept = [at for at, letter in enumerate(letters) if letter != "'"]
    return "".join(letters[at] for at in kept), [places[at] for at in kept]


def _spans(folded: str, word: str, *, is_alone: bool) -> list[tuple[int, int]]:
    at = _word_start(folded, word)
    if at is not None:
        return [(at, at + len(word))]
    if is_alone:
        found = _initials(folded, word) or _without_spaces(folded, word)
        if found:
            return found
    for start, end in _words(folded):
        if begins_nearly(folded[start:end], word):
            return [(start, min(end, start + len(word)))]
    return [(start, end) for start, end in _words(folded) if is_roughly(folded[start:end], word)]


def _word_start(folded: str, word: str) -> int | None:
    anywhere = bool(UNSPACED.match(word))
    at = folded.find(word)
    while at != -1:
        if anywhere or at == 0 or not folded[at - 1].isalnum():
            return at
        at = folded.find(word, at + 1)
    return None


def _words(folded: str) -> list[tuple[int, int]]:
    """Where each word begins and ends."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    for at, letter in enumerate(folded + " "):
        if letter.isalnum():
            start = at if start is None else start
        elif start is not None:
            found.append((start, at))
            start = None
    return found


def _initials(folded: str, word: str) -> list[tuple[int, int]]:
    starts = [start for start, _ in _words(folded)]
    first = "".join(folded[start] for start in starts).find(word) if len(word) > 1 else -1
    if first == -1:
        return []
    return [(start, start + 1) for start in starts[first : first + len(word)]]


def _without_spaces(folded: str, word: str) -> list[tuple[int, int]]:
    if len(word) < _SHORTEST_JOINED:
        return []
    letters = [at for at, letter in enumerate(folded) if letter.isalnum()]
    first = "".join(folded[at] for at in letters).find(word)
    if first == -1:
        return []
    return [(at, at + 1) for at in letters[first : first + len(word)]]


def _merged(spans: list[tuple[int, int]]) -> Spans:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple((start, end - start) for start, end in merged)

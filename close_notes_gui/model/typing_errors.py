"""Slips of the finger: a letter wrong, missing, too many, or two swapped. One is forgiven in the
beginning of a word, two in a long word that is there whole, where its first two letters are right.

Any thread; pure. Works on folded words; what is typed may be the beginning of a word.
"""

from collections.abc import Iterator
from typing import Final

_SHORTEST: Final = 4
_LONGEST: Final = 24
_SHORTEST_ROUGH: Final = 6
ROUGH_SLIPS: Final = 2
_ALPHABETS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "абвгдежзиклмнопрстуфхцчшщъыьэюя",
    "אבגדהוזחטיכךלמםנןסעפףצץקרשת",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
)


def may_slip(word: str) -> bool:
    """Whether the word is long enough, and of letters, for a slip to be told from another word."""
    return _SHORTEST <= len(word) <= _LONGEST and word.isalpha()


def begins_nearly(term: str, word: str) -> bool:
    """Whether some beginning of `term` is at most one slip away from `word`."""
    if term.startswith(word):
        return True
    if not may_slip(word):
        return False
    at = 0
    shorter = min(len(term), len(word))
    while at < shorter and term[at] == word[at]:
        at += 1
    rest, typed = term[at:], word[at:]
    return (
        rest[1:].startswith(typed[1:])  # another letter, or one too many at the end
        or rest.startswith(typed[1:])
        or rest[1:].startswith(typed)
        or (len(rest) > 1 and typed[:2] == rest[1] + rest[0] and rest[2:].startswith(typed[2:]))
    )


def may_be_rough(word: str) -> bool:
    """Whether the word is long enough for two slips in it to be forgiven."""
    return len(word) >= _SHORTEST_ROUGH and may_slip(word)


def is_roughly(term: str, word: str) -> bool:
    """Whether `term`, whole, is at most two slips away from `word`, or begins nearly so."""
    if begins_nearly(term, word):
        return True
    if not may_be_rough(word) or term[:2] != word[:2] or abs(len(term) - len(word)) > ROUGH_SLIPS:
        return False
    return len(set(word) - set(term)) <= ROUGH_SLIPS and _slips_between(term, word) <= ROUGH_SLIPS


def _slips_between(term: str, word: str) -> int:
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, letter in enumerate(term, start=1):
        earlier, before, row = before, row, [i]
        for j, typed in enumerate(word, start=1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != typed))
            if i > 1 and j > 1 and letter == word[j - 2] and term[i - 2] == typed:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
        if min(row) > ROUGH_SLIPS:
            return ROUGH_SLIPS + 1
    return row[-1]


def slips(word: str) -> Iterator[str]:
    """Every beginning that one slip may have turned into `word`; several hundred."""
    if not may_slip(word):
        return
    letters = _letters(word)
    for at in range(len(word)):
        head, tail = word[:at], word[at + 1 :]
        if len(word) > _SHORTEST:  # three letters begin too many words
            yield head + tail
        if tail:
            yield head + tail[0] + word[at] + tail[1:]
        for letter in letters:
            yield head + letter + tail
            yield head + letter + word[at:]


def _letters(word: str) -> str:
    for alphabet in _ALPHABETS:
        if any(char in alphabet for char in word):
            return alphabet
    return ""

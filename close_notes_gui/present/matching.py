"""Which part of a name answered to the words typed, to show it bold. Pure."""

import unicodedata


def bold_parts(name: str, words: str) -> tuple[tuple[int, int], ...]:
    """(start, length) pairs in `name`, in order, not overlapping: each typed word where it begins
    a word of the name. Accents and case do not count.
    """
    folded, origin = _fold(name)
    taken: list[tuple[int, int]] = []
    for word in _fold(words)[0].split():
        at = _word_start(folded, word)
        if at is not None:
            start, end = origin[at], origin[at + len(word) - 1] + 1
            taken.append((start, end))
    return _merged(taken)


def _fold(text: str) -> tuple[str, list[int]]:
    """The text without case and accents, and for each of its characters where it came from."""
    letters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        for part in unicodedata.normalize("NFKD", character).casefold():
            if not unicodedata.combining(part):
                letters.append(part)
                origin.append(index)
    return "".join(letters), origin


def _word_start(folded: str, word: str) -> int | None:
    at = folded.find(word)
    while at != -1:
        if at == 0 or not folded[at - 1].isalnum():
            return at
        at = folded.find(word, at + 1)
    return None


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple((start, end - start) for start, end in merged)

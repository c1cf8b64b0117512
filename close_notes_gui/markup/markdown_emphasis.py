"""Emphasis and strike-through in Markdown, by CommonMark's rule of delimiter runs.

Any thread. Runs last of the inline patterns, on text in which code, links and the like are
placeholders already, and answers for the whole of it at once.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import ETX, STX

_RUN = re.compile(r"\*+|_+|~+")
_MOST_RUNS = 2000


@dataclass(slots=True)
class _Run:
    """Delimiters in a row. `length` shrinks as they are used up; `tags` are (start?, name)."""

    sign: str
    length: int
    opens: bool
    closes: bool
    original: int
    ends: list[str] = field(default_factory=list)
    starts: list[str] = field(default_factory=list)


class EmphasisProcessor(InlineProcessor):
    """`*a*`, `__b__`, `~~c~~` and all their combinations."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(r"[*_~]", md)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self,
        m: re.Match[str],  # noqa: ARG002 - the whole text is answered for, not the match
        data: str,
    ) -> tuple[Element, int, int]:
        texts, runs = _cut(data)
        if len(runs) <= _MOST_RUNS:
            _match(runs)
        return _build(texts, runs), 0, len(data)


def _cut(data: str) -> tuple[list[str], list[_Run]]:
    """Text before, between and after the delimiter runs."""
    texts: list[str] = []
    runs: list[_Run] = []
    place = 0
    for found in _RUN.finditer(data):
        texts.append(data[place : found.start()])
        place = found.end()
        before = _kind(data[found.start() - 1] if found.start() else " ")
        after = _kind(data[place] if place < len(data) else " ")
        runs.append(_run(found[0], before, after))
    texts.append(data[place:])
    return texts, runs


def _run(signs: str, before: str, after: str) -> _Run:
    left = after != "space" and (after != "punctuation" or before != "word")
    right = before != "space" and (before != "punctuation" or after != "word")
    opens, closes = left, right
    if signs[0] == "_":
        opens = left and (not right or before == "punctuation")
        closes = right and (not left or after == "punctuation")
    if signs[0] == "~" and len(signs) != 2:
        opens = closes = False
    return _Run(signs[0], len(signs), opens, closes, len(signs))


def _kind(character: str) -> str:
    if character.isspace():
        return "space"
    # Placeholders stand for code, links and breaks, which begin and end with punctuation.
    if character in STX + ETX or unicodedata.category(character)[0] in "PS":
        return "punctuation"
    return "word"


def _match(runs: list[_Run]) -> None:
    """Pair closers with openers, nearest first (CommonMark's "process emphasis")."""
    bottoms: dict[tuple[str, bool, int], int] = {}
    open_runs: list[int] = []
    for index, closer in enumerate(runs):
        while closer.closes and closer.length:
            key = (closer.sign, closer.opens, closer.original % 3)
            at = _opener(runs, open_runs, closer, bottoms.get(key, -1))
            if at is None:
                bottoms[key] = index - 1
                break
            opener = runs[open_runs[at]]
            used = 2 if min(opener.length, closer.length) >= 2 else 1
            name = "del" if closer.sign == "~" else ("em", "strong")[used - 1]
            opener.length -= used
            closer.length -= used
            opener.starts.append(name)
            closer.ends.append(name)
            del open_runs[at + 1 :]
            if not opener.length:
                open_runs.pop()
        if closer.opens and closer.length:
            open_runs.append(index)


def _opener(runs: list[_Run], open_runs: list[int], closer: _Run, bottom: int) -> int | None:
    for at in range(len(open_runs) - 1, -1, -1):
        if open_runs[at] <= bottom:
            return None
        opener = runs[open_runs[at]]
        if opener.sign != closer.sign:
            continue
        both_ways = opener.closes or closer.opens
        odd = (opener.original + closer.original) % 3 == 0 and (
            opener.original % 3 or closer.original % 3
        )
        if not (both_ways and odd):
            return at
    return None


def _build(texts: list[str], runs: list[_Run]) -> Element:
    """Elements of the pairs found; delimiters left over are text, and stay it."""
    root = Element("span")
    path = [root]
    _append(path[-1], texts[0])
    for run, text in zip(runs, texts[1:], strict=True):
        for _ in run.ends:
            path.pop()
        # As an escape of python-markdown's own, so that no later pass takes it for emphasis.
        _append(path[-1], f"{STX}{ord(run.sign)}{ETX}" * run.length)
        path.extend(_opened(path[-1], run.starts))
        _append(path[-1], text)
    return root


def _opened(outer: Element, names: list[str]) -> list[Element]:
    made: list[Element] = []
    for name in reversed(names):
        outer = SubElement(outer, name)
        made.append(outer)
    return made


def _append(element: Element, text: str) -> None:
    if not text:
        return
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text

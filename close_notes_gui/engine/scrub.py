"""Lines of the log as they may leave this computer: no key, no name, no text, no address.

Any thread. Pure. Only what is known to be harmless stays: what the program itself says, word by
word; of everything else the time and the origin, and of a traceback places and kinds.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

GONE: Final = "[…]"
#: Characters of a line that are looked at: the patterns below take long for hostile lines.
_LONGEST_LINE: Final = 2000
#: Every message that the program writes into its log (a test keeps this list whole).
SAYINGS: Final = (
    "Close Notes %s starts",
    "CLOSE_NOTES_API_URL is refused",
    "a note that Close had twice is there once again",
    "an outbox state cannot be kept yet: %s",
    "an upload's state cannot be kept: %s",
    "dropped %s after the end",
    "looking again at a sent note failed: %s",
    "no file for hard crashes",
    "removed %d files that belonged to no attachment",
    "something hangs; it is left behind",
    "the engine did not stop in time; what it was doing is resumed next time",
    "the engine ended by an error",
    "the gate stopped a note",
    "the log of merged leads cannot be read: %s",
    "the outbox cannot be used now: %s",
    "uncaught in %s",
    "unexpected %s during %s at %s",
)
_LINE: Final = re.compile(
    r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[,.]\d+) ([A-Z]+) ([\w.]+) (.*)", re.DOTALL
)
_PLACE: Final = re.compile(
    r'\s*File "(?:[^"]*[/\\])?((?:close_notes_gui|site-packages|lib)[/\\][\w/\\.-]+|<[\w. ]+>)"'
    r", line (\d+)(?:,? in (\w+))?"
)
_KIND: Final = re.compile(r"((?:\w+\.)*\w*(?:Error|Exception|Interrupt|Exit|Warning|Group))\b")
_TRACE: Final = ("Traceback (most recent call last)", "Thread 0x", "Current thread", "Fatal Python")
#: What a message may say of its own: numbers, kinds of errors and commands, jobs, places in code.
_VALUE: Final = re.compile(
    r"[\d.]+|[a-z][a-z ]{0,30}|(?:[A-Z][a-z]+){2,6}|\w+Error|[\w<>]+:\d+(?: < [\w<>]+:\d+)*"
)


def scrubbed(lines: Iterable[str]) -> Iterator[str]:
    """The lines without anything that could be private."""
    for line in lines:
        kept = _kept(line[:_LONGEST_LINE].rstrip("\r\n"))
        if kept is not None:
            yield kept


def _kept(line: str) -> str | None:
    found = _LINE.fullmatch(line)
    if found is not None:
        at, level, origin, message = found.groups()
        return f"{at} {level} {origin} {_told(message)}"
    place = _PLACE.match(line)
    if place is not None:
        return f"    {place[1]}:{place[2]} {place[3] or ''}".rstrip()
    if line.lstrip().startswith(_TRACE):
        return "  " + line.split(":", maxsplit=1)[0].strip()
    kind = _KIND.match(line)
    return f"  {kind[1]}" if kind is not None else None


def _told(message: str) -> str:
    for pattern, words in _PATTERNS:
        found = pattern.fullmatch(message)
        if found is not None:
            values = (one if _VALUE.fullmatch(one) else GONE for one in found.groups())
            return "".join(_woven(words, values))
    return GONE


def _woven(words: list[str], values: Iterable[str]) -> Iterator[str]:
    yield words[0]
    for value, after in zip(values, words[1:], strict=True):
        yield value
        yield after


def _parts(saying: str) -> list[str]:
    return re.split(r"%[sd]", saying)


_PATTERNS: Final = tuple(
    (re.compile("(.*?)".join(map(re.escape, _parts(saying))), re.DOTALL), _parts(saying))
    for saying in SAYINGS
)

"""Text in Unicode's composed form (NFC), in time that grows with its length alone.

Any thread. Pure.
"""

import re
import unicodedata
from typing import Final

#: More marks than this on one letter are left out: Unicode's bound for safe text (UAX 15, 13).
MOST_MARKS: Final = 30
_RUN: Final = re.compile(rf"[^\w\x00-\x7f]{{{MOST_MARKS + 1},}}")


def composed(text: str) -> str:
    """NFC. Putting marks in order takes time by the square of their number: a hostile note of
    some hundred KB would hold up the program for minutes.
    """
    if text.isascii():
        return text
    # Once more behind it: a letter that came with its marks may have given some to the row.
    return _RUN.sub(_thinned, unicodedata.normalize("NFC", _RUN.sub(_thinned, text)))


def _thinned(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in run[0]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)

"""How this Close behaves where the real one may: lag, precision, limits.

Any thread; change the values at any time, the next request sees them.
"""

from dataclasses import dataclass
from typing import Literal

Precision = Literal["us", "ms", "s", "ignored"]


@dataclass(slots=True)
class Behaviour:
    """Switches of the fake; the defaults are what Close documents.

    read_lag_s: a written note or comment shows in lists only after so long.
    clock_skew_s: the server's clock minus ours.
    activity_at_precision: what is kept of a client's ``activity_at``;
        "ignored" puts the server's time in its place.
    normalises_html: rewrite ``note_html`` (white space, order of attributes,
        empty elements, character references) as it is saved.
    drops_undocumented: take blockquote and pre off what is saved, and keep
        what is in them; Close does not say that it knows them.
    rate_limit: requests per ``rate_window_s`` and endpoint group and key;
        None means unlimited.
    """

    read_lag_s: float = 0.0
    clock_skew_s: float = 0.0
    activity_at_precision: Precision = "ms"
    normalises_html: bool = False
    drops_undocumented: bool = False
    rate_limit: int | None = None
    rate_window_s: float = 10.0

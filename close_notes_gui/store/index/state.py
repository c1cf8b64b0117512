"""How far the reading of all leads is; kept in the transaction that keeps the leads.

Any thread; frozen.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from close_notes_gui.store.codec_times import from_time, to_time


@dataclass(frozen=True, slots=True)
class FillState:
    """A walk goes from the lead changed last to those changed before.

    `before_at`: it goes on with leads changed before this; None: it begins. `floor_at`: it ends
    with leads changed before this; None: with the oldest. `top_at`: the latest change that it
    saw. `fresh_at`: all changes up to then are known; None until the first walk has ended.
    `log_at`: deletions and merges are known up to then. `full_at`: when the last walk over all
    leads began. Leads of an older `generation` were not seen by it.
    """

    is_walking: bool = False
    before_at: datetime | None = None
    floor_at: datetime | None = None
    top_at: datetime | None = None
    fresh_at: datetime | None = None
    log_at: datetime | None = None
    full_at: datetime | None = None
    generation: int = 1
    expected: int | None = None
    is_limited: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether all leads were read once."""
        return self.fresh_at is not None


_TIMES = frozenset({"before_at", "floor_at", "top_at", "fresh_at", "log_at", "full_at"})


def to_text(state: FillState) -> str:
    """The state as JSON."""
    values = asdict(state)
    return json.dumps({k: from_time(v) if k in _TIMES else v for k, v in values.items()})


def from_text(text: str) -> FillState:
    """The state again; whatever is missing or unfit is as at the beginning."""
    try:
        kept = json.loads(text)
    except ValueError:
        return FillState()
    known: dict[str, Any] = {}
    for field in fields(FillState):
        value = kept.get(field.name) if isinstance(kept, dict) else None
        if value is not None:
            known[field.name] = to_time(value) if field.name in _TIMES else value
    return FillState(**known)

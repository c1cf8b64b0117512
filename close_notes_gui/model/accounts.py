"""The accounts that can be gone on with on this computer. Any thread."""

from close_notes_gui.model.lead import Account
from close_notes_gui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account whose key is kept. `waiting`: how many notes and changes lie in its outbox; None
    where that cannot be told, and for the account that is open, whose outbox is known anyway.
    """

    account: Account
    waiting: int | None = None

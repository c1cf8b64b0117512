"""The API key in the operating system's keyring, and nowhere else.

Engine thread or a pool thread, never the window's: a keyring may ask the rep and wait.
Never writes a key to a file, a log, a repr or an exception.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from close_notes_gui.model.lead import KeyOrigin
from close_notes_gui.model.secret import ApiKey

SERVICE = "Close Notes"
ENVIRONMENT_VARIABLE = "CLOSE_API_KEY"
DEFAULT_ACCOUNT = "api key"


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key and where it came from."""

    key: ApiKey
    origin: KeyOrigin


class SaveResult(Enum):
    """What became of a key that was to be kept."""

    KEPT = "kept"
    NO_KEYRING = "no keyring"  # none that can be trusted; the key lasts for this run
    FAILED = "failed"  # there is one, but it did not keep the key


class Vault(Protocol):
    """Keeps one key per account name. Blocking; raises VaultError where it cannot tell."""

    def load(self, account: str = DEFAULT_ACCOUNT) -> StoredKey | None:
        """The key, or None where none is kept. Raise VaultError where the keyring fails."""

    def save(self, key: ApiKey, account: str = DEFAULT_ACCOUNT) -> SaveResult:
        """Keep the key, and read it back to be sure. Raises nothing."""

    def delete(self, account: str = DEFAULT_ACCOUNT) -> None:
        """Forget the key; fine where there is none. Raise VaultError where it may still be there."""

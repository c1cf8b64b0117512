"""The API key in the operating system's keyring, and nowhere else.

Engine thread or a pool thread, never the window's: a keyring may ask the rep and wait.
Never writes a key to a file, a log, a repr or an exception.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from close_notes_gui.model.lead import KeyOrigin
from close_notes_gui.model.secret import ApiKey

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "Close Notes"
ENVIRONMENT_VARIABLE = "CLOSE_API_KEY"
DEFAULT_ACCOUNT = "api key"

_TRUSTED = frozenset(
    f"keyring.backends.{name}"
    for name in ("SecretService", "libsecret", "kwallet", "macOS", "Windows")
)
_CHAIN = "keyring.backends.chainer"
_SHORTEST_KEY, _LONGEST_KEY = 8, 500

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key and where it came from."""

    key: ApiKey
    origin: KeyOrigin


class VaultError(Exception):
    """The keyring is there but failed (locked, prompt dismissed, daemon gone).

    Holds the name of what it raised, never its words: those may quote what was stored.
    """


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
        """Forget the key, if there is one. Raise VaultError where it may still be there."""


class KeyringVault:
    """The operating system's keyring. Invariant: no backend but the allowed ones is ever used,
    since others (plain files, "null") would store the key in the open or not at all.
    """

    def __init__(self, service: str = SERVICE) -> None:
        self._service = service

    def load(self, account: str = DEFAULT_ACCOUNT) -> StoredKey | None:
        backend = _trusted_backend()
        if backend is None:
            return None
        found = _attempt(lambda: backend.get_password(self._service, account))
        key = key_from(found) if isinstance(found, str) else None
        return StoredKey(key, KeyOrigin.KEYRING) if key else None

    def save(self, key: ApiKey, account: str = DEFAULT_ACCOUNT) -> SaveResult:
        try:
            backend = _trusted_backend()
            if backend is None:
                return SaveResult.NO_KEYRING
            _attempt(lambda: backend.set_password(self._service, account, key.reveal()))
            kept = _attempt(lambda: backend.get_password(self._service, account))
        except VaultError:
            return SaveResult.FAILED
        return SaveResult.KEPT if kept == key.reveal() else SaveResult.FAILED

    def delete(self, account: str = DEFAULT_ACCOUNT) -> None:
        backend = _trusted_backend()
        if backend is None:
            return
        if _attempt(lambda: backend.get_password(self._service, account)) is not None:
            _attempt(lambda: backend.delete_password(self._service, account))


class MemoryVault:
    """Keeps keys for this run alone; for tests, and where there is no keyring."""

    def __init__(self, origin: KeyOrigin = KeyOrigin.THIS_RUN) -> None:
        self._origin = origin
        self._keys: dict[str, ApiKey] = {}

    def load(self, account: str = DEFAULT_ACCOUNT) -> StoredKey | None:
        key = self._keys.get(account)
        return StoredKey(key, self._origin) if key else None

    def save(self, key: ApiKey, account: str = DEFAULT_ACCOUNT) -> SaveResult:
        self._keys[account] = key
        return SaveResult.KEPT

    def delete(self, account: str = DEFAULT_ACCOUNT) -> None:
        self._keys.pop(account, None)


def key_from(text: str) -> ApiKey | None:
    """The key in what was pasted, None where it cannot be one.

    Keys of Close begin with `api_` as a rule, which is not demanded; but a key is one word of
    printable ASCII, and a colon would end it in Basic authentication.
    """
    word = text.strip()
    is_one = _SHORTEST_KEY <= len(word) <= _LONGEST_KEY and word.isascii() and word.isprintable()
    return ApiKey(word) if is_one and not set(word) & {" ", ":"} else None


def environment_key(environment: Mapping[str, str] | None = None) -> StoredKey | None:
    """The key of CLOSE_API_KEY, used for this run and never stored."""
    found = (os.environ if environment is None else environment).get(ENVIRONMENT_VARIABLE, "")
    key = key_from(found)
    return StoredKey(key, KeyOrigin.ENVIRONMENT) if key else None


def _trusted_backend() -> "KeyringBackend | None":
    # deferred: takes up to half a second
    import keyring  # noqa: PLC0415

    chosen = _attempt(keyring.get_keyring)
    # Where several are there, keyring chains them and hides which one takes the key.
    several = getattr(chosen, "backends", None) if _module(chosen) == _CHAIN else [chosen]
    for backend in _attempt(lambda: list(several or ())):
        if _module(backend) in _TRUSTED:
            return cast("KeyringBackend", backend)
    return None


def _module(backend: object) -> str:
    return type(backend).__module__


def _attempt(deed: Callable[[], Result]) -> Result:
    try:
        return deed()
    except Exception as error:  # noqa: BLE001  backends let the errors of their own libraries through
        name = type(error).__name__
    raise VaultError(name)

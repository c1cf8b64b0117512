"""The key is kept by a keyring that can be trusted, or not at all."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import InitError, NoKeyringError, PasswordDeleteError

from close_notes_gui.model.lead import KeyOrigin
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.vault import (
    KeyringVault,
    MemoryVault,
    SaveResult,
    StoredKey,
    Vault,
    VaultError,
    environment_key,
    key_from,
)

KEY = ApiKey("api_0123456789.abcdef")


class Ring:
    """A backend that answers from memory, or fails as told."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.failure: Exception | None = None

    def get_password(self, service: str, account: str) -> str | None:
        self._fail()
        return self.kept.get((service, account))

    def set_password(self, service: str, account: str, password: str) -> None:
        self._fail()
        self.kept[service, account] = password

    def delete_password(self, service: str, account: str) -> None:
        self._fail()
        if self.kept.pop((service, account), None) is None:
            raise PasswordDeleteError

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure


def ring_of(module: str, **more: Any) -> Any:
    """A ring that says it comes from that module."""
    return type("Keyring", (Ring,), {"__module__": module, **more})()


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    def chosen(ring: Any) -> None:
        monkeypatch.setattr(keyring, "get_keyring", lambda: ring)

    return chosen


@pytest.mark.parametrize("name", ["SecretService", "libsecret", "kwallet", "macOS", "Windows"])
def test_trusted_keyrings_keep_find_and_forget(name: str, install) -> None:
    install(ring_of(f"keyring.backends.{name}"))
    vault: Vault = KeyringVault()
    assert vault.load() is None
    assert vault.save(KEY) is SaveResult.KEPT
    assert vault.load() == StoredKey(KEY, KeyOrigin.KEYRING)
    assert vault.load("another account") is None
    vault.delete()
    vault.delete()
    assert vault.load() is None


@pytest.mark.parametrize(
    "module", ["keyrings.alt.file", "keyring.backends.null", "keyring.backends.fail", "evil"]
)
def test_other_keyrings_are_never_given_the_key(module: str, install) -> None:
    ring = ring_of(module)
    install(ring)
    assert KeyringVault().save(KEY) is SaveResult.NO_KEYRING
    assert KeyringVault().load() is None
    KeyringVault().delete()
    assert ring.kept == {}


def test_of_several_keyrings_the_trusted_one_is_chosen(install) -> None:
    plain, secret = ring_of("keyrings.alt.file"), ring_of("keyring.backends.SecretService")
    install(ring_of("keyring.backends.chainer", backends=[plain, secret]))
    assert KeyringVault().save(KEY) is SaveResult.KEPT
    assert plain.kept == {}
    assert len(secret.kept) == 1


def test_a_keyring_that_forgets_is_found_out(install) -> None:
    forgetful = ring_of(
        "keyring.backends.libsecret", set_password=lambda self, service, account, password: None
    )
    install(forgetful)
    assert KeyringVault().save(KEY) is SaveResult.FAILED


@pytest.mark.parametrize(
    "failure",
    [InitError("Prompt dismissed"), NoKeyringError(), OSError("bus"), RuntimeError(KEY.reveal())],
    ids=lambda failure: type(failure).__name__,
)
def test_failures_are_typed_and_say_no_secret(failure: Exception, install) -> None:
    ring = ring_of("keyring.backends.SecretService")
    ring.failure = failure
    install(ring)
    vault = KeyringVault()
    assert vault.save(KEY) is SaveResult.FAILED
    for deed in (vault.load, vault.delete):
        with pytest.raises(VaultError) as caught:
            deed()
        assert KEY.reveal() not in repr(caught.value)
        assert caught.value.__context__ is None


def test_the_failing_backend_of_this_suite_is_no_keyring() -> None:
    assert isinstance(keyring.get_keyring(), KeyringBackend)
    assert KeyringVault().save(KEY) is SaveResult.NO_KEYRING


def test_a_stored_key_that_cannot_be_one_counts_as_none(install) -> None:
    ring = ring_of("keyring.backends.Windows")
    ring.set_password("Close Notes", "api key", "not\na key")
    install(ring)
    assert KeyringVault().load() is None


def test_memory_vault() -> None:
    vault: Vault = MemoryVault(KeyOrigin.SANDBOX)
    assert vault.load() is None
    assert vault.save(KEY) is SaveResult.KEPT
    assert vault.load() == StoredKey(KEY, KeyOrigin.SANDBOX)
    vault.delete()
    assert vault.load() is None


@pytest.mark.parametrize(
    "text", ["api_0123456789.abcdef", "  api_0123456789.abcdef\n", "0123456789"]
)
def test_keys(text: str) -> None:
    assert key_from(text) == ApiKey(text.strip())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "short",
        "api_ 123456789",
        "api_123456789:",
        "api_12345678\x00",
        "api_ключключ",
        "a" * 501,
    ],
)
def test_no_keys(text: str) -> None:
    assert key_from(text) is None


def test_the_environments_key() -> None:
    found = environment_key({"CLOSE_API_KEY": KEY.reveal()})
    assert found == StoredKey(KEY, KeyOrigin.ENVIRONMENT)
    assert environment_key({}) is None
    assert environment_key({"CLOSE_API_KEY": "no key"}) is None


def test_a_key_is_never_shown() -> None:
    stored = StoredKey(KEY, KeyOrigin.KEYRING)
    for shown in (repr(KEY), str(KEY), f"{KEY}", f"{KEY!r:>40}", f"{KEY!s:>40}", repr(stored)):
        assert KEY.reveal() not in shown
    with pytest.raises(TypeError):
        pickle.dumps(KEY)
    with pytest.raises(TypeError):
        copy.deepcopy(KEY)

"""Keys: where one comes from, whose it is, and keeping or forgetting it.

Engine thread; the keyring is asked in threads beside it, for it may ask the rep and wait.
Never logs, prints or raises a key.
"""

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

import httpx

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.closeapi.errors import CloseError
from close_notes_gui.engine.aside import aside
from close_notes_gui.engine.clock import Clock
from close_notes_gui.engine.ladder import DEFAULT_TIMINGS, Timings
from close_notes_gui.engine.network import Network
from close_notes_gui.engine.problems import problem_from
from close_notes_gui.model.lead import Account, KeyOrigin
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.model.upkeep_commands import UseAccount
from close_notes_gui.vault import SaveResult, StoredKey, Vault, VaultError

_NOT_KEPT: Final = {
    SaveResult.NO_KEYRING: ProblemKind.KEYRING_MISSING,
    SaveResult.FAILED: ProblemKind.KEYRING_FAILED,
}


@dataclass(frozen=True)
class Seams:
    """What a test or the sandbox may exchange. `environment_key` and `sandbox_key` are used for
    this run and never stored. `reads_all_leads` False: only what the rep does is asked of Close.
    `checkpoint` is told each rung of delivery as it is reached, so that a test can kill there.
    """

    base_url: str
    vault: Vault
    clock: Clock
    api_transport: httpx.AsyncBaseTransport | None = None
    storage_transport: httpx.BaseTransport | None = None
    web_transport: httpx.AsyncBaseTransport | None = None
    environment_key: StoredKey | None = None
    sandbox_key: ApiKey | None = None
    reads_all_leads: bool = True
    timings: Timings = DEFAULT_TIMINGS
    checkpoint: Callable[[str], None] = lambda _: None


class Keys:
    """Invariant: a key is kept in the vault only, and only one that Close accepted."""

    def __init__(self, seams: Seams, *, network: Network) -> None:
        self._seams = seams
        self._network = network
        self._of_this_run: dict[str, tuple[Account, StoredKey]] = {}

    async def known(self, accounts: Iterable[Account]) -> tuple[StoredKey | None, Account | None]:
        """The key to begin with: the sandbox's, the environment's, that of the first of these
        accounts which has one in the keyring; and whose it is, where that is known. VaultError.
        """
        if self._seams.sandbox_key is not None:
            return StoredKey(self._seams.sandbox_key, KeyOrigin.SANDBOX), None
        if self._seams.environment_key is not None:
            return self._seams.environment_key, None
        vault = self._seams.vault

        def load() -> tuple[StoredKey | None, Account | None]:
            unnamed = vault.load()  # kept when there was one key only
            if unnamed is not None:
                return unnamed, None
            kept = ((vault.load(_name(account)), account) for account in accounts)
            return next(((key, owner) for key, owner in kept if key is not None), (None, None))

        return await aside(load, name="keyring")

    async def of(self, account: Account) -> StoredKey | None:
        """The key of this account. VaultError."""
        _, own = self._of_this_run.get(_name(account), (None, None))
        return own or await aside(lambda: self._seams.vault.load(_name(account)), name="keyring")

    def accounts(self, kept: Iterable[Account]) -> tuple[Account, ...]:
        """All accounts that can be gone on with: those kept, and those of this run."""
        own = {name: account for name, (account, _) in self._of_this_run.items()}
        return tuple(({_name(account): account for account in kept} | own).values())

    def find(self, kept: Iterable[Account], wanted: UseAccount) -> Account | None:
        """The account that is asked for, where it can be gone on with."""
        sought = (wanted.organization_id, wanted.user_id)
        known = self.accounts(kept)
        return next((a for a in known if (a.organization_id, a.user_id) == sought), None)

    async def adopt(self, stored: StoredKey, account: Account) -> None:
        """A key without a name gets that of its account; where it cannot, it stays as it was. One
        that is in no keyring is known for this run.
        """
        if stored.origin is not KeyOrigin.KEYRING:
            known = replace(account, key_origin=stored.origin)
            self._of_this_run[_name(account)] = known, stored
            return
        vault = self._seams.vault

        def rename() -> None:
            kept = vault.load()
            is_this = kept is not None and kept.key == stored.key
            if is_this and vault.save(stored.key, _name(account)) is SaveResult.KEPT:
                vault.delete()

        with contextlib.suppress(VaultError):
            await aside(rename, name="keyring")

    def client(self, key: ApiKey) -> CloseClient:
        """A client that signs with this key. Raises UnsafeAddress."""
        return CloseClient(
            key,
            base_url=self._seams.base_url,
            transport=self._seams.api_transport,
            clock=self._seams.clock,
        )

    def spare_client(self) -> CloseClient:
        """A client without a key: good for finding out whether Close is there at all."""
        return self.client(ApiKey("none"))

    async def whose(self, client: CloseClient, *, origin: KeyOrigin) -> Account:
        """Whose key the client has. Raises CloseError."""
        try:
            account = await client.me()
        except CloseError as error:
            self._network.heard(error, is_plain=True)
            raise
        self._network.heard(None)
        return replace(account, key_origin=origin)

    async def keep(self, key: ApiKey, account: Account) -> tuple[KeyOrigin, Problem | None]:
        """Keep it for the next start. Where that fails it lasts for this run, and says so."""
        name = _name(account)
        result = await aside(lambda: self._seams.vault.save(key, name), name="keyring")
        if result is SaveResult.KEPT:
            self._of_this_run.pop(name, None)
            return KeyOrigin.KEYRING, None
        stored = StoredKey(key, KeyOrigin.THIS_RUN)
        self._of_this_run[name] = replace(account, key_origin=stored.origin), stored
        return KeyOrigin.THIS_RUN, Problem(_NOT_KEPT[result])

    async def forget(self, account: Account | None) -> Problem | None:
        """Take the account's key out of the keyring; the problem where it may still be there."""
        vault = self._seams.vault

        def delete() -> None:
            if account is not None and vault.load(_name(account)) is not None:
                vault.delete(_name(account))
            else:
                vault.delete()  # it could not be given a name

        if account is not None:
            self._of_this_run.pop(_name(account), None)
        try:
            await aside(delete, name="keyring")
        except VaultError as error:
            return problem_from(error)
        return None


def _name(account: Account) -> str:
    """What the account's key is kept under."""
    return f"{account.organization_id} {account.user_id}"


def is_same(one: Account | None, other: Account) -> bool:
    """Whether both are the same person in the same organisation, hence have the same store."""
    return (
        one is not None
        and one.user_id == other.user_id
        and one.organization_id == other.organization_id
    )

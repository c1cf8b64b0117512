"""Keys: where one comes from, whose it is, and keeping or forgetting it.

Engine thread; the keyring is asked in threads beside it, for it may ask the rep and wait.
Never logs, prints or raises a key.
"""

from collections.abc import Callable
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

    async def known(self) -> StoredKey | None:
        """The key to begin with: the sandbox's, the environment's, the keyring's. VaultError."""
        if self._seams.sandbox_key is not None:
            return StoredKey(self._seams.sandbox_key, KeyOrigin.SANDBOX)
        if self._seams.environment_key is not None:
            return self._seams.environment_key
        return await aside(self._seams.vault.load, name="keyring")

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

    async def keep(self, key: ApiKey) -> tuple[KeyOrigin, Problem | None]:
        """Keep it for the next start. Where that fails it lasts for this run, and says so."""
        result = await aside(lambda: self._seams.vault.save(key), name="keyring")
        if result is SaveResult.KEPT:
            return KeyOrigin.KEYRING, None
        return KeyOrigin.THIS_RUN, Problem(_NOT_KEPT[result])

    async def forget(self) -> Problem | None:
        """Take it out of the keyring; the problem where it may still be there."""
        try:
            await aside(self._seams.vault.delete, name="keyring")
        except VaultError as error:
            return problem_from(error)
        return None


def is_same(one: Account | None, other: Account) -> bool:
    """Whether both are the same person in the same organisation, hence have the same store."""
    return (
        one is not None
        and one.user_id == other.user_id
        and one.organization_id == other.organization_id
    )

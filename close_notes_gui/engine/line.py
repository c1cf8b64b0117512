"""The line to Close: the client of the key in use, and what each request says about the network.

Engine thread. Asks nothing by itself; after a 401 it asks nothing at all until there is a new key.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.closeapi.errors import CloseError, NotAuthorized
from close_notes_gui.engine.network import Network

Answer = TypeVar("Answer")


class Line:
    """Invariant: without a client, or with one that Close refused, `ask` fails without asking."""

    def __init__(self, *, network: Network, on_key_refused: Callable[[], None]) -> None:
        self._network = network
        self._on_key_refused = on_key_refused
        self._client: CloseClient | None = None

    @property
    def client(self) -> CloseClient | None:
        """The client in use; None where there is no key that might be good."""
        return self._client

    @property
    def is_online(self) -> bool:
        """Whether the last request reached Close; where not, something else is probing."""
        return self._network.is_online

    def use(self, client: CloseClient | None) -> CloseClient | None:
        """Go on with this client. Gives the one before, which the caller closes."""
        before, self._client = self._client, client
        return before if before is not client else None

    async def ask(self, call: Callable[[CloseClient], Awaitable[Answer]]) -> Answer:
        """What `call` answers. Raises its CloseError; NotAuthorized where there is no key."""
        client = self._client
        if client is None:
            raise NotAuthorized
        try:
            answer = await call(client)
        except CloseError as error:
            self.heard(error)
            if isinstance(error, NotAuthorized) and self._client is client:
                self._on_key_refused()
            raise
        self.heard(None)
        return answer

    def heard(self, error: BaseException | None) -> None:
        """A request that did not go through `ask` ended so."""
        self._network.heard(error)

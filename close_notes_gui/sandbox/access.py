"""Who may come in, and how often: keys, bearer tokens, `/me/`, rate limits.

Any thread, under FakeClose's lock. Keys never appear in an error or a log.
"""

import base64
import binascii
from datetime import datetime, timedelta

from close_notes_gui.sandbox.exchange import Json, Refusal, Request, refuse
from close_notes_gui.sandbox.sample import tail_of
from close_notes_gui.sandbox.world import World


class Throttled(Exception):
    """The group's requests are used up; ``reset_s`` until there are new ones."""

    def __init__(self, limit: int, reset_s: float) -> None:
        super().__init__(limit, reset_s)
        self.limit = limit
        self.reset_s = reset_s


class Access:
    """Invariant: a credential that has been revoked never works again."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._users: dict[str, str] = {}
        self._issued = 0
        self._windows: dict[tuple[str, str], tuple[datetime, int]] = {}

    def issue(self, user_id: str, *, prefix: str = "api") -> str:
        """A new credential of a user: an API key, or a token with another prefix."""
        self._issued += 1
        credential = f"{prefix}_{tail_of(f'{self._world.seed}/key/{self._issued}')[:22]}"
        self._users[credential] = user_id
        return credential

    def revoke(self, credential: str) -> None:
        """Refuse ``credential`` from now on."""
        self._users.pop(credential, None)

    def user_of(self, request: Request) -> str:
        """The id of the user who asks; refused with 401 if unknown."""
        credential = self.credential(request)
        if credential is None or credential not in self._users:
            raise _not_authenticated()
        return self._users[credential]

    def credential(self, request: Request) -> str | None:
        """The key or token that a request carries, well-formed or None."""
        scheme, _, rest = (request.header("Authorization") or "").partition(" ")
        match scheme.lower():
            case "basic":
                try:
                    name, colon, password = (
                        base64.b64decode(rest, validate=True).decode().partition(":")
                    )
                except (binascii.Error, UnicodeDecodeError):
                    return None
                return name if colon and not password and name.startswith("api_") else None
            case "bearer":
                return rest if not rest.startswith("api_") else None
            case _:
                return None

    def count(self, request: Request, group: str) -> None:
        """Count one request of ``group``; Throttled when the window is full."""
        limit = self._world.behaviour.rate_limit
        if limit is None:
            return
        now = self._world.now()
        window = timedelta(seconds=self._world.behaviour.rate_window_s)
        key = (self.credential(request) or "", group)
        began_at, used = self._windows.get(key, (now, 0))
        if now - began_at >= window:
            began_at, used = now, 0
        if used >= limit:
            raise Throttled(limit, (began_at + window - now).total_seconds())
        self._windows[key] = (began_at, used + 1)

    def me(self, user_id: str) -> Json:
        """The answer of ``GET /me/``."""
        world = self._world
        return {
            **world.user(user_id),
            "memberships": [
                {
                    "id": f"memb_{user_id.removeprefix('user_')}",
                    "organization_id": world.organization_id,
                    "user_id": user_id,
                    "role_id": "user",
                }
            ],
            "organizations": [
                {
                    "id": world.organization_id,
                    "name": "Sandbox Sales Ltd.",
                    "currency": "USD",
                    "lead_statuses": world.statuses(),
                }
            ],
        }


def _not_authenticated() -> Refusal:
    return refuse(
        401, "The server could not verify that you are authorized to access the URL requested."
    )

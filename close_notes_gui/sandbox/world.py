"""What all parts of the fake share: clock, ids, people, events.

Any thread, under FakeClose's lock. Holds no leads, notes or files.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from close_notes_gui.sandbox import names
from close_notes_gui.sandbox.behaviour import Behaviour
from close_notes_gui.sandbox.exchange import Json
from close_notes_gui.sandbox.sample import mix, tail_of

APP_URL = "https://app.close.com"
FILE_PREFIX = f"{APP_URL}/go/file/"


def utcnow() -> datetime:
    """The machine's time, aware UTC."""
    return datetime.now(UTC)


def to_ms(moment: datetime) -> datetime:
    """``moment`` cut down to whole milliseconds."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def iso(moment: datetime) -> str:
    """As Close writes moments: ``2013-02-20T06:39:57.266000+00:00``."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the event log."""

    id: str
    object_type: str
    action: str
    object_id: str
    lead_id: str | None
    user_id: str | None
    created_at: datetime
    changed_fields: tuple[str, ...] = ()
    after: Json = field(default_factory=dict)
    before: Json = field(default_factory=dict)
    meta: Json = field(default_factory=dict)


class World:
    """Invariant: ids are never minted twice, and the event log only grows."""

    def __init__(self, *, clock: Callable[[], datetime], seed: int) -> None:
        self._clock = clock
        self._minted = 0
        self.seed = seed
        self.behaviour = Behaviour()
        self.events: list[Event] = []
        self.organization_id = f"orga_{tail_of(f'{seed}/orga')}"
        self.user_ids = tuple(
            f"user_{tail_of(f'{seed}/user/{n}')}" for n in range(len(names.USERS))
        )
        self.group_ids = tuple(
            f"group_{tail_of(f'{seed}/group/{n}')}" for n in range(len(names.GROUPS))
        )
        self.status_ids = tuple(
            f"stat_{tail_of(f'{seed}/stat/{n}')}" for n in range(len(names.STATUSES))
        )

    def now(self) -> datetime:
        """The server's time."""
        return self._clock() + timedelta(seconds=self.behaviour.clock_skew_s)

    def mint(self, prefix: str) -> str:
        """A new id such as ``acti_…``."""
        self._minted += 1
        tail = tail_of(f"{self.seed}/{prefix}/minted/{self._minted}")
        return f"{prefix}_{tail}{mix(self._minted) % 10**7:07}"

    def token(self) -> str:
        """A new unguessable-looking token for a file."""
        self._minted += 1
        return tail_of(f"{self.seed}/token/{self._minted}")

    def sign(self, text: str) -> str:
        """The storage host's signature of a policy."""
        secret = f"storage secret {self.seed}".encode()
        return base64.b64encode(hmac.digest(secret, text.encode(), hashlib.sha1)).decode()

    def user_name(self, user_id: str | None) -> str | None:
        """The full name of a user, or None."""
        if user_id not in self.user_ids:
            return None
        return " ".join(names.USERS[self.user_ids.index(user_id)])

    def user(self, user_id: str) -> Json:
        """A user as Close shows it to colleagues."""
        place = self.user_ids.index(user_id)
        first, last = names.USERS[place]
        return {
            "id": user_id,
            "first_name": first,
            "last_name": last,
            "email": f"rep{place}@sandbox.example",
            "image": None,
            "email_verified_at": None,
            "last_used_timezone": "America/New_York",
            "date_created": "2020-01-02T03:04:05.000000+00:00",
            "date_updated": "2020-01-02T03:04:05.000000+00:00",
            "organizations": [self.organization_id],
        }

    def statuses(self) -> list[Json]:
        """The lead statuses of the organisation."""
        return [
            {
                "id": status_id,
                "label": label,
                "type": "active",
                "organization_id": self.organization_id,
            }
            for status_id, label in zip(self.status_ids, names.STATUSES, strict=True)
        ]

    def record(  # noqa: PLR0913 (the columns of the log)
        self,
        object_type: str,
        action: str,
        *,
        object_id: str,
        lead_id: str | None,
        user_id: str | None = None,
        changed_fields: tuple[str, ...] = (),
        after: Json | None = None,
        before: Json | None = None,
        meta: Json | None = None,
    ) -> None:
        """Write one line of the event log."""
        self.events.append(
            Event(
                id=self.mint("ev"),
                object_type=object_type,
                action=action,
                object_id=object_id,
                lead_id=lead_id,
                user_id=user_id,
                created_at=to_ms(self.now()),
                changed_fields=changed_fields,
                after=after or {},
                before=before or {},
                meta=meta or {},
            )
        )

"""Faults on order: which request fails, when and how, without any chance.

Any thread. A plan is consulted once per arriving request; carriers act on
what it hands out. Nothing here touches a socket.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Self


class FaultKind(StrEnum):
    """Every way in which a request can go wrong."""

    CONNECT_ERROR = "connect_error"
    DNS_FAILURE = "dns_failure"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    RESET_MID_BODY = "reset_mid_body"
    DELAY_BEFORE = "delay_before"
    DELAY_AFTER = "delay_after"
    PROCESS_LATE = "process_late"
    HOLD_BEFORE = "hold_before"
    HOLD_AFTER = "hold_after"
    STALL = "stall"
    SLOW = "slow"
    CUT_SHORT = "cut_short"
    STATUS_BEFORE = "status_before"
    STATUS_AFTER = "status_after"
    THROTTLE = "throttle"
    CAPTIVE_PORTAL = "captive_portal"
    TRUNCATED_JSON = "truncated_json"
    WRONG_JSON = "wrong_json"
    POLICY_EXPIRED = "policy_expired"
    ENTITY_TOO_LARGE = "entity_too_large"
    KEY_REVOKED = "key_revoked"


class ThrottleStyle(StrEnum):
    """How a 429 tells its waiting time."""

    COMMAS = "commas"
    SEMICOLONS = "semicolons"
    RETRY_AFTER = "retry_after"
    BOTH = "both"
    BARE = "bare"


#: Fault.path for requests at the storage host.
STORAGE = "storage"

#: Kinds that strike before the body of the request has been read.
BEFORE_BODY = frozenset(
    {
        FaultKind.CONNECT_ERROR,
        FaultKind.DNS_FAILURE,
        FaultKind.RESET_MID_BODY,
        FaultKind.ENTITY_TOO_LARGE,
    }
)

#: Kinds under which the request never reaches the state machine.
UNPROCESSED = BEFORE_BODY | {
    FaultKind.DROP_BEFORE,
    FaultKind.RESET_BEFORE,
    FaultKind.PROCESS_LATE,
    FaultKind.STATUS_BEFORE,
    FaultKind.THROTTLE,
    FaultKind.CAPTIVE_PORTAL,
    FaultKind.POLICY_EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One order: the requests it means, how often, and what happens to them.

    method: None means any. path: prefix of the path after ``/api/v1``, or
        STORAGE; "" means any request at either host.
    skip: so many matching requests pass unharmed first. times: so many then
        fail (None: all).
    delay_s: of DELAY, PROCESS_LATE; of STALL, how long the line stays silent.
    status, reset_s, style: of STATUS and THROTTLE. at_bytes: how much of the
        request's body arrives before RESET_MID_BODY or ENTITY_TOO_LARGE.
    bytes_per_s: of SLOW.
    """

    kind: FaultKind
    method: str | None = None
    path: str = ""
    skip: int = 0
    times: int | None = 1
    delay_s: float = 3600.0
    status: int = 500
    reset_s: float = 1.0
    style: ThrottleStyle = ThrottleStyle.COMMAS
    at_bytes: int = 1024
    bytes_per_s: float = 1024.0

    @classmethod
    def from_json(cls, order: dict[str, Any]) -> Self:
        """The fault that ``order`` describes; ValueError if it is none."""
        known = {spec.name for spec in fields(cls)}
        if unknown := order.keys() - known:
            raise ValueError(f"no such property of a fault: {sorted(unknown)}")
        order = dict(order)
        order["kind"] = FaultKind(order.get("kind", ""))
        if "style" in order:
            order["style"] = ThrottleStyle(order["style"])
        return cls(**order)


class Gate:
    """A door that HOLD faults wait at; opens once, for all who wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._event = threading.Event()
        self._listeners: list[Callable[[], None]] = []

    def when_open(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` when the gate opens, at once if it is open."""
        with self._lock:
            if not self._event.is_set():
                self._listeners.append(listener)
                return
        listener()

    def wait(self, timeout_s: float | None) -> bool:
        """Block until open; False after ``timeout_s``."""
        return self._event.wait(timeout_s)

    def open(self) -> None:
        """Let everyone through, in the order in which they came."""
        with self._lock:
            self._event.set()
            listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener()


@dataclass(slots=True)
class _Entry:
    fault: Fault
    seen: int = 0
    struck: int = 0


@dataclass(slots=True)
class FaultPlan:
    """The faults on order, in the order given; the first that is due wins.

    Invariant: an entry that has struck ``times`` times is gone. ``struck``
    keeps what has been handed out.
    """

    struck: list[Fault] = field(default_factory=list)
    _entries: list[_Entry] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _gate: Gate = field(default_factory=Gate)

    def add(self, *faults: Fault) -> None:
        """Put faults on order."""
        with self._lock:
            self._entries.extend(_Entry(fault) for fault in faults)

    def clear(self) -> None:
        """Cancel all orders and let go what is held."""
        with self._lock:
            self._entries.clear()
        self.release()

    def pending(self) -> list[Fault]:
        """Faults that have not yet struck as often as ordered."""
        with self._lock:
            return [entry.fault for entry in self._entries]

    def release(self) -> None:
        """Let go every request that HOLD faults hold now; later ones wait anew."""
        with self._lock:
            gate, self._gate = self._gate, Gate()
        gate.open()

    @property
    def gate(self) -> Gate:
        """The gate that a request held now has to wait at."""
        with self._lock:
            return self._gate

    def take(self, method: str, path: str, *, storage: bool = False) -> Fault | None:
        """The fault due for an arriving request; counts it for every match."""
        with self._lock:
            due: _Entry | None = None
            for entry in self._entries:
                if not _means(entry.fault, method, path, storage=storage):
                    continue
                entry.seen += 1
                if due is None and entry.seen > entry.fault.skip:
                    due = entry
            if due is None:
                return None
            fault = due.fault
            due.struck += 1
            if fault.times is not None and due.struck >= fault.times:
                self._entries.remove(due)
            self.struck.append(fault)
            return fault


def _means(fault: Fault, method: str, path: str, *, storage: bool) -> bool:
    if fault.method is not None and fault.method.upper() != method.upper():
        return False
    if not fault.path:
        return True
    if fault.path == STORAGE:
        return storage
    return not storage and path.removeprefix("/api/v1").startswith(fault.path)

"""FakeClose: Close's API and its storage host as a strict in-memory state machine.

Any thread; one lock. Does no I/O but for large bodies on temporary files, and
shares no code with the program's client.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Final

from close_notes_gui.sandbox.access import Access, Throttled
from close_notes_gui.sandbox.answers import after_processing, instead_of_processing, throttled
from close_notes_gui.sandbox.behaviour import Behaviour
from close_notes_gui.sandbox.comments import CommentBook
from close_notes_gui.sandbox.exchange import Json, Refusal, Request, Response, json_response
from close_notes_gui.sandbox.faults import UNPROCESSED, Fault, FaultKind, FaultPlan, ThrottleStyle
from close_notes_gui.sandbox.files import FileStore
from close_notes_gui.sandbox.leads import LeadBook
from close_notes_gui.sandbox.notes import NoteBook
from close_notes_gui.sandbox.routes import Routes
from close_notes_gui.sandbox.sample import Sample
from close_notes_gui.sandbox.sample_notes import first_notes, sample_notes
from close_notes_gui.sandbox.search import Search
from close_notes_gui.sandbox.storage import StorageHost
from close_notes_gui.sandbox.world import World, utcnow

STORAGE_URL = "https://sandbox-files.s3.amazonaws.com/"
API_URL = "https://api.close.com/api/v1"


class Ask:
    """The type of ASK."""


#: Tells handle() to consult the fault plan itself.
ASK: Final = Ask()


@dataclass(frozen=True, slots=True)
class Seen:
    """One request in the log. Holds no credential and no body."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    storage: bool
    status: int
    body_bytes: int
    at: datetime
    fault: FaultKind | None = None


class FakeClose:
    """A whole organisation at Close.

    Invariant: handle() answers every request by the contract, or by a fault
    that was put on order, and by nothing else; time passes only by ``clock``.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = utcnow,
        seed: int = 0,
        leads: int = 300,
        storage_url: str = STORAGE_URL,
        api_url: str = API_URL,
    ) -> None:
        self.lock = threading.RLock()
        self.faults = FaultPlan()
        self.requests: deque[Seen] = deque(maxlen=200_000)
        self.storage_url = storage_url
        self.api_url = api_url
        self._world = World(clock=clock, seed=seed)
        anchor = clock().replace(hour=0, minute=0, second=0, microsecond=0)
        sample = Sample(seed=seed, count=leads, anchor=anchor)
        self._leads = LeadBook(self._world, sample)
        self._files = FileStore(self._world, storage_url)
        self._storage = StorageHost(self._world, self._files)
        self._notes = NoteBook(self._world, self._leads, self._files)
        self._access = Access(self._world)
        self._routes = Routes(
            world=self._world,
            access=self._access,
            leads=self._leads,
            notes=self._notes,
            files=self._files,
            comments=CommentBook(self._world, self._notes),
            search=Search(self._world, self._leads, sample),
        )
        self._late: list[tuple[datetime, Request]] = []
        self.api_key = self._access.issue(self._world.user_ids[0])
        first_notes(
            self._world,
            self._notes,
            self._files,
            [sample.lead(place) for place in range(min(leads, 60))],
        )

    # Requests.

    def handle(self, request: Request, fault: Fault | Ask | None = ASK) -> Response:
        """The answer to ``request``.

        ``fault``: what the carrier took from the plan as the request arrived;
        ASK looks there now. A Response with status 0 is no answer at all, and
        one with ``fault`` is to be carried as that fault says.
        """
        with self.lock:
            self._catch_up()
            if isinstance(fault, Ask):
                fault = self.faults.take(request.method, request.path, storage=request.storage)
            if fault is not None and fault.kind is FaultKind.PROCESS_LATE:
                self._late.append((self._world.now() + timedelta(seconds=fault.delay_s), request))
            if fault is not None and fault.kind is FaultKind.KEY_REVOKED:
                self._access.revoke(self._access.credential(request) or "")
            if fault is not None and fault.kind in UNPROCESSED:
                answer = instead_of_processing(fault)
            else:
                answer = self._processed(request)
                if fault is not None:
                    answer = after_processing(fault, answer)
            self._log(request, answer.status, fault)
            return self._dated(answer)

    def _processed(self, request: Request) -> Response:
        if request.storage:
            return self._storage.receive(request)
        try:
            return self._routes.answer(request)
        except Throttled as full:
            return throttled(full.limit, full.reset_s, ThrottleStyle.COMMAS)
        except Refusal as refusal:
            return json_response(refusal.body, status=refusal.status)

    def _catch_up(self) -> None:
        """Process what PROCESS_LATE put off and is due now."""
        now = self._world.now()
        due = [request for due_at, request in self._late if due_at <= now]
        self._late = [(due_at, request) for due_at, request in self._late if due_at > now]
        for request in due:
            self._processed(request)

    def _log(self, request: Request, status: int, fault: Fault | None) -> None:
        size = len(request.body) if isinstance(request.body, bytes) else request.body.size_bytes
        self.requests.append(
            Seen(
                request.method,
                request.path,
                request.query,
                request.storage,
                status,
                size,
                self._world.now(),
                fault.kind if fault else None,
            )
        )

    def _dated(self, answer: Response) -> Response:
        date = format_datetime(self._world.now().replace(microsecond=0), usegmt=True)
        return replace(answer, headers=(*answer.headers, ("Date", date)))

    # What else happens at Close.

    @property
    def behaviour(self) -> Behaviour:
        """Switches: read lag, clock skew, precision, normalising, rate limit."""
        return self._world.behaviour

    def merge_leads(self, source: str, destination: str) -> None:
        """Merge the lead ``source`` into ``destination``; Refusal if one is not there."""
        with self.lock:
            self._leads.merge(source, destination)
            self._notes.lead_merged(source, destination)

    def delete_lead(self, lead_id: str) -> None:
        """Delete a lead with its contacts and notes; Refusal if it is not there."""
        with self.lock:
            self._leads.delete(lead_id)
            self._notes.lead_deleted(lead_id)

    def rename_lead(self, lead_id: str, name: str) -> None:
        """Rename a lead; Refusal if it is not there."""
        with self.lock:
            self._leads.rename(lead_id, name)

    def set_status(self, lead_id: str, label: str) -> None:
        """Give a lead another status; Refusal if it is not there, ValueError for no status."""
        with self.lock:
            self._leads.set_status(lead_id, label)

    def move_contact(self, contact_id: str, destination: str) -> None:
        """Re-assign a contact to the lead ``destination``; Refusal if one is not there."""
        with self.lock:
            self._leads.move_contact(contact_id, destination)

    def create_lead(self, name: str, *, contacts: Sequence[Mapping[str, str]] = ()) -> str:
        """The id of a new lead; contacts: ``name``, perhaps ``title``, ``email``, ``phone``."""
        with self.lock:
            return self._leads.create(name, contacts=contacts).id

    def add_notes(self, lead_id: str, count: int) -> None:
        """Put ``count`` more sample notes on a lead, without events."""
        with self.lock:
            lead, now = self._leads.get(lead_id), self._world.now()
            for note in sample_notes(self._world, self._files, lead, count, newest_at=now):
                self._notes.put(note)

    def revoke_key(self, key: str) -> None:
        """Refuse an API key or token from now on."""
        with self.lock:
            self._access.revoke(key)

    def issue_key(self, user: int = 0) -> str:
        """A new API key of the user at place ``user``."""
        with self.lock:
            return self._access.issue(self._world.user_ids[user])

    def issue_token(self, user: int = 0) -> str:
        """A new OAuth access token of the user at place ``user``."""
        with self.lock:
            return self._access.issue(self._world.user_ids[user], prefix="bearer")

    # Inspection.

    @property
    def violations(self) -> list[str]:
        """What no client may ever do, such as sending credentials to the storage host."""
        with self.lock:
            return list(self._storage.violations)

    def report_violation(self, what: str) -> None:
        """Note a violation that only a carrier can see."""
        with self.lock:
            self._storage.violations.append(what)

    def now(self) -> datetime:
        """The server's time."""
        return self._world.now()

    @property
    def user_ids(self) -> tuple[str, ...]:
        """The users; ``api_key`` belongs to the first."""
        return self._world.user_ids

    def lead_ids(self, count: int | None = None) -> list[str]:
        """The ids of the first ``count`` existing leads (None: all)."""
        with self.lock:
            ids: list[str] = []
            for place in self._leads.places():
                if count is not None and len(ids) >= count:
                    break
                lead = self._leads.at(place)
                ids.extend([lead.id] if lead else [])
            return ids

    def lead(self, lead_id: str) -> Json:
        """A lead as Close answers it; Refusal if it is not there."""
        with self.lock:
            return self._leads.shown(self._leads.get(lead_id))

    def lead_named(self, name: str) -> str:
        """The id of the first lead with this name; LookupError if there is none."""
        with self.lock:
            for place in self._leads.places():
                if self._leads.name_at(place) == name:
                    lead = self._leads.at(place)
                    if lead is not None:
                        return lead.id
        raise LookupError(name)

    def notes_on(self, lead_id: str) -> list[Json]:
        """The notes on a lead as they are now, whatever lists show; oldest first."""
        return [note for note in self.all_notes() if note["lead_id"] == lead_id]

    def all_notes(self) -> list[Json]:
        """All notes as they are now, whatever lists show; oldest first."""
        with self.lock:
            self._catch_up()
            notes = sorted(self._notes.all(), key=lambda note: note.created_at)
            return [self._notes.shown(note) for note in notes]

    def comments_on(self, note_ids: Iterable[str]) -> list[str]:
        """The bodies of all comments on these notes, whatever lists show."""
        with self.lock:
            wanted = set(note_ids)
            return [one.body for one in self._routes.comments.all() if one.object_id in wanted]

    def file_sha256(self, url: str) -> str | None:
        """Hex digest of the uploaded file at any of its addresses; None if there is none."""
        with self.lock:
            stored = self._files.find(url)
            return stored.sha256 if stored else None

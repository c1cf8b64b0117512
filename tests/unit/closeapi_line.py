"""The far end of the client in unit tests: answers made by hand, requests kept."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.model.ids import LeadId
from close_notes_gui.model.note import NewNote
from close_notes_gui.model.secret import ApiKey

KEY = "api_0123456789.abcdefghij"
BASIC = "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()
LEAD = LeadId("lead_1")
NEW = NewNote(LEAD, "<body><p>x</p></body>")
NOTE = {"id": "acti_1", "lead_id": "lead_1", "note_html": NEW.note_html}
START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

Answer = httpx.Response | Exception


class Watch:
    """A clock that moves only by sleeping."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> datetime:
        return START + timedelta(seconds=sum(self.slept))

    def monotonic(self) -> float:
        return sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


class Line:
    """The far end: gives the answers in turn (the last one for ever), keeps the requests."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.watch = Watch()

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self) -> CloseClient:
        transport = httpx.MockTransport(self.handle)
        return CloseClient(ApiKey(KEY), transport=transport, clock=self.watch)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.requests if request.content]

    @property
    def targets(self) -> list[str]:
        prefix = "https://api.close.com/api/v1/"
        return [
            f"{one.method} {str(one.url).split('?')[0].removeprefix(prefix)}"
            for one in self.requests
        ]


def ok(body: Any, **headers: str) -> httpx.Response:
    return httpx.Response(200, json=body, headers=headers)


def listing(*rows: Any, has_more: bool = False) -> httpx.Response:
    return ok({"data": list(rows), "has_more": has_more})

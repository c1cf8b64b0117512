"""A bare caller of FakeClose for its own tests: no httpx, no client of ours, a clock by hand."""

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from close_notes_gui.sandbox.exchange import Request, Response
from close_notes_gui.sandbox.fake_close import FakeClose

API = "/api/v1"
START = datetime(2026, 3, 4, 9, 30, 15, 123456, tzinfo=UTC)


class Clock:
    """Time that moves only when told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def basic(key: str, password: str = "") -> tuple[str, str]:
    return ("Authorization", "Basic " + base64.b64encode(f"{key}:{password}".encode()).decode())


class Caller:
    """One client with one key."""

    def __init__(self, *, leads: int = 70, seed: int = 0) -> None:
        self.clock = Clock()
        self.fake = FakeClose(clock=self.clock, leads=leads, seed=seed)
        self.auth: tuple[tuple[str, str], ...] = (basic(self.fake.api_key),)

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Sequence[tuple[str, str]] = (),
        body: object = None,
        headers: Sequence[tuple[str, str]] = (),
    ) -> Response:
        sent = b"" if body is None else json.dumps(body).encode()
        kind = () if body is None else (("Content-Type", "application/json"),)
        return self.fake.handle(
            Request(method, API + path, tuple(query), (*self.auth, *kind, *headers), sent)
        )

    def get(self, path: str, **params: object) -> Response:
        return self.call("GET", path, query=[(name, str(value)) for name, value in params.items()])

    def post(self, path: str, body: object, *headers: tuple[str, str]) -> Response:
        return self.call("POST", path, body=body, headers=headers)

    def put(self, path: str, body: object) -> Response:
        return self.call("PUT", path, body=body)

    def delete(self, path: str) -> Response:
        return self.call("DELETE", path)

    def ok(self, response: Response) -> Any:
        assert response.status in (200, 201), response.body
        return response.json()

    def note(self, **fields: object) -> Any:
        """Create a note; by default on the first lead with a little text."""
        body = {
            "lead_id": self.fake.lead_ids(1)[0],
            "note_html": "<body><p>Hi</p></body>",
            **fields,
        }
        return self.ok(self.post("/activity/note/", body))

    def sign(self, filename: str = "a.txt", content_type: str = "text/plain") -> Any:
        return self.ok(
            self.post("/files/upload/", {"filename": filename, "content_type": content_type})
        )

    def send_form(
        self,
        parts: Sequence[tuple[str, bytes]],
        *,
        filename: str = "a.txt",
        headers: Sequence[tuple[str, str]] = (),
        length: int | None = -1,
        method: str = "POST",
        boundary: str = "boundary7",
        tail: bytes = b"--\r\n",
    ) -> Response:
        """Send parts in order to the storage host; the one named ``file`` gets a filename."""
        body = b""
        for name, value in parts:
            extra = f'; filename="{filename}"\r\nContent-Type: text/plain' if name == "file" else ""
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'
            body += head.encode() + value + b"\r\n"
        body += f"--{boundary}".encode() + tail
        sized = (
            ()
            if length is None
            else (("Content-Length", str(len(body) if length < 0 else length)),)
        )
        kind = ("Content-Type", f"multipart/form-data; boundary={boundary}")
        return self.fake.handle(
            Request(method, "/", (), (kind, *sized, *headers), body, storage=True)
        )

    def form(self, signed: Any, content: bytes) -> list[tuple[str, bytes]]:
        fields = [(name, value.encode()) for name, value in signed["upload"]["fields"].items()]
        return [*fields, ("file", content)]

    def upload(self, content: bytes = b"hello", filename: str = "a.txt") -> dict[str, str]:
        """A finished upload as an attachment to put on a note."""
        signed = self.sign(filename)
        assert self.send_form(self.form(signed, content)).status == 201
        return {
            "url": signed["download"]["url"],
            "filename": filename,
            "content_type": "text/plain",
        }


def field_errors(response: Response) -> set[str]:
    """The fields that a 400 names."""
    assert response.status == 400, (response.status, response.body)
    return set(response.json().get("field-errors", {}))

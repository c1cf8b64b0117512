"""The plain values that go in and out of the fake Close, and its byte store.

Any thread. Knows nothing of httpx, sockets or rules; carriers (transport,
server) build requests from it and render its responses.
"""

import io
import json
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from close_notes_gui.sandbox.faults import Fault

Json = dict[str, Any]

MEMORY_BYTES = 4 * 1024 * 1024
CHUNK_BYTES = 256 * 1024


class Spool:
    """Bytes written once and read at any offset.

    Invariant: up to MEMORY_BYTES they lie in memory, beyond that in one
    unnamed temporary file, never in both.
    """

    __slots__ = ("_file", "_in_memory", "_lock", "size_bytes")

    def __init__(self) -> None:
        self._file: IO[bytes] = io.BytesIO()
        self._in_memory = True
        self._lock = threading.Lock()
        self.size_bytes = 0

    def write(self, chunk: bytes) -> None:
        """Append ``chunk``."""
        with self._lock:
            if self._in_memory and self.size_bytes + len(chunk) > MEMORY_BYTES:
                self._move_to_disk()
            self._file.seek(0, io.SEEK_END)
            self._file.write(chunk)
            self.size_bytes += len(chunk)

    def read(self, offset: int, size_bytes: int) -> bytes:
        """Up to ``size_bytes`` from ``offset``; fewer only at the end."""
        with self._lock:
            self._file.seek(offset)
            return self._file.read(size_bytes)

    def close(self) -> None:
        """Give memory or the temporary file back; idempotent."""
        self._file.close()

    def __del__(self) -> None:
        self._file.close()

    def _move_to_disk(self) -> None:
        on_disk: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by close/__del__)
        on_disk.write(self._file.read() if self._file.seek(0) == 0 else b"")
        self._file.close()
        self._file = on_disk
        self._in_memory = False


@dataclass(frozen=True, slots=True)
class Extent:
    """A stretch of a spool, such as one file inside a multipart body."""

    spool: Spool = field(repr=False)
    start: int
    size_bytes: int

    def chunks(self) -> Iterator[bytes]:
        """The bytes in pieces of at most CHUNK_BYTES."""
        at, end = self.start, self.start + self.size_bytes
        while at < end:
            chunk = self.spool.read(at, min(CHUNK_BYTES, end - at))
            if not chunk:
                raise EOFError("the spool is shorter than the extent says")
            at += len(chunk)
            yield chunk

    def part(self, start: int, size_bytes: int) -> "Extent":
        """A stretch of this stretch."""
        return Extent(self.spool, self.start + start, size_bytes)


Headers = tuple[tuple[str, str], ...]


def header(headers: Headers, name: str) -> str | None:
    """The first value of the header ``name`` (any case), or None."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it arrived, at the API host or at the storage host.

    ``path`` is percent-encoded and without query. ``arrived_at`` is when its
    first byte came (None: now), which is what S3 holds a policy against.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Headers = field(default=(), repr=False)
    body: bytes | Spool = field(default=b"", repr=False)
    storage: bool = False
    arrived_at: datetime | None = None

    def header(self, name: str) -> str | None:
        """The first value of the header ``name`` (any case), or None."""
        return header(self.headers, name)


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer; ``fault`` says how the carrier must misbehave, if at all."""

    status: int
    headers: Headers = ()
    body: bytes | Extent = field(default=b"", repr=False)
    fault: "Fault | None" = None

    @property
    def size_bytes(self) -> int:
        """Length of the body."""
        return self.body.size_bytes if isinstance(self.body, Extent) else len(self.body)

    def header(self, name: str) -> str | None:
        """The first value of the header ``name`` (any case), or None."""
        return header(self.headers, name)

    def json(self) -> Any:
        """The body as JSON; ValueError if it is none."""
        body = b"".join(self.body.chunks()) if isinstance(self.body, Extent) else self.body
        return json.loads(body)


class Refusal(Exception):
    """Close says no: a status and a body, raised by any rule of the fake."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body


def refuse(status: int, error: str) -> Refusal:
    """A refusal in the short form, ``{"error": …}``."""
    return Refusal(status, {"error": error})


def refuse_fields(fields: Mapping[str, object]) -> Refusal:
    """A 400 that names the fields at fault."""
    return Refusal(400, {"errors": [], "field-errors": dict(fields)})


def json_response(value: object, *, status: int = 200, headers: Headers = ()) -> Response:
    """An answer whose body is ``value`` as JSON."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, (("Content-Type", "application/json"), *headers), body)


def xml_response(status: int, xml: str) -> Response:
    """An answer of the storage host."""
    body = '<?xml version="1.0" encoding="UTF-8"?>\n' + xml
    return Response(status, (("Content-Type", "application/xml"),), body.encode())

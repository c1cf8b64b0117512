"""A strict reader of ``multipart/form-data`` that never copies a file.

Any thread. Reads a spool in chunks and returns stretches of it.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from close_notes_gui.sandbox.exchange import CHUNK_BYTES, Extent, Spool

_MOST_HEAD_BYTES = 16 * 1024
_MOST_FIELD_BYTES = 20 * 1024


class MalformedForm(Exception):
    """The body is not the form that its header promises."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: ``filename`` and ``content_type`` are None where not given."""

    name: str
    filename: str | None
    content_type: str | None
    content: Extent

    def text(self) -> str:
        """The value of a plain field; MalformedForm if it is too large or no text."""
        if self.content.size_bytes > _MOST_FIELD_BYTES:
            raise MalformedForm(f"field {self.name} is too large")
        try:
            return b"".join(self.content.chunks()).decode()
        except UnicodeDecodeError:
            raise MalformedForm(f"field {self.name} is not UTF-8") from None

    def sha256(self) -> str:
        """Hex digest of the content."""
        digest = hashlib.sha256()
        for chunk in self.content.chunks():
            digest.update(chunk)
        return digest.hexdigest()


def boundary_of(content_type: str | None) -> bytes:
    """The boundary in a Content-Type header; MalformedForm if there is none."""
    found = re.fullmatch(
        r'multipart/form-data;\s*boundary="?([^";]{1,70})"?', content_type or "", re.IGNORECASE
    )
    if not found:
        raise MalformedForm("not multipart/form-data")
    return found[1].encode()


def read_form(spool: Spool, boundary: bytes) -> list[Part]:
    """All parts in order; MalformedForm if the body does not end as it must."""
    delimiter = b"--" + boundary
    if spool.read(0, len(delimiter) + 2) != delimiter + b"\r\n":
        raise MalformedForm("does not begin with the boundary")
    parts: list[Part] = []
    at = len(delimiter) + 2
    for end in _delimiters(spool, b"\r\n" + delimiter):
        parts.append(_part(spool, at, end))
        after = end + len(delimiter) + 2
        mark = spool.read(after, 2)
        if mark == b"--":
            if spool.read(after + 2, 3) not in (b"", b"\r\n"):
                raise MalformedForm("bytes after the last boundary")
            return parts
        if mark != b"\r\n":
            raise MalformedForm("broken boundary")
        at = after + 2
    raise MalformedForm("the last boundary is missing")


def _delimiters(spool: Spool, delimiter: bytes) -> Iterator[int]:
    """Where ``delimiter`` occurs, chunk by chunk with an overlap."""
    start = 0
    overlap = len(delimiter) - 1
    while start < spool.size_bytes:
        window = spool.read(start, CHUNK_BYTES + overlap)
        place = window.find(delimiter)
        while place >= 0:
            yield start + place
            place = window.find(delimiter, place + len(delimiter))
        start += CHUNK_BYTES


def _part(spool: Spool, start: int, end: int) -> Part:
    head = spool.read(start, min(_MOST_HEAD_BYTES, end - start))
    lines, blank, _ = head.partition(b"\r\n\r\n")
    if not blank:
        raise MalformedForm("a part without header")
    headers: dict[str, str] = {}
    for line in lines.decode("utf-8", "surrogateescape").split("\r\n"):
        key, _, value = line.partition(":")
        headers[key.strip().lower()] = value.strip()
    disposition = headers.get("content-disposition", "")
    name = re.search(r';\s*name="([^"]*)"', disposition)
    if not disposition.startswith("form-data") or not name:
        raise MalformedForm("a part without name")
    filename = re.search(r';\s*filename="([^"]*)"', disposition)
    content = Extent(spool, start + len(lines) + 4, end - start - len(lines) - 4)
    return Part(name[1], filename[1] if filename else None, headers.get("content-type"), content)

"""Files: signing an upload, finding it for a note, downloading it.

Any thread, under FakeClose's lock. The bytes come in through storage.py.
"""

import base64
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote

from close_notes_gui.sandbox import fields
from close_notes_gui.sandbox.exchange import (
    Extent,
    Json,
    Request,
    Response,
    Spool,
    refuse,
    refuse_fields,
)
from close_notes_gui.sandbox.multipart import Part
from close_notes_gui.sandbox.world import FILE_PREFIX, World, iso

POLICY_LIFE = timedelta(seconds=60)
UPLOAD_LIFE = timedelta(hours=24)
MOST_BYTES = 5 * 1024**3
_MOST_NAME_CHARS = 255


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A signed upload; ``content`` and ``sha256`` are None until the bytes came."""

    token: str
    key: str
    filename: str
    content_type: str
    signed_at: datetime
    form: tuple[tuple[str, str], ...]
    temporary_url: str
    content: Extent | None = None
    sha256: str | None = None

    @property
    def size_bytes(self) -> int:
        """Size of what was uploaded; 0 before."""
        return self.content.size_bytes if self.content else 0


class FileStore:
    """Invariant: a token names one file for ever; its bytes never change once attached."""

    def __init__(self, world: World, storage_url: str) -> None:
        self._world = world
        self.storage_url = storage_url
        self._by_token: dict[str, StoredFile] = {}
        self._by_key: dict[str, str] = {}

    def sign(self, body: Json, user_id: str) -> Json:
        """The answer of ``POST /files/upload/``."""
        fields.only_known(body, {"filename", "content_type"})
        for name in ("filename", "content_type"):
            if not fields.text(body, name):
                raise refuse_fields({name: "This field is required."})
        filename, content_type = body["filename"], body["content_type"]
        if len(filename) > _MOST_NAME_CHARS or any(
            ord(char) < 32 or char in "/\\" for char in filename
        ):
            raise refuse_fields({"filename": "Not a valid file name."})
        if content_type.count("/") != 1 or any(
            ord(char) < 33 or ord(char) > 126 for char in content_type.split(";")[0]
        ):
            raise refuse_fields({"content_type": "Not a valid content type."})
        stored = self._signed(filename, content_type, user_id)
        return {
            "upload": {"url": self.storage_url, "fields": dict(stored.form)},
            "download": {"url": stored.temporary_url},
        }

    def _signed(self, filename: str, content_type: str, user_id: str) -> StoredFile:
        token, now = self._world.token(), self._world.now()
        key = f"temporary/user/{user_id}/{token}/{filename}"
        form = {
            "AWSAccessKeyId": "SANDBOXACCESSKEY",
            "Content-Disposition": f'inline; filename="{quote(filename)}"',
            "Content-Type": content_type,
            "key": key,
            "success_action_status": "201",
        }
        conditions: list[object] = [
            {"bucket": "sandbox-files"},
            *({name: value} for name, value in form.items()),
        ]
        policy = {"expiration": iso(now + POLICY_LIFE), "conditions": conditions}
        encoded = base64.b64encode(json.dumps(policy).encode()).decode()
        form |= {"policy": encoded, "signature": self._world.sign(encoded)}
        stored = StoredFile(
            token=token,
            key=key,
            filename=filename,
            content_type=content_type,
            signed_at=now,
            form=tuple(form.items()),
            temporary_url=f"{FILE_PREFIX}temporary/{user_id}/{token}/{quote(filename)}/",
        )
        self._by_token[token] = stored
        self._by_key[key] = token
        return stored

    def signed_as(self, key: str) -> StoredFile | None:
        """The upload that was signed for a storage key."""
        token = self._by_key.get(key)
        return None if token is None else self._by_token[token]

    def keep(self, stored: StoredFile, content: Extent, sha256: str) -> None:
        """The bytes of a signed upload have arrived."""
        self._by_token[stored.token] = replace(stored, content=content, sha256=sha256)

    def put_sample(
        self, filename: str, content_type: str, content: bytes, user_id: str
    ) -> StoredFile:
        """A file that has been there all along, for the sample notes."""
        stored = self._signed(filename, content_type, user_id)
        spool = Spool()
        spool.write(content)
        part = Part("file", filename, content_type, Extent(spool, 0, len(content)))
        kept = replace(stored, content=part.content, sha256=part.sha256())
        self._by_token[stored.token] = kept
        return kept

    # What notes and downloads need.

    def attachable(self, url: str) -> StoredFile:
        """The uploaded file at a temporary address; ValueError with the reason if none."""
        stored = self.find(url)
        if stored is None or stored.temporary_url != url:
            raise ValueError("No such file.")
        if stored.content is None:
            raise ValueError("The file has not been uploaded.")
        if self._world.now() - stored.signed_at > UPLOAD_LIFE:
            raise ValueError("The upload has expired.")
        return stored

    def find(self, url_or_path: str) -> StoredFile | None:
        """The file whose token stands in an address or path, uploaded or not."""
        for segment in url_or_path.split("/"):
            if segment in self._by_token:
                return self._by_token[segment]
        return None

    def download(self, stored: StoredFile | None, request: Request) -> Response:
        """The bytes, or the one stretch that a ``Range`` header asks for."""
        if stored is None or stored.content is None:
            raise refuse(404, "File not found.")
        whole, size = stored.content, stored.content.size_bytes
        base = (
            ("Content-Type", stored.content_type),
            ("Content-Disposition", f"inline; filename*=UTF-8''{quote(stored.filename)}"),
            ("Accept-Ranges", "bytes"),
        )
        asked = request.header("Range")
        if asked is None:
            return Response(200, base, whole)
        stretch = _range(asked, size)
        if stretch is None:
            return Response(416, (("Content-Range", f"bytes */{size}"),))
        start, end = stretch
        return Response(
            206,
            (*base, ("Content-Range", f"bytes {start}-{end - 1}/{size}")),
            whole.part(start, end - start),
        )


def _range(asked: str, size: int) -> tuple[int, int] | None:
    """(start, end) of a single ``bytes=a-b`` range; None if it cannot be satisfied."""
    unit, _, span = asked.partition("=")
    first, dash, last = span.partition("-")
    if (
        unit.strip() != "bytes"
        or not dash
        or not all(one == "" or one.isdecimal() for one in (first, last))
    ):
        return None
    if first:
        start, end = int(first), min(int(last) + 1, size) if last else size
    else:
        start, end = max(size - int(last or 0), 0), size
    return (start, end) if start < end else None

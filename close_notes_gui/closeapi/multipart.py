"""A form with one file as its last part, streamed, its length known beforehand.

Any thread. Our own rather than httpx's: that one has no public way to choose the size of the
pieces, and falls silently into chunked coding, which S3 refuses.
"""

import re
import secrets
from collections.abc import Iterable, Iterator

_ESCAPED = {'"': "%22", "\r": "%0D", "\n": "%0A", "\x00": ""}
_CONTENT_TYPE = re.compile(r"[!-~]+/[!-~]+(?: ?;[ -~]*)?")
_ANY_BYTES = "application/octet-stream"


class Form:
    """The bytes around a file of a known size. Invariant: `length_bytes` counts exactly them."""

    def __init__(
        self,
        fields: Iterable[tuple[str, str]],
        *,
        filename: str,
        content_type: str,
        size_bytes: int,
    ) -> None:
        self._boundary = secrets.token_hex(16)
        parts = [self._field(name, value) for name, value in fields]
        parts.append(self._file(filename, content_type))
        self._before = b"".join(parts)
        self._after = f"\r\n--{self._boundary}--\r\n".encode()
        self.length_bytes = len(self._before) + size_bytes + len(self._after)

    @property
    def headers(self) -> dict[str, str]:
        """What the request must say of the form."""
        return {
            "Content-Type": f"multipart/form-data; boundary={self._boundary}",
            "Content-Length": str(self.length_bytes),
        }

    def pieces(self, file_pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The whole form, with the file's bytes in their place."""
        yield self._before
        yield from file_pieces
        yield self._after

    def _field(self, name: str, value: str) -> bytes:
        head = f'--{self._boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"'
        return f"{head}\r\n\r\n{value}\r\n".encode("utf-8", "replace")

    def _file(self, filename: str, content_type: str) -> bytes:
        if not _CONTENT_TYPE.fullmatch(content_type):
            content_type = _ANY_BYTES
        lines = (
            f"--{self._boundary}",
            f'Content-Disposition: form-data; name="file"; filename="{_quoted(filename)}"',
            f"Content-Type: {content_type}",
            "",
            "",
        )
        return "\r\n".join(lines).encode("utf-8", "replace")


def _quoted(name: str) -> str:
    # as browsers do it (HTML, "multipart/form-data encoding algorithm")
    return "".join(_ESCAPED.get(char, char) for char in name)

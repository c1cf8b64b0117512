"""What the storage host (S3) answers, as errors of this room. Any thread; pure."""

import re
from collections.abc import Iterable
from xml.sax.saxutils import unescape

from close_notes_gui.closeapi.errors import (
    BadAnswer,
    CloseError,
    PolicyExpired,
    ServerTrouble,
    StorageRefused,
    TimedOut,
)

_CODE = re.compile(r"<Code>([^<]{1,100})</Code>")
_MESSAGE = re.compile(r"<Message>([^<]{1,1000})</Message>")
_SHORTEST_SECRET = 8


def expected_status(fields: Iterable[tuple[str, str]]) -> int:
    """The code that means success, as the signed form asks for it; S3's own choice is 204."""
    asked = dict(fields).get("success_action_status", "")
    return int(asked) if asked in {"200", "201", "204"} else 204


def storage_failure(
    status: int, body: bytes, *, fields: Iterable[tuple[str, str]]
) -> CloseError | None:
    """The error for an answer, None for success. Says nothing that the signed form holds."""
    if status == expected_status(fields):
        return None
    xml = body.decode("utf-8", "replace")
    code = _found(_CODE, xml) or f"HTTP {status}"
    message = _found(_MESSAGE, xml)
    for _, value in fields:
        if len(value) >= _SHORTEST_SECRET:
            message = message.replace(value, "…")
    if status == 408 or code == "RequestTimeout":
        return TimedOut(code)
    if status >= 500 or status == 429:
        return ServerTrouble(code, status=status)
    if status < 400:
        return BadAnswer(f"unexpected {status} from the storage host")
    if status == 403:
        return PolicyExpired(code, message, status=status)
    return StorageRefused(code, message, status=status)


def _found(pattern: re.Pattern[str], xml: str) -> str:
    match = pattern.search(xml)
    return unescape(match[1]).strip() if match else ""

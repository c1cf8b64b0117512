"""The storage host in unit tests: a signed form, and a far end that gives one answer."""

from datetime import UTC, datetime
from pathlib import Path

import httpx

from close_notes_gui.closeapi.answers import SignedUpload
from close_notes_gui.closeapi.upload import Upload

POLICY = "eyJleHBpcmF0aW9uIjoiMjAyNi0wMy0wMlQxMjowMDowMFoifQ"
FIELDS = (
    ("AWSAccessKeyId", "AKIAIOSFODNN7EXAMPLE"),
    ("Content-Type", "text/plain"),
    ("key", "temporary/user/x"),
    ("policy", POLICY),
    ("signature", "0RavWzkygo6QX9caELEqKi9kDbU="),
    ("success_action_status", "201"),
)
EXPIRED = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code>'
    b"<Message>Invalid according to Policy: Policy expired.</Message></Error>"
)
DOWNLOAD = "https://app.close.com/go/file/temporary/user_1/tok/a.txt/"


def signed(url: str = "https://bucket.s3.amazonaws.com/") -> SignedUpload:
    return SignedUpload(url, FIELDS, DOWNLOAD, datetime(2026, 3, 2, tzinfo=UTC))


class Bucket:
    """The far end of a mock transport: keeps what came, gives one answer."""

    def __init__(self, answer: httpx.Response | Exception | None = None) -> None:
        self.answer = answer or httpx.Response(201, text="<PostResponse/>")
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def upload(path: Path, bucket: Bucket | None = None, **more) -> Upload:
    transport = httpx.MockTransport(bucket) if bucket else None
    given = {"filename": "notes.txt", "content_type": "text/plain", **more}
    return Upload(path, transport=transport, **given)

"""The storage host: takes the form that was signed, unaltered, for 60 s.

Any thread, under FakeClose's lock. Speaks XML like S3, and must never see a
credential of Close: that is refused and put down as a violation.
"""

from datetime import datetime, timedelta
from urllib.parse import quote
from xml.sax.saxutils import escape

from close_notes_gui.sandbox.exchange import Request, Response, Spool, xml_response
from close_notes_gui.sandbox.files import FileStore, StoredFile
from close_notes_gui.sandbox.multipart import MalformedForm, Part, boundary_of, read_form
from close_notes_gui.sandbox.world import World

POLICY_LIFE = timedelta(seconds=60)
MOST_BYTES = 5 * 1024**3


class StorageRefusal(Exception):
    """S3 says no."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(status, code, message)
        self.response = s3_error(status, code, message)


def s3_error(status: int, code: str, message: str) -> Response:
    """An error of S3: ``<Error><Code>…</Code><Message>…</Message>…``."""
    return xml_response(
        status,
        f"<Error><Code>{code}</Code><Message>{escape(message)}</Message>"
        "<RequestId>SANDBOX0000000</RequestId><HostId>sandbox</HostId></Error>",
    )


class StorageHost:
    """Invariant: it keeps a file whole or not at all, and only for a signed form."""

    def __init__(self, world: World, files: FileStore) -> None:
        self._world = world
        self._files = files
        self.violations: list[str] = []

    def receive(self, request: Request) -> Response:
        """The storage host's answer to any request."""
        try:
            return self._receive(request)
        except StorageRefusal as refusal:
            return refusal.response
        except MalformedForm as fault:
            return s3_error(
                400,
                "MalformedPOSTRequest",
                f"The body of your POST request is not well-formed: {fault}",
            )

    def _receive(self, request: Request) -> Response:
        for name in ("Authorization", "Cookie"):
            if request.header(name) is not None:
                self.violations.append(f"{name} sent to the storage host")
                raise StorageRefusal(400, "InvalidArgument", "Only one auth mechanism allowed.")
        if request.method != "POST":
            raise StorageRefusal(
                405,
                "MethodNotAllowed",
                "The specified method is not allowed against this resource.",
            )
        if request.header("Transfer-Encoding") is not None:
            self.violations.append("upload in chunks, without Content-Length")
            raise StorageRefusal(
                501,
                "NotImplemented",
                "A header you provided implies functionality that is not implemented.",
            )
        length = request.header("Content-Length")
        if length is None:
            self.violations.append("upload without Content-Length")
            raise StorageRefusal(
                411, "MissingContentLength", "You must provide the Content-Length HTTP header."
            )
        spool = _spooled(request.body)
        if int(length) != spool.size_bytes:
            raise StorageRefusal(
                400,
                "IncompleteBody",
                "You did not provide the number of bytes specified by Content-Length.",
            )
        if spool.size_bytes > MOST_BYTES:
            raise StorageRefusal(
                400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size."
            )
        parts = read_form(spool, boundary_of(request.header("Content-Type")))
        stored = self._checked(parts, request.arrived_at or self._world.now())
        return self._kept(stored, parts[-1])

    def _checked(self, parts: list[Part], arrived_at: datetime) -> StoredFile:
        """The signed upload that a form belongs to, if it fits in every point."""
        names = [part.name for part in parts]
        if names.count("file") != 1:
            raise StorageRefusal(
                400, "InvalidArgument", "POST requires exactly one file upload per request."
            )
        sent = _fields(parts[: names.index("file")])
        stored = self._files.signed_as(sent.get("key", ""))
        if stored is None:
            raise StorageRefusal(
                403,
                "AccessDenied",
                'Invalid according to Policy: Policy Condition failed: ["eq", "$key"]',
            )
        if sent.get("signature") != dict(stored.form)["signature"]:
            raise StorageRefusal(
                403,
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided.",
            )
        if arrived_at - stored.signed_at > POLICY_LIFE:
            raise StorageRefusal(
                403, "AccessDenied", "Invalid according to Policy: Policy expired."
            )
        for name, value in stored.form:
            if sent.get(name) != value:
                raise StorageRefusal(
                    403,
                    "AccessDenied",
                    f'Invalid according to Policy: Policy Condition failed: ["eq", "${name}"]',
                )
        if extra := sent.keys() - dict(stored.form).keys():
            raise StorageRefusal(
                403,
                "AccessDenied",
                f"Invalid according to Policy: Extra input fields: {min(extra)}",
            )
        if names[-1] != "file":
            raise MalformedForm("fields after the file")
        return stored

    def _kept(self, stored: StoredFile, part: Part) -> Response:
        digest = part.sha256()
        self._files.keep(stored, part.content, digest)
        key = escape(stored.key)
        return xml_response(
            201,
            f"<PostResponse><Location>{escape(self._files.storage_url)}{quote(stored.key)}</Location>"
            f'<Bucket>sandbox-files</Bucket><Key>{key}</Key><ETag>"{digest[:32]}"</ETag></PostResponse>',
        )


def _fields(parts: list[Part]) -> dict[str, str]:
    """The plain fields before the file; S3 ignores those after it, so they count as missing."""
    sent: dict[str, str] = {}
    for part in parts:
        if part.name in sent:
            raise MalformedForm(f"field {part.name} twice")
        sent[part.name] = part.text()
    return sent


def _spooled(body: bytes | Spool) -> Spool:
    if isinstance(body, Spool):
        return body
    spool = Spool()
    spool.write(body)
    return spool

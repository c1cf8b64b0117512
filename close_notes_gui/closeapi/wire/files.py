"""Leave to upload, from JSON. Any thread; pure."""

from datetime import datetime

from close_notes_gui.closeapi.answers import SignedUpload
from close_notes_gui.closeapi.errors import BadAnswer
from close_notes_gui.closeapi.wire.basics import field, part, text


def signed_upload(answer: object, *, signed_at: datetime) -> SignedUpload:
    """The answer of `POST /files/upload/`, complete or BadAnswer: half a policy is no use."""
    upload = part(answer, "upload")
    url = text(field(upload, "url"))
    download_url = text(field(part(answer, "download"), "url"))
    fields = part(upload, "fields")
    plain = all(isinstance(value, str | int) for value in fields.values())
    if not (url and download_url and fields and plain):
        raise BadAnswer("no leave to upload in the answer")
    return SignedUpload(
        url=url,
        fields=tuple((name, text(value)) for name, value in fields.items()),
        download_url=download_url,
        signed_at=signed_at,
    )

"""Files of notes, streamed down. Engine thread, on its asyncio loop.

Never gives the key to the storage host, and never writes to disk.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from close_notes_gui.closeapi.errors import BadAnswer, CloseError, TimedOut
from close_notes_gui.closeapi.failures import HTTPX_ERRORS, from_exception, from_status
from close_notes_gui.closeapi.hosts import check_redirect, file_address, same_origin
from close_notes_gui.closeapi.session import Session

_MOST_HOPS = 4
_LONGEST_REFUSAL_BYTES = 20_000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_RANGE = re.compile(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18}|\*)")


@dataclass(frozen=True, slots=True)
class Download:
    """An open stream. `start_byte` is where `chunks` begins (0 where the host gives no parts);
    `size_bytes` is the whole file's, None where it is not told.
    """

    start_byte: int
    size_bytes: int | None
    content_type: str
    chunks: AsyncIterator[bytes] = field(repr=False)


@asynccontextmanager
async def open_download(
    session: Session, address: str, *, from_byte: int = 0
) -> AsyncIterator[Download]:
    """Open a file of Close. Raises like any call of the client, also while it is read."""
    url = file_address(address, api_url=session.base_url)
    response = await _follow(session, url, from_byte=from_byte)
    try:
        yield _opened(response)
    finally:
        await response.aclose()


async def _follow(session: Session, url: httpx.URL, *, from_byte: int) -> httpx.Response:
    client = await session.client()
    with_key = True
    for _ in range(_MOST_HOPS):
        request = client.build_request("GET", url, headers={"Accept": "*/*"})
        # What is stored is what is wanted, byte for byte, so that ranges count right.
        request.headers["Accept-Encoding"] = "identity"
        if from_byte > 0:
            request.headers["Range"] = f"bytes={from_byte}-"
        response = await _send(session, client, request, with_key=with_key)
        if response.status_code not in _REDIRECTS:
            await _check(session, response, url)
            return response
        await response.aclose()
        target = url.join(response.headers.get("location", ""))
        url = check_redirect(target, api_url=session.base_url)
        # Once sent elsewhere the key stays at home, even if the way leads back.
        with_key = with_key and same_origin(url, session.base_url)
    raise BadAnswer("redirected too often")


async def _send(
    session: Session, client: httpx.AsyncClient, request: httpx.Request, *, with_key: bool
) -> httpx.Response:
    auth = session.authorize(request) if with_key else None
    try:
        return await client.send(request, auth=auth, stream=True)
    except HTTPX_ERRORS as error:
        failure = from_exception(error, creates=False)
    raise failure


async def _check(session: Session, response: httpx.Response, url: httpx.URL) -> None:
    status = response.status_code
    if status in {200, 206}:
        return
    body = b""
    try:
        async for part in response.aiter_bytes():
            body += part
            if len(body) > _LONGEST_REFUSAL_BYTES:
                break
    except HTTPX_ERRORS:
        body = b""
    finally:
        await response.aclose()
    if status == 429:
        session.limits.learn("go/file/", status=status, headers=response.headers)
        raise TimedOut("too many requests")
    failure: CloseError | None = from_status(status, body, creates=False)
    raise failure or BadAnswer(f"unexpected {status} from {url.host}")


def _opened(response: httpx.Response) -> Download:
    length = response.headers.get("content-length", "")
    size_bytes = int(length) if re.fullmatch(r"\d{1,18}", length) else None
    start_byte = 0
    if response.status_code == 206:
        told = _RANGE.fullmatch(response.headers.get("content-range", "").strip())
        if told is None:
            raise BadAnswer("a part of a file without its place")
        start_byte = int(told[1])
        size_bytes = int(told[2]) if told[2] != "*" else None
    content_type = response.headers.get("content-type", "")
    return Download(start_byte, size_bytes, content_type, _chunks(response))


async def _chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    failure: CloseError | None = None
    try:
        async for part in response.aiter_bytes():
            yield part
    except HTTPX_ERRORS as error:
        failure = from_exception(error, creates=False)
    if failure is not None:
        raise failure

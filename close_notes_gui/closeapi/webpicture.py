"""A picture from anywhere on the web, that the rep dragged here from a browser and said yes to.

Engine thread, on its asyncio loop. Knows no key, keeps no cookie, asks nobody on this machine or
in its own network by address.
"""

import ipaddress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

import httpx

from close_notes_gui.closeapi.errors import BadAnswer, CloseError, Gone, UnsafeAddress
from close_notes_gui.closeapi.failures import HTTPX_ERRORS, from_exception
from close_notes_gui.closeapi.tls import trust

_MOST_HOPS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_TIMEOUT: Final = httpx.Timeout(connect=10, read=20, write=20, pool=10)


@dataclass(frozen=True, slots=True)
class WebPicture:
    """What came; `name` is the last part of the address, may be empty."""

    name: str
    content: bytes = field(repr=False)


async def fetch_picture(
    address: str, *, largest_bytes: int, transport: httpx.AsyncBaseTransport | None = None
) -> WebPicture:
    """The bytes at the address. Raises CloseError, among them UnsafeAddress."""
    url = _checked(address)
    async with httpx.AsyncClient(
        transport=transport,
        verify=trust() if transport is None else True,
        follow_redirects=False,
        timeout=_TIMEOUT,
        headers={"User-Agent": "Mozilla/5.0 (Close Notes)", "Accept": "image/*"},
    ) as client:
        failure: CloseError | None = None
        try:
            for _ in range(_MOST_HOPS):
                client.cookies.clear()
                async with client.stream("GET", url) as response:
                    if response.status_code not in _REDIRECTS:
                        return WebPicture(_name(url), await _content(response, largest_bytes))
                    url = _checked(str(url.join(response.headers.get("location", ""))))
        except HTTPX_ERRORS as error:
            failure = from_exception(error, creates=False)
    raise failure or BadAnswer("redirected too often")


async def _content(response: httpx.Response, largest_bytes: int) -> bytes:
    if response.status_code != 200:
        raise Gone(f"status {response.status_code}")
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > largest_bytes:
            raise BadAnswer("too large for a picture")
    return bytes(content)


def _checked(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address.strip())
        _ = url.host  # decoded only here; a broken "xn--" name raises UnicodeError
    except (httpx.InvalidURL, ValueError):
        url = None
    if url is None or url.scheme not in {"http", "https"} or not url.host or url.userinfo:
        raise UnsafeAddress("not a web address")
    if _is_nearby(url.host):
        raise UnsafeAddress("an address in this network")
    return url


def _is_nearby(host: str) -> bool:
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(name.strip("[]")).is_global
    except ValueError:
        # 127.1 and 0x7f.0.0.1 are addresses to the system's resolver; no public name ends so.
        last = name.rpartition(".")[2]
        return "." not in name or last.isdigit() or last.startswith("0x")


def _name(url: httpx.URL) -> str:
    return unquote(url.path.rstrip("/").rpartition("/")[2])

"""Which addresses may be spoken to, and which may be given the key. Any thread; pure.

https everywhere; plain http only on loopback (the sandbox); the key only to the API's origin.
"""

import ipaddress

import httpx

from close_notes_gui.closeapi.errors import UnsafeAddress

API_URL = "https://api.close.com/api/v1"
_LAST_PORT = 65_535
_FILE_HOST = "app.close.com"
_FILE_PATH = "/go/file/"


def is_loopback(url: httpx.URL) -> bool:
    """Whether the host is this machine, by its literal name or address (no look-up)."""
    host = url.host.rstrip(".").lower()
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_api_address(base_url: str) -> httpx.URL:
    """The API's base, ending in a slash. Raise UnsafeAddress."""
    url = _parsed(base_url)
    if url.query or url.fragment:
        raise UnsafeAddress("the API's address has a query")
    _check_scheme(url, loopback=True)
    return url.copy_with(path=url.path.rstrip("/") + "/")


def check_upload_address(address: str, *, api_url: httpx.URL) -> httpx.URL:
    """Where a file is posted to: https, or loopback where the API is on loopback too."""
    url = _parsed(address)
    _check_scheme(url, loopback=is_loopback(api_url))
    return url


def check_redirect(address: httpx.URL, *, api_url: httpx.URL) -> httpx.URL:
    """Where a download leads on to; the same rule as for uploads."""
    return check_upload_address(str(address), api_url=api_url)


def file_address(address: str, *, api_url: httpx.URL) -> httpx.URL:
    """The address of a note's file at the API's origin, where the key is accepted for it.

    Close names files at `app.close.com`, which wants a browser's session.
    Raise UnsafeAddress where it is not an address of a file of Close.
    """
    url = _parsed(address)
    of_close = url.scheme == "https" and url.host == _FILE_HOST and url.port is None
    if not (of_close or same_origin(url, api_url)) or not url.path.startswith(_FILE_PATH):
        raise UnsafeAddress("not a file in Close")
    if ".." in url.path.split("/"):
        raise UnsafeAddress("not a file in Close")
    return url.copy_with(scheme=api_url.scheme, host=api_url.host, port=api_url.port, fragment=None)


def same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    """Whether scheme, host and port are the same."""
    return _origin(one) == _origin(other)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    port = url.port or {"http": 80, "https": 443}.get(url.scheme)
    return url.scheme, url.host.rstrip(".").lower(), port


def _parsed(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address.strip())
        _ = url.host  # decoded only here; a broken "xn--" name raises UnicodeError
    except (httpx.InvalidURL, ValueError):
        url = None
    if url is None or not url.host or not 0 <= (url.port or 0) <= _LAST_PORT:
        raise UnsafeAddress("not an address")
    if url.userinfo:
        # httpx would turn it into credentials
        raise UnsafeAddress("the address names a user")
    return url


def _check_scheme(url: httpx.URL, *, loopback: bool) -> None:
    if url.scheme == "https" or (url.scheme == "http" and loopback and is_loopback(url)):
        return
    raise UnsafeAddress("the address is not https")

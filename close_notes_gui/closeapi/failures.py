"""From what httpx raises and what Close answers to the errors of this room.

Any thread; pure. The one place that decides whether a create call is certain to have failed.
"""

import json
import ssl
from collections.abc import Iterator, Mapping

import httpx

from close_notes_gui.closeapi.errors import (
    AnswerLost,
    BadAnswer,
    CloseError,
    Forbidden,
    Gone,
    NotAuthorized,
    Offline,
    PlanLimit,
    Refused,
    ServerTrouble,
    TimedOut,
    TlsFailed,
    UnsafeAddress,
)

# Everything that httpx may raise, and the two that slip through it from below.
HTTPX_ERRORS: tuple[type[Exception], ...] = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.CookieConflict,
    httpx.StreamError,
    OSError,
    TimeoutError,
)

# Raised before the first byte of a request can have left.
_NOTHING_SENT: tuple[tuple[type[Exception], type[CloseError]], ...] = (
    (httpx.ConnectTimeout, Offline),
    (httpx.ConnectError, Offline),
    (httpx.ProxyError, Offline),
    (httpx.PoolTimeout, TimedOut),
    (httpx.UnsupportedProtocol, UnsafeAddress),
    (httpx.InvalidURL, UnsafeAddress),
    (httpx.CookieConflict, BadAnswer),
)

# Raised at any time; what they mean where asking again does no harm.
_ANY_TIME: tuple[tuple[type[Exception], type[CloseError]], ...] = (
    (httpx.TimeoutException, TimedOut),
    (TimeoutError, TimedOut),
    (httpx.NetworkError, Offline),
    (httpx.RemoteProtocolError, Offline),
    (httpx.LocalProtocolError, BadAnswer),
    (httpx.DecodingError, BadAnswer),
    (httpx.TooManyRedirects, BadAnswer),
    (httpx.HTTPStatusError, BadAnswer),
    (httpx.HTTPError, Offline),
    (httpx.StreamError, BadAnswer),
    (OSError, Offline),
)

# A proxy or a load balancer gave up on a request that Close may have got.
_UNCERTAIN_4XX = frozenset({408, 499})
_LONGEST_BODY = 20_000


def from_exception(error: Exception, *, creates: bool) -> CloseError:
    """The error of this room for one of HTTPX_ERRORS. Holds nothing of the request."""
    name = type(error).__name__
    for kind, meaning in _NOTHING_SENT:
        if isinstance(error, kind):
            failure = TlsFailed(_tls_reason(error)) if _is_tls(error) else meaning(name)
            failure.was_sent = False
            return failure
    if creates:
        return AnswerLost(name)
    if _is_tls(error):
        return TlsFailed(_tls_reason(error))
    return next(meaning(name) for kind, meaning in _ANY_TIME if isinstance(error, kind))


def from_status(status: int, body: bytes, *, creates: bool) -> CloseError | None:
    """The error for an answer's code and body; None for 2xx. 429 is `limits`' affair."""
    if 200 <= status < 300:
        return None
    reason, fields = reasons(body)
    if creates and (status < 400 or status >= 500 or status in _UNCERTAIN_4XX):
        return AnswerLost(reason, status=status)
    if status >= 500:
        return ServerTrouble(reason, status=status)
    if status in _UNCERTAIN_4XX:
        return TimedOut(reason)
    if status < 400:
        return BadAnswer(f"unexpected {status}")
    plain: Mapping[int, type[CloseError]] = {
        401: NotAuthorized,
        402: PlanLimit,
        403: Forbidden,
        404: Gone,
        410: Gone,
    }
    if status in plain:
        return plain[status](reason)
    return Refused(reason, status=status, fields=fields)


def reasons(body: bytes) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Close's words for a refusal, and its field errors, from whatever the body holds."""
    try:
        answer = json.loads(body[:_LONGEST_BODY])
    except (ValueError, RecursionError):
        return "", ()
    if not isinstance(answer, dict):
        return "", ()
    fields = tuple(_leaves("", answer.get("field-errors")))[:20]
    said = [text for _, text in _leaves("", answer.get("error"))]
    said += [text for _, text in _leaves("", answer.get("errors"))]
    if not said:
        said = [f"{name}: {text}" if name else text for name, text in fields]
    return "; ".join(said[:5]), fields


def _leaves(name: str, value: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif depth < 6 and isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{name}.{key}" if name else str(key), inner, depth + 1)
    elif depth < 6 and isinstance(value, list):
        for inner in value:
            yield from _leaves(name, inner, depth + 1)


def _is_tls(error: BaseException) -> bool:
    return _tls_error(error) is not None


def _tls_reason(error: BaseException) -> str:
    found = _tls_error(error)
    # OpenSSL sets these two; an error made in Python may lack them
    return getattr(found, "verify_message", "") or getattr(found, "reason", "") or "TLS failed"


def _tls_error(error: BaseException) -> ssl.SSLError | None:
    seen: BaseException | None = error
    for _ in range(10):
        if seen is None or isinstance(seen, ssl.SSLError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None

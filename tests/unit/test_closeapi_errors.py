"""Every fault of httpx and of Close ends in one tree, and says no secret."""

import inspect
import ssl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from close_notes_gui.closeapi import errors
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
    cleaned,
)
from close_notes_gui.closeapi.failures import HTTPX_ERRORS, from_exception, from_status, reasons

DEFINITE: tuple[type[Exception], ...] = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
    httpx.CookieConflict,
)


def httpx_exceptions() -> list[type[Exception]]:
    found = [
        kind
        for _, kind in inspect.getmembers(httpx, inspect.isclass)
        if issubclass(kind, Exception)
    ]
    assert len(found) >= 25  # the look-up itself works
    return found


def made(kind: type[Exception]) -> Exception:
    request = httpx.Request(
        "POST", "https://api.close.com/", headers={"Authorization": "Basic c2VjcmV0"}
    )
    if issubclass(kind, httpx.HTTPStatusError):
        return kind("m", request=request, response=httpx.Response(500))
    needed = inspect.signature(kind.__init__).parameters
    return kind(*["some words"] * ("message" in needed))


@pytest.mark.parametrize("kind", httpx_exceptions(), ids=lambda kind: kind.__name__)
def test_no_httpx_exception_is_unmapped(kind: type[Exception]) -> None:
    error = made(kind)
    assert isinstance(error, HTTPX_ERRORS)
    safe = from_exception(error, creates=False)
    assert isinstance(safe, CloseError)
    assert not isinstance(safe, AnswerLost)


@pytest.mark.parametrize("kind", httpx_exceptions(), ids=lambda kind: kind.__name__)
def test_a_create_call_is_certain_to_have_failed_only_before_the_first_byte(
    kind: type[Exception],
) -> None:
    lost = isinstance(from_exception(made(kind), creates=True), AnswerLost)
    assert lost is not issubclass(kind, DEFINITE)


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (httpx.ConnectError("x"), Offline),
        (httpx.ConnectTimeout("x"), Offline),
        (httpx.ReadError("x"), Offline),
        (httpx.RemoteProtocolError("x"), Offline),
        (httpx.ReadTimeout("x"), TimedOut),
        (httpx.WriteTimeout("x"), TimedOut),
        (httpx.PoolTimeout("x"), TimedOut),
        (TimeoutError(), TimedOut),
        (ConnectionResetError(), Offline),
        (httpx.DecodingError("x"), BadAnswer),
        (httpx.UnsupportedProtocol("x"), UnsafeAddress),
    ],
)
def test_meaning_where_asking_again_does_no_harm(
    error: Exception, meaning: type[CloseError]
) -> None:
    assert type(from_exception(error, creates=False)) is meaning


@pytest.mark.parametrize("creates", [True, False])
def test_a_certificate_not_accepted_is_told_apart_from_no_network(creates: bool) -> None:
    error = httpx.ConnectError("x")
    cause = ssl.SSLCertVerificationError()
    cause.verify_message = "self-signed certificate"
    error.__cause__ = cause
    found = from_exception(error, creates=creates)
    assert type(found) is TlsFailed
    assert found.reason == "self-signed certificate"


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (400, Refused), (401, NotAuthorized), (402, PlanLimit), (403, Forbidden), (404, Gone),
        (405, Refused), (408, TimedOut), (410, Gone), (413, Refused), (415, Refused),
        (422, Refused), (500, ServerTrouble), (502, ServerTrouble), (503, ServerTrouble),
        (504, ServerTrouble), (302, BadAnswer), (304, BadAnswer),
    ],
)  # fmt: skip
def test_codes(status: int, meaning: type[CloseError]) -> None:
    assert type(from_status(status, b"", creates=False)) is meaning


@pytest.mark.parametrize("status", [302, 408, 499, 500, 502, 503, 504, 520])
def test_codes_that_leave_a_create_call_in_doubt(status: int) -> None:
    found = from_status(status, b"", creates=True)
    assert isinstance(found, AnswerLost)
    assert found.status == status


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 415])
def test_codes_that_refuse_a_create_call_for_certain(status: int) -> None:
    assert type(from_status(status, b"", creates=True)) is not AnswerLost


@pytest.mark.parametrize("status", [200, 201, 204])
def test_success_is_no_error(status: int) -> None:
    assert from_status(status, b"", creates=True) is None


def test_field_errors_may_nest() -> None:
    body = (
        b'{"errors": [], "field-errors": {"note_html": {"0": ["bad", {"x": "worse"}]}, "a": "b"}}'
    )
    reason, fields = reasons(body)
    assert fields == (("note_html.0", "bad"), ("note_html.0.x", "worse"), ("a", "b"))
    assert reason == "note_html.0: bad; note_html.0.x: worse; a: b"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>no</html>",
        b"[]",
        b"null",
        b'{"errors": 7}',
        b'{"error": {"a": null}}',
        b"[" * 9000,
        b"\xff",
    ],
)
def test_a_refusal_without_reason_is_still_a_refusal(body: bytes) -> None:
    found = from_status(400, body, creates=True)
    assert isinstance(found, Refused)
    assert found.fields == ()


@pytest.mark.parametrize(
    "secret",
    [
        "api_2Vb5dXyzAbCdEf.0123456789ab",
        "Basic YXBpXzEyMzQ1Njc4OTo=",
        "Bearer abcdefghijkl",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJleHBpcmF0aW9uIjogIjIwMTMtMDgtMDZUMTI6MDA6MDAuMDAwWiIsDQogICJjb25kaXRpb25z",
    ],
)
def test_what_looks_like_a_secret_is_blotted_out(secret: str) -> None:
    for error in (
        CloseError(f"key {secret} is bad"),
        Refused(f"key {secret} is bad", fields=((secret, secret),)),
        AnswerLost(secret),
    ):
        said = f"{error} {error!r} {error.reason} {getattr(error, 'fields', '')}"
        assert secret not in said
        assert secret.rsplit(" ", 1)[-1] not in said


def test_reasons_are_one_short_plain_line() -> None:
    assert cleaned("<b>Not</b>\n allowed\x00\u202e here") == "Not allowed here"
    assert len(cleaned("a " * 5000)) == 300


@given(st.text())
def test_cleaning_anything_gives_printable_text_and_changes_nothing_twice(text: str) -> None:
    once = cleaned(text)
    assert len(once) <= 300
    assert "\n" not in once
    once.encode("utf-8")


def test_the_tree_is_drawn_in_full() -> None:
    drawn = errors.__doc__ or ""
    kinds = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, CloseError)
    ]
    assert [kind.__name__ for kind in kinds if kind.__name__ not in drawn] == []

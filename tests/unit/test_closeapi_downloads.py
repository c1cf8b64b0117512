"""Files of notes come down without the key ever leaving Close."""

from collections.abc import AsyncIterator

import httpx
import pytest

from close_notes_gui.closeapi.errors import (
    BadAnswer,
    CloseError,
    Gone,
    NotAuthorized,
    Offline,
    ServerTrouble,
    TimedOut,
    UnsafeAddress,
)
from tests.unit.closeapi_line import BASIC, Answer, Line, listing

pytestmark = pytest.mark.anyio

FILE = "https://app.close.com/go/file/persisted/orga_1/activity.note/acti_1/tok/a.pdf/"


async def test_a_download_is_redirected_without_the_key() -> None:
    stored = "https://bucket.s3.amazonaws.com/a.pdf?X-Amz-Signature=s3cr3t"
    line = Line(
        httpx.Response(302, headers={"location": stored}),
        httpx.Response(200, content=b"bytes of it", headers={"content-type": "application/pdf"}),
    )
    async with line.client() as client, client.download(FILE) as opened:
        assert (opened.start_byte, opened.size_bytes) == (0, 11)
        assert b"".join([piece async for piece in opened.chunks]) == b"bytes of it"
    first, second = line.requests
    assert str(first.url) == FILE.replace("app.", "api.")
    assert first.headers["authorization"] == BASIC
    assert str(second.url) == stored
    assert "authorization" not in second.headers


async def test_a_download_never_takes_the_key_back_after_leaving() -> None:
    line = Line(
        httpx.Response(302, headers={"location": "https://bucket.example/x"}),
        httpx.Response(302, headers={"location": "https://api.close.com/api/v1/me/"}),
        httpx.Response(200, content=b"x"),
    )
    async with line.client() as client, client.download(FILE):
        pass
    assert ["authorization" in one.headers for one in line.requests] == [True, False, False]


async def test_a_download_goes_on_from_a_byte() -> None:
    part = httpx.Response(206, content=b"world", headers={"content-range": "bytes 6-10/11"})
    line = Line(part)
    async with line.client() as client, client.download(FILE, from_byte=6) as opened:
        assert (opened.start_byte, opened.size_bytes) == (6, 11)
        assert b"".join([piece async for piece in opened.chunks]) == b"world"
    assert line.requests[0].headers["range"] == "bytes=6-"


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (httpx.Response(404), Gone),
        (httpx.Response(401), NotAuthorized),
        (httpx.Response(500), ServerTrouble),
        (httpx.Response(429), TimedOut),
        (httpx.ReadTimeout("x"), TimedOut),
        (httpx.Response(302, headers={"location": "http://bucket.example/"}), UnsafeAddress),
        (httpx.Response(302, headers={"location": "/go/file/x/"}), BadAnswer),
        (httpx.Response(206, content=b"x"), BadAnswer),
        (httpx.Response(204), BadAnswer),
    ],
)
async def test_faults_of_a_download(answer: Answer, meaning: type[CloseError]) -> None:
    async with Line(answer).client() as client:
        with pytest.raises(meaning) as caught:
            async with client.download(FILE):
                pass
    assert type(caught.value) is meaning


async def test_a_download_that_breaks_says_so() -> None:
    class Breaking(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"half"
            raise httpx.ReadError("x")

    line = Line(httpx.Response(200, stream=Breaking()))
    got = []
    async with line.client() as client:
        with pytest.raises(Offline):
            async with client.download(FILE) as opened:
                got += [piece async for piece in opened.chunks]


async def test_the_key_stays_with_its_origin() -> None:
    async with Line(listing()).client() as client:
        with pytest.raises(ValueError, match="stays"):
            client._session.authorize(httpx.Request("GET", "https://evil.example/api/v1/"))


async def test_a_netrc_file_adds_no_credentials(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(
        "machine bucket.example login me password secret\nmachine api.close.com login x password y\n"
    )
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_text(netrc.read_text())
    line = Line(
        httpx.Response(302, headers={"location": "https://bucket.example/x"}),
        httpx.Response(200, content=b"x"),
    )
    async with line.client() as client, client.download(FILE):
        pass
    assert [one.headers.get("authorization") for one in line.requests] == [BASIC, None]

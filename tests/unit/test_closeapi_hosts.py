"""The key goes home and nowhere else."""

import httpx
import pytest

from close_notes_gui.closeapi.errors import UnsafeAddress
from close_notes_gui.closeapi.hosts import (
    API_URL,
    check_api_address,
    check_upload_address,
    file_address,
    is_loopback,
    same_origin,
)

API = httpx.URL(API_URL + "/")
SANDBOX = httpx.URL("http://127.0.0.1:8123/api/v1/")


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("https://api.close.com/api/v1", "https://api.close.com/api/v1/"),
        ("https://api.close.com/api/v1/", "https://api.close.com/api/v1/"),
        (" https://proxy.example.com/close ", "https://proxy.example.com/close/"),
        ("http://127.0.0.1:8123/api/v1", "http://127.0.0.1:8123/api/v1/"),
        ("http://localhost:1", "http://localhost:1/"),
        ("http://[::1]:9/x", "http://[::1]:9/x/"),
    ],
)
def test_base_addresses(given: str, base: str) -> None:
    assert str(check_api_address(given)) == base


@pytest.mark.parametrize(
    "given",
    [
        "", "api.close.com", "http://api.close.com/api/v1", "ftp://api.close.com/",
        "https://", "https:///x", "http://127.0.0.1.evil.example/", "http://10.0.0.1/",
        "https://key:@api.close.com/", "https://me@api.close.com/", "https://api.close.com/?a=b",
        "https://api.close.com/#x", "file:///etc/passwd", "https://[::1", "http://0.0.0.0/",
        "javascript:alert(1)", "https://api.close.com:99999999/",
    ],
)  # fmt: skip
def test_base_addresses_refused(given: str) -> None:
    with pytest.raises(UnsafeAddress):
        check_api_address(given)


@pytest.mark.parametrize(
    ("address", "api"),
    [
        ("https://bucket.s3.amazonaws.com/", API),
        ("https://bucket.s3.amazonaws.com/", SANDBOX),
        ("http://127.0.0.1:8123/storage/", SANDBOX),
    ],
)
def test_upload_addresses(address: str, api: httpx.URL) -> None:
    assert str(check_upload_address(address, api_url=api)) == address


@pytest.mark.parametrize(
    ("address", "api"),
    [
        ("http://bucket.s3.amazonaws.com/", API),
        ("http://127.0.0.1:8123/storage/", API),  # Close has no business on this machine
        ("http://169.254.169.254/latest/", SANDBOX),
        ("https://user:secret@bucket.s3.amazonaws.com/", API),
        ("//bucket/", API),
        ("", API),
    ],
)
def test_upload_addresses_refused(address: str, api: httpx.URL) -> None:
    with pytest.raises(UnsafeAddress) as caught:
        check_upload_address(address, api_url=api)
    assert "secret" not in str(caught.value)


def test_files_are_asked_for_at_the_api() -> None:
    address = "https://app.close.com/go/file/persisted/orga_1/activity.note/acti_1/tok/a%20b.png/"
    assert str(file_address(address, api_url=API)) == address.replace("app.", "api.")
    assert str(file_address(address, api_url=SANDBOX)) == address.replace(
        "https://app.close.com", "http://127.0.0.1:8123"
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/go/file/x/",
        "http://app.close.com/go/file/x/",
        "https://app.close.com:444/go/file/x/",
        "https://app.close.com/lead/lead_1/",
        "https://app.close.com/go/file/../../api/v1/me/",
        "https://app.close.com.evil.example/go/file/x/",
        "https://a:b@app.close.com/go/file/x/",
        "file:///go/file/x",
    ],
)
def test_other_addresses_are_no_files_of_close(address: str) -> None:
    with pytest.raises(UnsafeAddress):
        file_address(address, api_url=API)


def test_origins() -> None:
    assert same_origin(
        httpx.URL("https://api.close.com/a"), httpx.URL("https://API.close.com:443/b")
    )
    assert not same_origin(httpx.URL("https://api.close.com/"), httpx.URL("http://api.close.com/"))
    assert not same_origin(httpx.URL("https://api.close.com/"), httpx.URL("https://app.close.com/"))
    assert not is_loopback(httpx.URL("http://localhost.example.com/"))

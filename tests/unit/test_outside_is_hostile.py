"""Input made to harm, each case once proven to do so."""

import logging
import stat
import sys
from pathlib import Path

import pytest

from close_notes_gui.app import is_safe_address
from close_notes_gui.closeapi import hosts, webpicture
from close_notes_gui.closeapi.errors import UnsafeAddress
from close_notes_gui.engine.intake import Unfit, examine
from close_notes_gui.engine.opening import may_open
from close_notes_gui.markup import looks_like_markdown
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.seams import keyring_service
from close_notes_gui.startup.journal import open_log
from close_notes_gui.startup.options import OpenRequest
from close_notes_gui.startup.place import CLOSE_API_URL


def test_a_text_of_many_newlines_is_looked_through_once():
    """Was cubic: this many took hours, and now far less than the limit of a test."""
    assert not looks_like_markdown("x" + "\n" * 20_000 + "y")
    assert looks_like_markdown("a | b\n--- | ---\n1 | 2")


@pytest.mark.parametrize(
    "host", ["127.1", "0x7f.0.0.1", "0x7f.1", "10.1", "192.168.257", "017700000001.1"]
)
def test_short_forms_of_near_addresses_are_near(host: str):
    with pytest.raises(UnsafeAddress):
        webpicture._checked(f"http://{host}/x.png")


@pytest.mark.parametrize(
    "address", ["https://xn--/a.png", "https://xn--a-/", "https://a.xn--\u00fc/"]
)
def test_a_host_that_cannot_be_decoded_is_refused_in_words(address: str):
    with pytest.raises(UnsafeAddress):
        webpicture._checked(address)
    with pytest.raises(UnsafeAddress):
        hosts.check_api_address(address)


def test_a_name_with_a_nul_is_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(Unfit) as refused:
        examine(tmp_path / "a\0b", settings=Settings())
    assert refused.value.problem.kind is ProblemKind.FILE_VANISHED


def test_deep_json_from_another_start_opens_nothing():
    assert OpenRequest.from_json(b"[" * 200_000).is_empty


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX systems")
def test_the_log_stays_private_when_it_rotates(tmp_path: Path):
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        open_log(tmp_path)
        [handler] = [h for h in root.handlers if h not in before]
        handler.doRollover()  # type: ignore[attr-defined]
        modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("close-notes.log*")}
    finally:
        for added in set(root.handlers) - set(before):
            root.removeHandler(added)
            added.close()
        root.setLevel(level)
    assert modes == {0o600}


def test_an_address_that_is_not_safe_for_the_key_does_not_start():
    assert is_safe_address(CLOSE_API_URL)
    assert is_safe_address("http://127.0.0.1:8080/api/v1")
    assert not is_safe_address("http://evil.example/api/v1")
    assert not is_safe_address("no address")


def test_a_key_for_close_is_not_looked_up_for_another_host():
    assert keyring_service("https://other.example/api/v1") != keyring_service(CLOSE_API_URL)


def test_what_a_browser_would_run_is_not_opened():
    assert not any(may_open(Path(name)) for name in ("a.html", "a.xml", "a.svg", "a.desktop"))

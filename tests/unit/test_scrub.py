"""What leaves of the log: times, places and kinds; no key, no name, no text, no address."""

import ast
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from close_notes_gui.engine.scrub import GONE, SAYINGS, scrubbed
from close_notes_gui.startup.journal import open_log
from tests.architecture.sources import program

OURS = "2026-11-25 08:00:00,123 INFO close_notes_gui.engine.send"


def clean(text: str) -> str:
    return "\n".join(scrubbed(text.splitlines()))


@pytest.mark.parametrize(
    "told",
    [
        "Close Notes 1.0.0 starts",
        "the engine did not stop in time; what it was doing is resumed next time",
        "unexpected ValueError during ReviseDraft at revise:41 < _carry_out:155 < <lambda>:3",
        "unexpected TypeError during signing in at whose:12",
        "the outbox cannot be used now: StoreFull",
        "removed 12 files that belonged to no attachment",
    ],
)
def test_what_the_program_says_itself_can_still_be_read(told: str):
    assert clean(f"{OURS} {told}") == f"{OURS} {told}"


@pytest.mark.parametrize(
    "secret", ["Wanderlust Travel", "api_4f3k2j1h.9s8d7f", "a@b.example", "/home/jane"]
)
def test_whatever_is_not_known_goes(secret: str):
    assert clean(f"{OURS} it went wrong with {secret}") == f"{OURS} {GONE}"
    assert clean(f"{OURS} uncaught in {secret}") == f"{OURS} uncaught in {GONE}"
    assert clean(f"2026-11-25 08:00:00,123 WARNING httpx GET {secret}").endswith(f"httpx {GONE}")
    assert clean(secret) == ""


def test_of_a_traceback_places_and_kinds_stay():
    trace = (
        f"{OURS} uncaught in the window\n"
        "Traceback (most recent call last):\n"
        '  File "/home/jane/close/close_notes_gui/engine/send.py", line 12, in post\n'
        '    raise ValueError("Wanderlust paid 12")\n'
        '  File "/home/jane/own.py", line 3, in jane\n'
        "ValueError: Wanderlust paid 12\n"
        "more words of hers\n"
    )
    told = clean(trace)
    assert "close_notes_gui/engine/send.py:12 post" in told
    assert told.endswith("ValueError")
    for word in ("Wanderlust", "jane", "words", "paid"):
        assert word not in told


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_never_raises_and_says_nothing_new(text: str):
    assert set(clean(f"{OURS} {text}").splitlines()[:1]) <= {f"{OURS} {GONE}", OURS + " " + GONE}
    assert isinstance(clean(text), str)


def test_the_sayings_are_those_of_the_program():
    """Should a line be logged in other words, the report would hide it."""
    said = set()
    for source in program():
        if "/sandbox/" in source.name or source.name == "dev.py":
            continue
        for node in ast.walk(source.tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"debug", "info", "warning", "error", "critical", "exception"}
                and ast.unparse(node.func.value) == "log"
            ):
                assert isinstance(node.args[0], ast.Constant), f"{source.name}:{node.lineno}"
                said.add(node.args[0].value)
    assert said == set(SAYINGS)


def test_the_logs_own_format_is_understood(tmp_path):
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        path = open_log(tmp_path)
        logging.getLogger("close_notes_gui.x").info("the gate stopped a note")
    finally:
        for handler in root.handlers[:]:
            if handler not in before:
                handler.close()
                root.removeHandler(handler)
        root.setLevel(level)
    assert path is not None
    assert clean(path.read_text()).endswith("INFO close_notes_gui.x the gate stopped a note")


@pytest.mark.parametrize(
    "line",
    [
        f"{OURS} unexpected ValueError during {'x' * 5000} at whose:12",
        f'  File "/{"lib/a/" * 1000}close_notes_gui/app.py", line 3, in run',
    ],
)
def test_a_line_longer_than_the_program_writes_is_not_looked_through(line: str):
    """Minutes for a hostile line of some hundred KB, with the whole program standing still."""
    assert "whose" not in clean(line)
    assert "app.py" not in clean(line)

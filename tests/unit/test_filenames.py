"""Names of attachments: whatever comes in, what goes out is safe, short and recognisable."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from close_notes_gui.model.filenames import (
    LONGEST_BYTES,
    extension,
    local_filename,
    renamed,
    safe_filename,
)

hostile = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("/\\.. \u202e\u200f\x00\n\t\u2215\uff0f\udc80\u0301é日👩\u200d"),
    ),
    max_size=400,
)


@given(hostile)
def test_whatever_comes_in_is_safe(name: str):
    safe = safe_filename(name)
    assert 0 < len(safe.encode()) <= LONGEST_BYTES
    assert safe not in {".", ".."}
    assert not set("/\\\x00\n\r\u2215\uff0f") & set(safe)
    kept = {"\u200c", "\u200d"}
    assert not [c for c in safe if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in kept]
    assert safe == safe.strip(" ")


@given(hostile)
def test_done_twice_it_is_the_same(name: str):
    once = safe_filename(name)
    assert safe_filename(once) == once


@given(st.text("äb日 ", min_size=80, max_size=300), st.sampled_from([".pdf", ".docx", ".JPEG"]))
def test_a_long_name_keeps_its_extension(stem: str, ending: str):
    assert safe_filename("x" + stem + "x" + ending).endswith(ending)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Angebot Müller.pdf", "Angebot Müller.pdf"),
        ("Mu\u0308ller.pdf", "Müller.pdf"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("a\\b.txt", "a_b.txt"),
        ("two\nlines.txt", "two lines.txt"),
        ("gpj\u202efdp.exe", "gpjfdp.exe"),
        ("emoji 👩\u200d💻.png", "emoji 👩\u200d💻.png"),
        ("trailing. . ", "trailing"),
        (".gitignore", ".gitignore"),
        ("", "file"),
        ("..", "file"),
        ("\u202e", "file"),
        ("bad\udcff.txt", "bad\ufffd.txt"),
        ('say "hi"; a=b.txt', 'say "hi"; a=b.txt'),
    ],
)
def test_the_nasty_ones(name: str, safe: str):
    assert safe_filename(name) == safe


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a.PDF", ".pdf"),
        ("a.tar.gz", ".gz"),
        ("run.exe. ", ".exe"),
        ("none", ""),
        (".bashrc", ""),
        ("", ""),
    ],
)
def test_extensions(name: str, ending: str):
    assert extension(name) == ending


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("a:b.txt", "a_b.txt"),
        ("CON", "_CON"),
        ("nul.tar.gz", "_nul.tar.gz"),
        (".ssh", "ssh"),
        ("...", "file"),
        ("../../x", "_.._x"),
        ("plan.pdf", "plan.pdf"),
    ],
)
def test_names_on_this_disk(name: str, local: str):
    assert local_filename(name) == local
    assert local_filename(local) == local


@pytest.mark.parametrize(
    ("name", "to", "now"),
    [
        ("a.pdf", "b", "b.pdf"),
        ("a.pdf", "b.PDF", "b.pdf"),
        ("a.pdf", "b.exe", "b.exe.pdf"),
        ("a.pdf", " ", "a.pdf"),
        ("a.pdf", ".pdf", "a.pdf"),
        ("no ending", "b", "b"),
        ("a.tar.gz", "x/y", "x_y.gz"),
        ("a.pdf", "ü" * 300, "ü" * 125 + ".pdf"),
    ],
)
def test_a_new_name_keeps_the_extension(name: str, to: str, now: str):
    assert renamed(name, to=to) == now

"""Composed text: as Unicode has it, but for heaps of marks that only an attacker makes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from close_notes_gui.markup import canonical_text
from close_notes_gui.model.composing import MOST_MARKS, composed
from close_notes_gui.model.filenames import safe_filename

HEAP = "a" + "\u0345\u0301" * 1000  # each pair is to be put in order: quadratic in Unicode's rules


def marks(text: str) -> int:
    return sum(1 for char in text if unicodedata.combining(char))


@pytest.mark.parametrize(
    "text",
    [
        "Cafe\u0301",
        "\u1112\u1161\u11ab",
        "─" * 200 + "…" * 40,
        "👩‍👩‍👧" * 20,
        "ก็" * 100,
        "e" + "\u0301" * MOST_MARKS,
    ],
)
def test_it_is_what_unicode_says(text: str):
    assert composed(text) == unicodedata.normalize("NFC", text)


@given(st.text("aeấ\u0301\u0345\u0323\u0344\u3099か😀 ", max_size=200))
def test_it_changes_nothing_twice(text: str):
    once = composed(text)
    assert composed(once) == once


@pytest.mark.parametrize("text", [HEAP, HEAP * 3, "\u0345\u0301" * 1000])
def test_heaps_of_marks_are_cut_wherever_text_from_outside_is_composed(text: str):
    letters = max(text.count("a"), 1)
    assert marks(composed(text)) <= MOST_MARKS * letters
    assert marks(canonical_text(f"<body><p>{text}</p></body>")) <= MOST_MARKS * letters
    assert len(safe_filename(text)) <= (MOST_MARKS + 1) * letters

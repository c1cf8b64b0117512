"""The one table of keys: nothing stands twice, a change moves, and typing is never taken away."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from close_notes_gui.model.ids import DraftId
from close_notes_gui.model.settings import Settings
from close_notes_gui.present import settings_actions as steps
from close_notes_gui.present.keymap import (
    ACTS,
    is_fit,
    keymap_of,
    keys_of,
    owner_of,
    with_key,
    without_changes,
)
from close_notes_gui.present.show_settings import settings_view
from close_notes_gui.present.state import fresh_state

EDITABLE = [act.act for act in ACTS.values() if act.is_editable]
FREE = ["Ctrl+J", "Ctrl+Shift+F5", "F6", "Alt+Q", "Meta+M"]


def test_no_key_stands_twice():
    keys = [key for act in ACTS for key in keys_of(act, keymap_of(Settings()))]
    assert len(keys) == len(set(keys))


def test_every_default_could_be_chosen():
    assert [act.key for act in ACTS.values() if act.key and not is_fit(act.key)] == []


@pytest.mark.parametrize(
    "key",
    ["A", "Shift+A", "Return", "Tab", "Esc", "Space", "Backspace", "Ctrl+C", "Ctrl+Z", "Ctrl+1",
     "Ctrl+Left", "Alt+Right", "Ctrl+Return", "Ctrl+K, Ctrl+C", "", "É"],
)  # fmt: skip
def test_keys_that_write_or_that_text_boxes_need_are_no_shortcuts(key: str):
    assert not is_fit(key)


@pytest.mark.parametrize("key", [*FREE, "Ctrl+,", "Ctrl+\\"])
def test_chords_are(key: str):
    assert is_fit(key)


@given(st.lists(st.tuples(st.sampled_from(EDITABLE), st.sampled_from([*FREE, "", "Ctrl+L"]))))
def test_whatever_is_changed_no_key_does_two_things(changes):
    settings = Settings()
    for act, key in changes:
        settings = with_key(settings, act, key)
        keys = keymap_of(settings)
        assert keys[act] == key
        used = [each for other in ACTS for each in keys_of(other, keys)]
        assert len(used) == len(set(used))
    assert keymap_of(without_changes(settings)) == keymap_of(Settings())


def test_what_is_kept_is_only_what_differs():
    settings = with_key(Settings(), "new", "F6")
    assert settings.shortcuts == ("new=F6",)
    assert with_key(settings, "new", "Ctrl+N").shortcuts == ()


def test_kept_keys_that_mean_nothing_are_left_out():
    kept = ("no such act=F6", "rubbish", "new=F7", "=", "fixed Undo=F8")
    keys = keymap_of(Settings(shortcuts=kept))
    assert keys["new"] == "F7"
    assert owner_of("F6", keys) is None
    assert owner_of("F8", keys) is None


def state():
    return replace(fresh_state(DraftId("d")), is_loaded=True)


def test_a_taken_key_asks_and_moves_at_the_reps_word():
    asked, commands = steps.wish_key(state(), "new", "Ctrl+L")
    assert commands == ()
    line = settings_view(asked).key_line
    assert line is not None
    assert "Find a lead" in line.text
    left, commands = steps.leave_key(asked)
    assert settings_view(left).key_line is None
    taken, commands = steps.take_key(asked)
    assert len(commands) == 1
    keys = keymap_of(taken.settings)
    assert (keys["new"], keys["search"]) == ("Ctrl+L", "")


@pytest.mark.parametrize(
    ("key", "said"), [("Esc", "Back"), ("Ctrl+Return", "Send"), ("A", "types")]
)
def test_a_key_that_cannot_move_is_told_so(key: str, said: str):
    asked, commands = steps.wish_key(state(), "new", key)
    line = settings_view(asked).key_line
    assert commands == ()
    assert line is not None
    assert said in line.text
    assert steps.take_key(asked)[1] == ()


def test_the_same_key_again_is_no_wish():
    assert steps.wish_key(state(), "new", "Ctrl+N") == (state(), ())

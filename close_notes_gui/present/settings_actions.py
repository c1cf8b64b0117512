"""What the rep does in the settings, as pure steps: (state, …) → (new state, commands to post)."""

from dataclasses import replace
from pathlib import Path

from close_notes_gui.model import commands as cmd
from close_notes_gui.model import upkeep_commands as up
from close_notes_gui.model.settings import Settings
from close_notes_gui.present.actions import Step
from close_notes_gui.present.keymap import (
    is_fit,
    is_free_to_move,
    keymap_of,
    owner_of,
    with_key,
    without_changes,
)
from close_notes_gui.present.state import AppState, KeyWish


def change_settings(state: AppState, settings: Settings) -> Step:
    """Keep these settings; they count at once."""
    if settings == state.settings:
        return state, ()
    return replace(state, settings=settings), (cmd.ChangeSettings(settings),)


def wish_key(state: AppState, act: str, key: str) -> Step:
    """Give the act this key, where nothing else has it; else the rep is asked. No key: take its
    key away.
    """
    keys = keymap_of(state.settings)
    state = replace(state, key_wish=None)
    if key and key != keys.get(act):
        owner = owner_of(key, keys)
        if owner is not None or not is_fit(key):
            return replace(state, key_wish=KeyWish(act, key, owner)), ()
    return change_settings(state, with_key(state.settings, act, key))


def take_key(state: AppState) -> Step:
    """The rep said yes: the act that had the key has none now."""
    wish = state.key_wish
    if wish is None or wish.owner is None or not is_free_to_move(wish.key, wish.owner):
        return state, ()
    state = replace(state, key_wish=None)
    return change_settings(state, with_key(state.settings, wish.act, wish.key))


def leave_key(state: AppState) -> Step:
    """The rep said no."""
    return replace(state, key_wish=None), ()


def reset_keys(state: AppState) -> Step:
    """Every key as it was at first."""
    state = replace(state, key_wish=None)
    return change_settings(state, without_changes(state.settings))


def measure_storage(state: AppState) -> Step:
    """What lies on the disk?"""
    return state, (up.MeasureStorage(),)


def clear_caches(state: AppState) -> Step:
    """Delete what can be read again."""
    return state, (up.ClearCaches(),)


def save_diagnostics(state: AppState, target: Path, about: tuple[tuple[str, str], ...]) -> Step:
    """Write the report for those who help."""
    return replace(state, diagnostics=None), (up.SaveDiagnostics(target, about),)

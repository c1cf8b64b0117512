"""The fold: (AppState, Event) → AppState. Pure but for ids of blank drafts, which are drawn anew.

An event that no longer fits changes nothing. The folds of a subject stand in `reduce_<subject>.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from close_notes_gui.model import events as ev
from close_notes_gui.model import upkeep_events as up
from close_notes_gui.present.reduce_account import ACCOUNT_FOLDS
from close_notes_gui.present.reduce_drafts import DRAFT_FOLDS
from close_notes_gui.present.reduce_files import FILE_FOLDS
from close_notes_gui.present.reduce_leads import LEAD_FOLDS
from close_notes_gui.present.reduce_notes import NOTE_FOLDS
from close_notes_gui.present.reduce_outbox import OUTBOX_FOLDS
from close_notes_gui.present.reduce_templates import TEMPLATE_FOLDS
from close_notes_gui.present.state import AppState, notice


def reduce(state: AppState, event: ev.Event) -> AppState:
    """The state after the event."""
    return FOLDS[type(event)](state, event)


def _network_changed(state: AppState, event: ev.NetworkChanged) -> AppState:
    return replace(state, is_online=event.is_online)


def _settings_changed(state: AppState, event: ev.SettingsChanged) -> AppState:
    return replace(state, settings=event.settings)


def _trouble_arose(state: AppState, event: ev.TroubleArose) -> AppState:
    return notice(state, f"trouble {event.problem.kind.name}", event.problem)


def _storage_measured(state: AppState, event: up.StorageMeasured) -> AppState:
    return replace(state, storage=event)


def _diagnostics_saved(state: AppState, event: up.DiagnosticsSaved) -> AppState:
    return replace(state, diagnostics=event.target)


def _stopped(state: AppState, event: ev.Stopped) -> AppState:
    """By an error: what was typed since is in the window alone."""
    state = replace(state, is_stopped=True)
    for problem in event.problems:
        state = notice(replace(state, save_problem=problem), "stopped", problem)
    return state


FOLDS: Mapping[type[ev.Event], Callable[[AppState, Any], AppState]] = {
    **ACCOUNT_FOLDS,
    **LEAD_FOLDS,
    **DRAFT_FOLDS,
    **FILE_FOLDS,
    **NOTE_FOLDS,
    **OUTBOX_FOLDS,
    **NOTE_FOLDS,
    **TEMPLATE_FOLDS,
    ev.NetworkChanged: _network_changed,
    ev.SettingsChanged: _settings_changed,
    up.StorageMeasured: _storage_measured,
    up.DiagnosticsSaved: _diagnostics_saved,
    ev.TroubleArose: _trouble_arose,
    ev.Stopped: _stopped,
}

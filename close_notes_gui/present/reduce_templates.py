"""The part of the fold that is about templates. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from close_notes_gui.model import events as ev
from close_notes_gui.model import upkeep_events as up
from close_notes_gui.present.state import AppState
from close_notes_gui.present.when import plural


def _templates_changed(state: AppState, event: ev.TemplatesChanged) -> AppState:
    return replace(state, templates=event.templates)


def _templates_exported(state: AppState, event: up.TemplatesExported) -> AppState:
    told = f"{plural(event.number, 'template', 'templates')} exported to {event.folder}."
    return replace(state, told_of_templates=told, deleted_template=None)


def _templates_imported(state: AppState, event: up.TemplatesImported) -> AppState:
    told = f"{plural(event.number, 'template', 'templates')} imported."
    return replace(state, told_of_templates=told, deleted_template=None)


TEMPLATE_FOLDS: Mapping[type[ev.Event], Callable[[AppState, Any], AppState]] = {
    ev.TemplatesChanged: _templates_changed,
    up.TemplatesExported: _templates_exported,
    up.TemplatesImported: _templates_imported,
}

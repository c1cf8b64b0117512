"""What the rep does with templates, as pure steps: (state, …) → (new state, commands to post).

Those that come with the program are given to each step as `shipped`: they lie in no store. One
that the rep changed is kept under its id; one that the rep deleted is noted in the settings.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from close_notes_gui.model import commands as cmd
from close_notes_gui.model import upkeep_commands as up
from close_notes_gui.model.ids import TemplateId
from close_notes_gui.model.settings import Settings
from close_notes_gui.model.template import LONGEST_NAME, Template
from close_notes_gui.present.actions import Step
from close_notes_gui.present.state import AppState, DeletedTemplate

UNTITLED = "Untitled template"


def all_templates(state: AppState, shipped: Sequence[Template]) -> tuple[Template, ...]:
    """The rep's own and those that come along and were not deleted, by name."""
    own = {template.id for template in state.templates}
    hidden = set(state.settings.hidden_templates)
    along = [t for t in shipped if t.id not in own and t.id not in hidden]
    return tuple(sorted((*state.templates, *along), key=lambda t: (t.name.casefold(), t.id)))


def keep_template(state: AppState, template: Template) -> Step:
    """Keep it as it is now written; one that is as it was is left alone."""
    name = " ".join(template.name.split())[:LONGEST_NAME] or UNTITLED
    template = replace(template, name=name)
    if any(replace(t, changed_at=template.changed_at) == template for t in state.templates):
        return state, ()
    others = tuple(t for t in state.templates if t.id != template.id)
    return replace(state, templates=(*others, template)), (cmd.KeepTemplate(template),)


def delete_template(state: AppState, template: Template, *, is_shipped: bool) -> Step:
    """Delete it; `restore_template` brings it back."""
    commands: list[cmd.Command] = []
    is_kept = any(t.id == template.id for t in state.templates)
    if is_kept:
        commands.append(cmd.DeleteTemplate(template.id))
    if is_shipped:
        settings = _hide(state.settings, template.id)
        state = replace(state, settings=settings)
        commands.append(cmd.ChangeSettings(settings))
    state = replace(
        state,
        templates=tuple(t for t in state.templates if t.id != template.id),
        deleted_template=DeletedTemplate(template, is_kept),
        told_of_templates="",
    )
    return state, tuple(commands)


def restore_template(state: AppState) -> Step:
    """Undo the last deleting."""
    deleted = state.deleted_template
    if deleted is None:
        return state, ()
    state = replace(state, deleted_template=None)
    commands: tuple[cmd.Command, ...] = ()
    if deleted.template.id in state.settings.hidden_templates:
        settings = _unhide(state.settings, deleted.template.id)
        state = replace(state, settings=settings)
        commands = (cmd.ChangeSettings(settings),)
    if deleted.was_kept:
        state = replace(state, templates=(*state.templates, deleted.template))
        commands = (*commands, cmd.KeepTemplate(deleted.template))
    return state, commands


def import_templates(state: AppState, files: tuple[Path, ...]) -> Step:
    """Take templates from Markdown files."""
    return state, (up.ImportTemplates(files),) if files else ()


def export_templates(state: AppState, templates: tuple[Template, ...], folder: Path) -> Step:
    """Write templates as Markdown files into a folder; no file there is replaced."""
    return state, (up.ExportTemplates(templates, folder),) if templates else ()


def _hide(settings: Settings, template_id: TemplateId) -> Settings:
    hidden = dict.fromkeys((*settings.hidden_templates, str(template_id)))
    return replace(settings, hidden_templates=tuple(hidden))


def _unhide(settings: Settings, template_id: TemplateId) -> Settings:
    left = tuple(kept for kept in settings.hidden_templates if kept != template_id)
    return replace(settings, hidden_templates=left)

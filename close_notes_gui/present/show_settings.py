"""AppState → what the settings show, pure."""

from close_notes_gui.model.storage import StorageKind
from close_notes_gui.present.keymap import (
    ACTS,
    SECTIONS,
    KeyAct,
    Keymap,
    is_free_to_move,
    keymap_of,
)
from close_notes_gui.present.show_accounts import account_rows
from close_notes_gui.present.show_index import index_line
from close_notes_gui.present.state import AppState
from close_notes_gui.present.views import Action, ActionKind, Line, Tone
from close_notes_gui.present.views_settings import (
    KeyRow,
    KeySection,
    SettingsView,
    StorageRow,
    StorageView,
)
from close_notes_gui.present.when import size_text

_KINDS = {
    StorageKind.NOTES: ("Drafts, outbox, known leads and notes", ""),
    StorageKind.ATTACHMENTS: ("Attached files on their way", "Until they are in Close"),
    StorageKind.LEADS: ("All leads, for search", "See Search"),
    StorageKind.OPENED: ("Files of notes that were opened", ""),
    StorageKind.BACKUPS: ("Backups", "Made before a new version changes something"),
    StorageKind.ACCOUNTS: ("Other accounts", ""),
    StorageKind.LOG: ("The log", ""),
}


def settings_view(state: AppState) -> SettingsView:
    """The whole panel."""
    keys = keymap_of(state.settings)
    return SettingsView(
        settings=state.settings,
        accounts=account_rows(state),
        index=index_line(state),
        storage=_storage(state),
        keys=tuple(
            KeySection(heading, tuple(_key_row(act, keys) for act in acts))
            for heading, acts in SECTIONS
        ),
        key_line=_key_line(state),
        has_changed_keys=bool(state.settings.shortcuts),
        about_line=_about_line(state),
    )


def _key_row(act: KeyAct, keys: Keymap) -> KeyRow:
    key = keys.get(act.act, "")
    return KeyRow(
        act.act, act.words, key, act.fixed, act.is_editable, act.is_editable and key != act.key
    )


def _key_line(state: AppState) -> Line | None:
    wish = state.key_wish
    if wish is None:
        return None
    leave = Action(ActionKind.LEAVE_KEY, "Leave it")
    if wish.owner is None:
        text = (
            f"{wish.key} cannot be used: it types, or text boxes need it. Take one with Ctrl or "
            "Alt, or an F key."
        )
        return Line(text, Tone.WARNING, (leave,), "key")
    if not is_free_to_move(wish.key, wish.owner):
        return Line(f"{wish.key} always means: {wish.owner.words}.", Tone.WARNING, (leave,), "key")
    take = Action(ActionKind.TAKE_KEY, f"Use it for “{ACTS[wish.act].words}”")
    text = f"{wish.key} is taken: {wish.owner.words}."
    return Line(text, Tone.WARNING, (take, leave), "key")


def _storage(state: AppState) -> StorageView:
    measured = state.storage
    if measured is None:
        return StorageView()
    rows = tuple(
        StorageRow(_KINDS[part.kind][0], size_text(part.size_bytes), _KINDS[part.kind][1])
        for part in measured.parts
        if part.size_bytes
    )
    line = None
    if measured.are_caches_cleared:
        line = Line("Cleared. What is needed is read from Close again.", Tone.GOOD)
    total = size_text(sum(part.size_bytes for part in measured.parts))
    return StorageView(str(measured.folder), rows, total, line)


def _about_line(state: AppState) -> Line | None:
    if state.diagnostics is None:
        return None
    show = Action(ActionKind.SHOW_FILE, "Show it", str(state.diagnostics))
    text = f"Saved to {state.diagnostics}. Read it before you send it to anyone."
    return Line(text, Tone.GOOD, (show,))

"""What the settings show, as plain values made from AppState by `show_settings`."""

from close_notes_gui.model.settings import Settings
from close_notes_gui.model.values import dataclass
from close_notes_gui.present.views import AccountRow, Line


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An act and its keys, as Qt writes them portably. `key` is the one that can be changed."""

    act: str
    words: str
    key: str
    fixed: tuple[str, ...]
    is_editable: bool
    is_changed: bool


@dataclass(frozen=True, slots=True)
class KeySection:
    """Acts that belong together."""

    heading: str
    rows: tuple[KeyRow, ...]


@dataclass(frozen=True, slots=True)
class StorageRow:
    """One kind of thing on the disk."""

    words: str
    size: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class StorageView:
    """Where everything lies and how much it is; `total` empty while it is not known yet."""

    folder: str = ""
    rows: tuple[StorageRow, ...] = ()
    total: str = ""
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class SettingsView:
    """Everything that the settings panel shows."""

    settings: Settings
    accounts: tuple[AccountRow, ...]
    index: Line
    storage: StorageView
    keys: tuple[KeySection, ...]
    key_line: Line | None = None
    has_changed_keys: bool = False
    about_line: Line | None = None

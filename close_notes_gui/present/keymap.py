"""Every key of the program in one table, and which key does what after the rep's changes. Pure.

A key is written as Qt writes it portably (`Ctrl+Shift+A`). The settings hold what differs from
the table, as `act=key`; an act that lost its key stands there with none.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from close_notes_gui.model.settings import Settings
from close_notes_gui.model.values import dataclass

Keymap = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KeyAct:
    """Something that a key does. `fixed` keys always do it; `key` is the one that can be changed,
    empty where there is none. `in_text`: it counts while the text has the focus.
    """

    act: str
    words: str
    key: str = ""
    fixed: tuple[str, ...] = ()
    in_text: bool = False

    @property
    def is_editable(self) -> bool:
        """Whether the rep can give it another key."""
        return not self.act.startswith("fixed ")


def _fixed(words: str, *keys: str) -> KeyAct:
    return KeyAct(f"fixed {words}", words, fixed=keys)


_HEADINGS = tuple(
    KeyAct(f"heading {level}", f"Heading {level}", f"Ctrl+Alt+{level}", in_text=True)
    for level in range(1, 7)
)
SECTIONS: Final[tuple[tuple[str, tuple[KeyAct, ...]], ...]] = (
    (
        "Note",
        (
            KeyAct("search", "Find a lead", "Ctrl+L"),
            _fixed("Pick the marked lead", "Return"),
            _fixed("Pick lead 1 to 9", "Ctrl+1..9"),
            KeyAct("send", "Send the note", fixed=("Ctrl+Return",)),
            KeyAct("attach", "Attach files", "Ctrl+Shift+A"),
            KeyAct("template", "Insert a template", "Ctrl+T"),
            KeyAct("new", "New note", "Ctrl+N"),
            KeyAct("filter", "Filter the notes of the lead", "Ctrl+F"),
            KeyAct("outbox", "Outbox and drafts", "Ctrl+Shift+O"),
            KeyAct("settings", "Settings", "Ctrl+,"),
            _fixed("Back", "Esc"),
            KeyAct("keys", "These keys", "F1"),
        ),
    ),
    (
        "Text",
        (
            KeyAct("bold", "Bold", "Ctrl+B", in_text=True),
            KeyAct("italic", "Italic", "Ctrl+I", in_text=True),
            KeyAct("underline", "Underline", "Ctrl+U", in_text=True),
            KeyAct("strike", "Strike through", "Ctrl+Shift+X", in_text=True),
            KeyAct("code", "Code", "Ctrl+E", in_text=True),
            KeyAct("clear", "Clear the format", "Ctrl+\\", in_text=True),
            KeyAct("link", "Link", "Ctrl+K", in_text=True),
            KeyAct("numbers", "Numbered list", "Ctrl+Shift+7", in_text=True),
            KeyAct("bullets", "Bulleted list", "Ctrl+Shift+8", in_text=True),
            KeyAct("quote", "Quote", "Ctrl+Shift+9", in_text=True),
            KeyAct("heading 0", "Paragraph", "Ctrl+Alt+0", in_text=True),
            *_HEADINGS,
            KeyAct("paste plain", "Paste without format", "Ctrl+Shift+V", in_text=True),
            _fixed("Undo", "Ctrl+Z"),
            _fixed("Redo", "Ctrl+Shift+Z"),
        ),
    ),
)
# These count on a note or a file that has the focus, and there alone: no key of the table is lost
# to them.
NOTE_SECTION: Final[tuple[str, tuple[KeyAct, ...]]] = (
    "A note of the lead",
    (
        _fixed("From note to note", "Up", "Down"),
        _fixed("Edit", "F2"),
        _fixed("Pin or unpin", "P"),
        _fixed("Comments", "C"),
        _fixed("Duplicate", "D"),
        _fixed("Copy as text", "Ctrl+C"),
        _fixed("Delete", "Del"),
    ),
)
FILE_SECTION: Final[tuple[str, tuple[KeyAct, ...]]] = (
    "An attached file",
    (
        _fixed("Look at it", "Space"),
        _fixed("Open it", "Return"),
        _fixed("Copy it, to be pasted into a folder or a mail", "Ctrl+C"),
        _fixed("Change its name", "F2"),
        _fixed("Move it", "Alt+Left", "Alt+Right"),
        _fixed("Take it off", "Del"),
    ),
)
ACTS: Final[Mapping[str, KeyAct]] = MappingProxyType(
    {act.act: act for _, acts in SECTIONS for act in acts}
)
# Keys that text boxes live by: taking one of them would take writing away.
_RESERVED: Final = frozenset(
    {
        *(f"Ctrl+{letter}" for letter in "ACVXYZ"),
        *(f"Ctrl+{number}" for number in range(1, 10)),
        "Ctrl+Shift+Z",
        "Ctrl+Return",
        "Ctrl+Enter",
        *(
            f"{chord}{key}"
            for chord in ("Ctrl+", "Ctrl+Shift+", "Alt+", "Shift+", "Alt+Shift+")
            for key in ("Left", "Right", "Up", "Down", "Home", "End", "Backspace", "Del", "Ins")
        ),
        "Alt+F4",
        "Shift+F10",
    }
)
_CHORD: Final = re.compile(r"(?:Ctrl|Alt|Meta)\+|^(?:Shift\+)?F\d{1,2}$")


def keymap_of(settings: Settings) -> Keymap:
    """The key of each act that can be changed; empty where it has none."""
    keys = {act.act: act.key for act in ACTS.values() if act.is_editable}
    for line in settings.shortcuts:
        act, sign, key = line.partition("=")
        if sign and act in keys:
            keys[act] = key
    return keys


def keys_of(act: str, keys: Keymap) -> tuple[str, ...]:
    """Every key that does this now."""
    known = ACTS[act]
    return tuple(key for key in (*known.fixed, keys.get(act, "")) if key)


def owner_of(key: str, keys: Keymap) -> KeyAct | None:
    """What this key does now, if anything."""
    for act in ACTS.values():
        if key in keys_of(act.act, keys):
            return act
    return None


def is_fit(key: str) -> bool:
    """Whether an act may have the key: a chord or an F key, and none that text boxes live by."""
    return "," not in key.removesuffix(",") and bool(_CHORD.search(key)) and key not in _RESERVED


def is_free_to_move(key: str, owner: KeyAct) -> bool:
    """Whether the key can be taken from the act that has it."""
    return owner.is_editable and key not in owner.fixed and is_fit(key)


def with_key(settings: Settings, act: str, key: str) -> Settings:
    """The settings with this key for the act; whatever else had it has none any more."""
    keys = dict(keymap_of(settings))
    for other, had in keys.items():
        if key and had == key and other != act:
            keys[other] = ""
    keys[act] = key
    changed = tuple(f"{one}={keys[one]}" for one in keys if keys[one] != ACTS[one].key)
    return replace(settings, shortcuts=changed)


def without_changes(settings: Settings) -> Settings:
    """The settings with every key as the table has it."""
    return replace(settings, shortcuts=())

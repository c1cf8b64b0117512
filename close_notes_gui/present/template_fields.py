"""Templates with their fields filled, pure.

What is filled in is text and stays text: it never becomes markup, and a field in it is not
filled again. What is not known leaves a blank to write into.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from close_notes_gui.markup import from_note_html, normalize
from close_notes_gui.model.richtext import (
    Block,
    BulletList,
    CodeBlock,
    Heading,
    Inline,
    ListItem,
    NumberedList,
    Paragraph,
    Quote,
    RichText,
    Text,
)
from close_notes_gui.present.state import AppState

#: Stands in the filled tree where the caret belongs; a character for private use, hence never
#: in a template or a value (there it is left out).
CARET = "\uee2d"
BLANK = "___"
CURSOR = "cursor"
#: Every field with what it stands for, as the menu shows it.
FIELDS = (
    ("lead.name", "Name of the lead"),
    ("contact.first_name", "First name of the contact"),
    ("me.first_name", "Your first name"),
    ("date", "Today’s date"),
    (CURSOR, "Where you go on writing"),
)
_FIELD = re.compile(r"\{\{\s*([a-z_]+(?:\.[a-z_]+)?)\s*\}\}", re.IGNORECASE)


def field_values(state: AppState, now: datetime, date_text: str) -> Mapping[str, str]:
    """What each field holds for the draft in the editor. `date_text` is today in the rep's
    locale, empty where the date shall be as in 2026-11-23.
    """
    draft = state.draft
    lead = state.leads.get(draft.lead_id) if draft.lead_id else None
    contacts = lead.contacts if lead else ()
    chosen = [c for c in contacts if c.id == draft.contact_id]
    if not chosen and len(contacts) == 1:
        chosen = list(contacts)
    return {
        "lead.name": draft.lead_name or (lead.name if lead else ""),
        "contact.first_name": _first(chosen[0].name) if chosen else "",
        "me.first_name": _first(state.account.user_name) if state.account else "",
        "date": date_text or now.astimezone().date().isoformat(),
        CURSOR: CARET,
    }


def filled(note_html: str, values: Mapping[str, str]) -> RichText:
    """The template as it goes into the note. A name in braces that is no field stays as it is."""

    def fill(text: str) -> str:
        return _FIELD.sub(lambda found: _value(found, values), text.replace(CARET, ""))

    tree = from_note_html(note_html)
    return normalize(RichText(tuple(_block(block, fill) for block in tree.blocks)))


def _value(found: re.Match[str], values: Mapping[str, str]) -> str:
    name = found[1].lower()
    if name not in values:
        return found[0]
    if name == CURSOR:
        return CARET
    return " ".join(values[name].replace(CARET, "").split()) or BLANK


def _first(name: str) -> str:
    """The first name, as far as one can tell: the first word of a name."""
    words = name.split()
    return words[0] if words else ""


def _block(block: Block, fill: Callable[[str], str]) -> Block:
    match block:
        case Paragraph() | Heading():
            return replace(block, inlines=tuple(_inline(one, fill) for one in block.inlines))
        case CodeBlock():
            return replace(block, text=fill(block.text))
        case Quote():
            return Quote(tuple(_block(one, fill) for one in block.blocks))
        case BulletList() | NumberedList():
            return replace(block, items=tuple(_item(one, fill) for one in block.items))
        case _:
            return block


def _item(item: ListItem, fill: Callable[[str], str]) -> ListItem:
    return ListItem(tuple(_block(one, fill) for one in item.blocks))


def _inline(inline: Inline, fill: Callable[[str], str]) -> Inline:
    return replace(inline, text=fill(inline.text)) if isinstance(inline, Text) else inline

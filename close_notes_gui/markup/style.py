"""What an inline style says about text: the few properties that a note can hold or that hide.

Any thread. A pure function with a memory: documents repeat their styles thousands of times.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from close_notes_gui.markup.characters import address, color
from close_notes_gui.model.richtext import Marks

BASE_PROPERTIES = frozenset(
    {
        "color",
        "display",
        "font-style",
        "font-weight",
        "mso-hide",
        "mso-list",
        "text-decoration",
        "text-decoration-line",
        "visibility",
        "white-space",
    }
)
_LIST = re.compile(r"(l\d+)\s+level(\d)")
_NOTHING = re.compile(r"0(?:px|pt|em|rem|%)?")
_PIXEL = re.compile(r"[01](?:px|pt)?")
_MONOSPACE = re.compile(r"monospace|consolas|courier|menlo|monaco", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """An inline style read. None: the style does not say. `list_level` 1 to 9 as Word counts."""

    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    strike: bool | None = None
    color: str | None = None
    hidden: bool = False
    speck: bool = False
    space: str | None = None
    monospace: bool = False
    list_name: str = ""
    list_level: int = 0
    list_sign: bool = False


NO_STYLE = Style()


@lru_cache(maxsize=4096)
def read_style(css: str) -> Style:
    """The parts of an inline style that matter here; never raises."""
    style = NO_STYLE
    for declaration in css[:4000].split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            value = value.replace("!important", "").strip().lower()
            style = _with(style, name.strip().lower(), value)
    return style


def _with(style: Style, name: str, value: str) -> Style:
    if reader := _PROPERTIES.get(name):
        return replace(style, **reader(value))  # type: ignore[arg-type]
    if name == "mso-list":
        found = _LIST.match(value)
        if found:
            return replace(style, list_name=found[1], list_level=int(found[2]))
        return replace(style, list_sign=value == "ignore")
    if name in ("width", "height"):
        return replace(style, speck=style.speck or _PIXEL.fullmatch(value) is not None)
    return replace(style, hidden=style.hidden or _hides(name, value))


def _decoration(value: str) -> dict[str, object]:
    return {"underline": "underline" in value, "strike": "line-through" in value}


_PROPERTIES: dict[str, Callable[[str], dict[str, object]]] = {
    "font-weight": lambda value: {"bold": _is_bold(value)},
    "font-style": lambda value: {"italic": value.startswith(("italic", "oblique"))},
    "text-decoration": _decoration,
    "text-decoration-line": _decoration,
    "color": lambda value: {"color": color(value)},
    "white-space": lambda value: {"space": value},
    "font-family": lambda value: {"monospace": _MONOSPACE.search(value) is not None},
}


def _is_bold(value: str) -> bool | None:
    if value.isdigit() and len(value) <= 4:
        return int(value) >= 600
    return {"bold": True, "bolder": True, "normal": False, "lighter": False}.get(value)


def _hides(name: str, value: str) -> bool:
    if name in ("font-size", "opacity", "max-height"):
        return _NOTHING.fullmatch(value) is not None
    return (name, value) in (("display", "none"), ("visibility", "hidden"), ("mso-hide", "all"))


_MARKING_TAGS = {
    "bold": "b strong",
    "italic": "i em cite dfn var",
    "underline": "u ins",
    "strike": "s del strike",
    "code": "code kbd samp tt",
}
_TAG_MARKS = {tag: mark for mark, tags in _MARKING_TAGS.items() for tag in tags.split()}
MARK_TAGS = frozenset(_TAG_MARKS) | {"a", "font"}


@lru_cache(maxsize=4096)
def marks_inside(
    outer: Marks, *, tag: str, style: Style, link: str | None, plain_looks: bool
) -> Marks:
    """Marks of text inside `<tag>`. `plain_looks` (foreign pages): colours that only repeat
    the page's default text and the looks of links are dropped.
    """
    on = _said(tag, style)
    if tag == "a" and link is not None:
        on["link"] = address(link) or outer.link
    if style.color is not None:
        on["color"] = None if plain_looks and _is_page_color(style.color) else style.color
    if not on:
        return outer
    marks = replace(outer, **on)  # type: ignore[arg-type]
    if marks.link:
        # A link in code would lose its address; the looks of links are not emphasis.
        marks = replace(marks, code=False)
    if plain_looks and (marks.link or tag == "a"):
        marks = replace(marks, underline=False, color=None)
    return marks


def _said(tag: str, style: Style) -> dict[str, bool | str | None]:
    """What tag and style together say of the marks that are on or off."""
    on: dict[str, bool | str | None] = {}
    if mark := _TAG_MARKS.get(tag):
        on[mark] = True
    inherited = (("bold", style.bold), ("italic", style.italic))
    on.update({mark: said for mark, said in inherited if said is not None})
    for mark, said in (("underline", style.underline), ("strike", style.strike)):
        # Decoration is not inherited: "none" takes back only what the element itself brings.
        if said or (said is not None and mark in on):
            on[mark] = said
    return on


def _is_page_color(value: str) -> bool:
    """Black, greys, near-black inks and what would not be seen on white."""
    red, green, blue = (int(value[at : at + 2], 16) for at in (1, 3, 5))
    spread = max(red, green, blue) - min(red, green, blue)
    light = (2126 * red + 7152 * green + 722 * blue) / 10000
    return spread <= 24 or (spread < 72 and light < 64) or light > 230

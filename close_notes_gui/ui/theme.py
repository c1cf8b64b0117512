"""Colours and shape of the window, light and dark, from one table of tokens.

Window thread. Widgets that paint themselves ask `now()`; all others get theirs from the
palette and the style sheet. Which of the two is worn is said in `look`.
"""

from string import Template
from typing import NamedTuple

from PySide6.QtCore import QDir
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from close_notes_gui.ui.resources import resource_text, resources_folder

GRID = 4
_ICONS = "icons"  # as the style sheet calls their folder
# `setStyle` would do the same, but gives back a QStyle, whose enumerations take 12 ms to load.
STYLE_ARGUMENTS = ("-style", "Fusion")
_TEXT_PT = 10.0


class Tokens(NamedTuple):
    """Every colour in use, `#rrggbb`. Text tokens reach 4.5:1 on each ground they stand on."""

    is_dark: bool
    window: str  # behind everything
    surface: str  # what is written on: editor, cards, lists, fields
    hover: str  # under the pointer
    pressed: str
    line: str  # hairlines between things
    edge: str  # around fields and buttons
    text: str
    quiet: str  # second-rank text and icons at rest
    accent: str  # fill of the one main button, focus ring
    accent_hover: str
    on_accent: str  # text on the fill
    accent_text: str  # links and chosen things, as text
    accent_soft: str  # ground of the chosen row
    good: str
    good_soft: str
    warning: str
    warning_soft: str
    bad: str
    bad_soft: str
    code: str  # ground of code in rich text


LIGHT = Tokens(
    is_dark=False,
    window="#f5f6f8",
    surface="#ffffff",
    hover="#eceef2",
    pressed="#e0e3e9",
    line="#e2e5ea",
    edge="#cdd2da",
    text="#1a1d23",
    quiet="#596170",
    accent="#3a5bd9",
    accent_hover="#2f4dc0",
    on_accent="#ffffff",
    accent_text="#2f4dc0",
    accent_soft="#e6ebfc",
    good="#1a6e41",
    good_soft="#e2f4e9",
    warning="#855200",
    warning_soft="#fdf1d9",
    bad="#b3261e",
    bad_soft="#fdeae8",
    code="#eff1f4",
)
DARK = Tokens(
    is_dark=True,
    window="#16181c",
    surface="#1e2126",
    hover="#292d34",
    pressed="#333841",
    line="#2c3037",
    edge="#3f4550",
    text="#e7e9ed",
    quiet="#a2a9b5",
    accent="#4a67dc",
    accent_hover="#4059c4",
    on_accent="#ffffff",
    accent_text="#a3b5ff",
    accent_soft="#28325a",
    good="#79d3a0",
    good_soft="#1b3628",
    warning="#efbf6b",
    warning_soft="#3b2f17",
    bad="#ff9a91",
    bad_soft="#46211f",
    code="#292d34",
)


def now() -> Tokens:
    """The tokens that fit the application's palette at this moment."""
    is_dark = QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128
    return DARK if is_dark else LIGHT


def palette_of(tokens: Tokens) -> QPalette:
    """The palette for widgets that the style sheet does not reach."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: tokens.window,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.surface,
        QPalette.ColorRole.AlternateBase: tokens.window,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.Button: tokens.surface,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.BrightText: tokens.bad,
        QPalette.ColorRole.Highlight: tokens.accent,
        QPalette.ColorRole.HighlightedText: tokens.on_accent,
        QPalette.ColorRole.Link: tokens.accent_text,
        QPalette.ColorRole.LinkVisited: tokens.accent_text,
        QPalette.ColorRole.PlaceholderText: tokens.quiet,
        QPalette.ColorRole.ToolTipBase: tokens.surface,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.Light: tokens.surface,
        QPalette.ColorRole.Midlight: tokens.hover,
        QPalette.ColorRole.Mid: tokens.line,
        QPalette.ColorRole.Dark: tokens.edge,
        QPalette.ColorRole.Shadow: tokens.edge,
        QPalette.ColorRole.Accent: tokens.accent,
    }
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    roles_of_text = QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText
    for role in (*roles_of_text, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.quiet))
    return palette


def style_sheet(tokens: Tokens, *, text_pt: float = _TEXT_PT) -> str:
    """The style sheet with the tokens put in, headings in proportion to the text."""
    words = {name: str(value) for name, value in tokens._asdict().items()}
    words["heading_pt"] = f"{text_pt * 1.2:g}"
    words["welcome_pt"] = f"{text_pt * 1.8:g}"
    words["scheme"] = "dark" if tokens.is_dark else "light"
    return Template(resource_text("style/window.qss")).substitute(words)


def wear(app: QApplication, tokens: Tokens) -> None:
    """Dress the application in these tokens."""
    # By a name of its own: the folder's may hold what a style sheet cannot (spaces, brackets).
    QDir.setSearchPaths(_ICONS, [str(resources_folder() / "icons")])
    app.setPalette(palette_of(tokens))
    app.setStyleSheet(style_sheet(tokens, text_pt=max(app.font().pointSizeF(), _TEXT_PT / 2)))

"""The icons: one family of SVG line drawings, coloured at the moment they are asked for.

Window thread. Files: `resources/icons/<name>.svg`, 24-px grid, stroke 1.75, `currentColor`.
"""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from close_notes_gui.ui import theme
from close_notes_gui.ui.resources import resource_text

SIZE = 18


@cache
def pixmap(name: str, color: str, size: int = SIZE, scale: float = 1.0) -> QPixmap:
    """The drawing in one colour, `size` logical px square, for a screen of that scale.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    svg = resource_text(f"icons/{name}.svg").replace("currentColor", color)
    drawn = QPixmap(QSize(round(size * scale), round(size * scale)))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(drawn.rect()))
    painter.end()
    drawn.setDevicePixelRatio(scale)
    return drawn


@cache
def _icon(name: str, color: str, disabled: str, size: int, scales: tuple[float, ...]) -> QIcon:
    """Drawn for the screens there are: each pixmap takes a third of a millisecond."""
    icon = QIcon()
    for scale in scales:
        icon.addPixmap(pixmap(name, color, size, scale), QIcon.Mode.Normal)
        icon.addPixmap(pixmap(name, disabled, size, scale), QIcon.Mode.Disabled)
    return icon


def plain_icon(name: str, color: str, *, size: int = SIZE) -> QIcon:
    """The icon in this colour (`#rrggbb`), whatever state it is shown in."""
    return _icon(name, color, color, size, _scales())


def icon(name: str, *, color: str | None = None, size: int = SIZE) -> QIcon:
    """The icon in the colours of the theme now: quiet at rest, faint while disabled.

    `color` (`#rrggbb`) sets it for all but disabled. Ask again when the palette changes
    (`IconButton` does).
    """
    tokens = theme.now()
    return _icon(name, color or tokens.quiet, tokens.edge, size, _scales())


def _scales() -> tuple[float, ...]:
    """Of all screens; Qt scales for one that is plugged in later."""
    return tuple(sorted({screen.devicePixelRatio() for screen in QGuiApplication.screens()}))

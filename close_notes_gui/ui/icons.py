"""The icons: one family of SVG line drawings, coloured at the moment they are asked for.

Window thread. Files: `resources/icons/<name>.svg`, 24-px grid, stroke 1.75, `currentColor`.
"""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from close_notes_gui.ui import theme
from close_notes_gui.ui.resources import resource_text

SIZE = 18
_SCALES = (1.0, 2.0)  # crisp on both kinds of screen; Qt scales between them


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
def _icon(name: str, rest: str, on: str, disabled: str, size: int) -> QIcon:
    icon = QIcon()
    for scale in _SCALES:
        icon.addPixmap(pixmap(name, rest, size, scale), QIcon.Mode.Normal, QIcon.State.Off)
        icon.addPixmap(pixmap(name, on, size, scale), QIcon.Mode.Normal, QIcon.State.On)
        icon.addPixmap(pixmap(name, disabled, size, scale), QIcon.Mode.Disabled, QIcon.State.Off)
    return icon


def icon(name: str, *, color: str | None = None, size: int = SIZE) -> QIcon:
    """The icon in the colours of the theme now: quiet at rest, accent while on, faint disabled.

    `color` (`#rrggbb`) sets it for all but disabled. Ask again when the palette changes
    (`IconButton` does).
    """
    tokens = theme.now()
    on = color or tokens.accent_text
    return _icon(name, color or tokens.quiet, on, tokens.edge, size)

"""A flat button that is an icon, with a name for screen readers and its key in the tip.

Window thread.
"""

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtWidgets import QToolButton, QWidget

from close_notes_gui.ui import icons, keytable, theme

_REDRAWING = {QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.EnabledChange}


class IconButton(QToolButton):
    """Invariant: the icon wears the colours of the theme, also after it changed: quiet at rest,
    accent while on, faint while disabled.
    """

    def __init__(
        self,
        icon_name: str,
        name: str,
        *,
        key: str = "",
        act: str = "",
        checkable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`name` is the accessible name and the tip; with the key of `act` (see `present.keymap`),
        or `key` itself, which are shown, not bound.
        """
        super().__init__(parent)
        self._icon_name = icon_name
        self.setAccessibleName(name)
        self._tip, self._key, self._act = name, key, act
        self._write_tip()
        self.setCheckable(checkable)
        self.setAutoRaise(True)
        self.setIconSize(QSize(icons.SIZE, icons.SIZE))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        if checkable:
            self.toggled.connect(self._draw)
        self._draw()

    def set_icon(self, icon_name: str) -> None:
        """Show another icon of the family."""
        self._icon_name = icon_name
        self._draw()

    def setToolTip(self, tip: str) -> None:
        """Another tip than the name; the key stays behind it."""
        self._tip = tip
        self._write_tip()

    def event(self, event: QEvent) -> bool:
        """The tip says the key that counts when it is shown."""
        if event.type() == QEvent.Type.ToolTip:
            self._write_tip()
        return super().event(event)

    def _write_tip(self) -> None:
        key = keytable.shown(self._act) if self._act else keytable.native(self._key)
        super().setToolTip(f"{self._tip}  {key}" if key else self._tip)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _REDRAWING:
            self._draw()

    @Slot()
    def _draw(self) -> None:
        tokens = theme.now()
        color = tokens.accent_text if self.isChecked() else tokens.quiet
        self.setIcon(icons.plain_icon(self._icon_name, color if self.isEnabled() else tokens.edge))

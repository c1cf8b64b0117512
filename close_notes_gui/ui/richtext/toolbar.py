"""The row of buttons above the note: shows the state at the cursor, folds what does not fit.

UI thread. Every button is also a key of the editor (`bindings`) or in its menu.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QAction, QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from close_notes_gui.ui import keytable
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.icons import icon
from close_notes_gui.ui.richtext.colors import OFFERED
from close_notes_gui.ui.richtext.commands import FormatState
from close_notes_gui.ui.richtext.editor import NoteEditor
from close_notes_gui.ui.richtext.tools import Tool, tools_of

_GAP = 2
_EDGE = 8


class FormatToolbar(QWidget):
    """Invariant: each button shows what typing at the cursor would give. One row, any width."""

    previewToggled = Signal(bool)
    """The rep wants to see (or leave) the exact `note_html`."""

    def __init__(self, editor: NoteEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Format")
        self._editor = editor
        self._state = FormatState()
        self._tools = tools_of(editor, headings=self._fill_headings, colors=self._fill_colors)
        self._buttons = [self._make_button(tool) for tool in self._tools]
        self._more = IconButton("more", "More formats")
        self._preview = IconButton("preview", "Preview what is sent", checkable=True)
        self._lay_out()
        self._connect()

    def _make_button(self, tool: Tool) -> IconButton:
        button = IconButton(
            tool.icon, tool.name, act=tool.key_act, checkable=tool.is_on is not None
        )
        if tool.menu is not None:
            menu = QMenu(button)
            menu.aboutToShow.connect(partial(self._refill, menu, tool.menu))
            button.setMenu(menu)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        elif tool.act is not None:
            button.clicked.connect(partial(self._on_button_clicked, tool.act))
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(_EDGE, 4, _EDGE, 4)
        row.setSpacing(_GAP)
        # A row that folds must not hold the window open.
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        for button in self._buttons:
            row.addWidget(button)
        row.addWidget(self._more)
        row.addStretch()
        row.addWidget(self._preview)
        menu = QMenu(self._more)
        menu.aboutToShow.connect(self._on_more_about_to_show)
        self._more.setMenu(menu)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _connect(self) -> None:
        document = self._editor.document()
        self._editor.formatChanged.connect(self._on_editor_format_changed)
        document.undoAvailable.connect(self._on_undo_available)
        document.redoAvailable.connect(self._on_redo_available)
        self._preview.toggled.connect(self.previewToggled)
        self._preview.toggled.connect(self._on_preview_toggled)
        self._on_undo_available(document.isUndoAvailable())
        self._on_redo_available(document.isRedoAvailable())

    # ------------------------------------------------------------------ room

    def minimumSizeHint(self) -> QSize:
        return QSize(4 * self._step() + 2 * _EDGE, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(
            (len(self._buttons) + 1) * self._step() + 2 * _EDGE, super().sizeHint().height()
        )

    def _step(self) -> int:
        return max(button.sizeHint().width() for button in self._buttons) + _GAP

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - 2 * _EDGE - self._step()
        widths = {tool.name: button.sizeHint().width() + _GAP for tool, button in self._pairs()}
        if sum(widths.values()) > room:
            room -= self._step()
        shown: set[str] = set()
        for tool in sorted(self._tools, key=lambda tool: tool.rank):
            room -= widths[tool.name]
            if room < 0:
                break
            shown.add(tool.name)
        for tool, button in self._pairs():
            button.setVisible(tool.name in shown)
        self._more.setVisible(len(shown) < len(self._tools))

    def _pairs(self) -> list[tuple[Tool, IconButton]]:
        return list(zip(self._tools, self._buttons, strict=True))

    # ------------------------------------------------------------------ menus

    @Slot()
    def _on_more_about_to_show(self) -> None:
        menu = self._more.menu()
        menu.clear()
        for tool, button in self._pairs():
            if not button.isHidden():
                continue
            if tool.menu is not None:
                tool.menu(menu.addMenu(icon(tool.icon), tool.name))
                continue
            action = menu.addAction(icon(tool.icon), tool.name)
            _show_key(action, tool.key_act)
            action.setEnabled(button.isEnabled())
            if tool.is_on is not None:
                action.setCheckable(True)
                action.setChecked(tool.is_on(self._state))
            if tool.act is not None:
                action.triggered.connect(partial(self._on_button_clicked, tool.act))

    def _refill(self, menu: QMenu, fill: Callable[[QMenu], None]) -> None:
        menu.clear()
        fill(menu)

    def _fill_headings(self, menu: QMenu) -> None:
        for level in range(7):
            action = menu.addAction(f"Heading {level}" if level else "Text")
            _show_key(action, f"heading {level}")
            action.setCheckable(True)
            action.setChecked(self._state.heading == level)
            set_level = partial(self._editor.commands.set_heading, level)
            action.triggered.connect(partial(self._on_button_clicked, set_level))

    def _fill_colors(self, menu: QMenu) -> None:
        for name, color in (("Default", None), *OFFERED):
            action = menu.addAction(_swatch(color), name)
            action.setCheckable(True)
            action.setChecked(self._state.marks.color == color)
            set_color = partial(self._editor.commands.set_color, color)
            action.triggered.connect(partial(self._on_button_clicked, set_color))

    # ------------------------------------------------------------------ state

    @Slot()
    def _on_editor_format_changed(self) -> None:
        self._state = self._editor.commands.state()
        for tool, button in self._pairs():
            if tool.is_on is not None:
                button.setChecked(tool.is_on(self._state))

    def _on_button_clicked(self, act: Callable[[], None], _checked: bool = False) -> None:
        self._editor.setFocus()
        act()
        self._on_editor_format_changed()

    @Slot(bool)
    def _on_undo_available(self, is_available: bool) -> None:
        self._button("undo").setEnabled(is_available)

    @Slot(bool)
    def _on_redo_available(self, is_available: bool) -> None:
        self._button("redo").setEnabled(is_available)

    @Slot(bool)
    def _on_preview_toggled(self, is_on: bool) -> None:
        for button in (*self._buttons, self._more):
            button.setEnabled(not is_on)
        if not is_on:
            self._on_undo_available(self._editor.document().isUndoAvailable())
            self._on_redo_available(self._editor.document().isRedoAvailable())

    def _button(self, icon_name: str) -> IconButton:
        return next(button for tool, button in self._pairs() if tool.icon == icon_name)


def _show_key(action: QAction, act: str) -> None:
    """Show a key in the menu without binding it a second time."""
    if key := keytable.shown(act):
        action.setText(f"{action.text()}\t{key}")


def _swatch(color: str | None) -> QIcon:
    if color is None:
        return icon("clear")
    return icon("color", color=color)

"""Who is signed in, at the end of the status line, with the menu of accounts.

Window thread.
"""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from close_notes_gui.present.views import AccountRow
from close_notes_gui.ui.labels import no_mnemonic, plain_tip

_WIDEST_PX = 320


class AccountButton(QToolButton):
    """Invariant: the menu shows the accounts last given, the open one checked."""

    chosen = Signal(str)  # the target of an AccountRow
    add_asked = Signal()
    sign_out_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("account")
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._rows: tuple[AccountRow, ...] = ()
        self._is_signed_in = False
        menu = QMenu(self)
        menu.aboutToShow.connect(self._on_menu_about_to_show)
        self.setMenu(menu)

    def show_account(self, words: str, rows: tuple[AccountRow, ...], *, is_signed_in: bool) -> None:
        """Draw who it is; the menu is drawn when it opens."""
        self._rows, self._is_signed_in = rows, is_signed_in
        room = QFontMetrics(self.font())
        self.setText(no_mnemonic(room.elidedText(words, Qt.TextElideMode.ElideRight, _WIDEST_PX)))
        self.setToolTip(plain_tip(words))
        self.setAccessibleName(f"Account: {words}")

    def sizeHint(self) -> QSize:
        """As wide as its words: the style would add room for a mark that is not shown."""
        text = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(text + 16, super().sizeHint().height())

    @Slot()
    def _on_menu_about_to_show(self) -> None:
        menu = self.menu()
        menu.clear()
        for row in self._rows:
            words = f"{row.name}\t{row.waiting}" if row.waiting else row.name
            action = menu.addAction(no_mnemonic(words))
            action.setCheckable(True)
            action.setChecked(row.is_open)
            action.triggered.connect(self._teller(row.target))
        menu.addSeparator()
        menu.addAction("Add an account…").triggered.connect(self.add_asked)
        sign_out = menu.addAction("Sign out")
        sign_out.setEnabled(self._is_signed_in)
        sign_out.triggered.connect(self.sign_out_asked)

    def _teller(self, target: str) -> Callable[[], None]:
        return lambda: self.chosen.emit(target)

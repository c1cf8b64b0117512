"""Who is signed in, who else can be, and the way out. Window thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from close_notes_gui.present.views import AccountRow
from close_notes_gui.present.views_settings import SettingsView
from close_notes_gui.ui.labels import ElidedLabel, label
from close_notes_gui.ui.layouts import empty
from close_notes_gui.ui.settings.section import Section

_APART = (
    "Each account has its own drafts, outbox, leads and templates. What waits in one that is not "
    "open goes out when you switch to it."
)
_STAYS = (
    "Signing out deletes the key and what was read from Close. Drafts and waiting notes stay on "
    "this computer, for this account."
)


class AccountSection(Section):
    """Invariant: one row for each account; all but the open one can be switched to."""

    chosen = Signal(str)  # the target of an AccountRow
    add_asked = Signal()
    sign_out_asked = Signal()

    def fill(self) -> None:
        self._rows: tuple[AccountRow, ...] | None = None
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.column.addLayout(self._list)
        add = QPushButton("Add an account…")
        add.clicked.connect(self.add_asked)
        self.column.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        self.hint(_APART)
        self.column.addSpacing(8)
        sign_out = QPushButton("Sign out")
        sign_out.clicked.connect(self.sign_out_asked)
        self.column.addWidget(sign_out, 0, Qt.AlignmentFlag.AlignLeft)
        self.hint(_STAYS)

    def show_view(self, view: SettingsView) -> None:
        super().show_view(view)
        if view.accounts == self._rows:
            return
        self._rows = view.accounts
        empty(self._list)
        for row in view.accounts or (AccountRow("", "Not signed in", is_open=True),):
            self._list.addWidget(self._line(row))

    def _line(self, row: AccountRow) -> QWidget:
        line = QWidget()
        across = QHBoxLayout(line)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(ElidedLabel(row.name, "strong" if row.is_open else ""), 1)
        across.addWidget(label(row.waiting, "toneWarning"))
        if row.is_open:
            across.addWidget(label("open" if row.target else "", "quiet"))
        else:
            switch = QPushButton("Switch")
            switch.setAccessibleName(f"Switch to {row.name}")
            switch.clicked.connect(lambda _on, target=row.target: self.chosen.emit(target))
            across.addWidget(switch)
        return line

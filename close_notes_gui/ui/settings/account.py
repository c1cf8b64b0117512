"""Who is signed in. Window thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton

from close_notes_gui.present.views_settings import SettingsView
from close_notes_gui.ui.labels import label
from close_notes_gui.ui.settings.section import Section

_STAYS = (
    "Signing out deletes the key and what was read from Close. Drafts and waiting notes stay on "
    "this computer, for this account."
)


class AccountSection(Section):
    """Who it is, and the way out."""

    sign_out_asked = Signal()

    def fill(self) -> None:
        self._who = label("", wrap=True)
        self.column.addWidget(self._who)
        sign_out = QPushButton("Sign out")
        sign_out.clicked.connect(self.sign_out_asked)
        self.column.addWidget(sign_out, 0, Qt.AlignmentFlag.AlignLeft)
        self.hint(_STAYS)

    def show_view(self, view: SettingsView) -> None:
        super().show_view(view)
        self._who.setText(view.account)

"""The first screen: what this is, and the one thing needed to begin.

Window thread. The key goes out wrapped and is wiped from the field; it is never shown.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from close_notes_gui.model.secret import ApiKey
from close_notes_gui.present.views import AccountRow, SignInView
from close_notes_gui.ui.labels import label, no_mnemonic
from close_notes_gui.ui.layouts import empty
from close_notes_gui.ui.line_view import LineView

KEYS_PAGE = "https://app.close.com/settings/developer/api-keys/"
_WELCOME = (
    "Notes for Close, as fast as you can write them.\n"
    "Find the lead, write, drop files, send. Nothing is ever lost."
)
_KEPT = "The key is kept in this computer’s keyring and sent to Close alone."
_SANDBOX = "Just looking? A sample organization needs no account, and nothing reaches Close."


class SignIn(QWidget):
    """Invariant: the field never shows a key, and is empty once the key was given out."""

    key_given = Signal(object)  # ApiKey
    address_asked = Signal(str)
    sandbox_asked = Signal()
    account_chosen = Signal(str)  # the target of an AccountRow
    left = Signal()  # Esc
    acted = Signal(object)  # Action

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("signIn")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._key = QLineEdit()
        self._key.setAccessibleName("API key")
        self._key.setPlaceholderText("Paste your API key: api_…")
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._key.setMaxLength(500)
        self._key.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._key.textEdited.connect(self._on_key_edited)
        self._key.returnPressed.connect(self._on_go_clicked)
        self._go = QPushButton("Sign in")
        self._go.setObjectName("main")
        self._go.setEnabled(False)
        self._go.clicked.connect(self._on_go_clicked)
        self._line = LineView()
        self._line.acted.connect(self.acted)
        self._rows: tuple[AccountRow, ...] = ()
        self._accounts = QVBoxLayout()
        self._accounts.setSpacing(8)
        self._where = QPushButton("Where do I find it?")
        self._where.setObjectName("act")
        self._where.clicked.connect(lambda: self.address_asked.emit(KEYS_PAGE))
        self._sandbox = QPushButton("Try the sandbox")
        self._sandbox.clicked.connect(self.sandbox_asked)
        self._back = QPushButton("Back")
        self._back.setObjectName("act")
        self._back.clicked.connect(self.left)
        self._lay_out()

    def show_view(self, view: SignInView) -> None:
        """Draw the state of signing in."""
        self._key.setEnabled(not view.is_busy)
        self._go.setEnabled(not view.is_busy and bool(self._key.text().strip()))
        self._line.show_line(view.line)
        self._back.setVisible(view.can_leave)

    def show_accounts(self, rows: tuple[AccountRow, ...]) -> None:
        """Offer the accounts that need no key."""
        if rows == self._rows:
            return
        self._rows = rows
        empty(self._accounts)
        if rows:
            self._accounts.addWidget(label("Or go on as", "strong"))
        for row in rows:
            words = f"{row.name} ({row.waiting})" if row.waiting else row.name
            button = QPushButton(no_mnemonic(words))
            button.clicked.connect(lambda _on, target=row.target: self.account_chosen.emit(target))
            self._accounts.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._key.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._key, 1)
        row.addWidget(self._go)
        below = QHBoxLayout()
        below.addWidget(self._where)
        below.addWidget(self._back)
        below.addStretch(1)
        inside = QWidget()
        inside.setMaximumWidth(440)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label("Close Notes", "welcome"))
        column.addWidget(label(_WELCOME, wrap=True))
        column.addSpacing(16)
        column.addWidget(label("Your Close API key", "strong"))
        column.addLayout(row)
        column.addWidget(self._line)
        column.addLayout(below)
        column.addLayout(self._accounts)
        column.addSpacing(16)
        column.addWidget(label(_KEPT, "quiet", wrap=True))
        column.addWidget(label(_SANDBOX, "quiet", wrap=True))
        column.addWidget(self._sandbox, 0, Qt.AlignmentFlag.AlignLeft)
        across = QHBoxLayout()
        across.setContentsMargins(24, 24, 24, 24)
        across.addStretch(1)
        across.addWidget(inside, 20)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(across)
        outer.addStretch(3)

    def _on_key_edited(self, text: str) -> None:
        self._go.setEnabled(bool(text.strip()))

    def _on_go_clicked(self) -> None:
        text = self._key.text().strip()
        if text:
            self._key.clear()
            self._go.setEnabled(False)
            self.key_given.emit(ApiKey(text))

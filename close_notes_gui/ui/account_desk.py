"""Between what shows accounts (status line, settings, first screen) and the model.

Window thread. Decides nothing: `present` says what a step does and what is shown.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from close_notes_gui.model.secret import ApiKey
from close_notes_gui.present import account_actions, actions, show
from close_notes_gui.present.show_accounts import account_rows
from close_notes_gui.present.state import SignInState
from close_notes_gui.ui.app_model import AppModel

if TYPE_CHECKING:
    from close_notes_gui.ui.window import MainWindow


class AccountDesk(QObject):
    """Invariant: before another account is asked for, all that was written is with its own."""

    def __init__(
        self, window: "MainWindow", model: AppModel, *, put_away: Callable[[], None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._put_away = put_away
        button = window.status.account
        button.chosen.connect(self.use)
        button.add_asked.connect(self.ask)
        button.sign_out_asked.connect(self._on_sign_out_asked)
        window.settings.account_chosen.connect(self.use)
        window.settings.add_account_asked.connect(self.ask)
        window.settings.sign_out_asked.connect(self._on_sign_out_asked)
        window.sign_in.account_chosen.connect(self.use)
        window.sign_in.key_given.connect(self._on_sign_in_key_given)
        window.sign_in.left.connect(lambda: model.do(actions.leave_sign_in))

    def draw(self, words: str) -> None:
        """Show who is signed in, and who can be."""
        state, window = self._model.state, self._window
        rows = account_rows(state)
        is_signed_in = state.sign_in is SignInState.SIGNED_IN
        window.status.account.show_account(words, rows, is_signed_in=is_signed_in)
        others = tuple(row for row in rows if not row.is_open)
        window.sign_in.show_accounts(others if not is_signed_in else ())
        view = show.sign_in_view(state)
        window.sign_in.show_view(view)
        window.show_sign_in(view.is_needed)

    @Slot(str)
    def use(self, target: str) -> None:
        """Go on as this account."""
        self._put_away()
        self._model.do(account_actions.use_account, target)

    @Slot()
    def ask(self) -> None:
        """Show the first screen, to sign in anew or to another account."""
        self._put_away()
        self._model.do(actions.ask_sign_in)

    @Slot()
    def _on_sign_out_asked(self) -> None:
        self._put_away()
        self._window.settings_panel.shut()
        self._model.do(actions.sign_out)

    @Slot(object)
    def _on_sign_in_key_given(self, key: ApiKey) -> None:
        self._model.do(actions.sign_in, key)

"""AppState → the accounts that can be gone on with, pure."""

from close_notes_gui.model.accounts import KnownAccount
from close_notes_gui.model.lead import Account
from close_notes_gui.present.state import AppState
from close_notes_gui.present.views import AccountRow, Action, ActionKind, Line, Tone
from close_notes_gui.present.when import plural


def account_rows(state: AppState) -> tuple[AccountRow, ...]:
    """All accounts by organization and name, the open one among them."""
    known = list(state.accounts)
    if state.account is not None and all(not _is_open(state, each.account) for each in known):
        known.append(KnownAccount(state.account))
    rows = (
        AccountRow(
            target=target_of(each.account),
            name=name_of(each.account),
            waiting=f"{plural(each.waiting, 'note waits', 'notes wait')}" if each.waiting else "",
            is_open=_is_open(state, each.account),
        )
        for each in known
    )
    return tuple(sorted(rows, key=lambda row: (row.name.casefold(), row.target)))


def waiting_line(state: AppState) -> Line | None:
    """What waits in an account that is not open."""
    for each in state.accounts:
        if each.waiting and not _is_open(state, each.account):
            text = f"{plural(each.waiting, 'note waits', 'notes wait')} in "
            switch = Action(ActionKind.USE_ACCOUNT, "Switch", target_of(each.account))
            return Line(f"{text}{each.account.organization_name}", Tone.WARNING, (switch,))
    return None


def name_of(account: Account) -> str:
    """Who, and where."""
    return f"{account.user_name}, {account.organization_name}"


def target_of(account: Account) -> str:
    """What an action about the account carries; see `use_account`."""
    return f"{account.organization_id} {account.user_id}"


def _is_open(state: AppState, account: Account) -> bool:
    return state.account is not None and target_of(state.account) == target_of(account)

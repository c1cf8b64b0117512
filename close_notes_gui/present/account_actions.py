"""What the rep does with accounts, as pure steps: (state, …) → (new state, commands to post)."""

from close_notes_gui.model.ids import OrganizationId, UserId
from close_notes_gui.model.upkeep_commands import UseAccount
from close_notes_gui.present.actions import Step
from close_notes_gui.present.show_accounts import target_of
from close_notes_gui.present.state import AppState, SignInState


def use_account(state: AppState, target: str) -> Step:
    """Go on as this account; what was being written stays with the one before."""
    is_open = state.account is not None and target_of(state.account) == target
    if is_open and state.sign_in is SignInState.SIGNED_IN:
        return state, ()
    organization, _, user = target.partition(" ")
    return state, (UseAccount(OrganizationId(organization), UserId(user)),)

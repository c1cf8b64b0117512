"""Accounts, users and groups from JSON. Any thread; pure."""

from close_notes_gui.closeapi.errors import BadAnswer
from close_notes_gui.closeapi.wire.basics import field, identifier, items, text
from close_notes_gui.model.ids import GroupId, OrganizationId, UserId
from close_notes_gui.model.lead import Account, Group, User

USER_FIELDS = "id,first_name,last_name,email"


def account(answer: object) -> Account:
    """The answer of `/me/`. A key belongs to one organisation: the first one told."""
    user_id = identifier(field(answer, "id"))
    if user_id is None:
        raise BadAnswer("no user in the answer")
    organizations = items(answer, "organizations")
    memberships = items(answer, "memberships")
    organization = organizations[0] if organizations else {}
    membership = memberships[0] if memberships else {}
    organization_id = identifier(field(organization, "id")) or identifier(
        field(membership, "organization_id")
    )
    return Account(
        user_id=UserId(user_id),
        user_name=_full_name(answer),
        email=text(field(answer, "email")),
        organization_id=OrganizationId(organization_id or ""),
        organization_name=text(field(organization, "name")),
    )


def user(value: object) -> User | None:
    """A row of `/user/`."""
    user_id = identifier(field(value, "id"))
    if user_id is None:
        return None
    return User(UserId(user_id), _full_name(value), text(field(value, "email")))


def group(value: object) -> Group | None:
    """A row of `/group/`."""
    group_id = identifier(field(value, "id"))
    return Group(GroupId(group_id), text(field(value, "name"))) if group_id else None


def _full_name(value: object) -> str:
    names = (text(field(value, name)).strip() for name in ("first_name", "last_name"))
    return " ".join(name for name in names if name) or text(field(value, "email"))

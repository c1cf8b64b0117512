"""Leads, contacts, and the people of an organisation, as Close tells of them.

Any thread. All text here came from outside: show it as plain text, never as markup.
"""

from dataclasses import field
from datetime import datetime
from enum import Enum

from close_notes_gui.model.ids import (
    ContactId,
    GroupId,
    LeadId,
    LeadStatusId,
    OrganizationId,
    UserId,
)
from close_notes_gui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a lead."""

    id: ContactId
    name: str
    title: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lead:
    """A company in Close. `contacts` is in Close's order, the main contact first."""

    id: LeadId
    name: str
    status_label: str = ""
    contacts: tuple[Contact, ...] = ()
    url: str = ""
    updated_at: datetime | None = None
    address: str = ""  # on one line, as far as it is known


class MatchedBy(Enum):
    """What of a lead answered to the words that were typed."""

    NAME = "name"
    CONTACT = "contact"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    RECENT = "recent"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LeadHit:
    """A lead found by a search, with the reason. `why` is the matching text (an email, a phone
    number, a contact's name), empty where the name itself matched.
    """

    lead: Lead
    matched_by: MatchedBy = MatchedBy.NAME
    why: str = ""
    contact_id: ContactId | None = None


@dataclass(frozen=True, slots=True)
class User:
    """A person of the organisation; can be mentioned."""

    id: UserId
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the organisation; can be mentioned."""

    id: GroupId
    name: str


@dataclass(frozen=True, slots=True)
class LeadStatus:
    """A status that a lead of the organisation can have."""

    id: LeadStatusId
    label: str


class KeyOrigin(Enum):
    """Where the API key of this run comes from, hence how long it lasts."""

    KEYRING = "keyring"
    ENVIRONMENT = "environment"
    THIS_RUN = "this run"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in, to which organisation. Holds no key."""

    user_id: UserId
    user_name: str
    email: str
    organization_id: OrganizationId
    organization_name: str
    key_origin: KeyOrigin = KeyOrigin.KEYRING


@dataclass(frozen=True, slots=True)
class Directory:
    """Everyone that a note can mention."""

    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = field(default=())

"""What features above tell registration: links on private pages, who is invited, who has paid.

Each registers itself at the start.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from eventops.events.providers import PublicLink
from eventops.registration.models import Registration

LinkGiver = Callable[[Session, Registration], PublicLink | None]
InvitationGiver = Callable[[Session, int], Mapping[int, Collection[int]]]
"""An event id in; its parts by invitation out, with the ids of the organisations that are invited."""
FeeFollower = Callable[[Session, Registration], None]
"""Told when what is owed has changed, so that who has paid follows."""


@dataclass(slots=True)
class Providers:
    """Who is asked; names make registering twice harmless."""

    my_page_links: dict[str, LinkGiver] = field(default_factory=dict)
    invitations: dict[str, InvitationGiver] = field(default_factory=dict)
    fee_followers: dict[str, FeeFollower] = field(default_factory=dict)


registry = Providers()


def my_page_links(session: Session, registration: Registration) -> list[PublicLink]:
    """Further private pages of this guest, such as the meetings of the company."""
    links = (give(session, registration) for give in registry.my_page_links.values())
    return [link for link in links if link is not None]


def fees_changed(session: Session, registration: Registration) -> None:
    """What is owed by these people is not what it was."""
    for follow in registry.fee_followers.values():
        follow(session, registration)


def parts_by_invitation(session: Session, event_id: int) -> set[int]:
    """Parts of the event to which some organisation is invited."""
    return {part_id for part_id, invited in _invitations(session, event_id) if invited}


def parts_inviting(session: Session, event_id: int, organisation_id: int | None) -> set[int]:
    """Parts of the event to which this organisation is invited; nobody knows a company that is not in the directory."""
    return {part_id for part_id, invited in _invitations(session, event_id) if organisation_id in invited}


def _invitations(session: Session, event_id: int) -> list[tuple[int, Collection[int]]]:
    return [pair for give in registry.invitations.values() for pair in give(session, event_id).items()]

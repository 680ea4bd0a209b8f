"""What features above tell registration: links on private pages, who is invited, who has paid, who has come.

Each registers itself at the start.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, Select, false
from sqlalchemy.orm import Session

from eventops.events.models import Event
from eventops.events.providers import PublicLink
from eventops.registration.models import Attendee, Registration

LinkGiver = Callable[[Session, Registration], PublicLink | None]
InvitationGiver = Callable[[Session, int], Mapping[int, Collection[int]]]
"""An event id in; its parts by invitation out, with the ids of the organisations that are invited."""
FeeFollower = Callable[[Session, Registration], None]
"""Told when what is owed has changed, so that who has paid follows."""
PaymentTeller = Callable[[Session, Registration, Event, str], str]
"""A language in; how and until when what is still open is paid, in words for letters, empty if nothing is."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The door's record: `of_event` selects the ids of attendees who were let in, `times` when each first was."""

    of_event: Callable[[Event], Select[int | None]]
    times: Callable[[Session, Event, Collection[int]], Mapping[int, dt.datetime]]
    shares: Callable[[Session, Sequence[Event]], Mapping[int, int]]
    """Events in; how many people came to each of their parts."""


@dataclass(frozen=True, slots=True)
class ShareWords:
    """What a host is to be given of a person: columns by name and in words, and for what."""

    columns: tuple[str, ...]
    words: Sequence[LazyString]
    purpose: str
    purpose_en: str = ""

    @property
    def mark(self) -> str:
        """Stands for what was told, so that an answer to other words is not taken for one to these."""
        told = (self.columns, self.purpose, self.purpose_en) if self.purpose_en else (self.columns, self.purpose)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


ShareGiver = Callable[[Session, int, Collection[str]], Mapping[str, ShareWords]]
"""An event id and names of its hosts in; what guests are told about each."""


@dataclass(slots=True)
class Providers:
    """Who is asked; names make registering twice harmless."""

    my_page_links: dict[str, LinkGiver] = field(default_factory=dict)
    invitations: dict[str, InvitationGiver] = field(default_factory=dict)
    fee_followers: dict[str, FeeFollower] = field(default_factory=dict)
    how_to_pay: PaymentTeller | None = None
    arrivals: Arrivals | None = None
    share_words: ShareGiver | None = None


registry = Providers()


def my_page_links(session: Session, registration: Registration) -> list[PublicLink]:
    """Further private pages of this guest, such as the meetings of the company."""
    links = (give(session, registration) for give in registry.my_page_links.values())
    return [link for link in links if link is not None]


def fees_changed(session: Session, registration: Registration) -> None:
    """What is owed by these people is not what it was."""
    for follow in registry.fee_followers.values():
        follow(session, registration)


def how_to_pay(session: Session, registration: Registration, event: Event, *, language: str) -> str:
    """What a letter about this registration says of paying."""
    return registry.how_to_pay(session, registration, event, language) if registry.how_to_pay else ""


def parts_by_invitation(session: Session, event_id: int) -> set[int]:
    """Parts of the event to which some organisation is invited."""
    return {part_id for part_id, invited in _invitations(session, event_id) if invited}


def parts_inviting(session: Session, event_id: int, organisation_id: int | None) -> set[int]:
    """Parts of the event to which this organisation is invited; nobody knows a company that is not in the directory."""
    return {part_id for part_id, invited in _invitations(session, event_id) if organisation_id in invited}


def _invitations(session: Session, event_id: int) -> list[tuple[int, Collection[int]]]:
    return [pair for give in registry.invitations.values() for pair in give(session, event_id).items()]


def share_words(session: Session, event_id: int, hosts: Collection[str]) -> Mapping[str, ShareWords]:
    """What guests are told about each of these hosts."""
    return registry.share_words(session, event_id, hosts) if registry.share_words else {}


def has_arrived(event: Event) -> ColumnElement[bool]:
    """Whether an attendee was let in to any part, for statements about attendees."""
    return Attendee.id.in_(registry.arrivals.of_event(event)) if registry.arrivals else false()


def arrival_times(session: Session, event: Event, attendee_ids: Collection[int]) -> Mapping[int, dt.datetime]:
    """When each of these people was first let in; who was not is left out."""
    return registry.arrivals.times(session, event, attendee_ids) if registry.arrivals else {}


def came_to(session: Session, events: Sequence[Event]) -> Mapping[int, int]:
    """How many people came to each part of these events."""
    return registry.arrivals.shares(session, events) if registry.arrivals else {}

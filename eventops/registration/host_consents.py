"""What guests say about being named to the hosts of an event: asked for each host, noted with what they were told."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from eventops.directory import consents
from eventops.errors import NotFound
from eventops.events.models import Event
from eventops.registration import providers
from eventops.registration.desk import Desk
from eventops.registration.models import Attendee, HostConsent, Registration, RegistrationState
from eventops.registration.providers import ShareWords


@dataclass(frozen=True, slots=True)
class Asked:
    """A host about which guests are asked; `id` names it in forms."""

    id: int
    host: str
    words: ShareWords


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody has said about one host."""

    asked: Asked
    agrees: bool


def asked(session: Session, event: Event) -> Sequence[Asked]:
    """The hosts that may be given people, with what each is to be given and for what."""
    named = set(consents.hosts_of(event))
    if not named:
        return ()
    words = providers.share_words(session, event.id, named)
    return tuple(Asked(host.id, host.name, words[host.name]) for host in event.hosts if host.name in words)


def standings(session: Session, registration: Registration, hosts: Sequence[Asked]) -> Mapping[int, list[Standing]]:
    """What the people of an application have said, by person."""
    if not hosts:
        return {}
    ids = [person.id for person in registration.attendees]
    said = select(HostConsent.attendee_id, HostConsent.host_name)
    agreed = session.execute(said.where(HostConsent.attendee_id.in_(ids), HostConsent.withdrawn_at.is_(None)))
    known = {(row.attendee_id, row.host_name) for row in agreed}
    return {one: [Standing(asked, (one, asked.host) in known) for asked in hosts] for one in ids}


def rows(shares: Mapping[str, Sequence[str]], *, now: dt.datetime) -> list[HostConsent]:
    """The agreements of somebody who is registered: hosts, with the columns that the form named."""
    return [HostConsent(host_name=host, columns=list(columns), given_at=now) for host, columns in shares.items()]


def replace(desk: Desk, person: Attendee, shares: Mapping[str, Sequence[str]]) -> None:
    """Somebody else comes: what the first person agreed to is not this one's word."""
    person.host_consents.clear()
    desk.session.flush()  # the same host may be agreed to anew
    person.host_consents.extend(rows(shares, now=desk.now))


def change(desk: Desk, *, attendee_id: int, host_id: int, agrees: bool) -> None:
    """Agree, or take it back: that is possible at any time, whatever else may still be changed."""
    person = desk.attendee(attendee_id)
    one = next((one for one in asked(desk.session, desk.event) if one.id == host_id), None)
    if one is None:
        raise NotFound
    row = next((row for row in person.host_consents if row.host_name == one.host), None)
    if (row is not None and row.withdrawn_at is None) == agrees:
        return
    if row is None:
        person.host_consents.extend(rows({one.host: one.words.columns}, now=desk.now))
    elif agrees:
        row.columns, row.given_at, row.withdrawn_at = list(one.words.columns), desk.now, None
    else:
        row.withdrawn_at = desk.now
    action = "share_agreed" if agrees else "share_withdrawn"
    desk.note(action, before={}, after={"position": person.position, "host": one.host})


def agreed(session: Session, event_id: int) -> Mapping[str, list[tuple[Attendee, Sequence[str]]]]:
    """By host: who takes part and agreed, by reading, each with the columns that were named to this person."""
    query = (
        select(HostConsent)
        .join(HostConsent.attendee)
        .join(Attendee.registration)
        .options(contains_eager(HostConsent.attendee).contains_eager(Attendee.registration))
        .where(
            Registration.event_id == event_id,
            Attendee.state == RegistrationState.ACTIVE,
            HostConsent.withdrawn_at.is_(None),
        )
        .order_by(Attendee.sort_key, Attendee.id)
    )
    found: dict[str, list[tuple[Attendee, Sequence[str]]]] = {}
    for row in session.scalars(query):
        found.setdefault(row.host_name, []).append((row.attendee, row.columns))
    return found

"""What guests say about being named to the hosts of an event: asked for each host, noted with what they were told."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from eventops import clock
from eventops.directory import consents
from eventops.directory.consents import Word
from eventops.directory.models import ConsentPurpose, ConsentSource, Person
from eventops.errors import NotFound, Stale
from eventops.events.models import Event, HostRole
from eventops.registration import host_words, providers
from eventops.registration.commands import Agreement
from eventops.registration.desk import Desk
from eventops.registration.host_words import Asked as Asked
from eventops.registration.models import Attendee, HostConsent, Registration, RegistrationState


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
    hosts = [host for host in event.hosts if host.name in words]
    return tuple(Asked(host.id, host.name, words[host.name], HostRole(host.role), host.name_en) for host in hosts)


def standings(session: Session, registration: Registration, hosts: Sequence[Asked]) -> Mapping[int, list[Standing]]:
    """What the people of an application have said, by person: in the form, here, or elsewhere."""
    if not hosts:
        return {}
    event_id, people = registration.event_id, registration.attendees
    said = {(row.attendee_id, row.host_name) for row in _standing(session, event_id, [one.id for one in people])}
    elsewhere = agreed_elsewhere(session, event_id)

    def agrees(person: Attendee, host: str) -> bool:
        return (person.id, host) in said or person.person_id in elsewhere.get(host, ())

    return {one.id: [Standing(asked, agrees(one, asked.host)) for asked in hosts] for one in people}


def rows(shares: Mapping[str, Agreement], *, now: dt.datetime) -> list[HostConsent]:
    """The agreements of somebody who is registered: hosts, with what the form told of each."""
    return [HostConsent(host_name=host, given_at=now, **_stored(one)) for host, one in shares.items()]


def _stored(one: Agreement) -> dict[str, Any]:
    return {"columns": list(one.columns), "text": one.text, "language": one.language, "version": one.version}


def replace(desk: Desk, person: Attendee, shares: Mapping[str, Agreement]) -> None:
    """Somebody else comes: what the first person agreed to is not this one's word."""
    person.host_consents.clear()
    desk.session.flush()  # the same host may be agreed to anew
    person.host_consents.extend(rows(shares, now=desk.now))


def change(desk: Desk, *, attendee_id: int, host_id: int, agrees: bool, told: str) -> None:
    """Agree, or take it back: that is possible at any time, whatever else may still be changed.

    Who agrees says to what: `told` is the mark of the words that stood on the page.
    """
    person = desk.attendee(attendee_id)
    one = next((one for one in asked(desk.session, desk.event) if one.id == host_id), None)
    if one is None:
        raise NotFound
    standing = standings(desk.session, desk.registration, [one])[person.id][0]
    if standing.agrees == agrees:
        return
    if agrees:
        if told != one.words.mark:
            raise Stale
        _agree(desk, person, one.host, host_words.agreement(one))
    else:
        _withdraw(desk, person, one.host)
    action = "share_agreed" if agrees else "share_withdrawn"
    desk.note(action, before={}, after={"position": person.position, "host": one.host})


def _agree(desk: Desk, person: Attendee, host: str, agreed_to: Agreement) -> None:
    row = next((row for row in person.host_consents if row.host_name == host), None)
    if row is None:
        person.host_consents.extend(rows({host: agreed_to}, now=desk.now))
        return
    for name, value in _stored(agreed_to).items():
        setattr(row, name, value)
    row.given_at, row.withdrawn_at = desk.now, None


def _withdraw(desk: Desk, person: Attendee, host: str) -> None:
    """Whatever this person agreed to for this host and event, and wherever, is taken back with one word."""
    mine = [person.id]
    if person.person_id is not None:
        also = select(Attendee.id).join(Attendee.registration)
        same = (Registration.event_id == desk.event.id, Attendee.person_id == person.person_id)
        mine.extend(desk.session.scalars(also.where(*same)))
        known = desk.session.get_one(Person, person.person_id, with_for_update=True)
        consents.withdraw(known, ConsentPurpose.SHARE, _word(desk, host))
    for row in desk.session.scalars(_of(desk.event.id).where(HostConsent.attendee_id.in_(mine))):
        if row.host_name == host:
            row.withdrawn_at = row.withdrawn_at or desk.now


def _word(desk: Desk, host: str) -> Word:
    source = ConsentSource.FORM if desk.actor_id is None else ConsentSource.SPOKEN
    return Word(source, _day(desk.now), recorded_by_id=desk.actor_id, event_id=desk.event.id, host_name=host)


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(clock.TOKYO).date()


def agreed(session: Session, event_id: int) -> Mapping[str, list[HostConsent]]:
    """By host: the agreements of those who take part, by reading, each with what this person was told."""
    found: dict[str, list[HostConsent]] = {}
    for row in _standing(session, event_id):
        if row.attendee.state == RegistrationState.ACTIVE:
            found.setdefault(row.host_name, []).append(row)
    return found


def agreed_elsewhere(session: Session, event_id: int) -> Mapping[str, set[int]]:
    """By host: people of the directory who agreed, as in the questionnaire, and have not refused here since.

    Agreements have a day and no hour: of one day's words the refusal counts.
    """
    refused: dict[tuple[str, int | None], dt.date] = {}
    for row in session.scalars(_of(event_id).where(HostConsent.withdrawn_at.is_not(None))):
        who, day = (row.host_name, row.attendee.person_id), _day(row.withdrawn_at or row.given_at)
        refused[who] = max(day, refused.get(who, day))
    return {
        host: {one for one, day in given.items() if (host, one) not in refused or refused[host, one] < day}
        for host, given in consents.agreed_for(session, event_id).items()
    }


def _standing(session: Session, event_id: int, attendee_ids: Sequence[int] | None = None) -> list[HostConsent]:
    """What people of applications have said here and not taken back, neither here nor later elsewhere."""
    query = _of(event_id).where(HostConsent.withdrawn_at.is_(None))
    if attendee_ids is not None:
        query = query.where(HostConsent.attendee_id.in_(attendee_ids))
    withdrawn = consents.withdrawn_for(session, event_id)

    def stands(row: HostConsent) -> bool:
        last = withdrawn.get(row.host_name, {}).get(row.attendee.person_id or 0)
        return last is None or last <= _day(row.given_at)

    return [row for row in session.scalars(query.order_by(Attendee.sort_key, Attendee.id)) if stands(row)]


def _of(event_id: int) -> Select[HostConsent]:
    query = select(HostConsent).join(HostConsent.attendee).join(Attendee.registration)
    loaded = contains_eager(HostConsent.attendee).contains_eager(Attendee.registration)
    return query.options(loaded).where(Registration.event_id == event_id)

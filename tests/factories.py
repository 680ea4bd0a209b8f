"""Rows for tests, with sensible values for whatever a test does not care about."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from eventops.clock import tokyo
from eventops.directory import kana, names
from eventops.directory.models import Membership, Organisation, OrganisationCategory, OrganisationSize, Person
from eventops.events.models import Event, EventKind, EventState, Fee, Mode, Part, PartKind, Pool, PriceCategory

NOW = dt.datetime(2026, 11, 21, 1, 0, tzinfo=dt.UTC)
HELD_ON = dt.date(2027, 1, 15)


def make_event(
    session: Session, *, slug: str = "m08", state: EventState = EventState.PUBLISHED, **values: object
) -> Event:
    """An event on 2027-01-15 that takes applications until the evening of 2027-01-08; add parts with `make_part`."""
    fields: dict[str, object] = {
        "slug": slug,
        "code": slug.upper(),
        "kind": EventKind.TECHNOLOGY_EXCHANGE,
        "state": state,
        "title": "第8回TAMA技術連携交流会@KISTEC",
        "held_on": HELD_ON,
        "venue_name": "KISTEC海老名本部",
        "applications_close_at": tokyo(dt.date(2027, 1, 8), dt.time(17)),
        "created_at": NOW,
        "updated_at": NOW,
    }
    event = Event(**(fields | values))
    session.add(event)
    session.flush()
    return event


def make_part(
    session: Session,
    event: Event,
    *,
    title: str = "第1部 講演",
    kind: PartKind = PartKind.LECTURE,
    hours: tuple[int, int] = (13, 17),
    onsite: int | None = 100,
    online: int | None = 0,
    fees: tuple[int, int] | None = None,
    **values: object,
) -> Part:
    """A part with its pools. `online=0` makes none; `fees` is (member, general) in yen at the venue."""
    part = Part(
        event_id=event.id,
        position=len(event.parts) + 1,
        kind=kind,
        title=title,
        starts_at=tokyo(event.held_on, dt.time(hours[0])),
        ends_at=tokyo(event.held_on, dt.time(hours[1])),
        **values,
    )
    event.parts.append(part)
    part.pools.append(Pool(mode=Mode.ONSITE, capacity=onsite))
    if online != 0:
        part.pools.append(Pool(mode=Mode.ONLINE, capacity=online))
    session.flush()
    for category, yen in zip((PriceCategory.MEMBER, PriceCategory.GENERAL), fees or (), strict=False):
        session.add(Fee(event_id=event.id, part_id=part.id, category=category, mode=Mode.ONSITE, yen=yen))
    session.flush()
    return part


def make_organisation(
    session: Session,
    name: str = "株式会社青空精密",
    kana_name: str = "アオゾラセイミツ",
    *,
    member: bool = True,
    size: OrganisationSize = OrganisationSize.SME,
    code: str | None = None,
) -> Organisation:
    organisation = Organisation(
        code=code,
        name=name,
        kana=kana_name,
        sort_key=kana.sort_key(kana_name),
        match_core=names.parse(name).core,
        category=OrganisationCategory.CORPORATION,
        size=size,
    )
    if member:
        organisation.memberships.append(Membership(starts_on=dt.date(2020, 4, 1)))
    session.add(organisation)
    session.flush()
    return organisation


def make_person(
    session: Session,
    organisation: Organisation,
    name: Sequence[str] = ("山田", "太郎", "ヤマダ", "タロウ"),
    *,
    email: str = "taro@example.jp",
) -> Person:
    family, given, family_kana, given_kana = name
    person = Person(
        organisation_id=organisation.id,
        family_name=family,
        given_name=given,
        family_kana=family_kana,
        given_kana=given_kana,
        sort_key=kana.sort_key(family_kana + given_kana),
        email=email,
    )
    session.add(person)
    session.flush()
    return person

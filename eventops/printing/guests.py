"""From registrations to what tickets, badges and the reception list print."""

import datetime as dt
from collections.abc import Mapping, Sequence

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from eventops.errors import NotFound
from eventops.events.models import Event, Mode
from eventops.printing.badges import Badge
from eventops.printing.imprint import Imprint
from eventops.printing.reception import Guest, ReceptionList
from eventops.printing.ticket import Ticket, TicketEvent, TicketPart
from eventops.registration import tickets
from eventops.registration.models import Attendee, Place, PlaceState, Registration, RegistrationState
from eventops.registration.tickets import TicketRef


def expected(session: Session, event_id: int, *also: ExecutableOption) -> Sequence[Attendee]:
    """Everybody who holds a place at the venue, in 五十音順 of company and person; `also` says what else is loaded."""
    return session.scalars(
        _expected(event_id)
        .options(*also)
        .order_by(Registration.organisation_sort_key, Registration.id, Attendee.sort_key, Attendee.id)
    ).all()


def holder(session: Session, event_id: int, attendee_id: int) -> Attendee:
    """One of those who hold a place at the venue."""
    found = session.scalar(_expected(event_id).where(Attendee.id == attendee_id))
    if found is None:
        raise NotFound
    return found


def _expected(event_id: int) -> Select[Attendee]:
    return (
        select(Attendee)
        .join(Attendee.registration)
        .where(
            Registration.event_id == event_id,
            Attendee.state == RegistrationState.ACTIVE,
            Attendee.places.any((Place.state == PlaceState.CONFIRMED) & (Place.mode == Mode.ONSITE)),
        )
        .options(joinedload(Attendee.registration), selectinload(Attendee.places))
    )


def parts_of(attendee: Attendee) -> set[int]:
    """The parts in which the attendee holds a place at the venue."""
    held = (place for place in attendee.places if place.state == PlaceState.CONFIRMED)
    return {place.part_id for place in held if place.mode == Mode.ONSITE}


def code_of(attendee: Attendee) -> str:
    ref = TicketRef(attendee.id, attendee.ticket_issue)
    return tickets.issue(ref, key=current_app.config["TICKET_KEY"])


def number_of(attendee: Attendee) -> str:
    return tickets.number(attendee.registration.number, attendee.position)


def badges(attendees: Sequence[Attendee], hints: Mapping[int, str], *, with_codes: bool = True) -> list[Badge]:
    """`hints` says when and where the meetings of an organisation are. Without codes they are only to be read."""
    return [
        Badge(
            code=code_of(attendee) if with_codes else "",
            company=attendee.registration.organisation_name,
            department=attendee.department,
            job_title=attendee.job_title,
            names=(
                (attendee.family_name, attendee.family_kana),
                (attendee.given_name, attendee.given_kana),
            ),
            category=attendee.badge_category,
            meetings=hints.get(attendee.registration.organisation_id or 0, ""),
        )
        for attendee in attendees
    ]


def reception(session: Session, event: Event, imprint: Imprint, *, sensitive: bool, desks: int = 1) -> ReceptionList:
    """The list for the desk; notes only for those who may see them: they speak of health, and of what is not said."""
    titles = {part.id: part.title for part in event.parts}
    return ReceptionList(
        imprint=imprint,
        day=event.held_on,
        parts=tuple(titles.values()),
        guests=tuple(_guest(one, titles, sensitive) for one in expected(session, event.id)),
        desks=desks,
    )


def _guest(attendee: Attendee, titles: dict[int, str], sensitive: bool) -> Guest:
    notes = (attendee.desk_note, attendee.accommodation_request, attendee.dietary_need) if sensitive else ()
    return Guest(
        company=attendee.registration.organisation_name,
        company_key=attendee.registration.organisation_sort_key,
        name=attendee.full_name,
        kana=attendee.full_kana,
        person_key=attendee.sort_key,
        category=attendee.badge_category,
        parts=frozenset(titles[one] for one in parts_of(attendee) if one in titles),
        fee_yen=attendee.fee_yen,
        paid_yen=attendee.paid_yen,
        note=" ".join(filter(None, notes)),
    )


def ticket_event(event: Event, imprint: Imprint) -> TicketEvent:
    starts: dt.datetime = min(part.starts_at for part in event.parts)
    return TicketEvent(
        imprint=imprint,
        starts_at=starts,
        ends_at=max(part.ends_at for part in event.parts),
        venue=event.venue_name,
        address=event.venue_address,
        access=event.access,
        cancellation=event.cancellation_rule,
        notices=(event.things_to_bring,) if event.things_to_bring else (),
        contact=event.contact,
    )


def ticket(event: Event, attendee: Attendee) -> Ticket:
    here = parts_of(attendee)
    return Ticket(
        number=number_of(attendee),
        code=code_of(attendee),
        name=attendee.full_name,
        company=attendee.registration.organisation_name,
        parts=tuple(
            TicketPart(title=part.title, starts_at=part.starts_at, ends_at=part.ends_at, place=part.place)
            for part in event.parts
            if part.id in here
        ),
    )

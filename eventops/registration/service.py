"""Registering: lock, read, judge, write, and put the confirmation into the outbox. Never commits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from eventops import fresh, wareki
from eventops.billing import fees
from eventops.database import plain
from eventops.directory import kana
from eventops.events import rules as event_rules
from eventops.events.models import Event, EventState, Mode, PriceCategory
from eventops.prepared import ask
from eventops.registration import eligibility, history, host_consents, providers, queries, rules
from eventops.registration.answers import service as answers
from eventops.registration.applying import known_events
from eventops.registration.commands import Application, Entrant
from eventops.registration.membership import Standing, standing
from eventops.registration.models import Attendee, PlaceState, Registration, RegistrationState, Source
from eventops.registration.refusals import BadWish, NotOpen, SoldOut
from eventops.registration.seats import moves, promotion, seating
from eventops.registration.writing import letters

Decisions = Sequence[Sequence[rules.Decision]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an application would come to if it were sent now."""

    decisions: Decisions
    quote: fees.Quote
    standing: Standing
    looks_double: bool


def register(session: Session, command: Application, *, now: dt.datetime, actor_id: int | None = None) -> Registration:
    """Register one application; the same submission comes back as the registration that it made the first time."""
    roll = standing(session, name=command.organisation_name, claim=command.claim, on=wareki.japan_date(now))
    event, known, states = _opened(session, command)
    if known is not None:
        return known
    check(event, command, now=now)
    check_eligible(session, event, command, roll, now=now)
    pools = queries.pools_of(event)
    states = _after_the_queue(session, event, states, now=now, uses_reserve=command.uses_reserve)
    if command.over_capacity:
        states = [replace(state, capacity=None) for state in states]
    decisions = decide(event, command, states)
    registration = _write(session, event, command, roll, decisions, now=now)
    answers.write(session, registration, command, now=now)
    if command.uses_reserve:
        seating.shrink_reserve(session, event.id, pools)
    letter = letters.received(session, registration, event, now=now) if command.tells_applicant else None
    entry = history.made(registration, actor_id=actor_id, now=now, after=moves.snapshot(registration))
    fresh.insert(session, [letter] if letter is not None else [], [entry])
    return registration


def _opened(session: Session, command: Application) -> tuple[Event, Registration | None, list[rules.PoolState]]:
    """The event under its lock, the registration that this submission made before, and how full the pools are.

    Guests change nothing of the event; what staff ask for may take from the reserve.
    """
    asked = queries.asked_when_opening(command.event_id, command.submission_key)
    if command.source == Source.PUBLIC and not command.uses_reserve:
        event, [rows] = known_events.locked(session, command.event_id, asked)
    else:
        event = queries.event_for_update(session, command.event_id)
        [rows] = ask(plain(session), asked)
    return event, queries.made_before(session, rows), queries.states_of(queries.pools_of(event), rows)


def preview(session: Session, command: Application, *, now: dt.datetime) -> Preview:
    """Judge an application without writing it, for the page that asks for confirmation; nothing is promised by it."""
    event = queries.event(session, command.event_id)
    check(event, command, now=now)
    roll = standing(session, name=command.organisation_name, claim=command.claim, on=wareki.japan_date(now))
    check_eligible(session, event, command, roll, now=now)
    decisions = decide(event, command, queries.pool_states(session, event.id, queries.pools_of(event)))
    guests = [
        fees.Guest(position, category_of(entrant, roll), _confirmed(made))
        for position, (entrant, made) in enumerate(zip(command.entrants, decisions, strict=True), start=1)
    ]
    return Preview(decisions, fees.quote(seating.prices(event), guests), roll, _looks_double(session, command))


def _confirmed(decisions: Sequence[rules.Decision]) -> dict[int, Mode]:
    return {decision.part_id: decision.mode for decision in decisions if decision.state is PlaceState.CONFIRMED}


def _looks_double(session: Session, command: Application) -> bool:
    people = [kana.sort_key(entrant.details.family_kana + entrant.details.given_kana) for entrant in command.entrants]
    return queries.looks_double(
        session,
        event_id=command.event_id,
        email=command.email,
        company_kana=kana.sort_key(command.organisation_kana),
        names=people,
    )


def check(event: Event, command: Application, *, now: dt.datetime) -> None:
    """Refuse what the event does not take, before anybody is locked out of the pools. Staff may register late."""
    if not command.entrants or len(command.entrants) > event.group_size_max:
        raise BadWish
    if command.source != Source.PUBLIC:
        return
    window = event_rules.window(EventState(event.state), event.applications_open_at, event.applications_close_at, now)
    if window is not event_rules.Window.OPEN:
        raise NotOpen(window)


def check_eligible(session: Session, event: Event, command: Application, roll: Standing, *, now: dt.datetime) -> None:
    """Refuse parts that are not for this category or company; the secretariat may register whom it likes."""
    if command.source != Source.PUBLIC:
        return
    by_invitation = eligibility.is_by_invitation(event)
    invited = providers.parts_inviting(session, event.id, roll.organisation_id) if by_invitation else set()
    for index, entrant in enumerate(command.entrants):
        inviting = frozenset() if entrant.is_outside else invited
        category = category_of(entrant, roll)
        eligibility.refuse_barred(event, entrant.wishes, category, inviting, now=now, entrant=index)


def category_of(entrant: Entrant, roll: Standing) -> PriceCategory:
    return PriceCategory.GENERAL if entrant.is_outside else roll.category


def decide(event: Event, command: Application, states: Sequence[rules.PoolState]) -> Decisions:
    """The rules' decision for each attendee; refused as a whole when nobody could be given anything."""
    people = [seating.wishes(event.parts, states, entrant.wishes, command.if_full) for entrant in command.entrants]
    if not all(people):
        raise BadWish
    decisions = rules.decide(states, people, together=command.keeps_together)
    if not any(decision.holds for made in decisions for decision in made):
        raise SoldOut
    return decisions


def _after_the_queue(
    session: Session, event: Event, states: list[rules.PoolState], *, now: dt.datetime, uses_reserve: bool
) -> list[rules.PoolState]:
    """Seats that staff have added meanwhile belong to those who wait, not to whoever comes next."""
    if any(state.owes_seats for state in states):
        promotion.promote(session, event_id=event.id, now=now)
        states = seating.states(session, event.id, queries.pools_of(event))
    return [replace(state, reserved=0) for state in states] if uses_reserve else states


def _write(
    session: Session, event: Event, command: Application, roll: Standing, decisions: Decisions, *, now: dt.datetime
) -> Registration:
    registration = fresh.made(
        Registration,
        event_id=event.id,
        submission_key=command.submission_key,
        source=command.source,
        state=RegistrationState.ACTIVE,
        revision=0,
        language=command.language,
        organisation_id=roll.organisation_id,
        organisation_name=command.organisation_name,
        organisation_kana=command.organisation_kana,
        organisation_sort_key=kana.sort_key(command.organisation_kana),
        price_category=roll.category,
        claims_membership=roll.needs_check,
        applicant_name=command.applicant_name,
        applicant_kana=command.applicant_kana,
        email=command.email,
        phone=command.phone,
        payment_method=command.payment_method,
        receipt_name=command.receipt_name,
        message=command.message,
        mail_opt_in=command.mail_opt_in,
        keeps_together=command.keeps_together,
        tells_attendees=command.tells_attendees,
        told=dict(command.told),
        free_part_id=command.free_part_id,
        submitted_at=now,
    )
    registration.attendees = [
        _attendee(position, entrant, roll, phone=command.phone, now=now)
        for position, entrant in enumerate(command.entrants, start=1)
    ]
    for attendee, made in zip(registration.attendees, decisions, strict=True):
        seating.seat(attendee, made, now=now)
    seating.charge(registration, event)
    _insert(session, registration)
    return registration


def _insert(session: Session, registration: Registration) -> None:
    people = registration.attendees
    places = [place for person in people for place in person.places]
    consents = [consent for person in people for consent in person.host_consents]
    asked = queries.asked_for_number(registration.event_id)
    [[(registration.number,)]] = fresh.give_ids(session, [registration, *people, *places, *consents], asked)
    queries.note_number(session, registration.event_id, registration.number)
    for person in people:
        person.registration_id = registration.id
        for place in person.places:
            place.attendee_id = person.id
        for consent in person.host_consents:
            consent.attendee_id = person.id
    fresh.insert(session, [registration], people, places, consents)
    fresh.make_known(session, registration, *people, *places, *consents)


def _attendee(position: int, entrant: Entrant, roll: Standing, *, phone: str, now: dt.datetime) -> Attendee:
    details = entrant.details
    category = category_of(entrant, roll)
    attendee = fresh.made(
        Attendee,
        position=position,
        state=RegistrationState.ACTIVE,
        family_name=details.family_name,
        given_name=details.given_name,
        family_kana=details.family_kana,
        given_kana=details.given_kana,
        sort_key=kana.sort_key(details.family_kana + details.given_kana),
        department=details.department,
        job_title=details.job_title,
        email=details.email,
        phone_tail="".join(filter(str.isdigit, phone))[-4:],
        price_category=category,
        badge_category=roll.badge(category),
        dietary_need=details.dietary_need,
        accommodation_request=details.accommodation_request,
        list_consent=details.list_consent,
        photo_consent=details.photo_consent,
    )
    attendee.host_consents = host_consents.rows(entrant.shares, now=now)
    return attendee

"""Changes of a registration by the guest or by staff: people, substitutes, parts, cancelling. Never commits."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy.orm import Session

from eventops.directory import kana
from eventops.errors import NotFound
from eventops.events.models import Eligibility, Event, Mode, Pool, PriceCategory
from eventops.registration import history, letters, promotion, queries, rules, seating
from eventops.registration.commands import PersonDetails
from eventops.registration.models import (
    Attendee,
    IfFull,
    Place,
    PlaceState,
    Registration,
    RegistrationState,
)
from eventops.registration.refusals import BadWish, CancelledAlready, NotEligible, SoldOut, TooLate

_SHOWN = ("family_name", "given_name", "department", "job_title")


@dataclass(slots=True)
class Desk:
    """A registration on the desk: the event and its pools are locked, everything is as the database has it."""

    session: Session
    event: Event
    pools: Sequence[Pool]
    registration: Registration
    now: dt.datetime
    actor_id: int | None

    @property
    def deadlines(self) -> rules.Deadlines:
        return queries.deadlines(self.event)

    def attendee(self, attendee_id: int) -> Attendee:
        for person in self.registration.attendees:
            if person.id == attendee_id:
                if person.state == RegistrationState.CANCELLED:
                    raise CancelledAlready
                return person
        raise NotFound

    def note(self, action: str, *, before: Mapping[str, object], after: Mapping[str, object]) -> None:
        self.registration.revision += 1
        self.registration.changed_at = self.now
        history.note(
            self.session,
            self.registration,
            action,
            actor_id=self.actor_id,
            now=self.now,
            before=before,
            after=after,
        )

    def settle(self) -> bool:
        """Seats given back go to those who wait, and what is owed follows; True when this registration gained too."""
        seating.charge(self.registration, self.event)
        gained = promotion.move_up(self.session, self.event, self.pools, now=self.now)
        return self.registration in gained


def open_desk(session: Session, registration_id: int, *, now: dt.datetime, actor_id: int | None = None) -> Desk:
    """Lock and read; `actor_id` None is the guest, who is bound by the deadlines."""
    event = queries.event_for_update(session, queries.event_id_of(session, registration_id))
    pools = queries.pools_for_update(session, event.id)
    registration = queries.registration(session, registration_id)
    return Desk(session, event, pools, registration, now, actor_id)


def change_details(desk: Desk, *, attendee_id: int, details: PersonDetails) -> None:
    """Correct what was typed about a person; the ticket stays valid."""
    _people_or_refuse(desk)
    person = desk.attendee(attendee_id)
    before = _shown(person)
    _write_details(person, details)
    desk.note("attendee_changed", before=before, after=_shown(person))


def substitute(desk: Desk, *, attendee_id: int, details: PersonDetails) -> None:
    """Somebody else comes instead: the number stays, the old code is dead."""
    _people_or_refuse(desk)
    person = desk.attendee(attendee_id)
    before = _shown(person)
    _write_details(person, details)
    person.person_id = None
    person.ticket_issue += 1
    person.badge_printed_at = None
    desk.note("attendee_substituted", before=before, after=_shown(person))
    letters.changed(desk.session, desk.registration, desk.event, now=desk.now)


def change_parts(desk: Desk, *, attendee_id: int, wanted: Mapping[int, Mode], if_full: IfFull) -> None:
    """Give back and ask for parts in one step; who cannot get anything new keeps what was held."""
    person = _person_whose_parts_change(desk, attendee_id)
    before = _parts(person)
    dropped, added = rules.dropped_and_added(standing_in(person), wanted)
    if not wanted:
        raise BadWish
    if not dropped and not added:
        return
    _eligible_or_refuse(desk, person, added)
    _seat_added(desk, person, dropped, added, if_full)
    desk.note("places_changed", before=before, after=_parts(person))
    _tell(desk, already=desk.settle())


def standing_in(person: Attendee) -> dict[int, Mode]:
    """The mode in which somebody takes part, or would like to, part by part: a seat counts before a queue."""
    held = [decision for decision in seating.held(person) if decision.holds]
    seats_last = sorted(held, key=lambda decision: decision.state is PlaceState.CONFIRMED)
    return {decision.part_id: decision.mode for decision in seats_last}


def queue_for_venue(desk: Desk, *, attendee_id: int, part_id: int) -> None:
    """Somebody who takes part online asks for the next free seat at the venue, and keeps the online one meanwhile."""
    person = _person_whose_parts_change(desk, attendee_id)
    if not _watches(person, part_id) or not _has_pool(desk, part_id, Mode.ONSITE):
        raise BadWish
    before = _parts(person)
    waiting = rules.Decision(part_id, Mode.ONSITE, PlaceState.WAITING, Mode.ONSITE, IfFull.ONLINE_AND_WAIT)
    seating.seat(person, [waiting], now=desk.now)
    desk.note("places_changed", before=before, after=_parts(person))
    _tell(desk, already=desk.settle())


def leave_queue(desk: Desk, *, attendee_id: int, part_id: int) -> None:
    """Somebody who takes part online does not wait for the venue any more."""
    person = _person_whose_parts_change(desk, attendee_id)
    if not _watches(person, part_id):
        raise BadWish
    before = _parts(person)
    seating.give_back(
        place for place in person.places if place.part_id == part_id and place.state == PlaceState.WAITING
    )
    desk.note("places_changed", before=before, after=_parts(person))
    desk.settle()
    _tell(desk, already=False)


def cancel(desk: Desk, *, attendee_ids: Iterable[int], keeps_fee: bool | None = None) -> None:
    """Cancel people. After the free time the fee stays owed, unless staff say otherwise through `keeps_fee`."""
    _people_or_refuse(desk)
    people = [desk.attendee(attendee_id) for attendee_id in attendee_ids]
    if not people:
        raise CancelledAlready
    stays = rules.keeps_fee(desk.deadlines, now=desk.now) if keeps_fee is None else keeps_fee
    for person in people:
        _cancel_one(person, stays=stays)
    if all(person.state == RegistrationState.CANCELLED for person in desk.registration.attendees):
        desk.registration.state = RegistrationState.CANCELLED
        desk.registration.cancelled_at = desk.now
    positions = [person.position for person in people]
    desk.note("registration_cancelled", before={"attendees": positions}, after={"keeps_fee": stays})
    desk.settle()
    letters.cancelled(desk.session, desk.registration, desk.event, now=desk.now)


def set_price_category(desk: Desk, *, attendee_ids: Iterable[int], category: PriceCategory, reason: str) -> None:
    """Staff decide the fee category, with a reason that stays in the history."""
    before = {str(person.position): person.price_category for person in desk.registration.attendees}
    for attendee_id in attendee_ids:
        desk.attendee(attendee_id).price_category = category
    desk.registration.claims_membership = False
    if all(person.price_category == category for person in desk.registration.attendees):
        desk.registration.price_category = category
    after = {str(person.position): person.price_category for person in desk.registration.attendees}
    desk.note("price_category_changed", before=before, after={**after, "reason": reason})
    seating.charge(desk.registration, desk.event)


def _cancel_one(person: Attendee, *, stays: bool) -> None:
    person.state = RegistrationState.CANCELLED
    seating.give_back(place for place in person.places if place.state != PlaceState.FULL)
    if not stays:
        person.fee_yen = 0
        for place in person.places:
            place.fee_yen = 0


def _seat_added(
    desk: Desk, person: Attendee, dropped: frozenset[int], added: Mapping[int, Mode], if_full: IfFull
) -> None:
    """Decide the new wishes beside what stays, then give back what they replace."""
    kept = [decision for decision in seating.held(person) if decision.part_id not in dropped]
    states = seating.states(desk.session, desk.event.id, desk.pools)
    asked = [_no_queue_from_a_seat(person, wish) for wish in seating.wishes(desk.event.parts, states, added, if_full)]
    (made,) = rules.decide(states, [asked], held=[kept])
    refused = [wish.part_id for wish in asked if not _holds(made, wish.part_id)]
    if refused:
        raise SoldOut(part_id=refused[0])
    replaced = [place for place in person.places if _is_replaced(place, dropped, made)]
    seating.seat(person, made, now=desk.now)
    seating.give_back(replaced)


def _no_queue_from_a_seat(person: Attendee, wish: rules.Wish) -> rules.Wish:
    """Who has a seat at the venue changes to online at once or not at all."""
    has_seat = any(place.part_id == wish.part_id and place.state == PlaceState.CONFIRMED for place in person.places)
    return replace(wish, if_full=IfFull.WITHDRAW) if wish.mode is Mode.ONLINE and has_seat else wish


def _holds(made: Iterable[rules.Decision], part_id: int) -> bool:
    return any(decision.part_id == part_id and decision.holds for decision in made)


def _is_replaced(place: Place, dropped: frozenset[int], made: Iterable[rules.Decision]) -> bool:
    """Whether a place goes: its part was given up, or a seat in it was confirmed. Waiting replaces no seat."""
    if place.part_id not in dropped:
        return False
    new = {decision.mode: decision.state for decision in made if decision.part_id == place.part_id}
    if place.mode in new:
        return False
    return not new or PlaceState.CONFIRMED in new.values() or place.state != PlaceState.CONFIRMED


def _watches(person: Attendee, part_id: int) -> bool:
    """Whether somebody has a seat online: only then is waiting for the venue something beside it."""
    seats = [place for place in person.places if place.part_id == part_id and place.mode == Mode.ONLINE]
    return any(place.state == PlaceState.CONFIRMED for place in seats)


def _tell(desk: Desk, *, already: bool) -> None:
    """A letter about the change, unless the one about moving up has said it."""
    if not already:
        letters.changed(desk.session, desk.registration, desk.event, now=desk.now)


def _person_whose_parts_change(desk: Desk, attendee_id: int) -> Attendee:
    if desk.actor_id is None and not rules.may_change_parts(desk.deadlines, now=desk.now):
        raise TooLate
    return desk.attendee(attendee_id)


def _people_or_refuse(desk: Desk) -> None:
    if desk.actor_id is None and not rules.may_change_people(desk.deadlines, now=desk.now):
        raise TooLate


def _eligible_or_refuse(desk: Desk, person: Attendee, added: Mapping[int, Mode]) -> None:
    if desk.actor_id is not None:
        return
    for part in desk.event.parts:
        allowed = rules.is_open_to(Eligibility(part.eligibility), PriceCategory(person.price_category))
        if part.id in added and not allowed:
            raise NotEligible(part_id=part.id)


def _has_pool(desk: Desk, part_id: int, mode: Mode) -> bool:
    return any(pool.part_id == part_id and pool.mode == mode for pool in desk.pools)


def _write_details(person: Attendee, details: PersonDetails) -> None:
    for name, value in asdict(details).items():
        setattr(person, name, value)
    person.sort_key = kana.sort_key(details.family_kana + details.given_kana)


def _shown(person: Attendee) -> dict[str, object]:
    """What the history keeps of a person: nothing about food or health."""
    return {"position": person.position, **{name: getattr(person, name) for name in _SHOWN}}


def _parts(person: Attendee) -> dict[str, object]:
    places = {f"{place.part_id}:{place.mode}": str(place.state) for place in person.places}
    return {"position": person.position, **places}

"""Changing the people of a registration: corrections, substitutes, cancelling, fee category. Never commits."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from eventops.directory import kana
from eventops.events.models import PriceCategory
from eventops.registration import host_consents, rules
from eventops.registration.answers import service as answers
from eventops.registration.commands import Agreement, PersonDetails
from eventops.registration.desk import Desk
from eventops.registration.models import HELD, Attendee, PlaceState, RegistrationState
from eventops.registration.refusals import CancelledAlready, TooLate, TooManyAddresses
from eventops.registration.seats import seating
from eventops.registration.writing import letters, letters_people

NOBODY: Mapping[str, Agreement] = {}
_SHOWN = ("family_name", "given_name", "department", "job_title", "list_consent", "photo_consent")


def change_details(desk: Desk, *, attendee_id: int, details: PersonDetails) -> None:
    """Correct what was typed about a person; the ticket stays valid unless it went to an address that was wrong."""
    _people_or_refuse(desk)
    person = desk.attendee(attendee_id)
    _address_or_refuse(desk, person, details)
    before, address = _shown(person), person.email.strip().lower()
    _write_details(person, details)
    is_left = person.email.strip().lower() != address and letters_people.has_told(
        desk.session, desk.registration, address
    )
    if is_left:
        _make_ticket_anew(person)
    desk.note("attendee_changed", before=before, after=_shown(person))
    letters_people.tell(desk.session, desk.registration, now=desk.now, left=[address] if is_left else [])
    if is_left:
        letters.changed(desk.session, desk.registration, desk.event, now=desk.now)


def tell_attendees(desk: Desk, *, tells: bool) -> None:
    """Whether the people themselves get letters too. From now on; who has not been told yet is told at once."""
    if desk.registration.tells_attendees == tells:
        return
    desk.registration.tells_attendees = tells
    desk.note("telling_changed", before={}, after={"tells": tells})
    letters_people.tell(desk.session, desk.registration, now=desk.now)


def substitute(
    desk: Desk,
    *,
    attendee_id: int,
    details: PersonDetails,
    shares: Mapping[str, Agreement] = NOBODY,
    station: str = "",
) -> None:
    """Somebody else comes instead: the number stays, the old code is dead, and what the desk was to know of the first.

    The category on the badge stays: who comes for a guest of honour is received as one. `station` is the device at
    which it happened, where nobody of the staff was signed in.
    """
    _people_or_refuse(desk)
    person = desk.attendee(attendee_id)
    _address_or_refuse(desk, person, details)
    before = _shown(person)
    _write_details(person, details)
    person.person_id, person.desk_note = None, ""
    _make_ticket_anew(person)
    answers.forget(desk.session, person)
    host_consents.replace(desk, person, shares)
    at_device = {"station": station} if station else {}
    desk.note("attendee_substituted", before=before, after=_shown(person) | at_device)
    letters.changed(desk.session, desk.registration, desk.event, now=desk.now)


def cancel(desk: Desk, *, attendee_ids: Iterable[int], keeps_fee: bool | None = None, tells: bool = True) -> None:
    """Cancel people. After the free time the fee stays owed, unless staff say otherwise through `keeps_fee`.

    Staff may do it without a letter to the applicant (`tells`), as after a call.
    """
    _people_or_refuse(desk)
    people = [desk.attendee(attendee_id) for attendee_id in attendee_ids]
    if not people:
        raise CancelledAlready
    stays = rules.keeps_fee(desk.deadlines, now=desk.now) if keeps_fee is None else keeps_fee
    _strike(desk, people, stays=stays)
    positions = [person.position for person in people]
    desk.note("registration_cancelled", before={"attendees": positions}, after={"keeps_fee": stays})
    desk.settle()
    if tells:
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


def strike_who_hold_nothing(desk: Desk) -> list[Attendee]:
    """Cancel whoever has given the last seat and the last place in a queue back; they owe nothing."""
    people = [person for person in desk.registration.attendees if person.state == RegistrationState.ACTIVE]
    empty = [person for person in people if not any(place.state in HELD for place in person.places)]
    _strike(desk, empty, stays=False)
    return empty


def _strike(desk: Desk, people: Iterable[Attendee], *, stays: bool) -> None:
    for person in people:
        _cancel_one(person, stays=stays)
    if all(person.state == RegistrationState.CANCELLED for person in desk.registration.attendees):
        desk.registration.state = RegistrationState.CANCELLED
        desk.registration.cancelled_at = desk.now


def _cancel_one(person: Attendee, *, stays: bool) -> None:
    person.state = RegistrationState.CANCELLED
    seating.give_back(place for place in person.places if place.state != PlaceState.FULL)
    if not stays:
        person.fee_yen = 0
        for place in person.places:
            place.fee_yen = 0


def _people_or_refuse(desk: Desk) -> None:
    if desk.actor_id is None and not rules.may_change_people(desk.deadlines, now=desk.now):
        raise TooLate


def _address_or_refuse(desk: Desk, person: Attendee, details: PersonDetails) -> None:
    """Guests may correct addresses, but not go on writing to others."""
    is_new = details.email.strip().lower() not in ("", person.email.strip().lower())
    if desk.actor_id is None and is_new and letters_people.is_worn_out(desk.session, desk.registration, now=desk.now):
        raise TooManyAddresses


def _write_details(person: Attendee, details: PersonDetails) -> None:
    for name, value in asdict(details).items():
        setattr(person, name, value)
    person.sort_key = kana.sort_key(details.family_kana + details.given_kana)


def _make_ticket_anew(person: Attendee) -> None:
    """The old code is dead, on paper too."""
    person.ticket_issue += 1


def _shown(person: Attendee) -> dict[str, object]:
    """What the history keeps of a person: nothing about food or health."""
    return {"position": person.position, **{name: getattr(person, name) for name in _SHOWN}}


def write_note(desk: Desk, *, note: str) -> None:
    """What staff should know; the history says that it changed, not what it said."""
    desk.registration.staff_note = note
    desk.note("staff_note_changed", before={}, after={})


def replace_link(desk: Desk) -> None:
    """A new private link by letter, as after a letter that went to the wrong reader; the old one opens nothing."""
    desk.registration.link_issue += 1
    desk.note("link_replaced", before={}, after={})
    letters.changed(desk.session, desk.registration, desk.event, now=desk.now)

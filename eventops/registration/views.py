"""What the private page shows: one value with everything in words, read in a fixed number of statements."""

from dataclasses import dataclass

from flask import current_app
from markupsafe import Markup
from sqlalchemy.orm import Session

from eventops import clock, links, qr
from eventops.errors import BadLink
from eventops.events import pages
from eventops.events.models import Event, Mode, Part
from eventops.events.providers import PublicLink
from eventops.languages import language
from eventops.mail import queries as mail_queries
from eventops.mail.models import Letter
from eventops.registration import labels, letters, providers, queries, rules, tickets, wording
from eventops.registration.models import Attendee, Place, PlaceState, Registration, RegistrationState
from eventops.registration.tickets import TicketRef


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A part as one attendee has it. `offer` is what may be pressed: to queue for the venue, or to leave the queue."""

    part_id: int
    title: str
    when: str
    word: str
    tone: str
    position: int | None
    offer: str


@dataclass(frozen=True, slots=True)
class TicketView:
    """One attendee with the ticket; the symbol is drawn only for whom the door expects."""

    attendee: Attendee
    number: str
    code: str
    symbol: Markup | None
    lines: tuple[PlaceLine, ...]

    @property
    def is_void(self) -> bool:
        return self.attendee.state == RegistrationState.CANCELLED


@dataclass(frozen=True, slots=True)
class MyPage:
    """Everything on the private page."""

    token: str
    registration: Registration
    event: Event
    tickets: tuple[TicketView, ...]
    letters: tuple[Letter, ...]
    links: tuple[PublicLink, ...]
    may_change_people: bool
    may_change_parts: bool
    keeps_fee: bool
    shows_online_url: bool

    @property
    def active(self) -> list[TicketView]:
        return [ticket for ticket in self.tickets if not ticket.is_void]

    @property
    def has_waiting(self) -> bool:
        return any(line.position for ticket in self.active for line in ticket.lines)


def read_link(session: Session, token: str) -> Registration:
    """The registration behind a private link; a link that was replaced is refused like a made-up one."""
    ref = links.read(token, links.Purpose.REGISTRATION, key=current_app.config["SECRET_KEY"])
    registration = queries.registration(session, ref.id)
    if registration.link_issue != ref.issue:
        raise BadLink
    return registration


def my_page(session: Session, token: str) -> MyPage:
    registration = read_link(session, token)
    event, now = registration.event, clock.now()
    deadlines = queries.deadlines(event)
    positions = queries.positions(session, registration.id)
    may_change_parts = rules.may_change_parts(deadlines, now=now)
    return MyPage(
        token=token,
        registration=registration,
        event=event,
        tickets=tuple(_ticket(person, event, positions, may_change_parts) for person in registration.attendees),
        letters=tuple(
            mail_queries.letters_about(session, subject_kind=letters.SUBJECT_KIND, subject_id=registration.id)
        ),
        links=tuple(providers.my_page_links(session, registration)),
        may_change_people=rules.may_change_people(deadlines, now=now),
        may_change_parts=may_change_parts,
        keeps_fee=rules.keeps_fee(deadlines, now=now),
        shows_online_url=any(map(wording.is_online, registration.attendees)),
    )


def _ticket(person: Attendee, event: Event, positions: dict[int, int], may_change_parts: bool) -> TicketView:
    code = tickets.issue(TicketRef(person.id, person.ticket_issue), key=current_app.config["TICKET_KEY"])
    number = tickets.number(person.registration.number, person.position)
    comes = any(place.mode == Mode.ONSITE and place.state == PlaceState.CONFIRMED for place in person.places)
    return TicketView(
        attendee=person,
        number=number,
        code=code,
        symbol=qr.svg(code, label=number) if comes else None,
        lines=tuple(
            _line(person, part, place, positions, may_change_parts)
            for part in event.parts
            for place in sorted(person.places, key=lambda place: place.state)
            if place.part_id == part.id and place.state != PlaceState.CANCELLED
        ),
    )


def _line(person: Attendee, part: Part, place: Place, positions: dict[int, int], may_change: bool) -> PlaceLine:
    return PlaceLine(
        part_id=part.id,
        title=pages.plain_title(part, language()),
        when=pages.part_times(part, language()),
        word=str(labels.place(place.state, place.mode)),
        tone=labels.tone(place.state),
        position=positions.get(place.id),
        offer=_offer(person, part, place) if may_change else "",
    )


def _offer(person: Attendee, part: Part, place: Place) -> str:
    """Only somebody with a seat online switches between queueing and not queueing for the venue."""
    held = {other.mode: other.state for other in person.places if other.part_id == part.id}
    if held.get(Mode.ONLINE) != PlaceState.CONFIRMED:
        return ""
    if held.get(Mode.ONSITE) == PlaceState.WAITING:
        return "leave" if place.mode == Mode.ONSITE else ""
    return "queue" if any(pool.mode == Mode.ONSITE for pool in part.pools) else ""

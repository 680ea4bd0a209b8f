"""What the private page shows: one value with everything in words, read in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from eventops import clock, links, qr
from eventops.errors import BadLink
from eventops.events import pages
from eventops.events.models import Event, Mode, Part, Promotion
from eventops.events.providers import PublicLink
from eventops.languages import language
from eventops.mail import queries as mail_queries
from eventops.mail.models import Letter
from eventops.registration import host_consents, labels, providers, queries, rules, tickets
from eventops.registration.models import Attendee, Place, PlaceState, Registration, RegistrationState
from eventops.registration.own import journey
from eventops.registration.own.journey import Step
from eventops.registration.seats import moves_words, promotion, stands, switching
from eventops.registration.seats.stands import Stand
from eventops.registration.tickets import TicketRef
from eventops.registration.writing import letters, letters_people, letters_seats, wording


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part as one attendee has it: seat, queue and offer seen together."""

    part_id: int
    title: str
    when: str
    word: str
    tone: str
    position: int | None
    until: str
    may_switch: bool
    switch_word: str


@dataclass(frozen=True, slots=True)
class OfferBox:
    """Seats that are kept for this application: what for, until when, and whether an answer or the money is asked."""

    lines: tuple[str, ...]
    request: str
    is_paid_for: bool


@dataclass(frozen=True, slots=True)
class TicketView:
    """One attendee with the ticket; the symbol is drawn only for whom the door expects."""

    attendee: Attendee
    number: str
    code: str
    symbol: Markup | None
    lines: tuple[PartLine, ...]

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
    offer: OfferBox | None
    steps: tuple[Step, ...]
    said_to_hosts: Mapping[int, list[host_consents.Standing]]

    @property
    def active(self) -> list[TicketView]:
        return [ticket for ticket in self.tickets if not ticket.is_void]

    @property
    def has_waiting(self) -> bool:
        return any(line.position for ticket in self.active for line in ticket.lines)

    @property
    def has_other_readers(self) -> bool:
        """Whether the people have addresses of their own."""
        return bool(letters_people.readers(self.registration))

    @property
    def waits_in_company(self) -> bool:
        """Whether several people of this application wait, so that it matters how."""
        return sum(any(line.position for line in ticket.lines) for ticket in self.active) > 1


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
    offered = promotion.offered(registration.attendees)
    kept = [place for place in offered if place.offered_until and now < place.offered_until]
    return MyPage(
        token=token,
        registration=registration,
        event=event,
        tickets=tuple(_ticket(person, event, positions, deadlines) for person in registration.attendees),
        letters=tuple(
            mail_queries.letters_about(session, subject_kind=letters.SUBJECT_KIND, subject_id=registration.id)
        ),
        links=tuple(providers.my_page_links(session, registration)),
        may_change_people=rules.may_change_people(deadlines, now=now),
        may_change_parts=rules.may_change_parts(deadlines, now=now),
        keeps_fee=rules.keeps_fee(deadlines, now=now),
        shows_online_url=any(map(wording.is_online, registration.attendees)),
        offer=_offer_box(registration, kept) if kept else None,
        steps=tuple(journey.steps(session, registration)),
        said_to_hosts=host_consents.standings(session, registration, host_consents.asked(session, event)),
    )


def _offer_box(registration: Registration, kept: Sequence[Place]) -> OfferBox:
    titles = {part.id: pages.plain_title(part, language()) for part in registration.event.parts}
    return OfferBox(
        lines=tuple(
            _("%(name)s 様 %(part)s", name=place.attendee.full_name, part=titles[place.part_id])
            + f" {labels.MODES[place.mode]}"
            for place in kept
        ),
        request=letters_seats.answer_words(registration),
        is_paid_for=any(place.offer_needs == Promotion.PAYMENT for place in kept),
    )


def _ticket(person: Attendee, event: Event, positions: dict[int, int], deadlines: rules.Deadlines) -> TicketView:
    code = tickets.issue(TicketRef(person.id, person.ticket_issue), key=current_app.config["TICKET_KEY"])
    number = tickets.number(person.registration.number, person.position)
    comes = any(place.mode == Mode.ONSITE and place.state == PlaceState.CONFIRMED for place in person.places)
    return TicketView(
        attendee=person,
        number=number,
        code=code,
        symbol=qr.svg(code, label=number) if comes else None,
        lines=tuple(
            _line(event, person, part, positions, deadlines)
            for part in event.parts
            if switching.stand(person, part.id) is not Stand.NONE
        ),
    )


def _line(
    event: Event, person: Attendee, part: Part, positions: dict[int, int], deadlines: rules.Deadlines
) -> PartLine:
    here, now = switching.stand(person, part.id), clock.now()
    mine = [place for place in person.places if place.part_id == part.id]
    until = [place.offered_until for place in mine if place.offered_until]
    in_time = rules.may_switch(deadlines, has_seat=here in stands.SEATS, now=now)
    return PartLine(
        part_id=part.id,
        title=pages.plain_title(part, language()),
        when=pages.part_when(event, part, language()),
        word=str(moves_words.STANDS[here]),
        tone=moves_words.tone(here),
        position=next((positions[place.id] for place in mine if place.id in positions), None),
        until=moves_words.moment(until[0]) if until else "",
        may_switch=part.starts_at > now and in_time and here not in stands.OFFERS and _has_choice(part, here),
        switch_word=_("会場・オンラインの変更") if len(part.pools) > 1 else _("順番待ちの変更"),
    )


def _has_choice(part: Part, here: Stand) -> bool:
    """Who has a seat at a venue without transmission has nothing to switch to."""
    return here in (*stands.QUEUES, Stand.LAPSED, Stand.FULL) or len(part.pools) > 1

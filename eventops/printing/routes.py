"""Papers: the page that offers them, the files, and the attachments made for letters."""

from collections.abc import Callable, Sequence

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from eventops import clock, links
from eventops.accounts.permissions import Permission, private_link, require, user_may
from eventops.database import read_session
from eventops.errors import BadLink, NotFound
from eventops.events.models import Event
from eventops.limits import limiter
from eventops.links import Purpose
from eventops.mail.attachments import Attachment, register_maker
from eventops.meetings.timetable import queries as timetable_queries
from eventops.meetings.timetable.models import ParticipantPage
from eventops.printing import guests, lists, meetings, routes_after, routes_badges, routes_door, routes_layout
from eventops.printing.blueprint import GUESTS_A_MINUTE, bp
from eventops.printing.boards import Paper, rooms_pdf, whole_pdf
from eventops.printing.cards import table_cards_pdf
from eventops.printing.files import PDF, XLSX, sent
from eventops.printing.imprint import Imprint
from eventops.printing.reception import ReceptionList, reception_pdf
from eventops.printing.reprints import reprinted
from eventops.printing.schedules import large_pdf, sme_pdf
from eventops.printing.sheets import Sheet, workbook
from eventops.printing.ticket import tickets_pdf
from eventops.printing.timetable import PrintedTimetable
from eventops.registration import queries as registration_queries
from eventops.registration.models import Attendee, Registration

MOST_DESKS = 8
__all__ = ["bp", "init_printing", "routes_after", "routes_badges", "routes_door", "routes_layout"]


def init_printing(app: Flask) -> None:
    """Offer the letters their PDF ticket, and guests their certificate."""
    register_maker(app, "ticket_pdf", ticket_attachment)
    routes_after.init_after()
    register_maker(app, "attendee_ticket_pdf", attendee_ticket)


def _imprint(event: Event) -> Imprint:
    return Imprint(event=event.title, version="", printed_at=clock.now())


def _timetable(session: Session, event: Event) -> PrintedTimetable:
    return meetings.printed(session, meetings.newest(session, event.id), now=clock.now())


def _reception_list(session: Session, event: Event) -> ReceptionList:
    desks = request.args.get("desks", 1, type=int)
    may_see = user_may(Permission.SEE_SENSITIVE)
    return guests.reception(session, event, _imprint(event), sensitive=may_see, desks=min(max(desks, 1), MOST_DESKS))


def _cards(session: Session, event: Event) -> bytes:
    timetable = _timetable(session, event)
    return table_cards_pdf(timetable.imprint, meetings.cards(timetable))


PAPERS: dict[str, tuple[str, Callable[[Session, Event], bytes]]] = {
    "reception": ("受付名簿", lambda session, event: reception_pdf(_reception_list(session, event))),
    "large": ("面談時間割_大手別", lambda session, event: large_pdf(_timetable(session, event))),
    "sme": ("面談時間割_中小別", lambda session, event: sme_pdf(_timetable(session, event))),
    "rooms": ("面談時間割_部屋別", lambda session, event: rooms_pdf(_timetable(session, event))),
    "whole": ("面談時間割_全体", lambda session, event: whole_pdf(_timetable(session, event), paper=Paper.A4)),
    "cards": ("卓札", _cards),
}


SHEETS: dict[str, Callable[[Session, Event], Sequence[Sheet]]] = {
    "reception": lambda session, event: [lists.reception_sheet(_reception_list(session, event))],
    "large": lambda session, event: [lists.large_sheet(_timetable(session, event))],
    "sme": lambda session, event: [lists.sme_sheet(_timetable(session, event))],
    "rooms": lambda session, event: lists.room_sheets(_timetable(session, event)),
    "whole": lambda session, event: [lists.board_sheet(_timetable(session, event))],
}


@bp.get("/staff/events/<int:event_id>/papers")
@require(Permission.VIEW)
def papers(event_id: int) -> ResponseReturnValue:
    session, event = read_session(), _event(event_id)
    try:
        timetable = meetings.newest(session, event_id)
        version = meetings.imprint(session, timetable, now=clock.now()).version
    except meetings.NoTimetable:
        version = ""
    return render_template(
        "printing/papers.html", event=event, guests=len(guests.expected(session, event_id)), version=version
    )


@bp.get("/staff/events/<int:event_id>/papers/<kind>.pdf")
@require(Permission.VIEW)
def paper(event_id: int, kind: str) -> ResponseReturnValue:
    event = _event(event_id)
    if kind not in PAPERS:
        raise NotFound
    title, make = PAPERS[kind]
    version = request.args.get("changed_in", type=int)
    if version is not None:
        content = reprinted(read_session(), event_id=event_id, kind=kind, version=version, now=clock.now())
        return sent(content, f"{title}_第{version}版_{event.slug}.pdf", PDF)
    return sent(make(read_session(), event), f"{title}_{event.slug}.pdf", PDF)


@bp.get("/staff/events/<int:event_id>/papers/<kind>.xlsx")
@require(Permission.VIEW)
def excel(event_id: int, kind: str) -> ResponseReturnValue:
    event = _event(event_id)
    if kind not in SHEETS:
        raise NotFound
    title, _make = PAPERS[kind]
    return sent(workbook(SHEETS[kind](read_session(), event)), f"{title}_{event.slug}.xlsx", XLSX)


@bp.get("/r/<token>/ticket.pdf")
@private_link
@limiter.limit(GUESTS_A_MINUTE)
def ticket_pdf(token: str) -> ResponseReturnValue:
    ref = links.read(token, Purpose.REGISTRATION, key=current_app.config["SECRET_KEY"])
    registration = registration_queries.registration(read_session(), ref.id)
    if registration.link_issue != ref.issue:
        raise BadLink
    made = _tickets(registration)
    return sent(made.content, made.filename, PDF)


@bp.get("/m/<token>/timetable.pdf")
@private_link
@limiter.limit(GUESTS_A_MINUTE)
def personal_pdf(token: str) -> ResponseReturnValue:
    ref = links.read(token, Purpose.MEETINGS, key=current_app.config["SECRET_KEY"])
    session = read_session()
    page = session.get(ParticipantPage, ref.id)
    if page is None or page.link_issue != ref.issue:
        raise BadLink
    timetable = timetable_queries.published(session, page.round_id)
    if timetable is None:
        raise NotFound
    sheet = meetings.printed(session, timetable, now=clock.now(), organisation_id=page.organisation_id)
    hosts = meetings.is_host(session, page)
    return sent(large_pdf(sheet) if hosts else sme_pdf(sheet), "timetable.pdf", PDF)


def ticket_attachment(session: Session, registration_id: int) -> Attachment:
    """The tickets of one registration, for a letter."""
    return _tickets(registration_queries.registration(session, registration_id))


def attendee_ticket(session: Session, attendee_id: int) -> Attachment:
    """The ticket of one person, for a letter to that person."""
    person = session.get(Attendee, attendee_id)
    if person is None:
        raise NotFound
    return _sheets(person.registration, [person], f"{person.registration.number:04d}-{person.position}")


def _tickets(registration: Registration) -> Attachment:
    return _sheets(registration, registration.attendees, f"{registration.number:04d}")


def _sheets(registration: Registration, people: Sequence[Attendee], number: str) -> Attachment:
    """One sheet for each of them who has a place at the venue."""
    event = registration.event
    coming = [one for one in people if guests.parts_of(one)]
    if not coming:
        raise NotFound
    content = tickets_pdf(guests.ticket_event(event, _imprint(event)), [guests.ticket(event, one) for one in coming])
    return Attachment(f"ticket-{event.slug}-{number}.pdf", PDF, content)


def _event(event_id: int) -> Event:
    event = read_session().get(Event, event_id)
    if event is None:
        raise NotFound
    return event

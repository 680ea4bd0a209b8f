"""Knows the 参加証: one A4 sheet per person with the QR code for the door."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eventops import qr, wareki
from eventops.printing.imprint import Imprint, document_title
from eventops.typeset import typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent:
    """What all tickets of an event have in common."""

    imprint: Imprint
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    venue: str
    address: str = ""
    access: str = ""
    cancellation: str = ""
    notices: tuple[str, ...] = ()
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPart:
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """`code` is what the QR symbol says; the private link is printed only when it is given."""

    number: str
    code: str
    name: str
    company: str
    parts: tuple[TicketPart, ...]
    private_link: str | None = None


def tickets_pdf(event: TicketEvent, tickets: Sequence[Ticket]) -> bytes:
    data = {
        "title": document_title("参加証", event.imprint),
        "imprint": event.imprint.as_data(),
        "day": wareki.wareki_period(event.starts_at, event.ends_at),
        "venue": event.venue,
        "address": event.address,
        "access": event.access,
        "cancellation": event.cancellation,
        "notices": event.notices,
        "contact": event.contact,
        "tickets": [_ticket(ticket, event) for ticket in tickets],
    }
    return typeset("ticket", data, at=event.imprint.printed_at)


def _ticket(ticket: Ticket, event: TicketEvent) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "qr": qr.svg(ticket.code, label="QR"),
        "name": ticket.name,
        "company": ticket.company,
        "parts": [_part(part, event) for part in ticket.parts],
        "link": ticket.private_link or "",
    }


def _part(part: TicketPart, event: TicketEvent) -> dict[str, str]:
    is_one_day = wareki.japan_date(event.starts_at) == wareki.japan_date(part.starts_at)
    times = wareki.time_range if is_one_day else wareki.wareki_period
    return {
        "title": part.title,
        "time": times(part.starts_at, part.ends_at),
        "place": part.place,
    }

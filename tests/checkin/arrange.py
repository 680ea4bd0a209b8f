"""An event with two parts and people before its door."""

import datetime as dt
import itertools

from flask import current_app

from eventops.accounts.models import Role, StaffUser
from eventops.checkin import service
from eventops.checkin.commands import Look
from eventops.checkin.models import ScanMethod
from eventops.clock import tokyo
from eventops.directory import kana
from eventops.events.models import Mode
from eventops.registration import tickets
from eventops.registration.models import (
    Attendee,
    PaymentMethod,
    Place,
    PlaceState,
    Registration,
    RegistrationState,
    Source,
)
from tests.factories import HELD_ON, NOW, make_event, make_part

_nonces = itertools.count(1)
TICKET_KEY = "a ticket key of the tests alone"


def on_the_day(hour=12, minute=50):
    return tokyo(HELD_ON, dt.time(hour, minute))


def make_door(session, *, slug="m08", **values):
    """第1部 13:00–17:00 and 第2部 17:00–19:00 on 2027-01-15."""
    event = make_event(session, slug=slug, **values)
    make_part(session, event, title="第1部 講演", hours=(13, 17), online=100)
    make_part(session, event, title="第2部 交流会", hours=(17, 19))
    return event


def make_attendee(session, event, name=("山田", "太郎", "ヤマダ", "タロウ"), *, places=None, **values):
    """Somebody with confirmed places at the venue in all parts, or with `places` as (part number, mode, state)."""
    family, given, family_kana, given_kana = name
    registration_fields = {
        "organisation_name": values.pop("company", "株式会社青空精密"),
        "organisation_kana": values.pop("company_kana", "アオゾラセイミツ"),
        "payment_method": values.pop("payment_method", PaymentMethod.BANK_TRANSFER),
    }
    event.last_registration_number += 1
    registration = Registration(
        event_id=event.id,
        number=event.last_registration_number,
        source=Source.PUBLIC,
        organisation_sort_key=kana.sort_key(registration_fields["organisation_kana"]),
        price_category="member",
        applicant_name=f"{family} {given}",
        applicant_kana=f"{family_kana} {given_kana}",
        email="taro@aozora.example.jp",
        submitted_at=NOW,
        **registration_fields,
    )
    attendee = Attendee(
        position=1,
        family_name=family,
        given_name=given,
        family_kana=family_kana,
        given_kana=given_kana,
        sort_key=kana.sort_key(family_kana + given_kana),
        **values,
    )
    wanted = places or [(number, Mode.ONSITE, PlaceState.CONFIRMED) for number in range(1, len(event.parts) + 1)]
    for number, mode, state in wanted:
        part = event.parts[number - 1]
        attendee.places.append(Place(part_id=part.id, mode=mode, wanted_mode=mode, state=state, queued_at=NOW))
    registration.attendees.append(attendee)
    session.add(registration)
    session.flush()
    return attendee


def make_chief(session, number=1):
    """Somebody in charge."""
    email = f"chief{number}@secretariat.example.jp"
    user = StaffUser(email=email, name="責任 者", role=Role.EVENT_MANAGER, password_hash="-", created_at=NOW)
    session.add(user)
    session.flush()
    return user


def cancel(attendee):
    attendee.state = RegistrationState.CANCELLED
    for place in attendee.places:
        place.state = PlaceState.CANCELLED


def code_of(attendee):
    key = str(current_app.config["TICKET_KEY"]) if current_app else TICKET_KEY
    return tickets.issue(tickets.TicketRef(attendee.id, attendee.ticket_issue), key=key)


def look(
    event, code="", *, part=1, station="受付1", nonce="", attendee_id=None, method=ScanMethod.CAMERA, user_id=None
):
    return Look(
        nonce=nonce or f"nonce-{next(_nonces):08d}",
        event_id=event.id,
        part_id=event.parts[part - 1].id,
        method=method,
        station=station,
        user_id=user_id,
        code=code,
        attendee_id=attendee_id,
    )


def scan(session, event, code="", *, at=None, **values):
    return service.scan(session, look(event, code, **values), key=TICKET_KEY, now=at or on_the_day())

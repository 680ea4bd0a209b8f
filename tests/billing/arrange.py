"""Applications that owe something, and money that comes."""

import datetime as dt

from eventops.billing import service
from eventops.billing.models import PaymentKind
from eventops.billing.service import Receipt
from eventops.events.models import PriceCategory
from eventops.registration import changes
from eventops.registration import service as registrations
from eventops.registration.desk import open_desk
from eventops.registration.models import PaymentMethod
from eventops.settings import service as settings
from eventops.settings.queries import OrganiserProfile
from tests.factories import NOW
from tests.registration.arrange import application, entrant, make_new_year

TODAY = dt.date(2026, 11, 21)
T_NUMBER = "T0123456789012"
FOUR = 14_000


def make_group(session, event=None, *, people=4, general=1, **values):
    """A company of four, the last of whom pays the general fee: 3 x 3,000 + 5,000."""
    event = event or make_new_year(session)
    fields = {"payment_method": PaymentMethod.BANK_TRANSFER}
    command = application(event, *(entrant(event, index) for index in range(people)), **(fields | values))
    registration = registrations.register(session, command, now=NOW)
    members = [person.id for person in registration.attendees][: people - general]
    desk = open_desk(session, registration.id, now=NOW, actor_id=0)
    desk.actor_id = None
    if members:
        changes.set_price_category(desk, attendee_ids=members, category=PriceCategory.MEMBER, reason="会員")
    session.flush()
    return desk.registration


def pay(session, registration, yen, *, kind=PaymentKind.BANK_TRANSFER, on=TODAY, now=NOW, **values):
    receipt = Receipt(registration_id=registration.id, kind=kind, yen=yen, received_on=on, **values)
    return service.receive(session, receipt, actor_id=None, now=now)


def make_organiser(session, *, number=T_NUMBER):
    profile = OrganiserProfile(
        name="一般社団法人首都圏産業活性化協会",
        alias="TAMA協会",
        postal_code="000-0000",
        address="東京都八王子市架空町1-1",
        phone="00-0000-0001",
        email="desk@secretariat.example.jp",
        registration_number=number,
    )
    settings.save_organiser(session, profile=profile, actor_id=None, now=NOW)
    session.flush()

"""What letters can say about money: their placeholders, and one registration's values for them."""

import datetime as dt
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from eventops import clock
from eventops.billing import queries, terms
from eventops.events.models import Event, EventState, Promotion
from eventops.mail.kinds import Placeholder, Sample
from eventops.registration import queries as registrations
from eventops.registration.models import PaymentMethod, PlaceState, Registration, RegistrationState
from eventops.registration.writing import addresses
from eventops.registration.writing import wording as registration_wording

ABOUT_MONEY = (
    Placeholder("お支払い状況", "payment", _("参加費、入金済の額、残りと期限を罫線で囲んだ一覧")),
    Placeholder("お支払い額", "open_fee", _("まだお支払いいただいていない額")),
    Placeholder("お支払い方法のご案内", "how_to_pay", _("振込先と振込人名の書き方。当日現金の方にはその旨")),
    Placeholder("お支払いページ", "payment_page", _("請求書・領収書のページのアドレス")),
    Placeholder("返金のご案内", "refund", _("お支払い済みの方だけに入る、改めて連絡するという一文")),
)
PLACEHOLDERS = (*registration_wording.PLACEHOLDERS, *ABOUT_MONEY)


def values(session: Session, registration: Registration, *, language: str) -> dict[str, str]:
    """Everything that a letter can say about a registration, its money included."""
    said = registration_wording.values(session, registration, language=language)
    event, paid_yen = registration.event, queries.paid_yen(session, registration.id)
    agreed = terms.of_event(session, event)
    open_yen = max(registration.total_yen - paid_yen, 0)
    with force_locale(language):
        blocks: Any = current_app.jinja_env.get_template(_path(language)).module
        payment = blocks.payment(
            registration, registration.event, paid_yen, terms.due_on(agreed, registration, registration.event)
        )
        how = blocks.how_to_pay(registration, agreed.transfer_to, terms.reference(registration)) if open_yen else ""
        return said | {
            "payment": str(payment).strip("\n") if registration.total_yen or paid_yen else "",
            "open_fee": current_app.jinja_env.filters["yen"](open_yen),
            "how_to_pay": str(how).strip("\n"),
            "refund": str(blocks.refund(paid_yen)).strip() if paid_yen else "",
            "payment_page": addresses.absolute("billing.my_payments", token=addresses.token(registration)),
        }


def how_to_pay(session: Session, registration: Registration, event: Event, language: str) -> str:
    """For every letter that says what an application costs: until when, and to which account; empty if all is paid."""
    paid_yen = sum(person.paid_yen for person in registration.attendees)
    is_off = registration.state == RegistrationState.CANCELLED or event.state == EventState.CANCELLED
    if is_off or paid_yen >= registration.total_yen:
        return ""
    blocks: Any = current_app.jinja_env.get_template(_path(language)).module
    if registration.payment_method == PaymentMethod.CASH_ON_DAY:
        return str(blocks.how_to_pay(registration, "", "")).strip("\n")
    agreed, reference = terms.of_event(session, event), terms.reference_of(event.code, registration.number)
    due_on = _day_to_tell(registration, terms.due_on(agreed, registration, event))
    return str(blocks.until_when(registration, agreed.transfer_to, reference, due_on)).strip("\n")


def _day_to_tell(registration: Registration, due_on: dt.date) -> dt.date | None:
    """None for who waited until the day was past, and where an offered seat has a day of its own."""
    places = [place for person in registration.attendees for place in person.places]
    has_own = any(place.state == PlaceState.OFFERED and place.offer_needs == Promotion.PAYMENT for place in places)
    return None if has_own or due_on < clock.today() else due_on


def sample(session: Session, registration_id: int, language: str | None) -> Sample:
    """A letter as this registration would get it."""
    registration = registrations.registration(session, registration_id)
    chosen = language or registration.language
    name = registration_wording.to_name(registration)
    return Sample(name, registration.email, chosen, values(session, registration, language=chosen))


def _path(language: str) -> str:
    return f"billing/letters/{'' if language == 'ja' else 'en/'}blocks.txt"

"""The demonstration's new-year event with life in it: applications, a full hall, who waits, an offer, what was paid."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from eventops import wareki
from eventops.billing import service as ledger
from eventops.billing.models import PaymentKind
from eventops.billing.service import Receipt
from eventops.demo.files import rows
from eventops.directory.models import Organisation
from eventops.events.models import Event, Mode, Promotion
from eventops.mail.models import Letter, LetterState
from eventops.registration import changes, service
from eventops.registration.commands import Application, Claim, Entrant, PersonDetails
from eventops.registration.desk import open_desk
from eventops.registration.models import IfFull, PaymentMethod, Registration, Source

APPLICATIONS = 66
"""So many of the file's lines: the smaller hall is full, and there is room online."""
SEATS = 40
EVERY = dt.timedelta(hours=3)
PAYMENTS = {"銀行振込": PaymentMethod.BANK_TRANSFER, "当日現金": PaymentMethod.CASH_ON_DAY, "": PaymentMethod.NONE}
COMPANY = ("株式会社架空設計(デモ)", "カクウセッケイ")
COLLEAGUES = (
    ("架空", "一郎", "カクウ", "イチロウ"),
    ("架空", "二葉", "カクウ", "フタバ"),
    ("架空", "三月", "カクウ", "ミツキ"),
)
ANSWERS_WITHIN = 48
STEPS_BACK = (3, 17)
"""Numbers of two who cancel: their seats are offered to the first in line."""


def add(session: Session, event: Event, *, now: dt.datetime) -> None:
    """Applications in the order of the file up to now; then two cancel."""
    event.promotion, event.offer_hours = Promotion.REPLY, ANSWERS_WITHIN
    for pool in (pool for part in event.parts for pool in part.pools if pool.mode == Mode.ONSITE):
        pool.capacity = SEATS
    session.flush()
    made = _register(session, event, now - EVERY * (APPLICATIONS + 1))
    session.execute(
        update(Letter)
        .where(Letter.event_id == event.id)
        .values(state=LetterState.SENT, attempts=1, sent_at=Letter.created_at)
    )
    _pay(session, made, now)
    service.register(session, _together(event), now=now - EVERY)
    for number in STEPS_BACK:
        desk = open_desk(session, made[number].id, now=now)
        changes.cancel(desk, attendee_ids=[made[number].attendees[0].id])


def _register(session: Session, event: Event, start: dt.datetime) -> list[Registration]:
    people = {row["person_id"]: row for row in rows("people")}
    names = dict(session.execute(select(Organisation.code, Organisation.name)).all())
    readings = dict(session.execute(select(Organisation.code, Organisation.kana)).all())
    made = []
    for number, row in enumerate(rows("newyear_registrations")[:APPLICATIONS]):
        person = people[row["person_id"]]
        code = person["org_id"]
        command = replace(_command(event, row, person), organisation_name=names[code], organisation_kana=readings[code])
        made.append(service.register(session, command, now=start + EVERY * number))
    return made


def _command(event: Event, row: dict[str, str], person: dict[str, str]) -> Application:
    mode = Mode.ONSITE if row["requested_mode"] == "会場" else Mode.ONLINE
    chosen = zip(event.parts, (row["part1"], row["part2"]), strict=True)
    details = _details(*(person[name] for name in ("family_name", "given_name", "family_kana", "given_kana")))
    takes_online = row["accept_online_if_full"] == "1" or mode is Mode.ONLINE
    return Application(
        event_id=event.id,
        organisation_name="",
        organisation_kana="",
        claim=Claim.UNKNOWN,
        applicant_name=f"{details.family_name} {details.given_name}",
        applicant_kana=f"{details.family_kana} {details.given_kana}",
        email=person["email"],
        phone=person["phone"],
        if_full=IfFull.ONLINE_AND_WAIT if takes_online else IfFull.WAIT,
        payment_method=PAYMENTS[row["payment"]],
        receipt_name=row["receipt_name"],
        source=Source.STAFF,
        entrants=(
            Entrant(
                details=details,
                wishes={part.id: mode for part, wished in chosen if wished == "1"},
            ),
        ),
    )


def _together(event: Event) -> Application:
    """Three of one company who wait until there are seats for all of them."""
    wishes = {part.id: Mode.ONSITE for part in event.parts}
    people = [_details(*one) for one in COLLEAGUES]
    return Application(
        event_id=event.id,
        organisation_name=COMPANY[0],
        organisation_kana=COMPANY[1],
        claim=Claim.GENERAL,
        applicant_name=" ".join(COLLEAGUES[0][:2]),
        applicant_kana=" ".join(COLLEAGUES[0][2:]),
        email="kaku@design.example.jp",
        phone="00-0000-0099",
        if_full=IfFull.WAIT,
        keeps_together=True,
        payment_method=PaymentMethod.BANK_TRANSFER,
        source=Source.STAFF,
        entrants=tuple(Entrant(details=details, wishes=wishes) for details in people),
    )


def _details(family: str, given: str, family_kana: str, given_kana: str) -> PersonDetails:
    return PersonDetails(family_name=family, given_name=given, family_kana=family_kana, given_kana=given_kana)


def _pay(session: Session, made: Sequence[Registration], now: dt.datetime) -> None:
    """Every second transfer has come in."""
    owing = [one for one in made if one.total_yen and one.payment_method == PaymentMethod.BANK_TRANSFER]
    for one in owing[::2]:
        receipt = Receipt(
            registration_id=one.id,
            kind=PaymentKind.BANK_TRANSFER,
            yen=one.total_yen,
            received_on=wareki.japan_date(now - dt.timedelta(days=1)),
        )
        ledger.receive(session, receipt, actor_id=None, now=now - dt.timedelta(days=1))

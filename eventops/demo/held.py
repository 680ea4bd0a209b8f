"""The demonstration's exchange of last year as it was held: meetings and their records, guests, arrivals, money."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from eventops.billing import documents
from eventops.billing import service as ledger
from eventops.billing.models import PaymentKind
from eventops.billing.service import Receipt
from eventops.cases.records import service as records
from eventops.cases.records.models import Continuation, NextStep, Side
from eventops.cases.records.service import Answers
from eventops.checkin.models import Scan, ScanMethod
from eventops.checkin.rules import Verdict
from eventops.clock import tokyo
from eventops.demo import guests
from eventops.demo.files import rows, upload
from eventops.directory.models import Organisation
from eventops.errors import NotFound
from eventops.events.models import Event, PartKind
from eventops.mail.models import Letter, LetterState
from eventops.meetings import queries as round_queries
from eventops.meetings.frame import rounds
from eventops.meetings.models import Application, ApplicationState, MatchingRound, Need, NeedAttendee, Rating
from eventops.meetings.sheets import importing
from eventops.meetings.timetable import drafts, publication
from eventops.meetings.timetable.drafts import Spot
from eventops.registration.models import Attendee, PlaceState, Registration

HOSTS, GUESTS, SLOTS = 8, 24, 9
FIRST_HOST, FIRST_GUEST = 11, 38
"""Numbers of the first host's and of the first guest's organisation."""
ANNOUNCED, PUBLISHED = dt.timedelta(days=42), dt.timedelta(days=10)
EVERY_THIRD = 3
STAYED_AWAY = 11
"""Each eleventh guest did not come."""
SAYINGS = (
    (5, Continuation.YES, NextStep.PROTOTYPE, "図面を送り、試作の可否を確かめる(デモ)"),
    (4, Continuation.YES, NextStep.ESTIMATE, "見積の条件を聞いた(デモ)"),
    (4, Continuation.MAYBE, NextStep.INFORMATION, "社内の関係部門に紹介する(デモ)"),
    (2, Continuation.NO, None, "要求の寸法に合わなかった(デモ)"),
)


def add(session: Session, event: Event, *, actor_id: int) -> None:
    """Everything that happened, each at its time; the actor is who published the timetable."""
    opening = tokyo(event.held_on, dt.time(13))
    found = _matching(session, event, opening - ANNOUNCED)
    _publish(session, found, actor_id, opening - PUBLISHED)
    guests.add(session, event, now=opening - ANNOUNCED)
    _arrive(session, event)
    _pay(session, event)
    _write_records(session, found, opening + dt.timedelta(hours=7))
    sent = update(Letter).where(Letter.event_id == event.id)
    session.execute(sent.values(state=LetterState.SENT, attempts=1, sent_at=Letter.created_at))


def _matching(session: Session, event: Event, at: dt.datetime) -> MatchingRound:
    """Eight large companies with a need each, to every one of which nine others came."""
    found = rounds.ensure(session, event.id)
    if found is None:
        raise NotFound
    for kind in ("rooms", "slots"):
        importing.carry_out(session, round_id=found.id, kind=kind, upload=upload(kind), actor_id=None, now=at)
    hosts = _organisations(session, FIRST_HOST, HOSTS)
    visitors = _organisations(session, FIRST_GUEST, GUESTS)
    titles = [row["title"] for row in rows("needs")]
    for number, host in enumerate(hosts):
        need = Need(
            round_id=found.id,
            code=f"N{number + 1:02d}",
            organisation_id=host.id,
            title=titles[number],
            published_on=at.date(),
            attendees=[NeedAttendee(person_id=host.people[0].id)],
        )
        need.applications = [
            _application(found, visitors[_visitor(number, slot)], number * SLOTS + slot, titles[number], at)
            for slot in range(SLOTS)
        ]
        session.add(need)
    session.flush()
    return found


def _visitor(host: int, slot: int) -> int:
    """Who sits at a host's table in a slot: all different there, and nobody at two tables at once."""
    return (host + HOSTS * slot + slot * HOSTS // GUESTS) % GUESTS


def _organisations(session: Session, first: int, number: int) -> Sequence[Organisation]:
    codes = [f"O{one:04d}" for one in range(first, first + number)]
    query = select(Organisation).where(Organisation.code.in_(codes)).options(selectinload(Organisation.people))
    return session.scalars(query.order_by(Organisation.code)).all()


def _application(found: MatchingRound, visitor: Organisation, place: int, title: str, at: dt.datetime) -> Application:
    return Application(
        round_id=found.id,
        code=f"A{place + 1:03d}",
        organisation_id=visitor.id,
        person_id=visitor.people[0].id,
        submitted_at=at + dt.timedelta(hours=place),
        proposal_title=f"{title}のご提案",
        state=ApplicationState.RECEIVED,
        rating=Rating.A if place % 3 else Rating.B,
    )


def _publish(session: Session, found: MatchingRound, actor_id: int, at: dt.datetime) -> None:
    frame = round_queries.whole_round(session, found.id)
    tables = [table for room in frame.rooms for table in room.tables]
    needs = session.scalars(select(Need).where(Need.round_id == found.id).order_by(Need.code)).all()
    layout = {
        one.id: Spot(slot.id, table.id)
        for need, table in zip(needs, tables, strict=False)
        for one, slot in zip(sorted(need.applications, key=lambda one: one.code), frame.slots, strict=True)
    }
    draft = drafts.draft_for_round(session, round_id=found.id, now=at)
    drafts.replace_all(session, draft, layout=layout, actor_id=actor_id, now=at)
    publication.publish(session, round_id=found.id, revision=draft.revision, actor_id=actor_id, now=at)


def _people(session: Session, event: Event) -> Sequence[Attendee]:
    query = select(Attendee).join(Attendee.registration).where(Registration.event_id == event.id)
    return session.scalars(query.options(selectinload(Attendee.places)).order_by(Attendee.id)).all()


def _arrive(session: Session, event: Event) -> None:
    starts = {part.id: part.starts_at for part in event.parts}
    for number, person in enumerate(_people(session, event), start=1):
        for place in person.places if number % STAYED_AWAY else ():
            if place.state == PlaceState.CONFIRMED:
                at = starts[place.part_id] - dt.timedelta(seconds=40 * (number % 45))
                session.add(_scan(event, person, place.part_id, number, at))


def _scan(event: Event, person: Attendee, part_id: int, number: int, at: dt.datetime) -> Scan:
    return Scan(
        nonce=f"demonstration-{person.id}-{part_id}",
        event_id=event.id,
        part_id=part_id,
        attendee_id=person.id,
        verdict=Verdict.ADMIT,
        shown=Verdict.ADMIT,
        method=ScanMethod.CAMERA,
        station=f"受付{number % 3 + 1}",
        scanned_at=at,
        received_at=at,
    )


def _pay(session: Session, event: Event) -> None:
    """By transfer before the day, each sixth in cash at the desk; some had a receipt made."""
    social = next(part for part in event.parts if part.kind == PartKind.SOCIAL)
    owing = select(Registration).where(Registration.event_id == event.id, Registration.total_yen > 0)
    for number, one in enumerate(session.scalars(owing.order_by(Registration.number)).all(), start=1):
        if number % 6:
            paid_on = event.held_on - dt.timedelta(days=3 + number % 12)
            at = tokyo(paid_on, dt.time(10))
            receipt = Receipt(
                registration_id=one.id, kind=PaymentKind.BANK_TRANSFER, yen=one.total_yen, received_on=paid_on
            )
            ledger.receive(session, receipt, actor_id=None, now=at)
        else:
            at = social.starts_at
            for person in one.attendees:
                ledger.take_cash(
                    session, registration_id=one.id, attendee_id=person.id, station="受付1", actor_id=None, now=at
                )
        documents.receipts(
            session, registration_id=one.id, wish=documents.Wish(party=one.organisation_name), actor_id=None, now=at
        )


def _write_records(session: Session, found: MatchingRound, at: dt.datetime) -> None:
    """Both sides of most meetings; a few companies have not written yet."""
    met = session.scalars(select(Application).where(Application.round_id == found.id).order_by(Application.code)).all()
    for number, application in enumerate(met):
        for side in _wrote(number):
            satisfaction, goes_on, step, said = SAYINGS[(number + (side is Side.GUEST)) % len(SAYINGS)]
            answers = Answers(
                satisfaction=satisfaction,
                continuation=goes_on,
                wants_second=goes_on == Continuation.YES and number % 2 == 0,
                talked=said,
                next_step=step or "",
            )
            at += dt.timedelta(minutes=2)
            records.save(session, application_id=application.id, side=side, answers=answers, now=at)


def _wrote(number: int) -> tuple[Side, ...]:
    """Of every four meetings two have both records, one has its host's alone, and one has none yet."""
    return ((Side.HOST, Side.GUEST), (Side.HOST, Side.GUEST), (Side.HOST,), ())[number % 4]

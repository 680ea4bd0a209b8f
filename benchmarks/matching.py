"""A matching event of the size that has to be carried: large companies, SMEs, accepted applications, no timetable."""

import datetime as dt

from sqlalchemy.orm import Session

from eventops import clock
from eventops.accounts.models import Role, StaffUser
from eventops.directory.models import Organisation
from eventops.events.models import Event, EventKind, EventState, Part, PartKind
from eventops.meetings.models import Application, MatchingRound, MeetingTable, Need, Room, Slot
from scheduling.bench.events import Size
from scheduling.bench.events import event as made_up
from scheduling.problem import Side

HELD_ON = dt.date(2036, 1, 25)
NOW = dt.datetime(2035, 12, 1, 3, 0, tzinfo=dt.UTC)
OPENS = clock.tokyo(HELD_ON, dt.time(9))
SLOT_MINUTES = 20


def fill(session: Session, size: Size) -> tuple[Event, MatchingRound, StaffUser]:
    """The event with its round, and somebody who may work on it."""
    user = StaffUser(
        email="bench@example.jp",
        name="計測",
        role=Role.EVENT_MANAGER,
        password_hash="none",  # noqa: S106
        created_at=NOW,
    )
    event, found = _event(size)
    session.add_all([user, event, found])
    session.flush()
    _wishes(session, found, size)
    return event, found, user


def _event(size: Size) -> tuple[Event, MatchingRound]:
    closes = OPENS + dt.timedelta(minutes=SLOT_MINUTES * size.slots)
    part = Part(position=1, kind=PartKind.CLOSED_MATCHING, title="個別面談", starts_at=OPENS, ends_at=closes)
    event = Event(
        slug="big",
        code="BIG",
        kind=EventKind.TECHNOLOGY_EXCHANGE,
        state=EventState.PUBLISHED,
        title="技術連携交流会",
        held_on=HELD_ON,
        applications_close_at=NOW + dt.timedelta(days=30),
        created_at=NOW,
        updated_at=NOW,
        published_at=NOW,
        parts=[part],
    )
    tables = [MeetingTable(number=number) for number in range(1, size.hosts * size.tables + 1)]
    found = MatchingRound(
        event=event,
        part=part,
        starts_at=OPENS,
        ends_at=closes,
        slot_minutes=SLOT_MINUTES,
        changeover_minutes=0,
        sme_max_meetings=size.slots,
        slots=[_slot(number) for number in range(size.slots)],
        rooms=[Room(code="R1", name="ホール", position=1, tables=tables)],
    )
    return event, found


def _slot(number: int) -> Slot:
    starts = OPENS + dt.timedelta(minutes=SLOT_MINUTES * number)
    return Slot(code=f"S{number + 1}", starts_at=starts, ends_at=starts + dt.timedelta(minutes=SLOT_MINUTES))


def _wishes(session: Session, found: MatchingRound, size: Size) -> None:
    """Who wants to meet whom is that of the engine's own measurements."""
    problem = made_up(size, seed=1)
    companies = {one.id: _company(number, one.id) for number, one in enumerate(problem.participants, start=1)}
    session.add_all(companies.values())
    session.flush()
    hosts = [one.id for one in problem.participants if one.side is Side.HOST]
    needs = {
        host: Need(
            round_id=found.id,
            code=f"N{place:03d}",
            organisation_id=companies[host].id,
            title="加工技術",
            tables=size.tables,
        )
        for place, host in enumerate(hosts, start=1)
    }
    session.add_all(needs.values())
    session.flush()
    for place, request in enumerate(problem.requests, start=1):
        host, guest = sorted(request.participants, key=lambda one: one not in needs)
        session.add(
            Application(
                round_id=found.id,
                code=f"A{place:04d}",
                need_id=needs[host].id,
                organisation_id=companies[guest].id,
                submitted_at=NOW,
                rating="A",
            )
        )
    session.flush()


def _company(number: int, name: str) -> Organisation:
    return Organisation(
        code=f"O{number:04d}",
        name=f"株式会社計測{name}",
        kana="ケイソク",
        sort_key=f"けいそく{number:04d}",
        match_core=f"計測{name}",
        category="company",
    )

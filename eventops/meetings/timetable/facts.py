"""What a round's timetable is made from, read by columns into plain values: no row of the session is looked at."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Select, or_, select
from sqlalchemy.orm import Session

from eventops.database import plain
from eventops.directory.models import Organisation
from eventops.errors import NotFound
from eventops.meetings import rules
from eventops.meetings.models import (
    Application,
    CompetitorPair,
    Exclusion,
    MatchingRound,
    MeetingTable,
    Need,
    ParticipantLimit,
    Room,
    Slot,
)


@dataclass(frozen=True, slots=True)
class Company:
    """An organisation that hosts or asks."""

    id: int
    name: str
    sort_key: str
    prefecture: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A need, with its company."""

    organisation: Company
    id: int
    code: str
    organisation_id: int
    tables: int
    online_only: bool
    min_meetings: int
    max_meetings: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """An application, with who asks and what for."""

    need: Wanted
    organisation: Company
    id: int
    code: str
    need_id: int
    organisation_id: int
    submitted_at: dt.datetime
    state: str
    rating: str | None
    priority: int | None
    is_recommended: bool


@dataclass(frozen=True, slots=True)
class Time:
    """A slot."""

    id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    block: str
    in_use: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A table."""

    room_id: int
    id: int
    number: int
    online_ready: bool
    accessible: bool
    in_use: bool
    closed_from: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Hall:
    """A room with its tables, those that are not used as well."""

    id: int
    name: str
    position: int
    tables: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """What a participant stated, if it is to be minded."""

    organisation_id: int
    kind: str
    value: int | None
    time_from: dt.datetime | None
    time_to: dt.datetime | None
    is_hard: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two companies to keep apart."""

    id: int
    first_id: int
    second_id: int
    need_id: int | None
    scope: str
    is_hard: bool


@dataclass(frozen=True, eq=False)
class Facts:
    """All of a round. Nobody's name is among it but those of organisations."""

    round_id: int
    changeover_minutes: int
    sme_max_meetings: int
    slots: tuple[Time, ...]
    rooms: tuple[Hall, ...]
    needs: Mapping[int, Wanted]
    applications: Mapping[int, Asked]
    unwanted: frozenset[tuple[int, int]]
    limits: tuple[Limit, ...]
    pairs: tuple[Pair, ...]

    @cached_property
    def requests(self) -> tuple[Asked, ...]:
        """The applications that become meetings, by code."""
        asked = rules.asked(self.applications.values(), self.unwanted)
        return tuple(one for one in asked if one.rating in rules.ACCEPTING)

    @cached_property
    def times(self) -> tuple[Time, ...]:
        """The slots that are used."""
        return tuple(slot for slot in self.slots if slot.in_use)

    @cached_property
    def tables(self) -> tuple[Place, ...]:
        """The tables that are used, in walking order."""
        return tuple(table for room in self.rooms for table in room.tables if table.in_use)


def read(session: Session, round_id: int) -> Facts:
    """As it stands for this transaction, its own changes included; raises `NotFound`."""
    rows = _Rows(plain(session), round_id)
    asking, wanting = rows.applications(), rows.needs()  # before what they name: that stands there at least as long
    companies = rows.companies()
    needs = {one.id: Wanted(companies[one.organisation_id], *one) for one in wanting}
    changeover_minutes, sme_max_meetings = rows.frame()
    return Facts(
        round_id=round_id,
        changeover_minutes=changeover_minutes,
        sme_max_meetings=sme_max_meetings,
        slots=tuple(Time(*one) for one in rows.slots()),
        rooms=tuple(rows.rooms()),
        needs=needs,
        applications={one.id: Asked(needs[one.need_id], companies[one.organisation_id], *one) for one in asking},
        unwanted=frozenset((one.need_id, one.organisation_id) for one in rows.exclusions()),
        limits=tuple(Limit(*one) for one in rows.limits()),
        pairs=tuple(Pair(*one) for one in rows.pairs()),
    )


class _Rows:
    """The statements, each with its columns in the order of its value's fields."""

    def __init__(self, connection: Connection, round_id: int) -> None:
        self.connection, self.round_id = connection, round_id

    def frame(self) -> tuple[int, int]:
        query = select(MatchingRound.changeover_minutes, MatchingRound.sme_max_meetings)
        found = self.connection.execute(query.where(MatchingRound.id == self.round_id)).first()
        if found is None:
            raise NotFound
        return found[0], found[1]

    def companies(self) -> Mapping[int, Company]:
        asking = select(Application.organisation_id).where(Application.round_id == self.round_id)
        hosting = select(Need.organisation_id).where(Need.round_id == self.round_id)
        query = select(Organisation.id, Organisation.name, Organisation.sort_key, Organisation.prefecture)
        wanted = query.where(or_(Organisation.id.in_(asking), Organisation.id.in_(hosting)))
        return {one.id: Company(*one) for one in self.connection.execute(wanted)}

    def needs(self) -> Sequence[Any]:
        query = select(
            Need.id,
            Need.code,
            Need.organisation_id,
            Need.tables,
            Need.online_only,
            Need.min_meetings,
            Need.max_meetings,
        )
        return self.connection.execute(query.where(Need.round_id == self.round_id).order_by(Need.code)).all()

    def applications(self) -> Sequence[Any]:
        query = select(
            Application.id,
            Application.code,
            Application.need_id,
            Application.organisation_id,
            Application.submitted_at,
            Application.state,
            Application.rating,
            Application.priority,
            Application.is_recommended,
        )
        wanted = Application.round_id == self.round_id
        return self.connection.execute(query.where(wanted).order_by(Application.code)).all()

    def slots(self) -> Iterable[Any]:
        query = select(Slot.id, Slot.starts_at, Slot.ends_at, Slot.block, Slot.in_use)
        return self.connection.execute(query.where(Slot.round_id == self.round_id).order_by(Slot.starts_at))

    def rooms(self) -> Iterable[Hall]:
        tables: defaultdict[int, list[Place]] = defaultdict(list)
        for one in self.connection.execute(self._tables()):
            tables[one.room_id].append(Place(*one))
        query = select(Room.id, Room.name, Room.position).where(Room.round_id == self.round_id)
        for one in self.connection.execute(query.order_by(Room.position)):
            yield Hall(*one, tables=tuple(tables[one.id]))

    def _tables(self) -> Select[*tuple[Any, ...]]:
        query = select(
            MeetingTable.room_id,
            MeetingTable.id,
            MeetingTable.number,
            MeetingTable.online_ready,
            MeetingTable.accessible,
            MeetingTable.in_use,
            MeetingTable.closed_from,
        )
        return query.join(MeetingTable.room).where(Room.round_id == self.round_id).order_by(MeetingTable.number)

    def exclusions(self) -> Iterable[Any]:
        query = select(Exclusion.need_id, Exclusion.organisation_id).join(Exclusion.need)
        return self.connection.execute(query.where(Need.round_id == self.round_id))

    def limits(self) -> Iterable[Any]:
        query = select(
            ParticipantLimit.organisation_id,
            ParticipantLimit.kind,
            ParticipantLimit.value,
            ParticipantLimit.time_from,
            ParticipantLimit.time_to,
            ParticipantLimit.is_hard,
        )
        wanted = (ParticipantLimit.round_id == self.round_id, ParticipantLimit.in_use.is_(True))
        return self.connection.execute(query.where(*wanted).order_by(ParticipantLimit.id))

    def pairs(self) -> Iterable[Any]:
        query = select(
            CompetitorPair.id,
            CompetitorPair.first_id,
            CompetitorPair.second_id,
            CompetitorPair.need_id,
            CompetitorPair.scope,
            CompetitorPair.is_hard,
        )
        wanted = CompetitorPair.round_id == self.round_id
        return self.connection.execute(query.where(wanted).order_by(CompetitorPair.id))

"""From the rows of a round to the scheduler's problem. The ids say what they are: `a` application, `n` need, `o`
organisation, `s` slot, `t` table, `r` room, `p` pair; each followed by the row's id."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from eventops.meetings import queries as round_queries
from eventops.meetings.models import (
    Application,
    CompetitorPair,
    LimitKind,
    MatchingRound,
    Need,
    PairScope,
    ParticipantLimit,
    Rating,
)
from eventops.meetings.timetable import queries
from eventops.meetings.timetable.models import TimetableMeeting
from eventops.meetings.wishes import requests
from scheduling import format as problem_format
from scheduling.problem import PairKind, PairRule, Participant, Problem, Request, Room, Side, Slot, Table
from scheduling.score import score
from scheduling.solution import Meeting

ONLINE = "online"
ACCESSIBLE = "accessible"
NEARBY = frozenset({"東京都", "神奈川県", "埼玉県", "千葉県", "山梨県", "群馬県", "栃木県", "茨城県", ""})
EACH_MEETING = 10_000
"""Larger than all bonuses of a round together, so that no wish ever outweighs one more meeting."""
_RATING_BONUS = {Rating.A: 30, Rating.B: 20, Rating.C: 10}
_RECOMMENDED_BONUS = 15
_WISHES_COUNTED = 10
_PAIR_KINDS = {
    PairScope.BACK_TO_BACK: PairKind.NOT_BACK_TO_BACK,
    PairScope.SAME_ROOM: PairKind.NOT_SAME_ROOM,
    PairScope.ADJACENT_TABLES: PairKind.NOT_ADJACENT_TABLES,
}


def application_ref(application_id: int) -> str:
    return f"a{application_id}"


def slot_ref(slot_id: int) -> str:
    return f"s{slot_id}"


def table_ref(table_id: int) -> str:
    return f"t{table_id}"


def row_id(reference: str) -> int:
    """The row's id in a reference such as `a17`."""
    return int(reference[1:])


def build(session: Session, round_id: int) -> Problem:
    """The round as it stands: requests, frame, limits, pairs, and the locks of its draft."""
    return read(session, round_id)[0]


def read(session: Session, round_id: int) -> tuple[Problem, Sequence[Application]]:
    """The round as it stands, and the applications that are its requests."""
    rows = _Rows(session, round_id)
    return _problem(rows), rows.applications


def _problem(rows: "_Rows") -> Problem:
    return Problem(
        slots=rows.slots,
        tables=rows.tables,
        rooms=rows.rooms,
        participants=(*rows.hosts(), *rows.guests()),
        requests=tuple(rows.request(application) for application in rows.applications),
        pair_rules=tuple(rule for pair in rows.pairs for rule in rows.rules_of(pair)),
        changeover_minutes=rows.round.changeover_minutes,
    )


def fingerprint(problem: Problem) -> str:
    """Digest of a problem: what was found out about it holds while the round still reads the same."""
    return hashlib.sha256(problem_format.write(problem).encode()).hexdigest()


def placed(meetings: Iterable[TimetableMeeting]) -> tuple[Meeting, ...]:
    """Timetable rows as the scheduler's meetings."""
    return tuple(
        Meeting(application_ref(one.application_id), slot_ref(one.slot_id), table_ref(one.table_id)) for one in meetings
    )


def known(problem: Problem, meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """The meetings of which the problem still has the request, the slot and the table."""
    things = {one.id for group in (problem.requests, problem.slots, problem.tables) for one in group}
    return tuple(one for one in meetings if {one.request_id, one.slot_id, one.table_id} <= things)


def figures(problem: Problem, meetings: Iterable[Meeting]) -> dict[str, int]:
    """What people look at first in a timetable: meetings placed and wanted, slots that guests and hosts wait."""
    placed = tuple(meetings)
    values = {str(one.goal): one.value for one in score(problem, placed)}
    return {
        "placed": len(placed),
        "wanted": len(problem.requests),
        "waiting": values["guest_idle_slots"],
        "host_idle": values["host_idle_slots"],
    }


def weight(application: Application) -> int:
    """What placing a meeting is worth: every meeting the same first, then the wishes of both sides."""
    bonus = _RATING_BONUS.get(Rating(application.rating), 0) if application.rating else 0
    if application.priority:
        bonus += max(0, _WISHES_COUNTED - application.priority)
    return EACH_MEETING + bonus + (_RECOMMENDED_BONUS if application.is_recommended else 0)


@dataclass(frozen=True, slots=True)
class _Window:
    """The part of the day that a limit speaks of, as slots and moments."""

    slots: frozenset[str]
    outside: frozenset[str]
    start: dt.datetime | None
    end: dt.datetime | None


class _Rows:
    """What the database holds of one round, read once."""

    def __init__(self, session: Session, round_id: int) -> None:
        self.round: MatchingRound = round_queries.whole_round(session, round_id)
        self.applications: Sequence[Application] = requests.requests_of(session, round_id)
        self.pairs: Sequence[CompetitorPair] = queries.competitor_pairs(session, round_id)
        self.limits: Mapping[int, list[ParticipantLimit]] = defaultdict(list)
        for limit in queries.limits_in_use(session, round_id):
            self.limits[limit.organisation_id].append(limit)
        self.slots = tuple(
            Slot(slot_ref(slot.id), slot.starts_at, slot.ends_at, slot.block)
            for slot in self.round.slots
            if slot.in_use
        )
        self.rooms = tuple(Room(f"r{room.id}", room.position) for room in self.round.rooms)
        self.tables = tuple(
            Table(
                table_ref(table.id),
                f"r{room.id}",
                table.number,
                self._features(table.online_ready, table.accessible),
                self._open_slots(table.closed_from),
            )
            for room in self.round.rooms
            for table in room.tables
            if table.in_use
        )
        self.locks = self._locks(queries.locked_meetings(session, round_id))

    def _locks(self, locked: Mapping[int, TimetableMeeting]) -> Mapping[int, TimetableMeeting]:
        """A lock on a slot or a table that is no longer used holds nothing."""
        cells = {slot.id for slot in self.slots} | {table.id for table in self.tables}
        return {
            application_id: lock
            for application_id, lock in locked.items()
            if {slot_ref(lock.slot_id), table_ref(lock.table_id)} <= cells
        }

    @staticmethod
    def _features(online: bool, accessible: bool) -> frozenset[str]:
        return frozenset(name for name, has in ((ONLINE, online), (ACCESSIBLE, accessible)) if has)

    def _open_slots(self, closed_from: dt.datetime | None) -> frozenset[str] | None:
        """None while the table is open all day, so that nothing else changes in the problem."""
        if closed_from is None:
            return None
        return frozenset(slot.id for slot in self.slots if slot.start < closed_from)

    def needs(self) -> list[Need]:
        return list({application.need_id: application.need for application in self.applications}.values())

    def hosts(self) -> Iterable[Participant]:
        for need in self.needs():
            host = Participant(
                id=f"n{need.id}",
                side=Side.HOST,
                organisation=f"o{need.organisation_id}",
                capacity=need.tables,
                features=frozenset({ONLINE} if need.online_only else ()),
                min_meetings=need.min_meetings,
                max_meetings=need.max_meetings,
            )
            yield self._limited(host, self.limits.get(need.organisation_id, ()))

    def guests(self) -> Iterable[Participant]:
        organisations = {one.organisation_id: one.organisation for one in self.applications}
        for organisation in organisations.values():
            guest = Participant(
                id=f"o{organisation.id}",
                side=Side.GUEST,
                organisation=f"o{organisation.id}",
                min_meetings=1,
                max_meetings=self.round.sme_max_meetings,
                is_from_far=organisation.prefecture not in NEARBY,
            )
            yield self._limited(guest, self.limits.get(organisation.id, ()))

    def request(self, application: Application) -> Request:
        lock = self.locks.get(application.id)
        return Request(
            id=application_ref(application.id),
            participants=(f"n{application.need_id}", f"o{application.organisation_id}"),
            weight=weight(application),
            lock_slot=slot_ref(lock.slot_id) if lock else None,
            lock_table=table_ref(lock.table_id) if lock else None,
        )

    def rules_of(self, pair: CompetitorPair) -> Iterable[PairRule]:
        """One rule for guests; one for each pair of their needs where both sit at tables of their own."""
        present = {one.organisation_id for one in self.applications}
        hosts = {f"n{need.id}": need.organisation_id for need in self.needs()}
        first = [ref for ref, owner in hosts.items() if owner == pair.first_id]
        second = [ref for ref, owner in hosts.items() if owner == pair.second_id]
        host = f"n{pair.need_id}" if pair.need_id else ""
        if not (first and second):
            first = [f"o{pair.first_id}"] if pair.first_id in present else []
            second = [f"o{pair.second_id}"] if pair.second_id in present else []
        if host and host not in hosts:
            return
        for one in first:
            for other in second:
                yield PairRule(
                    id=f"p{pair.id}-{one}-{other}",
                    kind=_PAIR_KINDS[PairScope(pair.scope)],
                    first=one,
                    second=other,
                    host=host,
                    is_hard=pair.is_hard,
                )

    def _limited(self, participant: Participant, limits: Iterable[ParticipantLimit]) -> Participant:
        for limit in limits:
            change = _CHANGES.get(LimitKind(limit.kind))
            if change is not None:
                participant = change(participant, limit, self._window(limit))
        return participant

    def _window(self, limit: ParticipantLimit) -> _Window:
        first, last = limit.time_from, limit.time_to
        inside = frozenset(
            slot.id
            for slot in self.slots
            if (last is None or slot.start < last) and (first is None or first < slot.end)
        )
        return _Window(inside, frozenset(slot.id for slot in self.slots) - inside, first, last)


def _arrives(one: Participant, limit: ParticipantLimit, window: _Window) -> Participant:
    if limit.is_hard:
        return replace(one, arrives=window.start)
    return replace(one, disliked=one.disliked | window.outside)


def _leaves(one: Participant, limit: ParticipantLimit, window: _Window) -> Participant:
    if limit.is_hard:
        return replace(one, leaves=window.end)
    return replace(one, disliked=one.disliked | window.outside)


def _unavailable(one: Participant, limit: ParticipantLimit, window: _Window) -> Participant:
    if limit.is_hard:
        return replace(one, unavailable=one.unavailable | window.slots)
    return replace(one, disliked=one.disliked | window.slots)


def _extra_tables(one: Participant, limit: ParticipantLimit, window: _Window) -> Participant:
    more = one.capacity + (limit.value or 1)
    return replace(one, capacity_at={**one.capacity_at, **dict.fromkeys(sorted(window.slots), more)})


def _parallel(one: Participant, limit: ParticipantLimit, window: _Window) -> Participant:
    return replace(one, capacity=limit.value or 1)


def _online_only(one: Participant, limit: ParticipantLimit, window: _Window) -> Participant:
    return replace(one, features=one.features | {ONLINE})


def _rest(one: Participant, limit: ParticipantLimit, window: _Window) -> Participant:
    return replace(one, max_run=limit.value or 0, max_run_is_hard=limit.is_hard)


def _at_most(one: Participant, limit: ParticipantLimit, window: _Window) -> Participant:
    return replace(one, max_meetings=limit.value)


_CHANGES = {
    LimitKind.ARRIVES_FROM: _arrives,
    LimitKind.LEAVES_BY: _leaves,
    LimitKind.UNAVAILABLE: _unavailable,
    LimitKind.EXTRA_TABLES: _extra_tables,
    LimitKind.PARALLEL: _parallel,
    LimitKind.ONLINE_ONLY: _online_only,
    LimitKind.REST_AFTER: _rest,
    LimitKind.MAX_MEETINGS: _at_most,
}

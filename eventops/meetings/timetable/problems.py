"""From the rows of a round to the scheduler's problem. The ids say what they are: `a` application, `n` need, `o`
organisation, `s` slot, `t` table, `r` room, `p` pair; each followed by the row's id."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from eventops.meetings.models import LimitKind, PairScope, Rating
from eventops.meetings.timetable import facts, queries
from eventops.meetings.timetable.facts import Asked, Facts, Limit, Pair, Wanted
from eventops.meetings.timetable.queries import Lock, Placed
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
    """The round as it stands: requests, frame, limits, pairs, and the locks of its timetable."""
    return with_locks(of(facts.read(session, round_id)), queries.locks_of(session, round_id))


def of(read: Facts) -> Problem:
    """What the facts alone ask for, whatever lies on a board."""
    rows = _Rows(read)
    return Problem(
        slots=rows.slots,
        tables=rows.tables,
        rooms=tuple(Room(f"r{room.id}", room.position) for room in read.rooms),
        participants=(*rows.hosts(), *rows.guests()),
        requests=tuple(_request(one) for one in read.requests),
        pair_rules=tuple(rule for pair in read.pairs for rule in rows.rules_of(pair)),
        changeover_minutes=read.changeover_minutes,
    )


def with_locks(problem: Problem, locks: Iterable[Lock]) -> Problem:
    """A lock on a slot or a table that is no longer used holds nothing."""
    cells = {one.id for group in (problem.slots, problem.tables) for one in group}
    held = {
        application_ref(one.application_id): (slot_ref(one.slot_id), table_ref(one.table_id))
        for one in locks
        if {slot_ref(one.slot_id), table_ref(one.table_id)} <= cells
    }
    if not held:
        return problem
    return replace(problem, requests=tuple(_locked(one, held.get(one.id)) for one in problem.requests))


def without_locks(problem: Problem) -> Problem:
    """Every meeting may lie elsewhere."""
    return replace(problem, requests=tuple(replace(one, lock_slot=None, lock_table=None) for one in problem.requests))


def _locked(request: Request, cell: tuple[str, str] | None) -> Request:
    return replace(request, lock_slot=cell[0], lock_table=cell[1]) if cell else request


def _request(application: Asked) -> Request:
    return Request(
        id=application_ref(application.id),
        participants=(f"n{application.need_id}", f"o{application.organisation_id}"),
        weight=weight(application),
    )


def fingerprint(problem: Problem) -> str:
    """Digest of a problem: what was found out about it holds while the round still reads the same."""
    return hashlib.sha256(problem_format.write(problem).encode()).hexdigest()


def placed(meetings: Iterable[Placed]) -> tuple[Meeting, ...]:
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


def weight(application: Asked) -> int:
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
    """The facts by what the scheduler asks of them."""

    def __init__(self, read: Facts) -> None:
        self.facts = read
        self.limits: Mapping[int, list[Limit]] = defaultdict(list)
        for limit in read.limits:
            self.limits[limit.organisation_id].append(limit)
        self.slots = tuple(Slot(slot_ref(slot.id), slot.starts_at, slot.ends_at, slot.block) for slot in read.times)
        self.tables = tuple(
            Table(
                table_ref(table.id),
                f"r{table.room_id}",
                table.number,
                self._features(table.online_ready, table.accessible),
                self._open_slots(table.closed_from),
            )
            for table in read.tables
        )

    @staticmethod
    def _features(online: bool, accessible: bool) -> frozenset[str]:
        return frozenset(name for name, has in ((ONLINE, online), (ACCESSIBLE, accessible)) if has)

    def _open_slots(self, closed_from: dt.datetime | None) -> frozenset[str] | None:
        """None while the table is open all day, so that nothing else changes in the problem."""
        if closed_from is None:
            return None
        return frozenset(slot.id for slot in self.slots if slot.start < closed_from)

    def needs(self) -> list[Wanted]:
        return list({one.need_id: one.need for one in self.facts.requests}.values())

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
        organisations = {one.organisation_id: one.organisation for one in self.facts.requests}
        for organisation in organisations.values():
            guest = Participant(
                id=f"o{organisation.id}",
                side=Side.GUEST,
                organisation=f"o{organisation.id}",
                min_meetings=1,
                max_meetings=self.facts.sme_max_meetings,
                is_from_far=organisation.prefecture not in NEARBY,
            )
            yield self._limited(guest, self.limits.get(organisation.id, ()))

    def rules_of(self, pair: Pair) -> Iterable[PairRule]:
        """One rule for guests; one for each pair of their needs where both sit at tables of their own."""
        present = {one.organisation_id for one in self.facts.requests}
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

    def _limited(self, participant: Participant, limits: Iterable[Limit]) -> Participant:
        for limit in limits:
            change = _CHANGES.get(LimitKind(limit.kind))
            if change is not None:
                participant = change(participant, limit, self._window(limit))
        return participant

    def _window(self, limit: Limit) -> _Window:
        first, last = limit.time_from, limit.time_to
        inside = frozenset(
            slot.id
            for slot in self.slots
            if (last is None or slot.start < last) and (first is None or first < slot.end)
        )
        return _Window(inside, frozenset(slot.id for slot in self.slots) - inside, first, last)


def _arrives(one: Participant, limit: Limit, window: _Window) -> Participant:
    if limit.is_hard:
        return replace(one, arrives=window.start)
    return replace(one, disliked=one.disliked | window.outside)


def _leaves(one: Participant, limit: Limit, window: _Window) -> Participant:
    if limit.is_hard:
        return replace(one, leaves=window.end)
    return replace(one, disliked=one.disliked | window.outside)


def _unavailable(one: Participant, limit: Limit, window: _Window) -> Participant:
    if limit.is_hard:
        return replace(one, unavailable=one.unavailable | window.slots)
    return replace(one, disliked=one.disliked | window.slots)


def _extra_tables(one: Participant, limit: Limit, window: _Window) -> Participant:
    more = one.capacity + (limit.value or 1)
    return replace(one, capacity_at={**one.capacity_at, **dict.fromkeys(sorted(window.slots), more)})


def _parallel(one: Participant, limit: Limit, window: _Window) -> Participant:
    return replace(one, capacity=limit.value or 1)


def _online_only(one: Participant, limit: Limit, window: _Window) -> Participant:
    return replace(one, features=one.features | {ONLINE})


def _rest(one: Participant, limit: Limit, window: _Window) -> Participant:
    return replace(one, max_run=limit.value or 0, max_run_is_hard=limit.is_hard)


def _at_most(one: Participant, limit: Limit, window: _Window) -> Participant:
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

"""The board as a page shows it: slots down, tables across, what has no place and why, and how good it is."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from eventops.meetings import requests
from eventops.meetings.models import Application, MatchingRound, MeetingTable, Room, Slot
from eventops.meetings.timetable import naming, problems, queries
from eventops.meetings.timetable.models import Timetable, TimetableMeeting
from scheduling import words
from scheduling.check import check
from scheduling.explain import explain
from scheduling.problem import Problem
from scheduling.score import score
from scheduling.solution import Reason, Remedy, Violation


@dataclass(frozen=True, slots=True)
class Cell:
    """One table at one time."""

    table: MeetingTable
    meeting: TimetableMeeting | None
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One slot across all tables; `break_before` is the pause in minutes that precedes it, 0 for none."""

    slot: Slot
    cells: tuple[Cell, ...]
    break_before: int


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A request without a place: why, and what would help."""

    application: Application
    sentence: str
    remedies: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Quality:
    """What the timetable is worth, goal by goal; `outcome` is the run's, None once somebody changed it by hand."""

    placed: int
    wanted: int
    outcome: str | None
    values: Mapping[str, int] = field(default_factory=dict)
    bounds: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def is_settled(self) -> bool:
        """Whether it is proven that no timetable places more, nor lets guests wait less."""
        goals = ("mandatory_unplaced", "weight_unplaced", "guest_idle_slots", "guest_idle_periods")
        return bool(self.bounds) and all(self.values[goal] == self.bounds.get(goal) for goal in goals)


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the page of the timetable shows."""

    round: MatchingRound
    timetable: Timetable | None
    revision: int
    rooms: tuple[tuple[Room, int], ...]
    tables: tuple[MeetingTable, ...]
    hosts: Mapping[int, str]
    rows: tuple[Row, ...]
    unplaced: tuple[Unplaced, ...]
    violations: tuple[str, ...]
    quality: Quality


def load(session: Session, matching_round: MatchingRound, language: str) -> Board:
    """The draft, or what is published while there is no draft."""
    draft = queries.draft_of(session, matching_round.id)
    timetable = draft or queries.published(session, matching_round.id)
    meetings = queries.meetings_of(session, timetable.id) if timetable else ()
    problem = problems.build(session, matching_round.id)
    name = naming.names(session, matching_round)
    view = _View(matching_round, meetings, problem, name, language)
    wanted = requests.requests_of(session, matching_round.id)
    return Board(
        round=matching_round,
        timetable=timetable,
        revision=timetable.revision if timetable else 0,
        rooms=tuple((room, len(_tables(room))) for room in matching_round.rooms if _tables(room)),
        tables=view.tables,
        hosts=_hosts(view.tables, meetings),
        rows=view.rows(),
        unplaced=view.unplaced(wanted, _stored_reasons(timetable)),
        violations=tuple(view.sentence(one) for one in view.violations),
        quality=view.quality(timetable),
    )


class _View:
    """The timetable's rows beside the problem they answer."""

    def __init__(
        self,
        matching_round: MatchingRound,
        meetings: Sequence[TimetableMeeting],
        problem: Problem,
        name: naming.Naming,
        language: str,
    ) -> None:
        self.round, self.meetings, self.problem, self.name, self.language = (
            matching_round,
            meetings,
            problem,
            name,
            language,
        )
        self.tables = tuple(table for room in matching_round.rooms for table in _tables(room))
        known = {request.id for request in problem.requests}
        placed = problems.placed(meetings)
        self.placed = tuple(one for one in placed if one.request_id in known)
        self.strangers = {problems.row_id(one.request_id) for one in placed if one.request_id not in known}
        self.violations = check(problem, self.placed)

    def sentence(self, said: Violation | Reason | Remedy) -> str:
        return words.sentence(said, name=self.name, language=self.language)

    def rows(self) -> tuple[Row, ...]:
        where = {(one.slot_id, one.table_id): one for one in self.meetings}
        slots = [slot for slot in self.round.slots if slot.in_use]
        broken = self._broken()
        return tuple(
            Row(
                slot=slot,
                cells=tuple(
                    Cell(table, meeting, meeting is not None and meeting.application_id in broken)
                    for table in self.tables
                    for meeting in (where.get((slot.id, table.id)),)
                ),
                break_before=_pause(slots, number, self.round.changeover_minutes),
            )
            for number, slot in enumerate(slots)
        )

    def _broken(self) -> set[int]:
        subjects = {subject for violation in self.violations for subject in violation.subjects}
        named = {problems.row_id(one) for one in subjects if one.startswith("a")}
        return named | self.strangers

    def unplaced(self, wanted: Sequence[Application], stored: Mapping[str, Reason]) -> tuple[Unplaced, ...]:
        here = {one.application_id for one in self.meetings}
        missing = [one for one in wanted if one.id not in here]
        fresh = {} if all(problems.application_ref(one.id) in stored for one in missing) else self._fresh_reasons()
        return tuple(self._unplaced(one, stored, fresh) for one in missing)

    def _fresh_reasons(self) -> Mapping[str, Reason]:
        return {one.request_id: one for one in explain(self.problem, self.placed, remedies=False)}

    def _unplaced(self, application: Application, *known: Mapping[str, Reason]) -> Unplaced:
        reference = problems.application_ref(application.id)
        reason = next((reasons[reference] for reasons in known if reference in reasons), None)
        if reason is None:
            return Unplaced(application, "")
        remedies = tuple((self.sentence(one), one.gain) for one in reason.remedies)
        return Unplaced(application, self.sentence(reason), remedies)

    def quality(self, timetable: Timetable | None) -> Quality:
        quality = timetable.quality if timetable else {}
        is_as_made = bool(timetable) and quality.get("revision") == (timetable.revision if timetable else None)
        return Quality(
            placed=len(self.meetings),
            wanted=len(self.problem.requests),
            outcome=timetable.outcome if timetable and is_as_made else None,
            values={one.goal: one.value for one in score(self.problem, self.placed)},
            bounds={one["goal"]: one["bound"] for one in quality.get("bills", ())} if is_as_made else {},
        )


def _tables(room: Room) -> list[MeetingTable]:
    return [table for table in room.tables if table.in_use]


def _pause(slots: Sequence[Slot], number: int, changeover_minutes: int) -> int:
    if number == 0:
        return 0
    pause: dt.timedelta = slots[number].starts_at - slots[number - 1].ends_at
    minutes = int(pause.total_seconds() // 60)
    return minutes if minutes > changeover_minutes else 0


def _hosts(tables: Sequence[MeetingTable], meetings: Sequence[TimetableMeeting]) -> Mapping[int, str]:
    """Who sits at each table, for its head: one name, or nothing where it changes."""
    seated: dict[int, set[str]] = {table.id: set() for table in tables}
    for one in meetings:
        seated.setdefault(one.table_id, set()).add(one.application.need.organisation.name)
    return {table_id: next(iter(found)) for table_id, found in seated.items() if len(found) == 1}


def _stored_reasons(timetable: Timetable | None) -> Mapping[str, Reason]:
    """The run's own reasons with their remedies, as long as nobody changed the draft since."""
    if timetable is None or timetable.quality.get("revision") != timetable.revision:
        return {}
    return {one["request_id"]: _reason(one) for one in timetable.quality.get("reasons", ())}


def _reason(stored: Mapping[str, Any]) -> Reason:
    return Reason(
        request_id=stored["request_id"],
        code=stored["code"],
        subjects=tuple(stored["subjects"]),
        counts=tuple((name, number) for name, number in stored["counts"]),
        slot_ids=tuple(stored["slot_ids"]),
        remedies=tuple(_remedy(one) for one in stored["remedies"]),
    )


def _remedy(stored: Mapping[str, Any]) -> Remedy:
    lists = {"subjects": tuple(stored["subjects"]), "slot_ids": tuple(stored["slot_ids"])}
    return Remedy(**{**stored, **lists})

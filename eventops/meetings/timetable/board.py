"""The board as a page shows it: slots down, tables across, what has no place and why, and how good it is."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from eventops.meetings.models import Application, MatchingRound, MeetingTable, Room, Slot
from eventops.meetings.timetable import companies, naming, problems, queries
from eventops.meetings.timetable.advice import Advice, advice_on, contradictions_in
from eventops.meetings.timetable.models import Timetable, TimetableMeeting
from eventops.meetings.timetable.quality import Quality, quality_of
from eventops.meetings.timetable.unplaced import Group, Offer, Unplaced, grouped, unplaced
from eventops.meetings.wishes import requests
from scheduling import words
from scheduling.check import check
from scheduling.problem import Problem
from scheduling.solution import Tried


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
    groups: tuple[Group, ...]
    offers: tuple[Offer, ...]
    has_old_advice: bool
    tried: str
    contradictions: tuple[str, ...]
    violations: tuple[str, ...]
    quality: Quality
    broken: tuple[int, ...]
    """The applications whose meetings break a rule as the facts stand."""
    companies: Sequence[Mapping[str, object]]

    def is_from(self, job_id: int) -> bool:
        """Whether the board shows what this run brought, and nobody has published or moved anything since."""
        made = self.timetable.quality if self.timetable and self.timetable.version is None else {}
        return (made.get("job_id"), made.get("revision")) == (job_id, self.revision)


def load(session: Session, matching_round: MatchingRound, language: str, name: naming.Naming | None = None) -> Board:
    """The draft, or what is published while there is no draft. `name`, where the page has it already."""
    name = name or naming.names(session, matching_round)
    draft = queries.draft_of(session, matching_round.id)
    timetable = draft or queries.published(session, matching_round.id)
    problem, wanted = problems.read(session, matching_round.id)
    meetings = _meetings(session, timetable, wanted)
    view = _View(matching_round, meetings, problem, name, language)
    advice = advice_on(timetable, problem)
    listed = view.unplaced(wanted, advice)
    groups, offers = grouped(listed)
    return Board(
        round=matching_round,
        timetable=timetable,
        revision=timetable.revision if timetable else 0,
        rooms=tuple((room, len(_tables(room))) for room in matching_round.rooms if _tables(room)),
        tables=view.tables,
        hosts=_hosts(view.tables, meetings),
        rows=view.rows(),
        unplaced=listed,
        groups=groups,
        offers=offers,
        has_old_advice=advice.is_outdated,
        tried=view.sentence(advice.tried) if advice.tried in (Tried.SOME, Tried.TOO_LARGE) else "",
        contradictions=tuple(view.sentence(one) for one in contradictions_in(timetable)),
        violations=tuple(view.sentence(one) for one in view.violations),
        quality=quality_of(timetable, problem, view.usable, len(meetings)),
        broken=tuple(sorted(view.broken)),
        companies=[asdict(one) for one in companies.lines(wanted, problem)],
    )


def _meetings(
    session: Session, timetable: Timetable | None, wanted: Sequence[Application]
) -> Sequence[TimetableMeeting]:
    """The session knows round and requests already: only what is no request any more is read beside the rows."""
    if timetable is None:
        return ()
    found = queries.bare_meetings(session, timetable.id)
    strangers = {one.application_id for one in found} - {one.id for one in wanted}
    if strangers:
        requests.applications_of(session, Application.id.in_(strangers))
    return found


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
        self.usable = problems.known(problem, placed)  # not those at a table or time that is no longer used
        self.violations = check(problem, self.placed)
        self.broken = self._broken()

    def sentence(self, said: words.Said) -> str:
        return words.sentence(said, name=self.name, language=self.language)

    def rows(self) -> tuple[Row, ...]:
        where = {(one.slot_id, one.table_id): one for one in self.meetings}
        slots = [slot for slot in self.round.slots if slot.in_use]
        return tuple(
            Row(
                slot=slot,
                cells=tuple(
                    Cell(table, meeting, meeting is not None and meeting.application_id in self.broken)
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

    def unplaced(self, wanted: Sequence[Application], advice: Advice) -> tuple[Unplaced, ...]:
        here = {one.application_id for one in self.meetings}
        missing = [one for one in wanted if one.id not in here]
        return unplaced(missing, self.problem, self.usable, advice, self.sentence)


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

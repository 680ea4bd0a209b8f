"""The board as a page shows it: slots down, tables across, what has no place and why, and how good it is."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from eventops.meetings.models import MatchingRound
from eventops.meetings.timetable import companies, kept, naming, problems, queries
from eventops.meetings.timetable.advice import Advice, advice_on, contradictions_in
from eventops.meetings.timetable.facts import Asked, Facts, Hall, Place, Time
from eventops.meetings.timetable.kept import Known, Standing
from eventops.meetings.timetable.models import Timetable
from eventops.meetings.timetable.quality import Quality, quality_of
from eventops.meetings.timetable.queries import Placement
from eventops.meetings.timetable.unplaced import Group, Offer, Unplaced, grouped, unplaced
from scheduling import words
from scheduling.check import check
from scheduling.solution import Tried


@dataclass(frozen=True, slots=True)
class Card:
    """A meeting on the board: whose it is, and whether it is locked there."""

    application: Asked
    is_locked: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One table at one time."""

    table: Place
    meeting: Card | None
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One slot across all tables; `break_before` is the pause in minutes that precedes it, 0 for none."""

    slot: Time
    cells: tuple[Cell, ...]
    break_before: int


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the page of the timetable shows."""

    round: MatchingRound
    timetable: Timetable | None
    is_made: bool
    revision: int
    rooms: tuple[tuple[Hall, int], ...]
    tables: tuple[Place, ...]
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


def load(session: Session, matching_round: MatchingRound, language: str) -> Board:
    """The draft, or what is published while there is no draft."""
    draft = queries.draft_of(session, matching_round.id)
    timetable = draft or queries.published(session, matching_round.id)
    known = kept.known(session, matching_round.id)
    standing = known.standing(queries.locks_of(session, matching_round.id))
    meetings = queries.placements(session, timetable.id) if timetable else ()
    view = _View(known, standing, meetings, language)
    advice = advice_on(timetable, standing.problem)
    listed = view.unplaced(advice)
    groups, offers = grouped(listed)
    return Board(
        round=matching_round,
        timetable=timetable,
        is_made=bool(meetings),
        revision=timetable.revision if timetable else 0,
        rooms=_rooms(known.facts),
        tables=known.facts.tables,
        hosts=view.hosts(),
        rows=view.rows(),
        unplaced=listed,
        groups=groups,
        offers=offers,
        has_old_advice=advice.is_outdated,
        tried=view.sentence(advice.tried) if advice.tried in (Tried.SOME, Tried.TOO_LARGE) else "",
        contradictions=tuple(view.sentence(one) for one in contradictions_in(timetable)),
        violations=tuple(view.sentence(one) for one in view.violations),
        quality=quality_of(timetable, standing, view.usable, len(meetings)),
        broken=tuple(sorted(view.broken)),
        companies=known.once(_companies),
    )


def _rooms(facts: Facts) -> tuple[tuple[Hall, int], ...]:
    used = ((room, sum(table.in_use for table in room.tables)) for room in facts.rooms)
    return tuple((room, number) for room, number in used if number)


def _companies(known: Known) -> Sequence[Mapping[str, object]]:
    return [asdict(one) for one in companies.lines(known)]


class _View:
    """The timetable's meetings beside the problem they answer."""

    def __init__(self, known: Known, standing: Standing, meetings: Sequence[Placement], language: str) -> None:
        self.facts, self.problem, self.language = known.facts, standing.problem, language
        self.meetings = [one for one in meetings if one.application_id in known.facts.applications]
        self.name = naming.named(known)
        requests = {request.id for request in self.problem.requests}
        placed = problems.placed(self.meetings)
        self.placed = tuple(one for one in placed if one.request_id in requests)
        self.strangers = {problems.row_id(one.request_id) for one in placed if one.request_id not in requests}
        self.usable = problems.known(self.problem, placed)  # not those at a table or time that is no longer used
        self.violations = check(self.problem, self.placed)
        self.broken = self._broken()

    def sentence(self, said: words.Said) -> str:
        return words.sentence(said, name=self.name, language=self.language)

    def rows(self) -> tuple[Row, ...]:
        cards = {(one.slot_id, one.table_id): self._card(one) for one in self.meetings}
        slots = self.facts.times
        return tuple(
            Row(
                slot=slot,
                cells=tuple(self._cell(table, cards.get((slot.id, table.id))) for table in self.facts.tables),
                break_before=_pause(slots, number, self.facts.changeover_minutes),
            )
            for number, slot in enumerate(slots)
        )

    def _card(self, meeting: Placement) -> Card:
        return Card(self.facts.applications[meeting.application_id], meeting.is_locked)

    def _cell(self, table: Place, card: Card | None) -> Cell:
        return Cell(table, card, card is not None and card.application.id in self.broken)

    def _broken(self) -> set[int]:
        subjects = {subject for violation in self.violations for subject in violation.subjects}
        named = {problems.row_id(one) for one in subjects if one.startswith("a")}
        return named | self.strangers

    def unplaced(self, advice: Advice) -> tuple[Unplaced, ...]:
        here = {one.application_id for one in self.meetings}
        missing = [one for one in self.facts.requests if one.id not in here]
        return unplaced(missing, self.problem, self.usable, advice, self.sentence)

    def hosts(self) -> Mapping[int, str]:
        """Who sits at each table, for its head: one name, or nothing where it changes."""
        seated: defaultdict[int, set[str]] = defaultdict(set)
        for one in self.meetings:
            seated[one.table_id].add(self.facts.applications[one.application_id].need.organisation.name)
        return {table_id: next(iter(found)) for table_id, found in seated.items() if len(found) == 1}


def _pause(slots: Sequence[Time], number: int, changeover_minutes: int) -> int:
    if number == 0:
        return 0
    pause: dt.timedelta = slots[number].starts_at - slots[number - 1].ends_at
    minutes = int(pause.total_seconds() // 60)
    return minutes if minutes > changeover_minutes else 0

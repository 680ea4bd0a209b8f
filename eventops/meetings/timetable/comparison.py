"""Two timetables of one round side by side: what came, went and moved, for whom, and how good each of them is."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eventops.meetings.models import Application
from eventops.meetings.timetable import problems
from eventops.meetings.timetable.models import TimetableMeeting
from scheduling.problem import GoalName, Problem
from scheduling.score import score
from scheduling.solution import Meeting


class Change(StrEnum):
    """取りやめ, 移動, 卓だけ, 追加."""

    DROPPED = "dropped"
    MOVED = "moved"
    RESEATED = "reseated"
    ADDED = "added"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """When and at which table, as people say it; a table that is only thought of has a number too."""

    starts_at: dt.datetime
    table: int


Places = Mapping[int, Place]
"""A timetable as application → place."""


@dataclass(frozen=True, slots=True)
class Step:
    """One meeting that differs."""

    change: Change
    application: Application
    before: Place | None
    after: Place | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One goal in both, smaller is better."""

    goal: GoalName
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Cell:
    """Who meets at one table at one time, before and after."""

    before: Application | None
    after: Application | None

    @property
    def is_changed(self) -> bool:
        return self.before is not self.after


@dataclass(frozen=True, slots=True)
class Row:
    starts_at: dt.datetime
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the page of a comparison shows; `rows` hold only the tables at which something differs."""

    placed: tuple[int, int]
    steps: tuple[Step, ...]
    figures: tuple[Figure, ...]
    tables: tuple[int, ...]
    rows: tuple[Row, ...]

    def number(self, change: str) -> int:
        return sum(one.change == change for one in self.steps)

    @property
    def companies(self) -> int:
        """How many companies have another day than before."""
        return len({one for step in self.steps for one in _companies(step.application)})


def _companies(application: Application) -> tuple[int, int]:
    return application.organisation_id, application.need.organisation_id


def places_of(meetings: Iterable[TimetableMeeting]) -> Places:
    return {one.application_id: Place(one.starts_at, one.table_number) for one in meetings}


def values_of(problem: Problem, meetings: Iterable[Meeting]) -> Mapping[str, int]:
    """Every goal's value, under the facts of this problem."""
    return {one.goal: one.value for one in score(problem, problems.known(problem, meetings))}


def compare(
    before: Places,
    after: Places,
    applications: Mapping[int, Application],
    values: tuple[Mapping[str, int], Mapping[str, int]],
) -> Comparison:
    steps = sorted(_steps(before, after, applications), key=_order)
    tables = {place.table for step in steps for place in (step.before, step.after) if place is not None}
    ordered = tuple(sorted(tables))
    return Comparison(
        placed=(len(before), len(after)),
        steps=tuple(steps),
        figures=_figures(*values),
        tables=ordered,
        rows=_rows(before, after, applications, ordered),
    )


def _steps(before: Places, after: Places, applications: Mapping[int, Application]) -> Iterable[Step]:
    for one in {*before, *after} & applications.keys():
        old, new = before.get(one), after.get(one)
        if old != new:
            yield Step(change_between(old, new), applications[one], old, new)


def change_between(before: Place | None, after: Place | None) -> Change:
    if after is None:
        return Change.DROPPED
    if before is None:
        return Change.ADDED
    return Change.RESEATED if before.starts_at == after.starts_at else Change.MOVED


def _order(step: Step) -> tuple[int, Place | None, str]:
    return list(Change).index(step.change), step.before or step.after, step.application.code


def _figures(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[Figure, ...]:
    """Those that either has; unplaced weight says nothing to people: the number of meetings stands above."""
    goals = [goal for goal in GoalName if goal in before and goal is not GoalName.WEIGHT_UNPLACED]
    lines = (Figure(goal, before[goal], after.get(goal, 0)) for goal in goals)
    return tuple(one for one in lines if one.before or one.after)


def _rows(
    before: Places, after: Places, applications: Mapping[int, Application], tables: Sequence[int]
) -> tuple[Row, ...]:
    old = {place: applications.get(one) for one, place in before.items()}
    new = {place: applications.get(one) for one, place in after.items()}
    return tuple(
        Row(at, tuple(Cell(old.get(Place(at, table)), new.get(Place(at, table))) for table in tables))
        for at in sorted({place.starts_at for place in (*old, *new)})
    )

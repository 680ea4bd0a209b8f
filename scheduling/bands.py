"""Goals grouped into bands, and what a timetable costs in each of them."""

from dataclasses import dataclass, field
from itertools import groupby

from scheduling.problem import Goal, Problem
from scheduling.score import MEASURES
from scheduling.solution import Meeting
from scheduling.timetable import Timetable

COMFORT_BAND = 50
"""Bands from this number on are about comfort: they never decide who meets, nor who waits."""


@dataclass(frozen=True, slots=True)
class Band:
    """Goals that are added up with their weights; bands themselves are compared in order."""

    number: int
    goals: tuple[Goal, ...]

    def cost(self, timetable: Timetable) -> int:
        """The goals' values times their weights, added up."""
        return sum(goal.weight * MEASURES[goal.name](timetable) for goal in self.goals)


@dataclass(slots=True)
class Found:
    """The best timetable so far and, band by band, the bound below which none can get."""

    meetings: tuple[Meeting, ...]
    bounds: dict[int, int] = field(default_factory=dict)


def bands(problem: Problem) -> list[Band]:
    """The goals of the problem by band, in the order in which bands are compared."""
    ordered = sorted(problem.goals, key=lambda goal: goal.band)
    return [Band(number, tuple(goals)) for number, goals in groupby(ordered, key=lambda goal: goal.band)]


def costs(problem: Problem, timetable: Timetable) -> tuple[int, ...]:
    """One number per band, to be compared as a tuple: smaller is better."""
    return tuple(band.cost(timetable) for band in bands(problem))

"""Random tiny events with every rule: engine, checker, scorer and explainer against trying everything."""

from collections.abc import Iterator
from random import Random

import pytest

from scheduling.check import check
from scheduling.problem import Problem
from scheduling.score import score
from scheduling.solution import Meeting
from tests.scheduling import brute
from tests.scheduling.brute_force_run import Row, examine
from tests.scheduling.random_problems import KINDS, tiny
from tests.scheduling.random_timetables import scribbled

EVENTS = 8  # of each kind; `python -m tests.scheduling.brute_force_run 5000` tries thousands
SCRIBBLES = 25


@pytest.mark.parametrize("kind", KINDS)
def test_no_timetable_is_better_and_all_that_is_said_is_true(kind: str) -> None:
    row = Row(kind)
    for seed in range(EVENTS):
        examine(tiny(kind, seed), seed, row)

    assert row.faults == []
    assert row.problems == EVENTS


@pytest.mark.parametrize("kind", KINDS)
def test_the_checker_allows_exactly_what_the_rules_allow(kind: str) -> None:
    for problem, meetings in _scribbles(kind):
        assert (check(problem, meetings) == ()) == brute.is_valid(problem, meetings), meetings


@pytest.mark.parametrize("kind", KINDS)
def test_the_scorer_counts_what_the_goals_mean(kind: str) -> None:
    valid = [(problem, meetings) for problem, meetings in _scribbles(kind) if brute.is_valid(problem, meetings)]

    assert valid
    for problem, meetings in valid:
        true = brute.values(problem, meetings)
        assert {bill.goal: bill.value for bill in score(problem, meetings)} == {
            goal.name: true[goal.name] for goal in problem.goals
        }


def test_every_timetable_of_an_event_is_listed_once() -> None:
    listed = [frozenset(some) for some in brute.all_valid(tiny("capacity", 3))]

    assert len(set(listed)) == len(listed)
    assert all(check(tiny("capacity", 3), tuple(some)) == () for some in listed)


def _scribbles(kind: str) -> Iterator[tuple[Problem, tuple[Meeting, ...]]]:
    """Timetables drawn at random, few of them without faults."""
    for seed in range(SCRIBBLES):
        problem = tiny(kind, seed)
        yield problem, scribbled(Random(seed), problem)
        yield problem, scribbled(Random(seed), problem)[:2]

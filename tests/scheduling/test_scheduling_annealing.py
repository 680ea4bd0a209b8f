"""Local search by chains: places everything that fits, keeps every rule, and compiled it answers the same."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from scheduling import compiled
from scheduling.annealing import Annealing
from scheduling.bench.events import Size, event
from scheduling.check import check
from scheduling.engine import solve
from scheduling.facts import Facts
from scheduling.problem import PairKind, PairRule, Problem
from scheduling.run import Run
from scheduling.score import guest_idle_slots
from scheduling.solution import Meeting, Outcome
from scheduling.timetable import Ground, Timetable
from tests.scheduling import kistec

BAND = 45
GUESSED_TABLES = {"table_twice", "pair_adjacent", "pair_same_room"}


def annealed(problem: Problem, seed: int = 1) -> tuple[Meeting, ...]:
    return Annealing(Facts(problem), Run(problem, 250, 1, seed), BAND).improve(())


def waiting(problem: Problem, meetings: tuple[Meeting, ...]) -> int:
    return guest_idle_slots(Timetable(Ground(problem), meetings))


def test_the_demonstration_event_is_placed_without_waiting() -> None:
    problem = kistec.build()
    hard = tuple(replace(rule, is_hard=rule.kind is PairKind.NOT_BACK_TO_BACK) for rule in problem.pair_rules)
    strict = replace(problem, pair_rules=hard)

    meetings = annealed(strict)

    assert (len(meetings), waiting(strict, meetings)) == (150, 0)
    assert {one.code for one in check(strict, meetings)} <= GUESSED_TABLES


@pytest.mark.parametrize(
    "harder",
    [
        lambda one: replace(one, max_run=3),
        lambda one: replace(one, disliked=frozenset({"S1"}), is_from_far=True),
        lambda one: replace(one, people=frozenset({f"visitor {one.id[-1]}"})),
    ],
)
def test_no_step_breaks_a_hard_rule(harder: Callable[..., object]) -> None:
    problem = event(Size(6, 20, 40, 12), seed=3)
    requests = tuple(replace(one, length=1) for one in problem.requests)
    rules = tuple(
        PairRule(f"P{place}", kind, f"G{place}", f"G{place + 1}")
        for place, kind in enumerate((PairKind.NOT_TOGETHER, PairKind.NOT_BACK_TO_BACK))
    )
    everybody = tuple(harder(one) for one in problem.participants)
    changed = replace(problem, requests=requests, pair_rules=rules, participants=everybody)

    meetings = annealed(changed)

    assert {one.code for one in check(changed, meetings)} <= GUESSED_TABLES
    assert len(meetings) > 20


def test_compiled_and_plain_chains_give_the_same_timetable(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = event(Size(6, 24, 60, 12), seed=2)
    monkeypatch.setattr("scheduling.annealing.STEPS_PER_CHOICE", 20)
    plain = annealed(problem)

    monkeypatch.setattr("scheduling.annealing.WORTH_COMPILING", 0)

    assert annealed(problem) == plain


def test_without_the_compiler_large_events_are_made_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = event(Size(20, 150, 420, 24), seed=2)
    monkeypatch.setattr(compiled, "is_there", lambda: False)
    monkeypatch.setattr("scheduling.annealing.MOST_STEPS", 4_000)

    assert len(annealed(problem)) == 420


def test_nine_hundred_meetings_are_all_placed_and_nobody_waits() -> None:
    problem = event(Size(60, 300, 900, 24), seed=1)
    only_guests = replace(problem, goals=tuple(goal for goal in problem.goals if goal.band <= 40))

    solution = solve(only_guests, seconds=250)

    assert (solution.placed, waiting(problem, solution.meetings)) == (900, 0)
    assert solution.outcome is Outcome.OPTIMAL
    assert check(only_guests, solution.meetings) == ()

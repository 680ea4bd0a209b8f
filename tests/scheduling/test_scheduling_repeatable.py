"""The same seed gives the same timetable, however busy the machine is; where that cannot be promised, it is said."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from scheduling.bench.events import Size, event
from scheduling.engine import rescued, solve
from scheduling.problem import DEFAULT_GOALS, Problem
from scheduling.run import PACE, Run
from scheduling.solution import Outcome, Solution


@pytest.fixture(scope="module")
def tight() -> Problem:
    """Forty meetings whose comfort takes the exact model longer to prove than it is given here."""
    return replace(event(Size(6, 20, 40, 8, late=0.3, away=0.1), seed=2), goals=DEFAULT_GOALS)


def made(problem: Problem, *, seed: int = 1) -> Solution:
    return solve(problem, seconds=120, workers=1, seed=seed, comfort_seconds=0.1)


@contextmanager
def busy() -> Iterator[None]:
    """A thread that takes every turn it gets."""
    is_over = threading.Event()

    def spin() -> None:
        while not is_over.is_set():
            pass

    thread = threading.Thread(target=spin)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def test_the_same_seed_gives_the_same_timetable_on_a_busy_machine(tight: Problem) -> None:
    first = made(tight)
    with busy():
        second = made(tight)

    assert (first.outcome, first.is_repeatable, second.is_repeatable) == (Outcome.FEASIBLE, True, True)
    assert (second.meetings, second.bills) == (first.meetings, first.bills)


def test_a_run_that_the_clock_or_somebody_ended_may_come_out_differently(tight: Problem) -> None:
    late = solve(tight, seconds=0.01, workers=1)
    stopped = solve(tight, seconds=60, workers=1, should_stop=lambda: True)

    assert (late.is_repeatable, stopped.is_repeatable) == (False, False)


def test_two_threads_may_come_out_differently(tight: Problem) -> None:
    assert not solve(tight, seconds=60, workers=2, comfort_seconds=0.1).is_repeatable


def test_what_is_rescued_may_come_out_differently(tight: Problem) -> None:
    assert not rescued(tight, made(tight).meetings, seconds=1, seed=1, workers=1).is_repeatable


def test_parts_of_parts_are_taken_off_the_whole(tight: Problem) -> None:
    run = Run(tight, 60, 1, 1)
    with run.at_most(8):
        with run.at_most(4):
            run.effort -= PACE
            assert run.effort == 3 * PACE
        assert run.effort == 7 * PACE
        run.effort = 0
        assert run.is_over()
    assert (run.is_over(), run.is_repeatable) == (False, True)

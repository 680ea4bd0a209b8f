"""Proof and local search side by side: either may answer, what they agree on is proven, and both can be stopped."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from ortools.sat.python import cp_model

from scheduling.annealing import Annealing
from scheduling.check import SEAT_CODES, check
from scheduling.cpsat.question import Question
from scheduling.cpsat.rival import Hunt, Meetings, Rival
from scheduling.cpsat.search import Search
from scheduling.engine import TIME_GOALS, solve
from scheduling.facts import Facts
from scheduling.problem import Goal, GoalName, PairKind, PairRule, Subjects
from scheduling.run import Run
from scheduling.score import guest_idle_slots
from scheduling.solution import Outcome, Progress
from scheduling.timetable import Timetable
from tests.scheduling import kistec
from tests.scheduling.builders import at, guest, host, problem, request, slots, tables

best, worse = at("a:S1:T1 b:S2:T1"), at("a:S1:T1 b:S3:T1")


def asked(least: int, run: Run) -> Question:
    """Whether x + y can be at most 3, when it is at least `least`."""
    model = cp_model.CpModel()
    one, other = (model.new_int_var(0, 5, name) for name in "xy")
    model.add(one + other >= least)
    model.add(one + other <= 3)
    model.minimize(one + other)
    question = Question(model, 4)
    question.ask(run, workers=1)
    return question


def test_a_question_is_answered_with_a_bound_or_refuted() -> None:
    run = Run(problem(), 20, 1, 1)
    answered, refuted = asked(2, run), asked(4, run)
    while not (answered.is_over(0.05) and refuted.is_over(0.05)):
        pass

    assert (answered.has_answer, answered.proven) == (True, 2)
    assert (refuted.has_answer, refuted.proven) == (False, 4)


def test_a_dropped_question_ends() -> None:
    run = Run(problem(), 20, 1, 1)
    question = asked(2, run)
    question.drop(run)

    assert question.is_over(0)


def test_a_rivals_finds_are_fetched_once_and_it_ends_when_asked() -> None:
    def finds(hunt: Hunt) -> Iterator[Meetings]:
        assert hunt.limit_band == 40
        yield worse
        yield best
        hunt.stopping.wait()
        yield worse
        yield best  # nobody asks for this one

    rival = Rival(finds, Hunt(40))
    fetched: list[Meetings] = []
    while len(fetched) < 2:
        fetched += rival.news()
    rival.end()

    assert fetched == [worse, best]
    assert rival.news() == [worse]


def test_without_rivals_there_is_no_news() -> None:
    rival = Rival(None, Hunt(40))
    rival.end()

    assert rival.news() == []


def test_what_rivals_find_is_taken_only_when_it_is_valid_and_better_and_then_the_duel_can_be_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without quick questions the proof takes long enough for local search to come first; a second one joins late."""
    monkeypatch.setattr("scheduling.cpsat.duel.GLANCE", 0.0)
    monkeypatch.setattr("scheduling.cpsat.duel.LATE", 0.0)
    goals = (Goal(GoalName.WEIGHT_UNPLACED, 20), Goal(GoalName.GUEST_IDLE_SLOTS, 40))
    facts = Facts(replace(kistec.build(), goals=goals))
    quiet = Run(facts.problem, 60, 1, 1)
    laid, calm = (Annealing(facts, quiet, band).improve(()) for band in (20, 40))
    stirred, is_heard, is_taken = _disturbed(facts, calm), threading.Event(), threading.Event()
    told, hunters = list[int](), set[int]()

    def hear(progress: Progress) -> None:
        told.append(progress.value)
        if len(told) > 1:
            is_heard.set()
        if progress.value == _cost(facts, stirred):
            is_taken.set()

    def finds(hunt: Hunt) -> Iterator[Meetings]:
        hunters.add(hunt.number)
        is_heard.wait(60)
        yield from (calm[1:], calm + calm[:1], laid, stirred)
        is_taken.wait(60)
        yield calm

    run = Run(facts.problem, 120, 2, 1, most=150, on_progress=hear, should_stop=lambda: 0 in told)
    found = Search(facts, facts.starts, run, with_seats=False).improve(laid, {}, TIME_GOALS, rivals=finds)

    assert _cost(facts, laid) > _cost(facts, stirred) > _cost(facts, found.meetings) == 0
    assert len(found.meetings) == 150
    assert hunters == {0, 1}


def test_one_worker_takes_turns_with_local_search_and_needs_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without quick questions a first long one, too short to answer; what local search then finds ends the duel."""
    monkeypatch.setattr("scheduling.cpsat.duel.GLANCE", 0.0)
    monkeypatch.setattr("scheduling.cpsat.duel.FIRST_TURN", 0.0)
    goals = (Goal(GoalName.WEIGHT_UNPLACED, 20), Goal(GoalName.GUEST_IDLE_SLOTS, 40))
    facts = Facts(replace(kistec.build(), goals=goals))
    quiet = Run(facts.problem, 60, 1, 1)
    laid, calm = (Annealing(facts, quiet, band).improve(()) for band in (20, 40))

    def finds(hunt: Hunt) -> Iterator[Meetings]:
        assert not hunt.is_called_off()
        yield _disturbed(facts, calm)
        yield calm

    run = Run(facts.problem, 120, 1, 1, most=150)
    found = Search(facts, facts.starts, run, with_seats=False).improve(laid, {}, TIME_GOALS, rivals=finds)

    assert (set(found.meetings), run.is_repeatable) == (set(calm), True)


def _disturbed(facts: Facts, calm: Meetings) -> Meetings:
    """The same with one meeting moved, so that somebody waits."""
    moved = (
        tuple(facts.at_some_table(one.request_id, start) if one is other else other for other in calm)
        for one in calm
        for start in facts.starts[one.request_id]
    )
    return next(
        one
        for one in moved
        if _cost(facts, one) and SEAT_CODES.issuperset(fault.code for fault in check(facts.problem, one))
    )


def _cost(facts: Facts, meetings: Meetings) -> int:
    return guest_idle_slots(Timetable(facts.ground, meetings))


def test_two_bands_of_waiting_are_two_duels() -> None:
    """Rules between requests make a guest and a host wait, which nobody alone would have to."""
    rules = (("a", "b"), ("c", "d"))
    waiting = problem(
        slots=slots(3),
        tables=tables(3),
        participants=(host("H"), host("G"), host("F"), guest("A"), guest("B"), guest("C")),
        requests=(request("a", "H", "A"), request("b", "G", "A"), request("c", "F", "B"), request("d", "F", "C")),
        pair_rules=tuple(
            PairRule(first, PairKind.NOT_BACK_TO_BACK, first, second, Subjects.REQUESTS) for first, second in rules
        ),
        goals=(
            Goal(GoalName.WEIGHT_UNPLACED, 20),
            Goal(GoalName.GUEST_IDLE_SLOTS, 40),
            Goal(GoalName.HOST_IDLE_SLOTS, 50),
        ),
    )

    solution = solve(waiting, seconds=20, workers=1)

    assert [(bill.value, bill.bound) for bill in solution.bills] == [(0, 0), (1, 1), (1, 1)]
    assert solution.outcome is Outcome.OPTIMAL


def test_a_question_that_has_an_answer_gives_the_timetable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduling.cpsat.duel.LOOK_EVERY", 0.0)
    apart = problem(
        slots=slots(3),
        participants=(host("H"), host("G"), guest("A")),
        requests=(request("a", "H", "A"), request("b", "G", "A")),
        goals=(Goal(GoalName.WEIGHT_UNPLACED, 20), Goal(GoalName.GUEST_IDLE_SLOTS, 40)),
    )
    facts = Facts(apart)

    found = Search(facts, facts.starts, Run(apart, 20, 1, 1), with_seats=False).improve(worse, {}, TIME_GOALS)

    assert (_cost(facts, worse), _cost(facts, found.meetings)) == (1, 0)

"""The baselines are right: on small problems they agree with the engine, and what they make keeps every rule."""

from dataclasses import replace

import pytest

from scheduling import published
from scheduling.bench import maxsat, naive
from scheduling.bench.answers import Answer, Question, goal_of
from scheduling.bench.events import FLAVOURS, event, size
from scheduling.bench.ours import solve as solve_ours
from scheduling.bench.plain import is_plain
from scheduling.check import check
from scheduling.engine import solve
from scheduling.problem import Goal, GoalName, PairKind, PairRule, Problem, Subjects
from scheduling.score import score
from tests.scheduling import kistec
from tests.scheduling.builders import guest, host, request, slots, tables
from tests.scheduling.builders import problem as build
from tests.scheduling.published_texts import RING, text

GOALS = (Goal(GoalName.WEIGHT_UNPLACED, 20), Goal(GoalName.GUEST_IDLE_SLOTS, 40), Goal(GoalName.GUEST_IDLE_PERIODS, 40))
PUBLISHED = {
    "ring": text(5, 2, 5, RING),
    "tight tables": text(5, 1, 7, RING),
    "somebody alone": text(6, 2, 6, [*RING, (6, 1, 3)], forbidden={1: {2}, 3: {1}}),
    "sessions and orders": text(
        5, 2, 6, [(1, 2, 1), (1, 3, 2), (2, 3, 1), (4, 5, 2), (2, 4, 3)], morning=3, before={3: {1}, 5: {3, 4}}
    ),
    "waits that have to be shared": text(3, 1, 9, [(1, 2, 3), (1, 3, 3)], forbidden={1: {2, 3, 4, 5, 6, 7, 8}}),
}


def ask(problem: Problem, *, seconds: float = 60.0) -> Question:
    return Question(problem, seconds, workers=1, seed=1)


def cost(problem: Problem, answer: Answer) -> list[int]:
    assert answer.meetings is not None
    assert check(problem, answer.meetings) == ()
    return [bill.value for bill in score(problem, answer.meetings)]


@pytest.mark.parametrize("name", PUBLISHED)
def test_all_engines_prove_the_same_optimum_of_a_published_problem(name):
    problem = published.read(PUBLISHED[name])
    best = solve(problem, seconds=60, workers=1)
    expected = [bill.value for bill in best.bills]
    textbook, cores = naive.solve(ask(problem)), maxsat.solve(ask(problem))
    assert best.outcome == textbook.outcome == cores.outcome == "optimal"
    assert cost(problem, textbook) == cost(problem, cores) == expected
    assert textbook.bound == cores.bound == expected[1]
    assert textbook.is_proven
    assert cores.is_proven


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_textbook_model_proves_what_the_engine_proves_on_generated_events(flavour):
    problem = replace(event(FLAVOURS[flavour](size(12)), seed=2), goals=GOALS)
    best, textbook = solve(problem, seconds=60, workers=1), naive.solve(ask(problem))
    assert best.outcome == "optimal"
    assert cost(problem, textbook) == [bill.value for bill in best.bills]
    assert textbook.bound == sum(bill.value for bill in best.bills if bill.band == 40)


def test_where_not_everything_fits_the_textbook_model_places_the_most():
    wanted = tuple(request(f"r{number}", "H", f"G{number}", weight=number) for number in range(1, 6))
    guests = [guest(f"G{number}") for number in range(1, 6)]
    problem = build(participants=(host(), *guests), requests=wanted, goals=GOALS[:1])
    question = ask(problem)
    answer = naive.solve(question)
    assert (cost(problem, answer), answer.bound, answer.is_proven) == ([1], 1, True)
    assert goal_of(problem) is GoalName.WEIGHT_UNPLACED
    assert question.trace.points[-1].value == 1


@pytest.mark.parametrize("others", [(2, 3), (2, 3, 4)])
def test_a_problem_without_a_complete_timetable_is_said_to_be_infeasible_by_cores(others):
    problem = published.read(text(4, 1, 2, [*((1, other, 3) for other in others), (2, 3, 3)]))
    answer = maxsat.solve(ask(problem))
    assert (answer.meetings, answer.outcome, answer.is_proven) == (None, "infeasible", False)


def test_fairness_keeps_the_textbook_model_from_a_timetable_that_lets_one_firm_wait_alone():
    # Firm 1 is there in every other slot only: three waits, while nobody else has to wait at all.
    problem = published.read(text(5, 1, 7, [(1, firm, 3) for firm in (2, 3, 4, 5)], forbidden={1: {2, 4, 6}}))
    assert maxsat.solve(ask(problem)).outcome == "infeasible"
    answer = naive.solve(ask(problem))
    assert answer.meetings is not None
    assert (len(answer.meetings), check(problem, answer.meetings)) == (3, ())


def test_both_end_when_their_time_is_over():
    problem = event(size(150), seed=1)
    assert naive.solve(ask(problem, seconds=0.01)).outcome == "nothing found"
    assert maxsat.solve(ask(problem, seconds=0.01)).outcome == "stopped"


def test_a_stop_before_the_first_core_is_not_taken_for_a_proof(monkeypatch):
    problem = published.read(PUBLISHED["ring"])
    adapt = maxsat._Heard.adapt_am1

    def stopped_while_adapting(solver):
        adapt(solver)
        solver.stop()

    monkeypatch.setattr(maxsat._Heard, "adapt_am1", stopped_while_adapting)
    assert maxsat.solve(ask(problem)).outcome == "stopped"


def test_bounds_are_noted_as_cores_are_found():
    problem = published.read(PUBLISHED["waits that have to be shared"])
    question = ask(problem)
    assert maxsat.solve(question).bound == 1
    assert [point.bound for point in question.trace.points] == [1, 1]
    assert [point.value for point in question.trace.points] == [None, 1]


def test_what_the_engine_reports_is_noted():
    crowded = text(4, 1, 2, [(1, 2, 3), (1, 3, 3), (2, 3, 3), (3, 4, 3), (1, 4, 3)])
    question = ask(published.read(crowded))
    answer = solve_ours(question)
    assert (answer.outcome, answer.bound) == ("optimal", 0)
    assert [point.value for point in question.trace.points if point.value is None] == []


@pytest.mark.parametrize(
    "fields",
    [
        {"goals": (Goal(GoalName.LAST_SLOT, 40),)},
        {"slots": slots(pause_after=2, pause_minutes=60)},
        {"participants": (host(), guest("A", max_meetings=1), guest("B"))},
        {"participants": (host(), guest("A", capacity=2), guest("B"))},
        {"participants": (host(), guest("A", transition=1), guest("B"))},
        {"requests": (request("a", "H", "A", length=2),)},
        {"requests": (request("a", "H", "A", is_mandatory=True),)},
        {"tables": (replace(tables(1)[0], open_slots=frozenset({"S1"})),)},
        {"pair_rules": (PairRule("r", PairKind.NOT_TOGETHER, "A", "B"),)},
        {"frozen": frozenset({"a"})},
    ],
)
def test_the_baselines_leave_alone_what_they_do_not_know(fields):
    plain = {"goals": GOALS, "participants": (host(capacity=2), guest("A"), guest("B"))}
    order = PairRule("o", PairKind.BEFORE, "a", "b", Subjects.REQUESTS)
    assert is_plain(build(**plain, pair_rules=(order,)))
    assert not is_plain(build(**{**plain, **fields}))


def test_the_demonstration_event_is_too_much_for_them():
    assert not is_plain(kistec.build())

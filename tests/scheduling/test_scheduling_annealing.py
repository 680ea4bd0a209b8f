"""Local search by chains: places everything that fits, keeps every rule, and compiled it answers the same."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from scheduling import chains, compiled, cooling
from scheduling import waiting as bits
from scheduling.annealing import Annealing
from scheduling.bench.events import Size, event
from scheduling.books import NOWHERE, Net, State
from scheduling.check import SEAT_CODES, check
from scheduling.engine import solve
from scheduling.facts import Facts
from scheduling.net import Translation, empty_state
from scheduling.problem import DEFAULT_GOALS, PairKind, PairRule, Problem
from scheduling.run import Run
from scheduling.score import guest_idle_slots
from scheduling.solution import Meeting, Outcome, Progress
from scheduling.timetable import Ground, Timetable
from scheduling.waiting import unit_cost
from tests.scheduling import builders, kistec
from tests.scheduling.random_problems import KINDS, tiny

BAND = 45


def annealed(problem: Problem, seed: int = 1, *, doublings: int | None = None, enough: int = 0) -> tuple[Meeting, ...]:
    return Annealing(Facts(problem), Run(problem, 250, 1, seed), BAND, doublings, lambda: enough).improve(())


def waiting(problem: Problem, meetings: tuple[Meeting, ...]) -> int:
    return guest_idle_slots(Timetable(Ground(problem), meetings))


def codes(problem: Problem, meetings: tuple[Meeting, ...]) -> set[str]:
    """The hard rules that are broken, but for those about tables, which are only guessed."""
    return {one.code for one in check(problem, meetings)} - SEAT_CODES


def test_the_demonstration_event_is_placed_without_waiting() -> None:
    problem = kistec.build()
    hard = tuple(replace(rule, is_hard=rule.kind is PairKind.NOT_BACK_TO_BACK) for rule in problem.pair_rules)
    strict = replace(problem, pair_rules=hard)

    meetings = annealed(strict)

    assert (len(meetings), waiting(strict, meetings)) == (150, 0)
    assert codes(strict, meetings) == set()


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"frozen"}))
def test_no_step_breaks_a_hard_rule_of_any_kind(kind: str) -> None:
    for seed in range(12):
        problem = tiny(kind, seed)

        assert codes(problem, annealed(problem, seed)) == set()


@pytest.mark.parametrize(
    "harder",
    [
        lambda one: replace(one, max_run=3),
        lambda one: replace(one, transition=1),
        lambda one: replace(one, max_meetings=3),
        lambda one: replace(one, disliked=frozenset({"S1"}), is_from_far=True),
        lambda one: replace(one, people=frozenset({f"visitor {one.id[-1]}"})),
        lambda one: replace(one, capacity=2),
    ],
)
def test_no_step_breaks_a_hard_rule_of_a_larger_event(harder: Callable[..., object]) -> None:
    problem = crowded(harder)

    meetings = annealed(problem)

    assert codes(problem, meetings) == set()
    assert len(meetings) >= 18


def crowded(harder: Callable[..., object], *, slots: int = 12) -> Problem:
    """Forty meetings, every third of them two slots long, with two pair rules and something more for everybody."""
    problem = event(Size(6, 20, 40, slots), seed=3)
    requests = tuple(replace(one, length=1 + (place % 3 == 0)) for place, one in enumerate(problem.requests))
    rules = tuple(
        PairRule(f"P{place}", kind, f"G{place}", f"G{place + 1}")
        for place, kind in enumerate((PairKind.NOT_TOGETHER, PairKind.NOT_BACK_TO_BACK))
    )
    everybody = tuple(harder(one) for one in problem.participants)
    return replace(problem, requests=requests, pair_rules=rules, participants=everybody, goals=DEFAULT_GOALS)


@pytest.mark.parametrize("seed", range(8))
def test_after_any_number_of_steps_the_books_agree_with_a_recount(seed: int) -> None:
    harder = crowded(
        lambda one: replace(one, capacity=1 + seed % 2, transition=seed // 2 % 2), slots=12 + 60 * (seed > 3)
    )
    problem = harder if seed < 6 else event(Size(6, 20, 60, 12), seed=seed)
    net = Translation(Facts(problem), BAND).net()
    state = empty_state(net, seed)

    for begin in range(0, len(problem.requests), 10):
        cooling.insert(net, state, list(range(len(problem.requests))), begin, begin + 10, 50, 1.0)
        assert books(net, state) == recounted(net, state)

    for steps in (1, 10, 300):
        cooling.anneal(net, state, steps, 3.0, NOWHERE)

        assert books(net, state) == recounted(net, state)
        waiting_now = [unit for unit, account in enumerate(state.unit) if account.cost > 0]
        assert sorted(state.waiting[: state.desk[0].waiting]) == waiting_now


@pytest.mark.parametrize("seed", range(4))
def test_chains_followed_without_the_books_are_the_same_chains(seed: int) -> None:
    problem = crowded(lambda one: replace(one, max_run=4, disliked=frozenset({"S1"}), is_from_far=True))
    short = replace(problem, requests=tuple(replace(one, length=1) for one in problem.requests))
    net = Translation(Facts(short), 69).net()
    ends = []
    for each in (net, net._replace(is_plain=0)):
        state = empty_state(each, seed)
        cooling.insert(each, state, list(range(len(short.requests))), 0, len(short.requests), 50, 1.0)
        cooling.anneal(each, state, 500, 5.0, NOWHERE)
        ends.append([place.time for place in state.request])

    assert net.is_plain
    assert ends[0] == ends[1]


def books(net: Net, state: State) -> dict[str, object]:
    here = range(len(net.unit))
    lying = [
        sorted(request for request in state.at[first : first + net.width] if request != NOWHERE)
        for first in range(0, len(state.at), net.width)
    ]
    ends = [
        number * (net.unit[place // net.slots].transition > 0)
        for place, number in enumerate(state.ends if len(state.ends) > 1 else [0] * len(state.number))
    ]
    return {
        "number": state.number,
        "load": state.load,
        "busy": [
            bool(state.busy[word_of(net, unit, slot)] & net.slot[slot].bit) for unit in here for slot in slots(net)
        ],
        "at": lying,
        "ends": ends,
        "total": [state.unit[unit].total for unit in here],
        "cost": [state.unit[unit].cost for unit in here],
        "chain": [one.is_in for one in state.request],
    }


def slots(net: Net) -> range:
    return range(net.slots)


def word_of(net: Net, unit: int, slot: int) -> int:
    return unit * net.words + net.slot[slot].word


def recounted(net: Net, state: State) -> dict[str, object]:
    """What the books should say, counted from nothing but the times."""
    fresh = empty_state(net, 1)
    at = [list[int]() for _ in range(len(net.unit) * net.slots)]
    load, ends, total = Counter[int](), Counter[int](), Counter[int]()
    for request, place in enumerate(state.request):
        row = net.request[request]
        covers = range(place.time, place.time + row.length) if place.time != NOWHERE else range(0)
        for unit in net.units[row.units : row.units_end] if covers else ():
            total[unit] += 1
            ends[unit * net.slots + covers[-1]] += net.unit[unit].transition > 0
            for slot in covers:
                at[unit * net.slots + slot].append(request)
        for hall in net.halls[row.halls : row.halls_end]:
            load.update(hall * net.slots + slot for slot in covers)
        if covers:
            chains.put(net, fresh, request, place.time)
    number = [len(one) for one in at]
    return {
        "number": number,
        "load": [load[place] for place in range(len(state.load))],
        "busy": [
            bool(number[unit * net.slots + slot]) and bool(net.unit[unit].counts)
            for unit in range(len(net.unit))
            for slot in slots(net)
        ],
        "at": at,
        "ends": [ends[place] for place in range(len(at))],
        "total": [total[unit] for unit in range(len(net.unit))],
        "cost": [unit_cost(net, fresh, unit) for unit in range(len(net.unit))],
        "chain": [0] * len(state.request),
    }


def test_a_long_meeting_moves_when_others_wait_for_it() -> None:
    problem = builders.problem(
        slots=builders.slots(4),
        participants=(builders.host(), builders.host("K"), builders.guest("A"), builders.guest("B")),
        requests=(
            builders.request("long", "H", "A", length=2),
            builders.request("late", "K", "A", slots=frozenset({"S4"})),
        ),
    )
    begun = builders.at("long:S1:T1 late:S4:T2")

    better = Annealing(Facts(problem), Run(problem, 250, 1, 1), BAND).improve(begun)

    assert {one.request_id: one.slot_id for one in better} == {"long": "S2", "late": "S4"}


def test_long_meetings_change_places_with_two_short_ones() -> None:
    short = frozenset({"S3", "S4"})
    problem = builders.problem(
        requests=(
            builders.request("long", "H", "A", length=2, slots=short),
            builders.request("one", "H", "B"),
            builders.request("two", "H", "C"),
        ),
        participants=(builders.host(), builders.guest("A"), builders.guest("B"), builders.guest("C")),
    )
    begun = builders.at("one:S3:T1 two:S4:T1")

    placed = Annealing(Facts(problem), Run(problem, 250, 1, 1), BAND).improve(begun)

    assert {one.request_id: one.slot_id for one in placed}["long"] == "S3"
    assert len(placed) == 3


def test_nobody_gets_more_meetings_than_they_may_have() -> None:
    problem = event(Size(6, 20, 40, 12), seed=3)
    few = replace(problem, participants=tuple(replace(one, max_meetings=2) for one in problem.participants))

    meetings = annealed(few)

    assert codes(few, meetings) == set()
    assert len(meetings) == 12


@pytest.mark.parametrize("harder", [lambda one: one, lambda one: replace(one, capacity=2, transition=1, max_run=4)])
def test_compiled_and_plain_chains_give_the_same_timetable(
    harder: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = crowded(harder)
    monkeypatch.setattr("scheduling.annealing.CHUNK_COMPILED", 1_000)
    monkeypatch.setattr("scheduling.annealing.MOST_STEPS_COMPILED", 20_000)
    monkeypatch.setattr("scheduling.annealing.MOST_STEPS", 20_000)
    monkeypatch.setattr("scheduling.annealing.MOST_ROUNDS", 100)

    plain = annealed(problem)
    monkeypatch.setattr("scheduling.annealing.WORTH_COMPILING_LATER", 0)
    assert annealed(problem) == plain


def test_one_patient_round_alone_is_valid_and_repeats_itself() -> None:
    problem = event(Size(6, 24, 60, 12), seed=2)

    patient = annealed(problem, doublings=2)

    assert codes(problem, patient) == set()
    assert len(patient) == 60
    assert annealed(problem, doublings=2) == patient


def test_a_search_ends_where_nothing_better_is_asked_for() -> None:
    """What is proven to be the least is not searched beyond; the first timetable is mostly worse than the best."""
    problem = event(Size(6, 24, 60, 12), seed=2)

    first, best = (waiting(problem, annealed(problem, doublings=2, enough=enough)) for enough in (10_000, 0))

    assert first > best


def test_machine_code_counts_bits_as_python_does() -> None:
    numba = pytest.importorskip("numba")
    ones, width_of = compiled.instructions().values()
    both = numba.njit(lambda word: (ones(word), width_of(word)))

    for word in (0, 1, 2, 0b1011, (1 << 62) - 1, 1 << 61):
        assert both(word) == (bits.ones(word), bits.width_of(word))


def test_requests_are_laid_down_by_machine_code_where_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = event(Size(6, 24, 60, 12), seed=2)
    monkeypatch.setattr("scheduling.annealing.WORTH_COMPILING", 0)
    monkeypatch.setattr("scheduling.annealing.CHUNK_COMPILED", 1_000)
    at_once = annealed(problem)
    monkeypatch.undo()

    assert at_once == annealed(problem)


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_short_run_does_not_wait_for_the_compiler(monkeypatch: pytest.MonkeyPatch, is_kept: bool) -> None:
    problem = event(Size(6, 24, 60, 12), seed=2)
    asked = list[bool]()
    monkeypatch.setattr("scheduling.annealing.WORTH_COMPILING", 0)
    monkeypatch.setattr(compiled, "is_kept", lambda: asked.append(True) or is_kept)

    meetings = Annealing(Facts(problem), Run(problem, 30, 1, 1), BAND).improve(())

    assert (len(meetings), asked) == (60, [True])


@pytest.mark.parametrize("is_kept", [True, False])
def test_small_events_take_machine_code_where_it_lies_ready_and_stay_the_same(
    monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    problem, taken, kernel = crowded(lambda one: one), list[bool](), compiled.compiled_kernel
    monkeypatch.setattr("scheduling.annealing.WORTH_LOADING", 10**9)
    plain = annealed(problem)
    monkeypatch.setattr("scheduling.annealing.WORTH_LOADING", 0)
    monkeypatch.setattr(compiled, "is_kept", lambda: is_kept)
    monkeypatch.setattr(compiled, "compiled_kernel", lambda: taken.append(True) or kernel())

    assert (annealed(problem), taken) == (plain, [True] * is_kept)


def test_machine_code_loaded_for_a_first_round_serves_the_later_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = crowded(lambda one: one)
    annealed(problem, doublings=0)  # compiled by now
    monkeypatch.setattr("scheduling.annealing.WORTH_LOADING", 0)
    monkeypatch.setattr("scheduling.annealing.WORTH_COMPILING_LATER", 0)
    monkeypatch.setattr("scheduling.annealing.CHUNK_COMPILED", 1_000)
    monkeypatch.setattr("scheduling.annealing.MOST_STEPS_COMPILED", 20_000)

    assert codes(problem, annealed(problem)) == set()


def test_what_has_been_compiled_once_is_kept() -> None:
    annealed(crowded(lambda one: one), doublings=0)

    assert compiled.is_kept()


def test_without_the_compiler_large_events_are_made_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = event(Size(20, 150, 420, 24), seed=2)
    monkeypatch.setattr(compiled, "is_there", lambda: False)
    monkeypatch.setattr("scheduling.annealing.MOST_STEPS", 4_000)

    assert len(annealed(problem)) == 420


def test_the_same_seed_gives_the_same_timetable() -> None:
    problem = event(Size(6, 24, 60, 12), seed=2)

    assert annealed(problem, 5) == annealed(problem, 5)


def test_a_stop_before_the_start_leaves_what_was_there() -> None:
    problem = event(Size(6, 24, 60, 12), seed=2)
    first = annealed(problem)[:10]

    assert set(Annealing(Facts(problem), Run(problem, 0, 1, 1), BAND).improve(first)) == set(first)


def test_a_stop_is_heard_at_once_and_keeps_what_is_placed() -> None:
    problem = event(Size(6, 24, 60, 12), seed=2)
    looks = iter([False] * 3)
    run = Run(problem, 250, 1, 1, should_stop=lambda: next(looks, True))

    meetings = Annealing(Facts(problem), run, BAND).improve(())

    assert len(meetings) == 60
    assert run.was_stopped


def test_progress_is_told_while_the_search_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = event(Size(6, 24, 60, 12), seed=2)
    monkeypatch.setattr("scheduling.annealing.TELL_EVERY", 0.0)
    told = list[Progress]()
    run = Run(problem, 250, 1, 1, on_progress=told.append)

    meetings = Annealing(Facts(problem), run, BAND).improve(())

    assert {(one.placed, one.wanted) for one in told} == {(60, 60)}
    assert told[0].waiting > told[-1].waiting >= waiting(problem, meetings)


def test_nine_hundred_meetings_are_all_placed_and_nobody_waits() -> None:
    problem = event(Size(60, 300, 900, 24), seed=1)
    only_guests = replace(problem, goals=tuple(goal for goal in problem.goals if goal.band <= 40))

    solution = solve(only_guests, seconds=250)

    assert (solution.placed, waiting(problem, solution.meetings)) == (900, 0)
    assert solution.outcome is Outcome.OPTIMAL
    assert check(only_guests, solution.meetings) == ()

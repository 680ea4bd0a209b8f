"""Random tiny events, every rule switched on: the engine's timetable is the best of all that there are."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scheduling.bands import bands
from scheduling.check import check
from scheduling.engine import solve
from scheduling.problem import (
    DEFAULT_GOALS,
    Goal,
    GoalName,
    PairKind,
    PairRule,
    Participant,
    Problem,
    Request,
    Side,
    Subjects,
    Table,
)
from scheduling.solution import Meeting, Outcome
from scheduling.timetable import Ground, Timetable
from tests.scheduling.builders import slots

SLOTS, TABLES, HOSTS, GUESTS = ("S1", "S2", "S3"), ("T1", "T2"), ("H", "G"), ("A", "B")
GOALS = (*tuple(goal for goal in DEFAULT_GOALS if goal.band < 70), Goal(GoalName.LAST_SLOT, 60))
some_slots = st.frozensets(st.sampled_from(SLOTS), max_size=1)
maybe_slots = st.none() | st.frozensets(st.sampled_from(SLOTS), min_size=1)


@st.composite
def participants(draw: st.DrawFn, name: str, side: Side) -> Participant:
    limit = draw(st.sampled_from([None, None, 1, 2]))
    return Participant(
        name,
        side,
        capacity=draw(st.sampled_from([1, 1, 2])),
        capacity_at=draw(st.dictionaries(st.sampled_from(SLOTS), st.integers(0, 2), max_size=1)),
        home_tables=draw(st.sampled_from([frozenset(), frozenset(), frozenset({"T1"})])),
        features=draw(st.sampled_from([frozenset(), frozenset(), frozenset({"online"})])),
        people=draw(st.sampled_from([frozenset(), frozenset(), frozenset({"p"})])),
        unavailable=draw(some_slots),
        disliked=draw(some_slots),
        max_meetings=limit,
        min_meetings=draw(st.integers(0, 1)),
        max_run=draw(st.sampled_from([0, 0, 1, 2])),
        max_run_is_hard=draw(st.booleans()),
        transition=draw(st.sampled_from([0, 0, 0, 1])),
        is_from_far=draw(st.booleans()),
    )


@st.composite
def requests(draw: st.DrawFn, name: str) -> Request:
    both = (draw(st.sampled_from(HOSTS)), draw(st.sampled_from(GUESTS)))
    return Request(
        name,
        both + draw(st.sampled_from([(), (), ("O",)])),
        weight=draw(st.integers(0, 2)),
        is_mandatory=draw(st.sampled_from([False, False, True])),
        length=draw(st.sampled_from([1, 1, 2])),
        slots=draw(maybe_slots),
        people=draw(st.sampled_from([frozenset(), frozenset({"p"})])),
    )


@st.composite
def rules(draw: st.DrawFn) -> PairRule:
    kind = draw(st.sampled_from(PairKind))
    of_requests = kind is PairKind.BEFORE or draw(st.booleans())
    pairs = [("a", "b"), ("c", "a")] if of_requests else [("A", "B"), ("H", "G")]
    first, second = draw(st.sampled_from(pairs))
    subjects = Subjects.REQUESTS if of_requests else Subjects.PARTICIPANTS
    soft_tables = kind in (PairKind.NOT_ADJACENT_TABLES, PairKind.NOT_SAME_ROOM)
    return PairRule("P", kind, first, second, subjects, is_hard=soft_tables or draw(st.booleans()))


@st.composite
def events(draw: st.DrawFn) -> Problem:
    closed = draw(st.sampled_from([None, None, frozenset({"S1"}), frozenset({"S2", "S3"})]))
    everybody = [draw(participants(name, Side.HOST)) for name in HOSTS]
    everybody += [draw(participants(name, Side.GUEST)) for name in GUESTS]
    return Problem(
        slots=slots(3, pause_after=draw(st.integers(0, 2)), pause_minutes=draw(st.sampled_from([15, 60]))),
        tables=(
            Table("T1", "R", 1, features=frozenset({"online"})),
            Table("T2", draw(st.sampled_from("RQ")), 2, open_slots=closed),
        ),
        participants=(*everybody, Participant("O", Side.OTHER)),
        requests=tuple(draw(requests(name)) for name in "abc"),
        pair_rules=tuple(draw(st.lists(rules(), max_size=1))),
        goals=GOALS,
    )


def every_timetable(event: Problem) -> Iterator[tuple[Meeting, ...]]:
    """All sets of meetings that break no rule, grown request by request from those that fit so far."""
    grown: list[tuple[Meeting, ...]] = [()]
    for request in event.requests:
        places = [Meeting(request.id, slot, table) for slot in SLOTS for table in TABLES]
        grown += [(*some, place) for some in grown for place in places if not _clearly_broken(event, (*some, place))]
    return (some for some in grown if not check(event, some))


def _clearly_broken(event: Problem, meetings: tuple[Meeting, ...]) -> bool:
    """Broken by what no further meeting can mend: every rule here only gets stricter with more meetings."""
    return bool(check(event, meetings))


def cost(event: Problem, meetings: tuple[Meeting, ...]) -> tuple[int, ...]:
    timetable = Timetable(Ground(event), meetings)
    return tuple(band.cost(timetable) for band in bands(event))


@settings(
    max_examples=60, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(events())
def test_no_timetable_is_better_than_the_engines(event: Problem) -> None:
    solution = solve(event, seconds=30, workers=1)

    assert check(event, solution.meetings) == ()
    assert cost(event, solution.meetings) == min(cost(event, some) for some in every_timetable(event))
    assert solution.outcome in (Outcome.OPTIMAL, Outcome.INFEASIBLE)
    assert all(bill.bound == bill.value for bill in solution.bills)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(events(), st.data())
def test_replanning_disturbs_as_few_people_as_any_timetable(event: Problem, data: st.DataObject) -> None:
    everything = sorted(every_timetable(replace(event, requests=event.requests[:2])), key=len)
    published = data.draw(st.sampled_from(everything))
    changed = replace(event, previous=published)

    solution = solve(changed, seconds=30, workers=1)

    assert check(changed, solution.meetings) == ()
    assert cost(changed, solution.meetings) == min(cost(changed, some) for some in every_timetable(changed))

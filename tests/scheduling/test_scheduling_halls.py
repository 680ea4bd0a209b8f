"""Hall's condition on tables: what satisfies it can be seated, and what can be seated satisfies it."""

from itertools import permutations
from random import Random

import pytest

from scheduling.facts import Facts
from scheduling.halls import MOST_KINDS, hall_sets
from scheduling.problem import Problem, Table
from tests.scheduling.builders import guest, host, problem, request, slots

FEATURES = "abcdefghij"


def event(random: Random, features: int, tables: int) -> Problem:
    """One slot; each table has some of the features, each request needs some, all between different people."""
    offered = [frozenset(random.sample(FEATURES[:features], random.randint(0, features))) for _ in range(tables)]
    needed = [frozenset(random.sample(FEATURES[:features], random.randint(0, 2))) for _ in range(4)]
    return problem(
        slots=slots(1),
        tables=tuple(Table(f"T{n}", "R", n, features=has) for n, has in enumerate(offered)),
        participants=(*(host(f"H{n}") for n in range(4)), *(guest(f"G{n}") for n in range(4))),
        requests=tuple(request(f"r{n}", f"H{n}", f"G{n}", features=needs) for n, needs in enumerate(needed)),
    )


def can_be_seated(facts: Facts, requests: list[str]) -> bool:
    tables = [table.id for table in facts.problem.tables]
    return any(
        all(table in facts.tables[one] for one, table in zip(requests, chosen, strict=True))
        for chosen in permutations(tables, len(requests))
    )


def keeps_hall(facts: Facts, requests: list[str]) -> bool:
    return all(len(set(hall.requests).intersection(requests)) <= hall.tables[0] for hall in hall_sets(facts))


@pytest.mark.parametrize("seed", range(60))
def test_short_meetings_of_few_kinds_can_be_seated_exactly_when_the_condition_holds(seed: int) -> None:
    facts = Facts(event(Random(seed), 3, 4))
    requests = [name for name, tables in facts.tables.items() if tables]

    for number in range(len(requests) + 1):
        assert keeps_hall(facts, requests[:number]) == can_be_seated(facts, requests[:number])


def test_of_very_many_kinds_only_each_and_all_together_are_counted() -> None:
    """Every table lacks another feature, every request needs one: each kind overlaps every other."""
    names = FEATURES[: MOST_KINDS + 1]
    many = problem(
        slots=slots(1),
        tables=tuple(Table(f"T{one}", "R", n, frozenset(names) - {one}) for n, one in enumerate(names)),
        participants=(*(host(f"H{one}") for one in names), *(guest(f"G{one}") for one in names)),
        requests=tuple(request(one, f"H{one}", f"G{one}", features=frozenset(one)) for one in names),
    )

    halls = hall_sets(Facts(many))

    assert sorted((len(hall.requests), hall.tables) for hall in halls) == [(1, (8,))] * 9 + [(9, (9,))]

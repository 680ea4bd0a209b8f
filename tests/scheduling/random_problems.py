"""Random tiny events: every rule of the problem on its own, and many of them mixed. Same seed, same event."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from random import Random

from scheduling.faults import faults
from scheduling.problem import (
    DEFAULT_GOALS,
    Goal,
    GoalName,
    PairKind,
    PairRule,
    Participant,
    Person,
    Problem,
    Request,
    Room,
    Side,
    Slot,
    Subjects,
    Table,
)
from tests.scheduling.random_timetables import laid_out, scribbled

START = dt.datetime(2027, 1, 15, 9, 0, tzinfo=dt.UTC)
MOST_TIMETABLES = 30_000
Twist = Callable[[Random, Problem], Problem]


def tiny(kind: str, seed: int) -> Problem:
    """An event of 2-4 slots, 1-3 tables and 2-5 requests with the rule `kind` in it; one that has no faults."""
    random = Random(f"{kind} {seed}")
    while True:
        problem = KINDS[kind](random, plain(random))
        if not faults(problem):
            return problem


def plain(random: Random) -> Problem:
    """One or two hosts, two or three guests, meetings of two, no wishes."""
    hosts = [Participant(f"H{number}", Side.HOST) for number in range(random.randint(1, 2))]
    guests = [Participant(f"G{number}", Side.GUEST) for number in range(random.randint(2, 3))]
    slots, tables = random.randint(2, 4), random.randint(1, 3)
    requests = random.randint(2, 5)
    while (slots * tables + 1) ** requests > MOST_TIMETABLES:
        requests -= 1
    return Problem(
        slots=timeline(random, [5], slots),
        tables=tuple(Table(f"T{number}", "R", number) for number in range(tables)),
        participants=(*hosts, *guests),
        requests=tuple(
            Request(f"r{number}", (random.choice(hosts).id, random.choice(guests).id)) for number in range(requests)
        ),
    )


def timeline(random: Random, pauses: list[int], number: int) -> tuple[Slot, ...]:
    """Slots of 20 minutes, pauses drawn from those given; a new block after each pause of over 5 minutes."""
    slots, start, block = list[Slot](), START, 0
    for place in range(number):
        slots.append(Slot(f"S{place}", start, start + dt.timedelta(minutes=20), f"B{block}"))
        pause = random.choice(pauses)
        block += pause > 5
        start += dt.timedelta(minutes=20 + pause)
    return tuple(slots)


def _paused(random: Random, problem: Problem, pauses: list[int]) -> Problem:
    return replace(problem, slots=timeline(random, pauses, len(problem.slots)))


def _some(random: Random, things: tuple[str, ...], share: float = 0.4) -> frozenset[str]:
    return frozenset(one for one in things if random.random() < share)


def _slot_ids(problem: Problem) -> tuple[str, ...]:
    return tuple(slot.id for slot in problem.slots)


def _each_participant(problem: Problem, change: Callable[[Participant], Participant]) -> Problem:
    return replace(problem, participants=tuple(change(one) for one in problem.participants))


def _each_request(problem: Problem, change: Callable[[Request], Request]) -> Problem:
    return replace(problem, requests=tuple(change(one) for one in problem.requests))


def capacity(random: Random, problem: Problem) -> Problem:
    """Several meetings at once, changing over the day; now and then none."""

    def change(one: Participant) -> Participant:
        at = {slot: random.randint(0, 2) for slot in _some(random, _slot_ids(problem))}
        return replace(one, capacity=random.choice([1, 1, 2]), capacity_at=at)

    return _each_participant(problem, change)


def people(random: Random, problem: Problem) -> Problem:
    """Somebody attends for several participants or sits in, and is not always free."""
    known = tuple(Person(name, _some(random, _slot_ids(problem), 0.2)) for name in "pq")
    busy = _each_participant(
        replace(problem, people=known), lambda one: replace(one, people=_some(random, ("p", "q"), 0.3))
    )
    return _each_request(busy, lambda one: replace(one, people=_some(random, ("p", "q"), 0.2)))


def long_meetings(random: Random, problem: Problem) -> Problem:
    """Meetings of two or three slots."""
    return _each_request(problem, lambda one: replace(one, length=random.choice([1, 1, 2, 2, 3])))


def breaks(random: Random, problem: Problem) -> Problem:
    """Pauses that meetings do not run over, with some meetings of two slots."""
    paused = _paused(random, problem, [5, 15])
    return _each_request(paused, lambda one: replace(one, length=random.choice([1, 1, 1, 2])))


def long_breaks(random: Random, problem: Problem) -> Problem:
    """Pauses in which nobody waits."""
    return replace(_paused(random, problem, [5, 15, 60]), long_break_minutes=random.choice([45, 45, 10]))


def transitions(random: Random, problem: Problem) -> Problem:
    """Teams that walk after a meeting, some of which hold two at once."""

    def change(one: Participant) -> Participant:
        return replace(one, transition=random.choice([0, 0, 1, 2]), capacity=random.choice([1, 1, 2]))

    return _each_participant(_paused(random, problem, [5, 5, 15]), change)


def hard_rests(random: Random, problem: Problem) -> Problem:
    """A rest after so many slots of meetings, always."""
    paused = _paused(random, problem, [5, 5, 15])
    return _each_participant(paused, lambda one: replace(one, max_run=random.choice([0, 1, 1, 2])))


def soft_rests(random: Random, problem: Problem) -> Problem:
    """A rest after so many slots of meetings, if it can be had."""
    return _each_participant(
        hard_rests(random, problem), lambda one: replace(one, max_run_is_hard=random.random() < 0.2)
    )


def limits(random: Random, problem: Problem) -> Problem:
    """Least and greatest numbers of meetings."""

    def change(one: Participant) -> Participant:
        most = random.choice([None, None, 0, 1, 2])
        return replace(one, max_meetings=most, min_meetings=random.randint(0, 2 if most is None else most))

    return _each_participant(problem, change)


def features(random: Random, problem: Problem) -> Problem:
    """What tables have, and what participants and requests need."""
    offered = ("online", "private")
    equipped = replace(
        problem, tables=tuple(replace(table, features=_some(random, offered, 0.6)) for table in problem.tables)
    )
    wishing = _each_participant(equipped, lambda one: replace(one, features=_some(random, offered, 0.15)))
    return _each_request(wishing, lambda one: replace(one, features=_some(random, offered, 0.2)))


def openings(random: Random, problem: Problem) -> Problem:
    """Tables that are open for a part of the day; meetings of one or two slots."""
    slots = _slot_ids(problem)
    tables = tuple(
        replace(table, open_slots=random.choice([None, _some(random, slots, 0.6)])) for table in problem.tables
    )
    return _each_request(replace(problem, tables=tables), lambda one: replace(one, length=random.choice([1, 1, 2])))


def home_tables(random: Random, problem: Problem) -> Problem:
    """Participants who stay at certain tables."""
    tables = tuple(table.id for table in problem.tables)
    return _each_participant(problem, lambda one: replace(one, home_tables=_some(random, tables, 0.25)))


def rooms(random: Random, problem: Problem) -> Problem:
    """Two or three rooms, some of them far."""
    named = tuple(replace(table, room=random.choice("RQP")) for table in problem.tables)
    return replace(problem, tables=named, rooms=tuple(Room(one, random.randint(0, 3)) for one in "RQ"))


def locks(random: Random, problem: Problem) -> Problem:
    """Requests pinned to a slot, a table or both."""

    def change(one: Request) -> Request:
        slot = random.choice([None, None, *_slot_ids(problem)])
        table = random.choice([None, None, None, *(table.id for table in problem.tables)])
        return replace(one, lock_slot=slot, lock_table=table)

    return _each_request(problem, change)


def mandatory(random: Random, problem: Problem) -> Problem:
    """Requests that come before all others."""
    return _each_request(problem, lambda one: replace(one, is_mandatory=random.random() < 0.4))


def weights(random: Random, problem: Problem) -> Problem:
    """Requests that are worth more than others, or nothing, where not everybody is there all the time."""
    problem = absences(random, problem) if random.random() < 0.3 else problem
    return _each_request(problem, lambda one: replace(one, weight=random.choice([0, 1, 2, 5])))


def wanted_times(random: Random, problem: Problem) -> Problem:
    """Requests for certain slots or blocks."""
    paused = _paused(random, problem, [5, 15])
    blocks = tuple(dict.fromkeys(slot.block for slot in paused.slots))

    def change(one: Request) -> Request:
        chosen = random.choice([None, _some(random, _slot_ids(paused), 0.6)])
        return replace(one, slots=chosen, blocks=random.choice([None, None, _some(random, blocks, 0.7)]))

    return _each_request(paused, change)


def absences(random: Random, problem: Problem) -> Problem:
    """Slots in which somebody is away, comes late or leaves early."""

    def change(one: Participant) -> Participant:
        slot = random.choice(problem.slots)
        return replace(
            one,
            unavailable=_some(random, _slot_ids(problem), 0.25),
            arrives=random.choice([None, None, slot.start, slot.start + dt.timedelta(minutes=1)]),
            leaves=random.choice([None, None, problem.slots[-1].end, slot.end]),
        )

    return _each_participant(problem, change)


def disliked(random: Random, problem: Problem) -> Problem:
    """Slots that somebody would rather not have."""
    return _each_participant(problem, lambda one: replace(one, disliked=_some(random, _slot_ids(problem))))


def from_far(random: Random, problem: Problem) -> Problem:
    """Some want their day to be short, over all breaks."""
    paused = _paused(random, problem, [5, 60])
    return _each_participant(paused, lambda one: replace(one, is_from_far=random.random() < 0.5))


def three_parties(random: Random, problem: Problem) -> Problem:
    """Meetings of three or four, one of whom is neither host nor guest."""
    wider = replace(problem, participants=(*problem.participants, Participant("O", Side.OTHER)))
    names = [one.id for one in wider.participants]

    def change(one: Request) -> Request:
        more = random.sample(names, random.choice([0, 1, 1, 2]))
        return replace(one, participants=tuple(dict.fromkeys((*one.participants, *more))))

    return _each_request(wider, change)


def fair_waiting(random: Random, problem: Problem) -> Problem:
    """Guests' numbers of idle periods may not lie far apart."""
    roomy = absences(random, problem) if random.random() < 0.5 else problem
    return replace(roomy, max_idle_difference=random.choice([0, 0, 1]))


def _pairs(kind: PairKind, random: Random, problem: Problem, *, hard: float) -> Problem:
    rules = []
    for number in range(random.randint(1, 2)):
        subjects = random.choice([Subjects.REQUESTS, Subjects.PARTICIPANTS])
        if kind is PairKind.BEFORE:
            subjects = Subjects.REQUESTS
        things = problem.requests if subjects is Subjects.REQUESTS else problem.participants
        first, second = random.sample([one.id for one in things], 2)
        hosts = [one.id for one in problem.participants if one.id not in (first, second)]
        is_at_one = kind is PairKind.NOT_BACK_TO_BACK and subjects is Subjects.PARTICIPANTS and random.random() < 0.4
        rules.append(
            PairRule(
                f"P{len(problem.pair_rules) + number}",
                kind,
                first,
                second,
                subjects,
                host=random.choice(hosts) if is_at_one and hosts else "",
                is_hard=random.random() < hard,
                weight=random.choice([1, 1, 3]),
            )
        )
    return replace(problem, pair_rules=(*problem.pair_rules, *rules))


def _pair_twist(kind: PairKind, *, hard: float) -> Twist:
    def twist(random: Random, problem: Problem) -> Problem:
        many = capacity(random, problem) if random.random() < 0.3 else problem
        placed = rooms(random, many) if random.random() < 0.5 else many
        return _pairs(kind, random, placed, hard=hard)

    return twist


def published(random: Random, problem: Problem) -> Problem:
    """A timetable that was published before; something has changed since, sometimes so that it no longer holds."""
    many = people(random, problem) if random.random() < 0.3 else problem
    before = replace(many, previous=scribbled(random, many) if random.random() < 0.2 else laid_out(random, many))
    change = random.choice([absences, limits, openings, weights, mandatory, long_breaks])
    return change(random, before)


def frozen(random: Random, problem: Problem) -> Problem:
    """Some of the published meetings have begun and stay where they are."""
    before = published(random, problem)
    return replace(before, frozen=_some(random, tuple(one.request_id for one in before.previous), 0.5))


def own_goals(random: Random, problem: Problem) -> Problem:
    """Goals in bands of the event's own choosing, over an event with several wishes."""
    wishing = problem
    for twist in random.sample(
        [disliked, soft_rests, from_far, limits, rooms, absences, published, weights, mandatory], 4
    ):
        wishing = twist(random, wishing)
    names = random.sample([name for name in GoalName if name is not GoalName.WEIGHT_UNPLACED], random.randint(1, 6))
    bands = [10, 20, 30, 40, 50, 60, 70]
    goals = [Goal(name, random.choice(bands), random.choice([1, 1, 2, 3])) for name in names]
    return replace(wishing, goals=(*goals, Goal(GoalName.WEIGHT_UNPLACED, random.choice(bands), random.randint(1, 2))))


def own_seat_goals(random: Random, problem: Problem) -> Problem:
    """Goals about tables anywhere among the bands, where tables are of many kinds."""
    wishing = rooms(random, problem)
    for twist in random.sample([openings, home_tables, features, absences], 2):
        wishing = twist(random, wishing)
    ruled = _pairs(random.choice([PairKind.NOT_SAME_ROOM, PairKind.NOT_ADJACENT_TABLES]), random, wishing, hard=0.1)
    seats = [GoalName.SOFT_TABLE_RULES, GoalName.HOST_TABLE_CHANGES, GoalName.GUEST_ROOM_CHANGES]
    times = [GoalName.WEIGHT_UNPLACED, GoalName.GUEST_IDLE_SLOTS, GoalName.HOST_IDLE_SLOTS, GoalName.LAST_SLOT]
    names = [*random.sample(seats, 2), GoalName.WEIGHT_UNPLACED, *random.sample(times[1:], 2)]
    return replace(
        ruled, goals=tuple(Goal(name, random.choice([10, 20, 30, 40]), random.randint(1, 3)) for name in names)
    )


def early_end(random: Random, problem: Problem) -> Problem:
    """The event would like to be over early."""
    return replace(problem, goals=(*DEFAULT_GOALS, Goal(GoalName.LAST_SLOT, random.choice([25, 45, 60]))))


def mixed(random: Random, problem: Problem) -> Problem:
    """Several rules at once."""
    names = [name for name in KINDS if name not in ("plain", "mixed", "own_goals", "own_seat_goals")]
    for name in random.sample(names, random.randint(2, 7)):
        problem = KINDS[name](random, problem)
    return problem


KINDS: dict[str, Twist] = {
    "plain": lambda random, problem: problem,
    "capacity": capacity,
    "people": people,
    "long_meetings": long_meetings,
    "breaks": breaks,
    "long_breaks": long_breaks,
    "transitions": transitions,
    "hard_rests": hard_rests,
    "soft_rests": soft_rests,
    "limits": limits,
    "features": features,
    "openings": openings,
    "home_tables": home_tables,
    "rooms": rooms,
    "locks": locks,
    "mandatory": mandatory,
    "weights": weights,
    "wanted_times": wanted_times,
    "absences": absences,
    "disliked": disliked,
    "from_far": from_far,
    "three_parties": three_parties,
    "fair_waiting": fair_waiting,
    **{f"{kind}_hard": _pair_twist(kind, hard=1) for kind in PairKind},
    **{f"{kind}_soft": _pair_twist(kind, hard=0.2) for kind in PairKind},
    "published": published,
    "frozen": frozen,
    "early_end": early_end,
    "own_goals": own_goals,
    "own_seat_goals": own_seat_goals,
    "mixed": mixed,
}
"""By name: what turns a plain event into one with that rule."""

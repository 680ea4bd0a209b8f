"""Kempe-chain annealing on plain numbers: swaps two slots along the chain of meetings that this forces.

Everything works on nested sequences of integers, so that the same text runs as it stands on lists and, compiled,
on arrays. A *unit* is a participant or a person; `at[unit]` lists its requests, `width` places for each slot; the
tallies `more_here`, `more_there` say how a chain changes a unit's number of meetings in the two slots.
"""

import math
from typing import NamedTuple

Ints = list[int]  # or an array
Grid = list[list[int]]  # or a two-dimensional array

NOWHERE = -1
TOGETHER, TOUCHING, BEFORE, AFTER = 0, 1, 2, 3
FORBIDDEN = 1 << 20  # the price of a broken hard rule: never accepted


class Net(NamedTuple):
    """What does not change during a search."""

    slots: int
    width: int
    row: Ints
    stretch: Ints
    units_first: Ints  # request -> its part of `units`
    units: Ints
    starts_first: Ints  # request -> its part of `starts`
    starts: Ints
    allowed: Grid  # request, slot -> 0 or 1
    limit: Grid  # unit, slot -> meetings at the same time
    halls_first: Ints  # request -> its part of `halls`
    halls: Ints
    hall_limit: Grid  # hall set, slot -> tables
    pairs_first: Ints  # request -> its part of the three lists of pair rules
    pair_other: Ints
    pair_kind: Ints
    pair_price: Ints
    price_slot: Ints  # unit -> price of an idle slot
    price_period: Ints  # unit -> price of an idle period
    price_far: Ints
    longest: Ints  # unit -> slots in a row before a rest, 0 = no limit
    price_rest: Ints
    price_dislike: Grid  # unit, slot


class State(NamedTuple):
    """Where every request lies, and the books kept about it."""

    time: Ints
    at: Grid
    number: Grid  # unit, slot -> meetings
    load: Grid  # hall set, slot -> meetings
    cost: Ints  # unit
    chain: Ints
    origin: Ints  # place in the chain -> slot before
    fresh: Ints  # unit -> its cost after the chain, NOWHERE = not looked at
    is_in: Ints  # request -> 1 while it belongs to the chain
    more_here: Ints
    more_there: Ints
    hall_there: Ints
    hall_here: Ints
    random: Ints  # one number


def draw(state: State, below: int) -> int:
    """A number from 0 to below - 1; a linear congruence, so that compiled and plain runs agree."""
    state.random[0] = (state.random[0] * 1103515245 + 12345) & 0x7FFFFFFF
    return (state.random[0] >> 8) % below


def unit_cost(net: Net, state: State, unit: int) -> int:
    """Idle slots and periods, missed rests and disliked slots of one unit, priced."""
    number, dislike = state.number[unit], net.price_dislike[unit]
    cost, first, last, run, busy = 0, NOWHERE, NOWHERE, 0, 0
    for slot in range(net.slots):
        if number[slot] > 0:
            if last != NOWHERE and slot - last > 1 and net.stretch[slot] == net.stretch[last]:
                cost += net.price_slot[unit] * (slot - last - 1) + net.price_period[unit]
            run = run + 1 if last != NOWHERE and slot - last == 1 and net.row[slot] == net.row[last] else 1
            if net.longest[unit] > 0 and run > net.longest[unit]:
                cost += net.price_rest[unit]
            cost += dislike[slot]
            busy += 1
            last = slot
            if first == NOWHERE:
                first = slot
    if busy > 0:
        cost += net.price_far[unit] * (last - first + 1 - busy)
    return cost


def clash(net: Net, kind: int, mine: int, other: int) -> bool:
    """Whether two starts break a pair rule of this kind, seen from the first."""
    if mine == NOWHERE or other == NOWHERE:
        return False
    if kind == TOGETHER:
        return mine == other
    if kind == TOUCHING:
        return abs(mine - other) == 1 and net.stretch[mine] == net.stretch[other]
    return mine >= other if kind == BEFORE else mine <= other


def pair_cost(net: Net, state: State, length: int) -> int:
    """Twice the price of the broken pair rules of the requests in the chain."""
    cost = 0
    for place in range(length):
        request = state.chain[place]
        mine = state.time[request]
        for index in range(net.pairs_first[request], net.pairs_first[request + 1]):
            other = net.pair_other[index]
            if clash(net, net.pair_kind[index], mine, state.time[other]):
                cost += net.pair_price[index] * (1 if state.is_in[other] else 2)
    return cost


def put(net: Net, state: State, request: int, slot: int) -> None:
    for index in range(net.units_first[request], net.units_first[request + 1]):
        unit = net.units[index]
        state.at[unit][slot * net.width + state.number[unit][slot]] = request
        state.number[unit][slot] += 1
    for index in range(net.halls_first[request], net.halls_first[request + 1]):
        state.load[net.halls[index]][slot] += 1
    state.time[request] = slot


def take(net: Net, state: State, request: int) -> None:
    slot = state.time[request]
    for index in range(net.units_first[request], net.units_first[request + 1]):
        unit = net.units[index]
        at, last = state.at[unit], slot * net.width + state.number[unit][slot] - 1
        place = slot * net.width
        while at[place] != request:
            place += 1
        at[place] = at[last]
        state.number[unit][slot] -= 1
    for index in range(net.halls_first[request], net.halls_first[request + 1]):
        state.load[net.halls[index]][slot] -= 1
    state.time[request] = NOWHERE


def join(net: Net, state: State, request: int, length: int, there: int) -> int:
    """Add a request to the chain and keep the tallies; returns the new length."""
    state.chain[length] = request
    state.is_in[request] = 1
    comes = 1 if state.time[request] != there else -1
    leaves = 0 if state.time[request] == NOWHERE else 1
    for index in range(net.units_first[request], net.units_first[request + 1]):
        state.more_there[net.units[index]] += comes
        state.more_here[net.units[index]] -= comes * leaves
    for index in range(net.halls_first[request], net.halls_first[request + 1]):
        state.hall_there[net.halls[index]] += comes
        state.hall_here[net.halls[index]] -= comes * leaves
    return length + 1


def forget(net: Net, state: State, length: int) -> None:
    for place in range(length):
        request = state.chain[place]
        state.is_in[request] = 0
        for index in range(net.units_first[request], net.units_first[request + 1]):
            state.more_there[net.units[index]] = 0
            state.more_here[net.units[index]] = 0
        for index in range(net.halls_first[request], net.halls_first[request + 1]):
            state.hall_there[net.halls[index]] = 0
            state.hall_here[net.halls[index]] = 0


def pushed(net: Net, state: State, unit: int, slot: int) -> int:
    """A meeting of the unit in the slot that is not yet in the chain, chosen at random."""
    number = state.number[unit][slot]
    skip = draw(state, number) if number > 1 else 0
    for offset in range(number):
        request = state.at[unit][slot * net.width + (skip + offset) % number]
        if state.is_in[request] == 0:
            return request
    return NOWHERE


def build(net: Net, state: State, request: int, here: int, there: int, longest: int) -> int:
    """The chain that moving the request forces; its length, negative when some rule stops it."""
    length, done = join(net, state, request, 0, there), 0
    while done < length:
        mover = state.chain[done]
        done += 1
        target = there if state.time[mover] != there else here
        if net.allowed[mover][target] == 0:
            return -length
        more = state.more_there if target == there else state.more_here
        for index in range(net.units_first[mover], net.units_first[mover + 1]):
            unit = net.units[index]
            while state.number[unit][target] + more[unit] > net.limit[unit][target]:
                victim = pushed(net, state, unit, target)
                if victim == NOWHERE or length >= longest:
                    return -length
                length = join(net, state, victim, length, there)
    return length if tables_suffice(net, state, length, here, there) else -length


def tables_suffice(net: Net, state: State, length: int, here: int, there: int) -> bool:
    for place in range(length):
        mover = state.chain[place]
        for index in range(net.halls_first[mover], net.halls_first[mover + 1]):
            hall = net.halls[index]
            if state.load[hall][there] + state.hall_there[hall] > net.hall_limit[hall][there]:
                return False
            if state.load[hall][here] + state.hall_here[hall] > net.hall_limit[hall][here]:
                return False
    return True


def apply(net: Net, state: State, length: int, here: int, there: int) -> None:
    """Move every request of the chain to its other slot and remember where it came from."""
    for place in range(length):
        request = state.chain[place]
        state.origin[place] = state.time[request]
        if state.time[request] != NOWHERE:
            take(net, state, request)
    for place in range(length):
        put(net, state, state.chain[place], here if state.origin[place] == there else there)


def undo(net: Net, state: State, length: int) -> None:
    for place in range(length):
        take(net, state, state.chain[place])
    for place in range(length):
        if state.origin[place] != NOWHERE:
            put(net, state, state.chain[place], state.origin[place])


def difference(net: Net, state: State, length: int) -> int:
    """How much dearer the units of the chain have become; their new costs go to `fresh`."""
    total = 0
    for place in range(length):
        request = state.chain[place]
        for index in range(net.units_first[request], net.units_first[request + 1]):
            unit = net.units[index]
            if state.fresh[unit] == NOWHERE:
                state.fresh[unit] = unit_cost(net, state, unit)
                total += state.fresh[unit] - state.cost[unit]
    return total


def settle(net: Net, state: State, length: int, keep: int) -> None:
    """Take the fresh costs over, or forget them."""
    for place in range(length):
        request = state.chain[place]
        for index in range(net.units_first[request], net.units_first[request + 1]):
            unit = net.units[index]
            if keep and state.fresh[unit] != NOWHERE:
                state.cost[unit] = state.fresh[unit]
            state.fresh[unit] = NOWHERE


def attempt(net: Net, state: State, request: int, here: int, there: int, longest: int, heat: float) -> int:
    """Try one chain at this temperature; the change of the cost, or FORBIDDEN when it was not made."""
    length = build(net, state, request, here, there, longest)
    if length < 0:
        forget(net, state, -length)
        return FORBIDDEN
    before = pair_cost(net, state, length)
    apply(net, state, length, here, there)
    change = difference(net, state, length) + (pair_cost(net, state, length) - before) // 2
    luck = (draw(state, 1 << 20) + 1) / (1 << 20)
    accepted = change <= 0 or (change < FORBIDDEN // 2 and luck < math.exp(-change / heat))
    settle(net, state, length, 1 if accepted else 0)
    if not accepted:
        undo(net, state, length)
    forget(net, state, length)
    return change if accepted else FORBIDDEN


def insert(net: Net, state: State, request: int, tries: int, heat: float) -> bool:
    """Give an unplaced request a slot along an alternating chain."""
    first, end = net.starts_first[request], net.starts_first[request + 1]
    for _ in range(tries if end > first else 0):
        there = net.starts[first + draw(state, end - first)]
        here = draw(state, net.slots)
        if here != there and attempt(net, state, request, here, there, len(state.chain), heat) < FORBIDDEN:
            return True
    return False


def total_cost(net: Net, state: State) -> int:
    """What all units and all broken pair rules cost."""
    units, pairs = 0, 0
    for unit in range(len(state.cost)):
        units += state.cost[unit]
    for request in range(len(state.time)):
        for index in range(net.pairs_first[request], net.pairs_first[request + 1]):
            if clash(net, net.pair_kind[index], state.time[request], state.time[net.pair_other[index]]):
                pairs += net.pair_price[index]
    return units + pairs // 2


def anneal(net: Net, state: State, best: Ints, steps: int, hot: float, cold: float, start: int, least: int) -> int:
    """`steps` tries from `hot` down to `cold`; the lower cost of before and after, its times in `best`."""
    requests, now = len(best), start
    cooling = math.log(cold / hot) / steps
    for step in range(steps):
        request = draw(state, requests)
        here = state.time[request]
        first, end = net.starts_first[request], net.starts_first[request + 1]
        if here == NOWHERE or end - first < 2:
            continue
        there = net.starts[first + draw(state, end - first)]
        if there == here:
            continue
        change = attempt(net, state, request, here, there, len(state.chain), hot * math.exp(cooling * step))
        if change < FORBIDDEN:
            now += change
            if now == 0:
                break
    if now < least:
        for one in range(requests):
            best[one] = state.time[one]
    return min(now, least)

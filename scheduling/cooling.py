"""Which chains are tried, and how much they may cost while the heat goes down."""

import math

from scheduling.books import NOWHERE, Ints, Net, State, draw
from scheduling.chains import attempt, clash, is_open
from scheduling.paths import attempt_path
from scheduling.waiting import FORBIDDEN, idle

LONGEST_CHAIN = 40  # requests; whoever moves more at once hardly ever gains
NEAR, ANYWHERE = 5, 8  # so many of so many aims lie beside another meeting of the same people
LUCK = 1 << 20
GENTLE = 5  # one in so many tries to lay an unplaced request down has to be cheap
ANYTHING_GOES = 1e15  # a chain that may cost so much is only held back by hard rules


def choose(net: Net, state: State) -> int:
    """A request to move: as often one of somebody who waits as any at all."""
    if state.desk[0].waiting > 0 and draw(state, 2) == 0:
        unit = state.waiting[draw(state, state.desk[0].waiting)]
        first = net.unit[unit].of
        return net.of[first + draw(state, net.unit[unit].of_end - first)]
    return draw(state, len(state.request))


def aim(net: Net, state: State, request: int) -> int:
    """A slot for the request: mostly right beside another meeting of its people, else any; NOWHERE = none found."""
    first = net.request[request].waiters
    number = net.request[request].waiters_end - first
    if number > 0 and draw(state, ANYWHERE) < NEAR:
        unit = net.waiters[first + draw(state, number)]
        begin = net.unit[unit].of
        other = net.of[begin + draw(state, net.unit[unit].of_end - begin)]
        if other != request and state.request[other].time != NOWHERE:
            return beside(net, state, request, other)
    begin = net.request[request].starts
    return net.starts[begin + draw(state, net.request[request].starts_number)]


def beside(net: Net, state: State, request: int, other: int) -> int:
    """Right before or right after the other request, if the first may lie there."""
    before = draw(state, 2) == 0
    slot = state.request[other].time + (-net.request[request].length if before else net.request[other].length)
    if slot < 0 or slot >= net.slots:
        return NOWHERE
    return slot if is_open(net, request, slot) else NOWHERE


def stretch_out(net: Net, state: State, request: int, here: int, there: int) -> bool:
    """Set the two stretches to be swapped, as long as the request, or longer where others are; whether they exist."""
    wide = net.request[request].length
    if net.widest > wide:
        wide += draw(state, net.widest - wide + 1)
        offset = draw(state, wide - net.request[request].length + 1)
        here -= offset
        there -= offset
    state.desk[0].here, state.desk[0].there, state.desk[0].wide = here, there, wide
    return here != there and min(here, there) >= 0 and max(here, there) + wide <= net.slots


def move(net: Net, state: State, request: int, bear: float) -> int:
    """Try to move a request that has a place; the change of the cost, FORBIDDEN when nothing was done."""
    here = state.request[request].time
    there = aim(net, state, request)
    if there == NOWHERE or not stretch_out(net, state, request, here, there):
        return FORBIDDEN
    state.desk[0].longest = LONGEST_CHAIN
    return change_by(net, state, request, there, bear)


def change_by(net: Net, state: State, request: int, target: int, bear: float) -> int:
    """Try a chain in the way that suits the event."""
    if net.is_plain != 0:
        return attempt_path(net, state, request, target, bear)
    return attempt(net, state, request, target, bear)


def insert(net: Net, state: State, requests: Ints, begin: int, end: int, tries: int, bear: float) -> None:
    """Give those of requests[begin:end] that have no place a slot, for up to `bear` if that is to be had."""
    state.desk[0].longest = len(state.request)
    for index in range(begin, end):
        request = requests[index]
        may_lie = state.request[request].time == NOWHERE and has_room(net, state, request)
        if may_lie and not find_slot(net, state, request, tries // GENTLE, bear):
            find_slot(net, state, request, tries, ANYTHING_GOES)


def has_room(net: Net, state: State, request: int) -> bool:
    """Whether nobody who attends has as many meetings as they may have."""
    for index in range(net.request[request].units, net.request[request].units_end):
        if state.unit[net.units[index]].total >= net.unit[net.units[index]].most:
            return False
    return net.request[request].starts_number > 0


def find_slot(net: Net, state: State, request: int, tries: int, bear: float) -> bool:
    """Lay an unplaced request down along an alternating chain."""
    for _ in range(tries):
        there, here = aim(net, state, request), draw(state, net.slots)
        is_fit = there != NOWHERE and stretch_out(net, state, request, here, there)
        if is_fit and change_by(net, state, request, there, bear) < FORBIDDEN:
            return True
    return False


def total_cost(net: Net, state: State) -> int:
    """What all units and all broken pair rules cost."""
    units, pairs = 0, 0
    for unit in range(len(state.unit)):
        units += state.unit[unit].cost
    for request in range(len(state.request)):
        for index in range(net.request[request].pairs, net.request[request].pairs_end):
            other = net.pair[index].other
            mine, their = state.request[request].time, state.request[other].time
            mine_end, their_end = mine + net.request[request].length, their + net.request[other].length
            if clash(net, net.pair[index].kind, mine, mine_end, their, their_end):
                pairs += net.pair[index].price
    return units + pairs // 2


def guests_wait(net: Net, state: State) -> int:
    """Idle slots of all guests."""
    total = 0
    for unit in range(len(state.unit)):
        if net.unit[unit].is_guest != 0:
            total += idle(net, state, unit)[0]
    return total


def anneal(net: Net, state: State, steps: int, heat: float, floor: int) -> None:
    """`steps` tries at one heat, fewer once the cost is down to `floor`.

    Simulated annealing (Kirkpatrick, Gelatt and Vecchi, Science 220, 1983): a change that costs d is made with the
    probability exp(-d / heat). Drawing first how much a try may cost comes to the same and lets a chain end early.
    """
    now = total_cost(net, state)
    for _ in range(steps):
        if now <= floor:
            break
        request = choose(net, state)
        if state.request[request].time != NOWHERE and net.request[request].starts_number > 1:
            bear = -heat * math.log((draw(state, LUCK) + 1) / LUCK)
            change = move(net, state, request, bear)
            if change < FORBIDDEN:
                now += change

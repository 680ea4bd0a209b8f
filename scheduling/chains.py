"""Kempe chains: swaps two stretches of time along the chain of meetings that this forces, keeping every hard rule.

Meetings are edges between hosts and guests, slots their colours. Swapping two colours along an alternating chain is
Kempe's argument (1879); that it always finds a colour where only two sides and their numbers count is König's (1916).
"""

from scheduling.books import NOWHERE, Net, State, draw, enter, mark, shift
from scheduling.waiting import FORBIDDEN, unit_cost

TOGETHER, TOUCHING, BEFORE, AFTER = 0, 1, 2, 3


def put(net: Net, state: State, request: int, slot: int) -> None:
    """Lay down a request that has no place, whatever that costs."""
    shift(net, state, request, slot, 1)
    mark(net, state, request, slot)
    enter(net, state, request, slot, NOWHERE, request)
    state.request[request].time = slot
    count(net, state, request, 1)
    for index in range(net.request[request].units, net.request[request].units_end):
        charge(net, state, net.units[index], unit_cost(net, state, net.units[index]))


def count(net: Net, state: State, request: int, by: int) -> None:
    """One meeting more or fewer for everybody in the request."""
    for index in range(net.request[request].units, net.request[request].units_end):
        state.unit[net.units[index]].total += by


def charge(net: Net, state: State, unit: int, cost: int) -> None:
    """A unit's new cost; the list of those who wait follows."""
    if state.unit[unit].cost == 0 and cost > 0:
        state.waiting[state.desk[0].waiting] = unit
        state.unit[unit].waiting_at = state.desk[0].waiting
        state.desk[0].waiting += 1
    elif state.unit[unit].cost > 0 and cost == 0:
        state.desk[0].waiting -= 1
        last = state.waiting[state.desk[0].waiting]
        state.waiting[state.unit[unit].waiting_at] = last
        state.unit[last].waiting_at = state.unit[unit].waiting_at
        state.unit[unit].waiting_at = NOWHERE
    state.unit[unit].cost = cost


def clash(net: Net, kind: int, mine: int, my_end: int, other: int, other_end: int) -> bool:
    """Whether two meetings break a pair rule of this kind, seen from the first; ends are half open."""
    if mine < 0 or other < 0:
        return False
    if kind == TOGETHER:
        return mine < other_end and other < my_end
    if kind == TOUCHING:
        one = my_end == other and net.slot[my_end - 1].stretch == net.slot[other].stretch
        return one or (other_end == mine and net.slot[other_end - 1].stretch == net.slot[mine].stretch)
    return my_end > other if kind == BEFORE else other_end > mine


def pair_change(net: Net, state: State) -> int:
    """How much dearer the chain makes the pair rules of its requests."""
    change = 0
    for place in range(state.desk[0].length):
        mine = state.chain[place]
        size = net.request[mine].length
        was, comes = state.request[mine].time, state.request[mine].target
        for index in range(net.request[mine].pairs, net.request[mine].pairs_end):
            other, kind = net.pair[index].other, net.pair[index].kind
            their = net.request[other].length
            old, new = state.request[other].time, state.request[other].time
            if state.request[other].is_in != 0:
                new = state.request[other].target
            is_broken = clash(net, kind, comes, comes + size, new, new + their)
            if is_broken != clash(net, kind, was, was + size, old, old + their):
                price = net.pair[index].price * (1 if state.request[other].is_in != 0 else 2)
                change += price if is_broken else -price
    return change // 2


def join(net: Net, state: State, request: int, target: int) -> None:
    """Add a request to the chain."""
    state.chain[state.desk[0].length] = request
    state.desk[0].length += 1
    place = state.request[request]
    place.is_in = 1
    place.target = target
    if place.time != NOWHERE:
        shift(net, state, request, place.time, -1)
    shift(net, state, request, target, 1)


def forget(net: Net, state: State) -> None:
    """The books as they were without the chain."""
    for index in range(state.desk[0].length):
        request = state.chain[index]
        place = state.request[request]
        place.is_in = 0
        shift(net, state, request, place.target, -1)
        if place.time != NOWHERE:
            shift(net, state, request, place.time, 1)


def refresh(net: Net, state: State) -> None:
    """Bring the bits in line with the numbers, with the chain or, when it is forgotten, without."""
    for index in range(state.desk[0].length):
        request = state.chain[index]
        mark(net, state, request, state.request[request].target)
        if state.request[request].time != NOWHERE:
            mark(net, state, request, state.request[request].time)


def pushed(net: Net, state: State, unit: int, slot: int) -> int:
    """A meeting of the unit in the slot that is not yet in the chain, chosen at random."""
    skip = draw(state, net.width) if net.width > 1 else 0
    for offset in range(net.width):
        request = state.at[(unit * net.slots + slot) * net.width + (skip + offset) % net.width]
        if request != NOWHERE and state.request[request].is_in == 0:
            return request
    return NOWHERE


def counterpart(net: Net, state: State, request: int) -> int:
    """Where the swap of two stretches of time takes the request; NOWHERE = it may not lie there or is cut in two."""
    desk, time, target = state.desk[0], state.request[request].time, NOWHERE
    end = time + net.request[request].length
    if desk.here <= time and end <= desk.here + desk.wide:
        target = time + desk.there - desk.here
    elif desk.there <= time and end <= desk.there + desk.wide:
        target = time + desk.here - desk.there
    return target if target != NOWHERE and is_open(net, request, target) else NOWHERE


def is_open(net: Net, request: int, slot: int) -> bool:
    """Whether the facts let the request start in the slot: one bit of its row."""
    return net.open[request * net.words + net.slot[slot].word] & net.slot[slot].bit != 0


def is_overfull(net: Net, state: State, unit: int, request: int) -> bool:
    """Whether the unit has others where the request goes, who must make room."""
    first = unit * net.slots + state.request[request].target
    for place in range(first, first + net.request[request].length):  # noqa: SIM110 - generators do not compile
        if state.number[place] > net.limit[place]:
            return True
    return False


def pushes(net: Net, state: State, request: int) -> bool:
    """Whether the request that begins a chain needs others to make room."""
    for index in range(net.request[request].units, net.request[request].units_end):
        if is_overfull(net, state, net.units[index], request):
            return True
    return False


def glance(net: Net, state: State, request: int) -> int:
    """What the request that begins a chain costs those of its people who need no room made."""
    change = 0
    refresh(net, state)
    for index in range(net.request[request].waiters, net.request[request].waiters_end):
        unit = net.waiters[index]
        if not is_overfull(net, state, unit, request):
            change += unit_cost(net, state, unit) - state.unit[unit].cost
    return change


def build(net: Net, state: State) -> bool:
    """Let the request that begins the chain push others as needed; False when some rule stops it."""
    done = 0
    while done < state.desk[0].length:
        mover = state.chain[done]
        target = state.request[mover].target
        done += 1
        for index in range(net.request[mover].units, net.request[mover].units_end):
            unit = net.units[index]
            for slot in range(target, target + net.request[mover].length):
                place = unit * net.slots + slot
                while state.number[place] > net.limit[place]:
                    if not push(net, state, unit, slot):
                        return False
    return True


def push(net: Net, state: State, unit: int, slot: int) -> bool:
    """One of the unit's meetings in the slot joins the chain, if there is one that may move."""
    victim = pushed(net, state, unit, slot)
    if victim == NOWHERE or state.desk[0].length >= state.desk[0].longest:
        return False
    target = counterpart(net, state, victim)
    if target == NOWHERE:
        return False
    join(net, state, victim, target)
    return True


def tables_suffice(net: Net, state: State) -> bool:
    """Hall's condition (1935) on tables, in every slot that the chain enters."""
    for place in range(state.desk[0].length):
        mover = state.chain[place]
        for index in range(net.request[mover].halls, net.request[mover].halls_end):
            first = net.halls[index] * net.slots + state.request[mover].target
            for slot in range(first, first + net.request[mover].length):
                if state.load[slot] > net.hall_limit[slot]:
                    return False
    return True


def difference(net: Net, state: State) -> int:
    """How much dearer the units of the chain become; their new costs go to `fresh`."""
    total = 0
    for place in range(state.desk[0].length):
        request = net.request[state.chain[place]]
        for index in range(request.units, request.units_end):
            unit = net.units[index]
            account = state.unit[unit]
            if net.unit[unit].counts != 0 and account.fresh == NOWHERE:
                account.fresh = unit_cost(net, state, unit)
                total += account.fresh - account.cost
    return total


def settle(net: Net, state: State, keep: bool) -> None:
    """Take the fresh costs over, or forget them."""
    for place in range(state.desk[0].length):
        request = net.request[state.chain[place]]
        for index in range(request.units, request.units_end):
            unit = net.units[index]
            if state.unit[unit].fresh != NOWHERE:
                if keep:
                    charge(net, state, unit, state.unit[unit].fresh)
                state.unit[unit].fresh = NOWHERE


def make(net: Net, state: State) -> None:
    """Move every request of the chain for good."""
    for index in range(state.desk[0].length):
        request = state.chain[index]
        if state.request[request].time == NOWHERE:
            count(net, state, request, 1)
        else:
            enter(net, state, request, state.request[request].time, request, NOWHERE)
    for index in range(state.desk[0].length):
        request = state.chain[index]
        place = state.request[request]
        place.is_in = 0
        place.time = place.target
        enter(net, state, request, place.time, NOWHERE, request)


def attempt(net: Net, state: State, request: int, target: int, bear: float) -> int:
    """Try one chain that may cost up to `bear`; the change of the cost, or FORBIDDEN when it was not made.

    A chain that pushes others is not even built when it costs its beginner too much: those others could gain by it,
    but then the same chain is tried from their end.
    """
    state.desk[0].length = 0
    join(net, state, request, target)
    if not pushes(net, state, request) or (glance(net, state, request) <= bear and build(net, state)):
        change = price(net, state, bear)
        if change < FORBIDDEN:
            make(net, state)
            return change
    forget(net, state)
    refresh(net, state)
    return FORBIDDEN


def price(net: Net, state: State, bear: float) -> int:
    """The change of the cost if tables suffice and it can be borne, else FORBIDDEN; costs are brought up to date."""
    if not tables_suffice(net, state):
        return FORBIDDEN
    refresh(net, state)
    change = difference(net, state) + pair_change(net, state)
    is_borne = change <= bear and change < FORBIDDEN // 2
    settle(net, state, is_borne)
    return change if is_borne else FORBIDDEN

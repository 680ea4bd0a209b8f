"""Chains followed without touching the books, where nobody has two meetings at once and every meeting is one slot long.

Then who takes part in a chain with two meetings only changes their order: no day changes but of those at its ends. So
the chain is read off the lists of who is where, only days at its ends are priced, and the books are brought up to
date when it is made. What comes out is the same as in `chains.py`.
"""

from scheduling.books import NOWHERE, Net, State, shift
from scheduling.chains import counterpart, make, pair_change, refresh, settle, tables_suffice
from scheduling.waiting import FORBIDDEN, unit_cost


def attempt_path(net: Net, state: State, request: int, target: int, bear: float) -> int:
    """Try one chain that may cost up to `bear`; the change of the cost, or FORBIDDEN when it was not made."""
    state.desk[0].length = 0
    add(state, request, target)
    change = follow(net, state, bear)
    if change < FORBIDDEN:
        change += pair_change(net, state)
        if change <= bear and change < FORBIDDEN // 2 and book(net, state):
            settle(net, state, True)
            make(net, state)
            return change
    leave(net, state)
    return FORBIDDEN


def add(state: State, request: int, target: int) -> None:
    """Add a request to the chain."""
    state.chain[state.desk[0].length] = request
    state.desk[0].length += 1
    state.request[request].is_in = 1
    state.request[request].target = target


def follow(net: Net, state: State, bear: float) -> int:
    """Everybody who has to make room joins; the change of the cost, FORBIDDEN when some rule stops the chain."""
    change, done = 0, 0
    while done < state.desk[0].length:
        mover = state.chain[done]
        place = state.request[mover]
        done += 1
        for index in range(net.request[mover].units, net.request[mover].units_end):
            unit = net.units[index]
            other = state.at[unit * net.slots + place.target]
            if done > 1 and gains(net, state, unit, place.target):
                return FORBIDDEN
            if other == NOWHERE:
                stays = done > 1 and gains(net, state, unit, place.time)
                change += move_day(net, state, unit, NOWHERE if stays else place.time, place.target)
            elif state.request[other].is_in == 0:
                aim = counterpart(net, state, other)
                if aim == NOWHERE or state.desk[0].length >= state.desk[0].longest:
                    return FORBIDDEN
                add(state, other, aim)
        if done == 1 and change > bear:  # see `chains.attempt`
            return FORBIDDEN
    return change


def gains(net: Net, state: State, unit: int, slot: int) -> bool:
    """Whether the request that begins the chain had no place before and brings the unit a meeting in this slot."""
    first = state.chain[0]
    if state.request[first].time != NOWHERE or state.request[first].target != slot:
        return False
    for index in range(net.request[first].units, net.request[first].units_end):  # noqa: SIM110 - generators do not compile
        if net.units[index] == unit:
            return True
    return False


def move_day(net: Net, state: State, unit: int, time: int, target: int) -> int:
    """The unit has a meeting at another time; how much dearer its day becomes."""
    if net.unit[unit].counts == 0:
        return 0
    set_bits(net, state, unit, target, time)
    account = state.unit[unit]
    account.fresh = unit_cost(net, state, unit)
    return account.fresh - account.cost


def set_bits(net: Net, state: State, unit: int, busy: int, free: int) -> None:
    """One slot becomes busy, another free; NOWHERE for none."""
    first = unit * net.words
    if free != NOWHERE:
        state.busy[first + net.slot[free].word] &= ~net.slot[free].bit
    if busy != NOWHERE:
        state.busy[first + net.slot[busy].word] |= net.slot[busy].bit


def book(net: Net, state: State) -> bool:
    """Bring numbers and tables up to date; False, and nothing done, if there are not enough tables."""
    count_all(net, state, 1)
    if tables_suffice(net, state):
        return True
    count_all(net, state, -1)
    return False


def count_all(net: Net, state: State, by: int) -> None:
    """Count the chain's meetings where they go instead of where they lie; with -1, the other way round."""
    for index in range(state.desk[0].length):
        place = state.request[state.chain[index]]
        shift(net, state, state.chain[index], place.target, by)
        if place.time != NOWHERE:
            shift(net, state, state.chain[index], place.time, -by)


def leave(net: Net, state: State) -> None:
    """Everything as it was without the chain."""
    for index in range(state.desk[0].length):
        request = state.chain[index]
        place = state.request[request]
        place.is_in = 0
        for at in range(net.request[request].units, net.request[request].units_end):
            unit = net.units[at]
            if state.unit[unit].fresh != NOWHERE:
                state.unit[unit].fresh = NOWHERE
                set_bits(net, state, unit, place.time, place.target)
    if state.request[state.chain[0]].time == NOWHERE:  # somebody may have been at both ends
        refresh(net, state)

"""What a unit's day costs, read from the books: idle slots and periods, rests, walks, disliked slots."""

from scheduling.books import NOWHERE, Net, State

FORBIDDEN = 1 << 40  # the price of a broken hard rule: never accepted


def ones(word: int) -> int:
    """Bits that are set; a machine instruction when compiled."""
    return word.bit_count()


def width_of(word: int) -> int:
    """Position of the highest bit, counted from 1; a machine instruction when compiled."""
    return word.bit_length()


def idle(net: Net, state: State, unit: int) -> tuple[int, int]:
    """Idle slots and idle periods between two meetings on the same side of a long break."""
    slots, periods, last, stretch = 0, 0, NOWHERE, NOWHERE
    for word in range(net.words):
        busy = state.busy[unit * net.words + word]
        if busy != 0:
            first = net.word[word].base + width_of(busy & -busy) - 1
            if net.word[word].stretch == stretch and first - last > 1:
                slots += first - last - 1
                periods += 1
            last = net.word[word].base + width_of(busy) - 1
            stretch = net.word[word].stretch
            slots += last - first + 1 - ones(busy)
            periods += ones(busy & ~(busy << 1)) - 1
    return slots, periods


def unit_cost(net: Net, state: State, unit: int) -> int:
    """Idle slots and periods, missed rests and disliked slots of one unit, priced."""
    slots, periods = idle(net, state, unit)
    cost = net.unit[unit].price_slot * slots + net.unit[unit].price_period * periods
    if periods > net.most_periods and net.unit[unit].is_guest:
        cost += net.price_uneven * (periods - net.most_periods)
    if net.unit[unit].price_far > 0:
        cost += net.unit[unit].price_far * away(net, state, unit)
    if net.price_dislike > 0:
        for word in range(unit * net.words, (unit + 1) * net.words):
            cost += net.price_dislike * ones(state.busy[word] & net.dislikes[word])
    if net.unit[unit].longest > 0:
        cost += net.unit[unit].price_rest * missed_rests(net, state, unit)
    if net.unit[unit].transition > 0:
        cost += FORBIDDEN * hurries(net, state, unit)
    return cost


def is_busy(net: Net, state: State, unit: int, slot: int) -> bool:
    """Whether a unit whose days count has a meeting in the slot."""
    return state.busy[unit * net.words + net.slot[slot].word] & net.slot[slot].bit != 0


def away(net: Net, state: State, unit: int) -> int:
    """Slots of the whole event between the first and the last meeting that are not meetings."""
    first, last, busy = NOWHERE, NOWHERE, 0
    for slot in range(net.slots):
        if is_busy(net, state, unit, slot):
            first = slot if first == NOWHERE else first
            last = slot
            busy += 1
    return last - first + 1 - busy if busy > 0 else 0


def missed_rests(net: Net, state: State, unit: int) -> int:
    """Slots in which the unit meets although a rest was due."""
    missed, run = 0, 0
    for slot in range(net.slots):
        if slot > 0 and net.slot[slot].row != net.slot[slot - 1].row:
            run = 0
        run = run + 1 if is_busy(net, state, unit, slot) else 0
        missed += run > net.unit[unit].longest
    return missed


def hurries(net: Net, state: State, unit: int) -> int:
    """Slots in which somebody meets who is still on the way from an earlier meeting."""
    found, first = 0, unit * net.slots
    for slot in range(net.slots):
        number = state.number[first + slot]
        if number > 0:
            for before in range(max(0, slot - net.unit[unit].transition), slot):
                if net.slot[before].row == net.slot[slot].row:
                    number += state.ends[first + before]
            found += number > net.limit[first + slot]
    return found

"""Who gets which seat, who moves up, and who may still change what. Values in, values out."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eventops.events.models import Eligibility, Mode, PriceCategory
from eventops.events.rules import seats_left
from eventops.registration.models import IfFull, PlaceState

Seat = tuple[int, Mode]
"""A part and a mode: what a pool holds."""


@dataclass(frozen=True, slots=True)
class PoolState:
    """How full a pool is. `capacity` None is without limit; `reserved` is kept back by staff."""

    part_id: int
    mode: Mode
    capacity: int | None
    reserved: int = 0
    confirmed: int = 0
    waiting: int = 0

    @property
    def left(self) -> int | None:
        """Seats that may be given out now; None when there is no limit."""
        return seats_left(self.capacity, self.reserved, self.confirmed)

    @property
    def owes_seats(self) -> bool:
        """Whether seats are free while people wait for them, as after staff have raised the capacity."""
        return self.waiting > 0 and self.left != 0


@dataclass(frozen=True, slots=True)
class Wish:
    """A part that somebody would like to attend, and what to do when it is full."""

    part_id: int
    mode: Mode
    if_full: IfFull
    is_social: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What a wish came to."""

    part_id: int
    mode: Mode
    state: PlaceState
    wanted_mode: Mode
    if_full: IfFull

    @property
    def holds(self) -> bool:
        return self.state in (PlaceState.CONFIRMED, PlaceState.WAITING)


class _Room:
    """Seats left while decisions are taken one after the other."""

    def __init__(self, pools: Iterable[PoolState]) -> None:
        self._left: dict[Seat, int | None] = {(pool.part_id, pool.mode): pool.left for pool in pools}

    def take(self, part_id: int, mode: Mode) -> bool:
        left = self._left.get((part_id, mode), 0)
        if left is None:
            return True
        if left > 0:
            self._left[part_id, mode] = left - 1
        return left > 0

    def give_back(self, part_id: int, mode: Mode) -> None:
        left = self._left.get((part_id, mode))
        if left is not None:
            self._left[part_id, mode] = left + 1


def decide(
    pools: Iterable[PoolState], people: Sequence[Sequence[Wish]], *, held: Sequence[Sequence[Decision]] = ()
) -> list[tuple[Decision, ...]]:
    """Decide the wishes of each attendee in turn. `held` are the places that each of them has already."""
    room = _Room(pools)
    return [_decide_one(room, wishes, held[index] if held else ()) for index, wishes in enumerate(people)]


def _decide_one(room: _Room, wishes: Sequence[Wish], held: Sequence[Decision]) -> tuple[Decision, ...]:
    made: list[Decision] = []
    for wish in (wish for wish in wishes if not wish.is_social):
        made += place(room, wish)
    footing = _footing([*held, *made])
    for wish in (wish for wish in wishes if wish.is_social):
        made += place(room, wish) if footing is Footing.STANDS else [_settled(wish, _WITHOUT_FOOTING[footing])]
    return tuple(made)


def place(room: _Room, wish: Wish) -> list[Decision]:
    """The venue until it is full; from then on the applicant's own choice."""
    if room.take(wish.part_id, wish.mode):
        return [_settled(wish, PlaceState.CONFIRMED)]
    if wish.mode is Mode.ONLINE:
        queues = wish.if_full in (IfFull.WAIT, IfFull.ONLINE_AND_WAIT)
        return [_settled(wish, PlaceState.WAITING if queues else PlaceState.FULL)]
    return _overflow(room, wish)


def _overflow(room: _Room, wish: Wish) -> list[Decision]:
    if wish.if_full is IfFull.WITHDRAW:
        return [_settled(wish, PlaceState.FULL)]
    waiting = _settled(wish, PlaceState.WAITING)
    if wish.if_full is IfFull.WAIT or not room.take(wish.part_id, Mode.ONLINE):
        return [waiting]
    online = Decision(wish.part_id, Mode.ONLINE, PlaceState.CONFIRMED, Mode.ONSITE, wish.if_full)
    return [online] if wish.if_full is IfFull.ONLINE else [online, waiting]


def _settled(wish: Wish, state: PlaceState) -> Decision:
    return Decision(wish.part_id, wish.mode, state, wish.mode, wish.if_full)


class Footing(StrEnum):
    """Whether a party place has something to stand on: nobody comes to the party of a lecture they watch at home."""

    STANDS = "stands"
    WAITS = "waits"
    FALLS = "falls"


_WITHOUT_FOOTING = {Footing.WAITS: PlaceState.WAITING, Footing.FALLS: PlaceState.FULL}


def _footing(programme: Iterable[Decision]) -> Footing:
    wished_venue = [decision for decision in programme if decision.wanted_mode is Mode.ONSITE]
    if not wished_venue or any(_is(decision, PlaceState.CONFIRMED) for decision in wished_venue):
        return Footing.STANDS
    if any(_is(decision, PlaceState.WAITING) for decision in wished_venue):
        return Footing.WAITS
    return Footing.FALLS


def _is(decision: Decision, state: PlaceState) -> bool:
    return decision.mode is Mode.ONSITE and decision.state is state


@dataclass(frozen=True, slots=True)
class Queued:
    """A place in a queue. `gives_up` is the online place held in the meantime; a party may need the venue first."""

    place_id: int
    attendee_id: int
    part_id: int
    mode: Mode
    gives_up: int | None = None
    is_social: bool = False
    has_footing: bool = True


@dataclass(frozen=True, slots=True)
class Promotion:
    """A place that is confirmed now, and the online place that is given back for it."""

    place_id: int
    gives_up: int | None


def promotions(pools: Iterable[PoolState], queue: Sequence[Queued]) -> tuple[Promotion, ...]:
    """Who moves up, the queue being in its order. A seat given back lets others move up in turn."""
    room = _Room(pools)
    standing: set[int] = set()
    programme_first = sorted(queue, key=lambda entry: entry.is_social)
    promoted: dict[int, Promotion] = {}
    moved = True
    while moved:
        moved = False
        for entry in programme_first:
            if entry.place_id not in promoted and _moves_up(room, entry, standing):
                promoted[entry.place_id] = Promotion(entry.place_id, entry.gives_up)
                moved = True
    return tuple(promoted.values())


def _moves_up(room: _Room, entry: Queued, standing: set[int]) -> bool:
    if entry.is_social and not entry.has_footing and entry.attendee_id not in standing:
        return False
    if not room.take(entry.part_id, entry.mode):
        return False
    if entry.gives_up is not None:
        room.give_back(entry.part_id, Mode.ONLINE)
    if entry.mode is Mode.ONSITE:
        standing.add(entry.attendee_id)
    return True


def is_open_to(eligibility: Eligibility, category: PriceCategory, *, is_invited: bool) -> bool:
    """Whether somebody of this category, of a company that is invited or not, may apply."""
    if eligibility is Eligibility.INVITED:
        return is_invited
    return eligibility is not Eligibility.MEMBERS_ONLY or category is PriceCategory.MEMBER


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The moments after which a guest has to ask the secretariat."""

    closes_at: dt.datetime
    free_until: dt.datetime | None
    starts_at: dt.datetime


def may_change_parts(deadlines: Deadlines, *, now: dt.datetime) -> bool:
    """Until applications close, and not once dropping a part would cost its fee."""
    return now < deadlines.closes_at and not keeps_fee(deadlines, now=now)


def may_change_people(deadlines: Deadlines, *, now: dt.datetime) -> bool:
    """Names, substitutes and cancelling: until the event begins."""
    return now < deadlines.starts_at


def keeps_fee(deadlines: Deadlines, *, now: dt.datetime) -> bool:
    """Whether somebody who cancels now still owes the fee."""
    return deadlines.free_until is not None and now > deadlines.free_until


def dropped_and_added(held: Mapping[int, Mode], wanted: Mapping[int, Mode]) -> tuple[frozenset[int], dict[int, Mode]]:
    """How the wished parts changed: parts given back, and parts (or modes) asked for anew."""
    dropped = frozenset(part_id for part_id, mode in held.items() if wanted.get(part_id) != mode)
    return dropped, {part_id: mode for part_id, mode in wanted.items() if held.get(part_id) != mode}

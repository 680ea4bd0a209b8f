"""Who gets which seat, who moves up, and who may still change what. Values in, values out."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eventops.events.models import Eligibility, Mode, PriceCategory
from eventops.events.models import Promotion as Asked
from eventops.events.rules import seats_left
from eventops.registration.models import HELD, TAKEN, IfFull, PlaceState

Seat = tuple[int, Mode]
"""A part and a mode: what a pool holds."""


@dataclass(frozen=True, slots=True)
class PoolState:
    """How full a pool is. `capacity` None is without limit; `reserved` is kept back by staff.

    `confirmed` are the seats taken: an offered one is nobody else's while its time runs.
    """

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
        return self.state in HELD


class _Room:
    """Seats left while decisions are taken one after the other."""

    def __init__(self, pools: Iterable[PoolState]) -> None:
        self._left: dict[Seat, int | None] = {(pool.part_id, pool.mode): pool.left for pool in pools}

        self._no_overflow: set[int] = set()

    def has(self, seat: Seat, number: int) -> bool:
        left = self._left.get(seat, 0)
        return left is None or left >= number

    def take(self, part_id: int, mode: Mode, number: int = 1) -> bool:
        """So many seats, or none."""
        if not self.has((part_id, mode), number):
            return False
        left = self._left[part_id, mode]
        if left is not None:
            self._left[part_id, mode] = left - number
        return True

    def overflow(self, part_id: int) -> bool:
        """A seat online for somebody whom the venue has no seat for."""
        return part_id not in self._no_overflow and self.take(part_id, Mode.ONLINE)

    def give_back(self, part_id: int, mode: Mode) -> None:
        left = self._left.get((part_id, mode))
        if left is not None:
            self._left[part_id, mode] = left + 1

    def shut_where_not_all_fit(self, people: Sequence[Sequence[Wish]]) -> None:
        """For people who stay together: a pool has room for all who ask for it, or for none of them."""
        asked = Counter((wish.part_id, wish.mode) for wishes in people for wish in wishes)
        for seat, number in asked.items():
            if not self.has(seat, number):
                self._left[seat] = 0
        spilled = Counter(
            wish.part_id for wishes in people for wish in wishes if goes_online(wish) and not self.has(_seat(wish), 1)
        )
        for part_id, number in spilled.items():
            if not self.has((part_id, Mode.ONLINE), number + asked[part_id, Mode.ONLINE]):
                self._no_overflow.add(part_id)


def goes_online(wish: Wish) -> bool:
    """Whether somebody who asks for the venue would take a seat online as well."""
    return wish.mode is Mode.ONSITE and wish.if_full in (IfFull.ONLINE, IfFull.ONLINE_AND_WAIT)


def _seat(wish: Wish) -> Seat:
    return wish.part_id, wish.mode


def decide(
    pools: Iterable[PoolState],
    people: Sequence[Sequence[Wish]],
    *,
    held: Sequence[Sequence[Decision]] = (),
    together: bool = False,
) -> list[tuple[Decision, ...]]:
    """Decide the wishes of each attendee in turn, or all alike where they stay together.

    `held` are the places that each of them has already.
    """
    room = _Room(pools)
    if together:
        room.shut_where_not_all_fit(people)
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
    if wish.if_full is IfFull.WAIT or not room.overflow(wish.part_id):
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
    at_venue = {decision.state for decision in wished_venue if decision.mode is Mode.ONSITE}
    if not wished_venue or at_venue & set(TAKEN):
        return Footing.STANDS
    return Footing.WAITS if PlaceState.WAITING in at_venue else Footing.FALLS


@dataclass(frozen=True, slots=True)
class Queued:
    """A place in a queue. `gives_up` is the online place held in the meantime; a party may need the venue first.

    Who shares a `group` moves up with all others of it, or stays.
    """

    place_id: int
    attendee_id: int
    part_id: int
    mode: Mode
    gives_up: int | None = None
    is_social: bool = False
    has_footing: bool = True
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Promotion:
    """A place that is given now, and the online place that is given back for it."""

    place_id: int
    gives_up: int | None


def promotions(
    pools: Iterable[PoolState], queue: Sequence[Queued], *, keeps_online: bool = False
) -> tuple[Promotion, ...]:
    """Who moves up, the queue being in its order. A seat given back lets others move up in turn.

    A group for which there are too few seats lets those behind it pass: no seat stays empty for it. `keeps_online` is
    for seats that are only offered: until they are taken, the place online stays.
    """
    room = _Room(pools)
    standing: set[int] = set()
    units = _units(sorted(queue, key=lambda entry: entry.is_social))
    promoted: dict[int, Promotion] = {}
    moved = True
    while moved:
        moved = False
        for unit in units:
            if unit[0].place_id not in promoted and _moves_up(room, unit, standing, keeps_online=keeps_online):
                promoted |= {entry.place_id: Promotion(entry.place_id, entry.gives_up) for entry in unit}
                moved = True
    return tuple(promoted.values())


def _units(queue: Iterable[Queued]) -> list[list[Queued]]:
    """Those who move up together, each unit where the first of it stands."""
    units: dict[tuple[object, ...], list[Queued]] = {}
    for entry in queue:
        key = (entry.place_id,) if entry.group is None else (entry.group, entry.part_id, str(entry.mode))
        units.setdefault(key, []).append(entry)
    return list(units.values())


def _moves_up(room: _Room, unit: Sequence[Queued], standing: set[int], *, keeps_online: bool) -> bool:
    if any(entry.is_social and not entry.has_footing and entry.attendee_id not in standing for entry in unit):
        return False
    if not room.take(unit[0].part_id, unit[0].mode, len(unit)):
        return False
    for entry in unit:
        if entry.gives_up is not None and not keeps_online:
            room.give_back(entry.part_id, Mode.ONLINE)
        if entry.mode is Mode.ONSITE:
            standing.add(entry.attendee_id)
    return True


def asked_of_the_next(rule: Asked, *, pays_before: bool) -> Asked:
    """What a free seat asks of somebody; who pays at the door cannot pay in time, and is asked for an answer."""
    return Asked.REPLY if rule is Asked.PAYMENT and not pays_before else rule


def offer_until(now: dt.datetime, *, hours: int, starts_at: dt.datetime) -> dt.datetime:
    """How long a seat is kept: the hours of the event, but not beyond its beginning."""
    return min(now + dt.timedelta(hours=hours), starts_at)


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


def may_switch(deadlines: Deadlines, *, has_seat: bool, now: dt.datetime) -> bool:
    """Who only waits may say how until the event begins; a seat is changed like the parts."""
    return may_change_people(deadlines, now=now) if not has_seat else may_change_parts(deadlines, now=now)


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

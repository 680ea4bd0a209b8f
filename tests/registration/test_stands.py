"""Where somebody stands in a part and where they may go from there; groups in rules; how long an offer stands."""

import datetime as dt

import pytest

from eventops.events.models import Mode, Promotion
from eventops.registration import rules
from eventops.registration.models import IfFull, PlaceState
from eventops.registration.rules import PoolState, Queued, Wish
from eventops.registration.seats import stands
from eventops.registration.seats.moves import Move, between
from eventops.registration.seats.stands import Stand
from tests.factories import NOW

ONSITE, ONLINE = Mode.ONSITE, Mode.ONLINE
BOTH = ("onsite", "online")


@pytest.mark.parametrize(
    ("venue", "online", "stand"),
    [
        ("confirmed", None, Stand.VENUE),
        ("confirmed", "cancelled", Stand.VENUE),
        ("offered", "confirmed", Stand.OFFERED),
        ("offered", None, Stand.OFFERED),
        ("waiting", "confirmed", Stand.ONLINE_AND_QUEUE),
        ("cancelled", "confirmed", Stand.ONLINE),
        ("lapsed", "confirmed", Stand.ONLINE),
        ("full", "confirmed", Stand.ONLINE),
        (None, "offered", Stand.ONLINE_OFFERED),
        ("waiting", None, Stand.QUEUE),
        (None, "waiting", Stand.ONLINE_QUEUE),
        ("lapsed", None, Stand.LAPSED),
        ("full", None, Stand.FULL),
        ("cancelled", "cancelled", Stand.NONE),
        (None, None, Stand.NONE),
    ],
)
def test_places_seen_together(venue, online, stand):
    states = {mode: PlaceState(state) for mode, state in ((ONSITE, venue), (ONLINE, online)) if state}
    assert stands.stand_of(states) is stand


@pytest.mark.parametrize(
    ("stand", "watches", "online_room", "venue_room", "ways"),
    [
        (Stand.VENUE, False, True, False, "online"),
        (Stand.VENUE, False, False, False, ""),
        (Stand.QUEUE, False, True, False, "online_and_queue online none"),
        (Stand.QUEUE, False, False, False, "none"),
        (Stand.QUEUE, False, False, True, "venue none"),
        (Stand.ONLINE_AND_QUEUE, True, False, False, "online queue"),
        (Stand.ONLINE, True, False, False, "online_and_queue"),
        (Stand.ONLINE, True, False, True, "venue"),
        (Stand.OFFERED, True, False, False, "venue online"),
        (Stand.OFFERED, False, False, False, "venue none"),
        (Stand.ONLINE_OFFERED, False, False, False, "online none"),
        (Stand.LAPSED, False, False, False, "queue"),
        (Stand.FULL, False, True, False, "queue online_and_queue online"),
        (Stand.NONE, False, True, True, ""),
    ],
)
def test_where_one_may_go(stand, watches, online_room, venue_room, ways):
    found = stands.ways(stand, BOTH, watches=watches, online_has_room=online_room, venue_has_room=venue_room)
    assert " ".join(found) == ways


def test_without_a_venue_nobody_queues_for_it():
    assert stands.ways(Stand.ONLINE, ("online",), watches=True, online_has_room=True, venue_has_room=False) == ()


def decided(people, *, venue, online, if_full, together=True):
    pools = [PoolState(1, ONSITE, venue), PoolState(1, ONLINE, online)]
    wishes = [[Wish(1, mode, if_full)] for mode in people]
    return [[(made.mode, made.state) for made in one] for one in rules.decide(pools, wishes, together=together)]


@pytest.mark.parametrize(
    ("venue", "online", "if_full", "each"),
    [
        (2, 0, IfFull.WAIT, [("onsite", "confirmed")]),
        (1, 0, IfFull.WAIT, [("onsite", "waiting")]),
        (1, 1, IfFull.ONLINE, [("onsite", "waiting")]),
        (1, 2, IfFull.ONLINE, [("online", "confirmed")]),
        (0, 2, IfFull.ONLINE_AND_WAIT, [("online", "confirmed"), ("onsite", "waiting")]),
        (1, 2, IfFull.WITHDRAW, [("onsite", "full")]),
    ],
)
def test_two_who_stay_together_come_to_the_same(venue, online, if_full, each):
    assert decided([ONSITE, ONSITE], venue=venue, online=online, if_full=if_full) == [each, each]


def test_two_who_do_not_are_seated_one_by_one():
    apart = decided([ONSITE, ONSITE], venue=1, online=1, if_full=IfFull.ONLINE, together=False)
    assert apart == [[("onsite", "confirmed")], [("online", "confirmed")]]


def test_who_asks_for_the_network_keeps_a_seat_there_when_the_others_do_not_fit_in_beside():
    found = decided([ONSITE, ONLINE, ONSITE], venue=1, online=2, if_full=IfFull.ONLINE)
    assert found == [[("onsite", "waiting")], [("online", "confirmed")], [("onsite", "waiting")]]


def queued(place_id, group=None, *, gives_up=None):
    return Queued(place_id, place_id, 1, ONSITE, gives_up=gives_up, group=group)


@pytest.mark.parametrize(
    ("left", "promoted"), [(1, [4]), (2, [4, 5]), (3, [1, 2, 3]), (4, [1, 2, 3, 4]), (5, [1, 2, 3, 4, 5])]
)
def test_a_group_moves_up_whole_and_holds_no_seat_empty(left, promoted):
    queue = [queued(1, 7), queued(2, 7), queued(3, 7), queued(4), queued(5)]
    found = rules.promotions([PoolState(1, ONSITE, left, waiting=5)], queue)
    assert sorted(one.place_id for one in found) == promoted


def test_an_offer_leaves_the_seat_online_where_it_is():
    pools = [PoolState(1, ONSITE, 1, waiting=1), PoolState(1, ONLINE, 1, confirmed=1, waiting=1)]
    queue = [queued(1, gives_up=9), Queued(2, 2, 1, ONLINE)]
    assert [one.place_id for one in rules.promotions(pools, queue)] == [1, 2]
    assert [one.place_id for one in rules.promotions(pools, queue, keeps_online=True)] == [1]


def test_an_offer_ends_with_its_hours_or_when_the_part_begins():
    day = dt.timedelta(days=1)
    assert rules.offer_until(NOW, hours=24, starts_at=NOW + 9 * day) == NOW + day
    assert rules.offer_until(NOW, hours=48, starts_at=NOW + day) == NOW + day


@pytest.mark.parametrize(
    ("rule", "pays_before", "asked"),
    [
        ("at_once", True, "at_once"),
        ("reply", True, "reply"),
        ("payment", True, "payment"),
        ("payment", False, "reply"),
    ],
)
def test_who_pays_at_the_door_is_asked_for_an_answer(rule, pays_before, asked):
    assert rules.asked_of_the_next(Promotion(rule), pays_before=pays_before) == asked


def test_moves_are_read_out_of_two_snapshots_and_nothing_else():
    before = {"1/5/onsite": "waiting", "2/5/onsite": "waiting", "attendees": [1]}
    after = {"1/5/onsite": "waiting", "1/5/online": "confirmed", "2/5/onsite": "waiting", "why": "release"}
    assert between(before, after) == [Move(1, 5, Stand.QUEUE, Stand.ONLINE_AND_QUEUE)]

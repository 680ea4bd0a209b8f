"""Seats, queues and deadlines, decided on plain values."""

import datetime as dt
from collections import Counter

import pytest

from eventops.events.models import Eligibility, Mode, PriceCategory
from eventops.registration.models import IfFull, PlaceState
from eventops.registration.rules import (
    Deadlines,
    PoolState,
    Promotion,
    Queued,
    Wish,
    decide,
    dropped_and_added,
    is_open_to,
    keeps_fee,
    may_change_parts,
    may_change_people,
    promotions,
)

LECTURE, PARTY, OTHER = 1, 2, 3
ONSITE, ONLINE = Mode.ONSITE, Mode.ONLINE
CONFIRMED, WAITING, FULL = PlaceState.CONFIRMED, PlaceState.WAITING, PlaceState.FULL
MOMENT = dt.datetime(2026, 11, 21, 1, 0, tzinfo=dt.UTC)


def hybrid(venue=0, online=0):
    return [PoolState(LECTURE, ONSITE, venue), PoolState(LECTURE, ONLINE, online), PoolState(PARTY, ONSITE, 100)]


def outcome(pools, *wishes):
    (made,) = decide(pools, [wishes])
    return [(decision.part_id, decision.mode, decision.state) for decision in made]


@pytest.mark.parametrize(
    ("capacity", "reserved", "confirmed", "left"),
    [(100, 0, 0, 100), (100, 15, 84, 1), (100, 15, 85, 0), (100, 15, 95, 0), (0, 0, 0, 0), (None, 5, 1000, None)],
)
def test_seats_left_are_the_capacity_without_what_is_reserved_and_taken(capacity, reserved, confirmed, left):
    assert PoolState(LECTURE, ONSITE, capacity, reserved, confirmed).left == left


@pytest.mark.parametrize(
    ("venue", "online", "wanted", "if_full", "expected"),
    [
        (1, 1, ONSITE, IfFull.WAIT, [(ONSITE, CONFIRMED)]),
        (0, 1, ONSITE, IfFull.WAIT, [(ONSITE, WAITING)]),
        (0, 1, ONSITE, IfFull.ONLINE, [(ONLINE, CONFIRMED)]),
        (0, 0, ONSITE, IfFull.ONLINE, [(ONSITE, WAITING)]),
        (0, 1, ONSITE, IfFull.ONLINE_AND_WAIT, [(ONLINE, CONFIRMED), (ONSITE, WAITING)]),
        (0, 0, ONSITE, IfFull.ONLINE_AND_WAIT, [(ONSITE, WAITING)]),
        (0, 1, ONSITE, IfFull.WITHDRAW, [(ONSITE, FULL)]),
        (1, 1, ONLINE, IfFull.WITHDRAW, [(ONLINE, CONFIRMED)]),
        (1, 0, ONLINE, IfFull.WITHDRAW, [(ONLINE, FULL)]),
        (1, 0, ONLINE, IfFull.ONLINE, [(ONLINE, FULL)]),
        (1, 0, ONLINE, IfFull.WAIT, [(ONLINE, WAITING)]),
    ],
)
def test_a_full_venue_is_settled_by_the_applicants_own_choice(venue, online, wanted, if_full, expected):
    made = outcome(hybrid(venue, online), Wish(LECTURE, wanted, if_full))
    assert made == [(LECTURE, mode, state) for mode, state in expected]


def test_somebody_moved_online_is_known_to_have_wanted_the_venue():
    ((decision,),) = decide(hybrid(0, 1), [[Wish(LECTURE, ONSITE, IfFull.ONLINE)]])
    assert (decision.mode, decision.wanted_mode) == (ONLINE, ONSITE)


def test_no_pool_is_no_room():
    assert outcome([], Wish(LECTURE, ONSITE, IfFull.WAIT)) == [(LECTURE, ONSITE, WAITING)]
    assert outcome([PoolState(LECTURE, ONSITE, 0)], Wish(LECTURE, ONSITE, IfFull.ONLINE)) == [
        (LECTURE, ONSITE, WAITING)
    ]


def test_seats_go_to_the_attendees_in_their_order():
    made = decide(hybrid(2, 1), [[Wish(LECTURE, ONSITE, IfFull.ONLINE)]] * 4)
    assert [(d.mode, d.state) for (d,) in made] == [
        (ONSITE, CONFIRMED),
        (ONSITE, CONFIRMED),
        (ONLINE, CONFIRMED),
        (ONSITE, WAITING),
    ]


@pytest.mark.parametrize("capacity", range(12))
def test_no_pool_is_ever_overfilled_and_no_seat_stays_empty_while_somebody_waits(capacity):
    people = [[Wish(LECTURE, ONSITE, choice)] for choice in IfFull for _again in range(2)]
    states = Counter((d.mode, d.state) for made in decide(hybrid(capacity, 2), people) for d in made)
    assert states[ONSITE, CONFIRMED] == min(capacity, len(people))
    assert states[ONLINE, CONFIRMED] <= 2
    assert not states[ONSITE, WAITING] or states[ONSITE, CONFIRMED] == capacity


def party(if_full=IfFull.WAIT):
    return Wish(PARTY, ONSITE, if_full, is_social=True)


@pytest.mark.parametrize(
    ("if_full", "online", "state"),
    [
        (IfFull.ONLINE, 1, FULL),
        (IfFull.ONLINE, 0, WAITING),
        (IfFull.ONLINE_AND_WAIT, 1, WAITING),
        (IfFull.WAIT, 1, WAITING),
        (IfFull.WITHDRAW, 1, FULL),
    ],
)
def test_without_a_seat_at_the_venue_there_is_no_party_yet(if_full, online, state):
    made = outcome(hybrid(0, online), party(if_full), Wish(LECTURE, ONSITE, if_full))
    assert made[-1] == (PARTY, ONSITE, state)


def test_the_party_alone_or_beside_a_lecture_watched_by_choice_is_open():
    assert outcome(hybrid(), party()) == [(PARTY, ONSITE, CONFIRMED)]
    assert outcome(hybrid(0, 1), Wish(LECTURE, ONLINE, IfFull.WAIT), party())[-1] == (PARTY, ONSITE, CONFIRMED)


def test_one_part_at_the_venue_is_enough_for_the_party():
    pools = [*hybrid(0, 0), PoolState(OTHER, ONSITE, 5)]
    made = outcome(pools, Wish(LECTURE, ONSITE, IfFull.WAIT), Wish(OTHER, ONSITE, IfFull.WAIT), party())
    assert made == [(LECTURE, ONSITE, WAITING), (OTHER, ONSITE, CONFIRMED), (PARTY, ONSITE, CONFIRMED)]


def test_places_held_already_carry_a_party_added_later():
    held = decide(hybrid(1, 0), [[Wish(LECTURE, ONSITE, IfFull.WAIT)]])
    assert [d.state for d in decide(hybrid(), [[party()]], held=held)[0]] == [CONFIRMED]


def test_a_full_party_does_not_keep_anybody_from_the_lecture():
    pools = [PoolState(LECTURE, ONSITE, 1), PoolState(PARTY, ONSITE, 0)]
    made = outcome(pools, Wish(LECTURE, ONSITE, IfFull.WITHDRAW), party(IfFull.WITHDRAW))
    assert made == [(LECTURE, ONSITE, CONFIRMED), (PARTY, ONSITE, FULL)]


def test_the_first_in_the_queue_moves_up():
    queue = [Queued(10, 1, LECTURE, ONSITE), Queued(11, 2, LECTURE, ONSITE)]
    assert promotions([PoolState(LECTURE, ONSITE, 5, 1, 3)], queue) == (Promotion(10, None),)
    assert promotions([PoolState(LECTURE, ONSITE, 5, 1, 4)], queue) == ()
    assert promotions([PoolState(LECTURE, ONSITE, None)], queue) == (Promotion(10, None), Promotion(11, None))


def test_a_seat_given_up_online_lets_the_next_in():
    queue = [Queued(9, 3, LECTURE, ONLINE), Queued(10, 1, LECTURE, ONSITE, gives_up=5)]
    pools = [PoolState(LECTURE, ONSITE, 1), PoolState(LECTURE, ONLINE, 1, 0, 1)]
    assert promotions(pools, queue) == (Promotion(10, 5), Promotion(9, None))


def test_the_party_moves_up_only_with_its_lecture():
    waiting_party = Queued(11, 1, PARTY, ONSITE, is_social=True, has_footing=False)
    free_party = PoolState(PARTY, ONSITE, 10)
    queue = [waiting_party, Queued(10, 1, LECTURE, ONSITE)]
    assert promotions([free_party, PoolState(LECTURE, ONSITE, 0)], queue) == ()
    assert promotions([free_party, PoolState(LECTURE, ONSITE, 1)], queue) == (Promotion(10, None), Promotion(11, None))


def test_who_waits_for_a_lecture_does_not_block_the_party_for_others():
    queue = [
        Queued(10, 1, PARTY, ONSITE, is_social=True, has_footing=False),
        Queued(11, 2, PARTY, ONSITE, is_social=True),
    ]
    assert promotions([PoolState(PARTY, ONSITE, 1)], queue) == (Promotion(11, None),)


def test_who_may_apply_without_an_invitation():
    allowed = {(e, c) for e in Eligibility for c in PriceCategory if is_open_to(e, c, is_invited=False)}
    assert allowed == {
        (Eligibility.MEMBERS_ONLY, PriceCategory.MEMBER),
        (Eligibility.MEMBERS_FIRST, PriceCategory.MEMBER),
        (Eligibility.MEMBERS_FIRST, PriceCategory.GENERAL),
        (Eligibility.ANYONE, PriceCategory.MEMBER),
        (Eligibility.ANYONE, PriceCategory.GENERAL),
    }


def test_an_invitation_opens_what_is_for_the_invited_and_nothing_else():
    opened = {(e, c) for e in Eligibility for c in PriceCategory if is_open_to(e, c, is_invited=True)} - {
        (e, c) for e in Eligibility for c in PriceCategory if is_open_to(e, c, is_invited=False)
    }
    assert opened == {(Eligibility.INVITED, category) for category in PriceCategory}


@pytest.mark.parametrize(
    ("hours", "parts", "people", "fee_stays"),
    [
        (-1, True, True, False),
        (0, True, True, False),
        (1, False, True, True),
        (3, False, True, True),
        (5, False, False, True),
    ],
)
def test_deadlines_of_self_service(hours, parts, people, fee_stays):
    at = [MOMENT + dt.timedelta(hours=h) for h in (2, 0, 4)]
    deadlines = Deadlines(closes_at=at[0], free_until=at[1], starts_at=at[2])
    now = MOMENT + dt.timedelta(hours=hours)
    found = may_change_parts(deadlines, now=now), may_change_people(deadlines, now=now), keeps_fee(deadlines, now=now)
    assert found == (parts, people, fee_stays)


def test_without_a_limit_cancelling_is_free_and_parts_change_until_closing():
    deadlines = Deadlines(closes_at=MOMENT, free_until=None, starts_at=MOMENT + dt.timedelta(days=7))
    before = MOMENT - dt.timedelta(seconds=1)
    assert (may_change_parts(deadlines, now=before), may_change_parts(deadlines, now=MOMENT)) == (True, False)
    assert not keeps_fee(deadlines, now=MOMENT)


def test_a_changed_mode_is_a_part_given_back_and_one_asked_for():
    dropped, added = dropped_and_added({1: ONSITE, 2: ONSITE, 3: ONLINE}, {1: ONLINE, 3: ONLINE, 4: ONSITE})
    assert (dropped, added) == ({1, 2}, {1: ONLINE, 4: ONSITE})

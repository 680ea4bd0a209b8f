"""Every verdict, and from when admissions count."""

import datetime as dt
from dataclasses import replace

import pytest

from eventops.checkin.rules import (
    ADMITTED,
    LETS_IN,
    TONES,
    Claim,
    Direction,
    Door,
    Judgement,
    Passage,
    Seat,
    TicketView,
    Tone,
    Verdict,
    counts_from,
    is_practice,
    judge,
    settle,
)
from eventops.clock import tokyo
from eventops.events.models import Mode
from eventops.registration.models import PlaceState

DAY = dt.date(2027, 1, 15)
PART = Door(event_id=1, part_id=10, starts_at=tokyo(DAY, dt.time(13)))
AT = tokyo(DAY, dt.time(12, 50))
SEAT = Seat(10, Mode.ONSITE, PlaceState.CONFIRMED)
TICKET = TicketView(event_id=1, is_cancelled=False, issue=2, shown_issue=2, seats=(SEAT,))
EARLIER = Passage(tokyo(DAY, dt.time(12, 31)), "受付2")
EXIT = replace(PART, direction=Direction.OUT)
LEFT_AT = Passage(tokyo(DAY, dt.time(12, 45)), "出口", Direction.OUT)


def with_seat(mode, state, *others):
    return replace(TICKET, seats=(Seat(10, mode, state), *others))


@pytest.mark.parametrize(
    ("ticket", "verdict"),
    [
        (TICKET, Verdict.ADMIT),
        (replace(TICKET, shown_issue=None), Verdict.ADMIT),
        (replace(TICKET, due_yen=3000), Verdict.UNPAID),
        (replace(TICKET, passages=(EARLIER,)), Verdict.ALREADY_IN),
        (replace(TICKET, passages=(EARLIER,), due_yen=3000), Verdict.ALREADY_IN),
        (replace(TICKET, seats=()), Verdict.NOT_IN_PART),
        (replace(TICKET, seats=(replace(SEAT, part_id=11),)), Verdict.NOT_IN_PART),
        (with_seat(Mode.ONSITE, PlaceState.CANCELLED), Verdict.NOT_IN_PART),
        (with_seat(Mode.ONSITE, PlaceState.WAITING), Verdict.WAITING),
        (with_seat(Mode.ONSITE, PlaceState.WAITING, Seat(10, Mode.ONLINE, PlaceState.CONFIRMED)), Verdict.WAITING),
        (with_seat(Mode.ONLINE, PlaceState.CONFIRMED, SEAT), Verdict.ADMIT),
        (with_seat(Mode.ONLINE, PlaceState.CONFIRMED), Verdict.ONLINE),
        (with_seat(Mode.ONLINE, PlaceState.WAITING), Verdict.ONLINE),
        (with_seat(Mode.ONSITE, PlaceState.FULL), Verdict.FULL),
        (replace(TICKET, shown_issue=1), Verdict.REPLACED),
        (replace(TICKET, shown_issue=3), Verdict.REPLACED),
        (replace(TICKET, is_cancelled=True, seats=()), Verdict.CANCELLED),
        (replace(TICKET, is_cancelled=True, shown_issue=1), Verdict.CANCELLED),
        (replace(TICKET, event_id=2), Verdict.WRONG_EVENT),
        (replace(TICKET, event_id=2, is_cancelled=True), Verdict.WRONG_EVENT),
        (None, Verdict.UNKNOWN_CODE),
    ],
)
def test_every_verdict(ticket, verdict):
    assert judge(ticket, part=PART, at=AT).verdict is verdict


@pytest.mark.parametrize(
    ("ticket", "verdict"),
    [
        (replace(TICKET, seats=()), Verdict.BACK_IN),
        (with_seat(Mode.ONSITE, PlaceState.WAITING), Verdict.BACK_IN),
        (with_seat(Mode.ONSITE, PlaceState.FULL), Verdict.BACK_IN),
        (with_seat(Mode.ONLINE, PlaceState.CONFIRMED), Verdict.BACK_IN),
        (replace(TICKET, shown_issue=1), Verdict.REPLACED),
        (replace(TICKET, is_cancelled=True, seats=()), Verdict.CANCELLED),
    ],
)
def test_who_was_let_in_by_somebody_in_charge_comes_back_without_asking_again(ticket, verdict):
    came = replace(ticket, let_in=(EARLIER.at,), passages=(EARLIER, LEFT_AT))
    assert judge(came, part=PART, at=AT).verdict is verdict
    if verdict is Verdict.BACK_IN:
        assert judge(replace(came, passages=(EARLIER,)), part=PART, at=AT).verdict is Verdict.ALREADY_IN
    in_practice = replace(came, let_in=(EARLIER.at - dt.timedelta(days=1),))
    assert judge(in_practice, part=PART, at=AT).verdict is judge(ticket, part=PART, at=AT).verdict


def test_a_repeated_look_names_the_first_admission():
    ticket = replace(TICKET, passages=(Passage(tokyo(DAY, dt.time(12, 40)), "受付3"), EARLIER))
    assert judge(ticket, part=PART, at=AT) == Judgement(Verdict.ALREADY_IN, EARLIER)


def test_practice_before_the_day_counts_for_that_day_alone():
    practice = replace(TICKET, passages=(Passage(tokyo(dt.date(2027, 1, 13), dt.time(10)), "受付1"),))

    assert judge(practice, part=PART, at=tokyo(dt.date(2027, 1, 13), dt.time(18))).verdict is Verdict.ALREADY_IN
    assert judge(practice, part=PART, at=tokyo(dt.date(2027, 1, 14), dt.time(9))).verdict is Verdict.ADMIT
    assert judge(practice, part=PART, at=AT).verdict is Verdict.ADMIT


def test_admissions_of_the_day_still_count_after_midnight():
    late = tokyo(dt.date(2027, 1, 16), dt.time(0, 30))
    assert counts_from(PART.starts_at, at=late) == tokyo(DAY, dt.time())
    assert judge(replace(TICKET, passages=(EARLIER,)), part=PART, at=late).verdict is Verdict.ALREADY_IN


def test_the_day_is_tokyos():
    assert is_practice(PART.starts_at, at=dt.datetime(2027, 1, 14, 14, 59, tzinfo=dt.UTC))
    assert not is_practice(PART.starts_at, at=dt.datetime(2027, 1, 14, 15, 0, tzinfo=dt.UTC))


def test_every_verdict_has_a_tone_and_only_admissions_or_repeats_are_calm():
    assert set(TONES) == set(Verdict)
    calm = {verdict for verdict, tone in TONES.items() if tone is Tone.OK}
    assert calm == {Verdict.ADMIT, Verdict.BACK_IN, Verdict.OVERRULED}
    assert {Verdict.ADMIT, Verdict.UNPAID, Verdict.OVERRULED} == ADMITTED
    assert ADMITTED | {Verdict.BACK_IN} == LETS_IN


@pytest.mark.parametrize(
    ("passages", "going_in", "going_out"),
    [
        ((), Verdict.ADMIT, Verdict.NOT_INSIDE),
        ((EARLIER,), Verdict.ALREADY_IN, Verdict.LEFT),
        ((EARLIER, LEFT_AT), Verdict.BACK_IN, Verdict.NOT_INSIDE),
        ((LEFT_AT, EARLIER), Verdict.BACK_IN, Verdict.NOT_INSIDE),
    ],
)
def test_who_left_may_come_back(passages, going_in, going_out):
    ticket = replace(TICKET, passages=passages)
    assert judge(ticket, part=PART, at=AT).verdict is going_in
    assert judge(ticket, part=EXIT, at=AT).verdict is going_out


def test_nobody_is_kept_from_leaving_by_a_ticket_that_lets_nobody_in():
    for changed in ({"is_cancelled": True}, {"shown_issue": 1}, {"seats": ()}):
        assert judge(replace(TICKET, passages=(EARLIER,), **changed), part=EXIT, at=AT).verdict is Verdict.LEFT
    assert judge(replace(TICKET, event_id=2), part=EXIT, at=AT).verdict is Verdict.WRONG_EVENT
    assert judge(None, part=EXIT, at=AT).verdict is Verdict.UNKNOWN_CODE


def test_an_exit_of_yesterdays_practice_is_forgotten():
    yesterday = Passage(EARLIER.at - dt.timedelta(days=1), "受付1")
    gone = Passage(LEFT_AT.at - dt.timedelta(days=1), "出口", Direction.OUT)
    assert judge(replace(TICKET, passages=(yesterday, gone)), part=PART, at=AT).verdict is Verdict.ADMIT


def claim(number, direction, shown=Verdict.ADMIT, **more):
    return Claim(f"look-{number}", tokyo(DAY, dt.time(12, number)), shown, direction, **more)


def test_coming_and_going_is_settled_by_the_clock_in_whatever_order_it_is_told():
    come, go = Direction.IN, Direction.OUT
    claims = [claim(0, go), claim(1, come), claim(2, come), claim(3, go), claim(4, go), claim(5, come), claim(6, come)]
    settled = [
        Verdict.NOT_INSIDE,
        Verdict.ADMIT,
        Verdict.ALREADY_IN,
        Verdict.LEFT,
        Verdict.NOT_INSIDE,
        Verdict.BACK_IN,
        Verdict.ALREADY_IN,
    ]
    for order in (claims, claims[::-1]):
        found = settle(order, starts_at=PART.starts_at)
        assert [found[one.nonce] for one in claims] == settled


def test_who_seemed_to_come_back_and_was_never_in_is_admitted():
    assert settle([claim(1, Direction.IN, Verdict.BACK_IN)], starts_at=PART.starts_at) == {"look-1": Verdict.ADMIT}


def test_what_somebody_in_charge_decided_stands_whatever_arrives_later():
    come, go = Direction.IN, Direction.OUT
    claims = [claim(1, come), claim(2, come, Verdict.OVERRULED, is_approved=True), claim(3, come), claim(4, go)]
    assert list(settle(claims, starts_at=PART.starts_at).values()) == [
        Verdict.ADMIT,
        Verdict.OVERRULED,
        Verdict.ALREADY_IN,
        Verdict.LEFT,
    ]


@pytest.mark.parametrize(
    ("before", "verdict"),
    [
        ((), Verdict.ADMIT),
        ((claim(1, Direction.IN),), Verdict.ALREADY_IN),
        ((claim(1, Direction.IN), claim(2, Direction.OUT)), Verdict.BACK_IN),
    ],
)
def test_what_nobody_answers_for_is_a_look_like_others(before, verdict):
    settled = settle([*before, claim(3, Direction.IN, Verdict.OVERRULED)], starts_at=PART.starts_at)
    assert settled["look-3"] is verdict

"""Every verdict, and from when admissions count."""

import datetime as dt
from dataclasses import replace

import pytest

from eventops.checkin.rules import (
    ADMITTED,
    TONES,
    Admission,
    Door,
    Judgement,
    Seat,
    TicketView,
    Tone,
    Verdict,
    counts_from,
    is_practice,
    judge,
)
from eventops.clock import tokyo
from eventops.events.models import Mode
from eventops.registration.models import PlaceState

DAY = dt.date(2027, 1, 15)
PART = Door(event_id=1, part_id=10, starts_at=tokyo(DAY, dt.time(13)))
AT = tokyo(DAY, dt.time(12, 50))
SEAT = Seat(10, Mode.ONSITE, PlaceState.CONFIRMED)
TICKET = TicketView(event_id=1, is_cancelled=False, issue=2, shown_issue=2, seats=(SEAT,))
EARLIER = Admission(tokyo(DAY, dt.time(12, 31)), "受付2")


def with_seat(mode, state, *others):
    return replace(TICKET, seats=(Seat(10, mode, state), *others))


@pytest.mark.parametrize(
    ("ticket", "verdict"),
    [
        (TICKET, Verdict.ADMIT),
        (replace(TICKET, shown_issue=None), Verdict.ADMIT),
        (replace(TICKET, due_yen=3000), Verdict.UNPAID),
        (replace(TICKET, admissions=(EARLIER,)), Verdict.ALREADY_IN),
        (replace(TICKET, admissions=(EARLIER,), due_yen=3000), Verdict.ALREADY_IN),
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


def test_a_repeated_look_names_the_first_admission():
    ticket = replace(TICKET, admissions=(Admission(tokyo(DAY, dt.time(12, 40)), "受付3"), EARLIER))
    assert judge(ticket, part=PART, at=AT) == Judgement(Verdict.ALREADY_IN, EARLIER)


def test_practice_before_the_day_counts_for_that_day_alone():
    practice = replace(TICKET, admissions=(Admission(tokyo(dt.date(2027, 1, 13), dt.time(10)), "受付1"),))

    assert judge(practice, part=PART, at=tokyo(dt.date(2027, 1, 13), dt.time(18))).verdict is Verdict.ALREADY_IN
    assert judge(practice, part=PART, at=tokyo(dt.date(2027, 1, 14), dt.time(9))).verdict is Verdict.ADMIT
    assert judge(practice, part=PART, at=AT).verdict is Verdict.ADMIT


def test_admissions_of_the_day_still_count_after_midnight():
    late = tokyo(dt.date(2027, 1, 16), dt.time(0, 30))
    assert counts_from(PART.starts_at, at=late) == tokyo(DAY, dt.time())
    assert judge(replace(TICKET, admissions=(EARLIER,)), part=PART, at=late).verdict is Verdict.ALREADY_IN


def test_the_day_is_tokyos():
    assert is_practice(PART.starts_at, at=dt.datetime(2027, 1, 14, 14, 59, tzinfo=dt.UTC))
    assert not is_practice(PART.starts_at, at=dt.datetime(2027, 1, 14, 15, 0, tzinfo=dt.UTC))


def test_every_verdict_has_a_tone_and_only_admissions_or_repeats_are_calm():
    assert set(TONES) == set(Verdict)
    assert {verdict for verdict, tone in TONES.items() if tone is Tone.OK} == {Verdict.ADMIT}
    assert {Verdict.ADMIT, Verdict.UNPAID} == ADMITTED

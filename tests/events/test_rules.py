"""Moves of the state, the window of applications, room in a pool, and every warning."""

import datetime as dt
from dataclasses import replace

import pytest

from eventops.clock import tokyo
from eventops.events import rules
from eventops.events.models import EventState, HostRole, Mode, PriceCategory
from eventops.events.plan import FeePlan, HostPlan, PoolPlan
from eventops.events.rules import PlaceCount, Room, WarningCode, Window
from tests.events.plans import FRIDAY, LECTURE, NOW, PARTY, SATURDAY, new_year

DRAFT, PUBLISHED, CLOSED, CANCELLED = EventState
ALLOWED = {
    (DRAFT, PUBLISHED),
    (DRAFT, CANCELLED),
    (PUBLISHED, CLOSED),
    (PUBLISHED, CANCELLED),
    (PUBLISHED, DRAFT),
    (CLOSED, PUBLISHED),
    (CLOSED, CANCELLED),
}


@pytest.mark.parametrize("state", EventState)
@pytest.mark.parametrize("target", EventState)
def test_every_pair_of_states(state, target):
    assert rules.may_move(state, target, has_applications=False) is ((state, target) in ALLOWED)


def test_what_people_applied_for_does_not_become_a_draft_again():
    assert not rules.may_move(PUBLISHED, DRAFT, has_applications=True)
    assert rules.may_move(PUBLISHED, CLOSED, has_applications=True)


OPENS, CLOSES = NOW - dt.timedelta(1), NOW + dt.timedelta(1)


@pytest.mark.parametrize(
    ("state", "opens", "closes", "expected"),
    [
        (PUBLISHED, None, CLOSES, Window.OPEN),
        (PUBLISHED, OPENS, CLOSES, Window.OPEN),
        (PUBLISHED, NOW, CLOSES, Window.OPEN),
        (PUBLISHED, NOW + dt.timedelta(seconds=1), CLOSES, Window.NOT_YET),
        (PUBLISHED, None, NOW, Window.CLOSED),
        (CLOSED, None, CLOSES, Window.CLOSED),
        (DRAFT, None, CLOSES, Window.NOT_YET),
        (CANCELLED, None, CLOSES, Window.CANCELLED),
    ],
)
def test_window(state, opens, closes, expected):
    assert rules.window(state, opens, closes, NOW) == expected


@pytest.mark.parametrize(
    ("capacity", "reserved", "confirmed", "waiting", "expected"),
    [
        (None, 0, 5000, 0, (None, Room.FREE)),
        (100, 0, 0, 0, (100, Room.FREE)),
        (100, 0, 89, 0, (11, Room.FREE)),
        (100, 0, 90, 0, (10, Room.FEW)),
        (100, 15, 84, 0, (1, Room.FEW)),
        (100, 15, 85, 0, (0, Room.FULL)),
        (100, 0, 101, 0, (0, Room.FULL)),
        (100, 0, 99, 1, (1, Room.FULL)),
        (20, 0, 15, 0, (5, Room.FEW)),
        (0, 0, 0, 0, (0, Room.FULL)),
    ],
)
def test_room(capacity, reserved, confirmed, waiting, expected):
    count = PlaceCount(confirmed, waiting)
    assert (
        rules.seats_left(capacity, reserved, confirmed),
        rules.room(capacity, reserved, count),
    ) == expected


def codes(plan, **values):
    return [warning.code for warning in rules.warnings(plan, now=NOW, **values)]


def test_a_complete_event_gives_no_warning():
    assert codes(new_year()) == []


def test_the_mistaken_saturday():
    found = rules.warnings(new_year(held_on=SATURDAY), now=NOW)
    assert [(w.code, w.anchor, dict(w.details), w.blocks) for w in found] == [
        (WarningCode.DAY_OFF, "held_on", {"date": "2027年1月23日(土)", "name": "土曜日"}, False)
    ]


def test_a_holiday_on_a_weekday():
    monday = dt.date(2027, 1, 11)
    found = rules.warnings(new_year(held_on=monday, free_cancellation_until=None), now=NOW)
    assert (found[0].code, found[0].details["name"]) == (WarningCode.DAY_OFF, "成人の日")


NIGHT = replace(LECTURE, day=dt.date(2027, 1, 21))
MEMBERS_PAY_MORE = (
    FeePlan(PriceCategory.MEMBER, Mode.ONSITE, 5000),
    FeePlan(PriceCategory.GENERAL, Mode.ONSITE, 3000),
)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"hosts": ()}, WarningCode.NO_HOST),
        ({"access": " "}, WarningCode.NO_ACCESS),
        ({"cancellation_rule": ""}, WarningCode.NO_CANCELLATION_RULE),
        ({"privacy_notice": ""}, WarningCode.NO_PRIVACY_NOTICE),
        ({"overflow_notice": ""}, WarningCode.NO_OVERFLOW_NOTICE),
        ({"applications_close_at": tokyo(FRIDAY, dt.time(17, 1))}, WarningCode.CLOSES_AFTER_START),
        ({"applications_close_at": NOW - dt.timedelta(days=1)}, WarningCode.CLOSE_PAST),
        ({"applications_close_at": tokyo(dt.date(2027, 1, 16), dt.time(17))}, WarningCode.CLOSES_ON_DAY_OFF),
        ({"free_cancellation_until": tokyo(FRIDAY, dt.time(18))}, WarningCode.CANCEL_AFTER_START),
        ({"parts": ()}, WarningCode.NO_PARTS),
        ({"parts": (LECTURE, replace(PARTY, pools=()))}, WarningCode.NO_MODE),
        ({"parts": (LECTURE, replace(PARTY, starts=dt.time(18, 49)))}, WarningCode.PARTS_OVERLAP),
        ({"venue_name": "", "parts": (replace(LECTURE, place="2Fホール"), PARTY)}, WarningCode.NO_PLACE),
        ({"fees": MEMBERS_PAY_MORE}, WarningCode.MEMBER_PAYS_MORE),
        ({"parts": (LECTURE, replace(PARTY, fees=MEMBERS_PAY_MORE))}, WarningCode.MEMBER_PAYS_MORE),
        ({"parts": (NIGHT, PARTY)}, WarningCode.OTHER_DAY),
    ],
)
def test_each_warning_stands_alone(values, expected):
    assert [code for code in codes(new_year(**values)) if code != WarningCode.NO_ACCESS or code == expected] == [
        expected
    ]


def test_parts_that_follow_each_other_at_once_do_not_overlap():
    assert codes(new_year(parts=(LECTURE, replace(PARTY, starts=LECTURE.ends)))) == []


def test_a_past_day_keeps_an_event_from_being_published():
    past = new_year(
        held_on=dt.date(2026, 11, 20),
        applications_close_at=NOW - dt.timedelta(9),
        free_cancellation_until=None,
    )
    found = rules.warnings(past, now=NOW)
    assert [(w.code, w.blocks) for w in found] == [(WarningCode.DATE_PAST, True), (WarningCode.CLOSE_PAST, False)]


def test_no_contact_only_where_the_organiser_has_none():
    assert codes(new_year(), has_contact=False) == [WarningCode.NO_CONTACT]
    assert codes(new_year(contact="042-000-0000"), has_contact=False) == []


def test_last_times_year_left_in_a_copied_text():
    plan = new_year(summary="令和8年1月23日は満席でした。", access="2026年に改装した会場です。")
    found = rules.warnings(plan, now=NOW, last_held_on=dt.date(2026, 1, 23))
    assert [(w.code, dict(w.details)) for w in found] == [
        (WarningCode.LAST_TIMES_DATE, {"field": "summary", "year": "令和8年"}),
        (WarningCode.LAST_TIMES_DATE, {"field": "access", "year": "2026年"}),
    ]


def test_more_people_than_seats():
    party = replace(PARTY, id=7, pools=(PoolPlan(Mode.ONSITE, 80),))
    found = rules.warnings(
        new_year(parts=(LECTURE, party)), now=NOW, counts={(7, Mode.ONSITE): PlaceCount(confirmed=81)}
    )
    assert [(w.code, w.anchor, dict(w.details)) for w in found] == [
        (
            WarningCode.OVERBOOKED,
            "parts-1-onsite_capacity",
            {"part": "第2部 賀詞交歓会", "mode": "onsite", "capacity": 80, "taken": 81},
        )
    ]


def test_hosts_in_printed_order():
    hosts = (
        HostPlan(HostRole.PLANNED_BY, "分科会"),
        HostPlan(HostRole.CO_HOST, "KISTEC"),
        HostPlan(HostRole.HOST, "協会"),
        HostPlan(HostRole.CO_HOST, "KIP"),
    )
    assert [host.name for host in rules.in_printed_order(hosts)] == ["協会", "KISTEC", "KIP", "分科会"]

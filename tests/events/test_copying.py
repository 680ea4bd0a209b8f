"""This time's event from last time's, and the history's JSON."""

import datetime as dt
import json
from dataclasses import replace

import pytest

from eventops.clock import tokyo
from eventops.events import copying
from eventops.events import plan as plans
from eventops.events.models import EventKind, Mode
from eventops.events.plan import PoolPlan
from tests.events.plans import LECTURE, PARTY, new_year


def reserve(released_on):
    return (PoolPlan(Mode.ONSITE, 100, 10, released_on),)


LAST = new_year(
    slug="newyear-2026",
    code="N08",
    title="令和8年新春講演会・賀詞交歓会",
    title_en="New Year Lecture 2026",
    edition=8,
    held_on=dt.date(2026, 1, 23),
    applications_open_at=tokyo(dt.date(2025, 12, 1), dt.time(9)),
    applications_close_at=tokyo(dt.date(2026, 1, 16), dt.time(17)),
    free_cancellation_until=tokyo(dt.date(2026, 1, 20), dt.time(17)),
    parts=(replace(LECTURE, id=1), replace(PARTY, id=2, day=dt.date(2026, 1, 24), pools=reserve(dt.date(2026, 1, 9)))),
)


def test_everything_moves_to_the_new_day_and_the_marks_stay():
    copy = copying.copied(LAST, held_on=dt.date(2027, 1, 22), slugs={"newyear-2026"}, codes={"N08"})
    assert copy == replace(
        LAST,
        slug="newyear-2027",
        code="N09",
        title="令和9年新春講演会・賀詞交歓会",
        title_en="New Year Lecture 2027",
        edition=9,
        held_on=dt.date(2027, 1, 22),
        applications_open_at=tokyo(dt.date(2026, 11, 30), dt.time(9)),
        applications_close_at=tokyo(dt.date(2027, 1, 15), dt.time(17)),
        free_cancellation_until=tokyo(dt.date(2027, 1, 19), dt.time(17)),
        parts=(LECTURE, replace(PARTY, day=dt.date(2027, 1, 23), pools=reserve(dt.date(2027, 1, 8)))),
    )
    assert copy.parts[0].is_provisional
    assert copy.parts[0].description == "「ものづくりの次の10年」(仮)"


def test_numbered_titles_count_on():
    last, held_on = dt.date(2026, 1, 16), dt.date(2027, 1, 15)
    assert copying.next_title("第7回TAMA技術連携交流会@KISTEC", last, held_on) == "第8回TAMA技術連携交流会@KISTEC"
    assert copying.next_title("大望年会2026", last, held_on) == "大望年会2027"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("newyear-2026", "newyear-2027"), ("m07", "m08"), ("m09", "m10"), ("golf", "golf-2027"), ("g5-cup", "g6-cup")],
)
def test_proposed_addresses(name, expected):
    assert copying.next_name(name, dt.date(2026, 1, 23), dt.date(2027, 1, 22)) == expected


def test_a_taken_name_is_counted_on_within_its_length():
    assert copying.free("n09", {"n09", "n09-2"}, 12, "-") == "n09-3"
    assert copying.free("ABCDEFGHIJKL", {"ABCDEFGHIJKL"}, 12, "-") == "ABCDEFGHIJ-2"


def test_names_of_an_event_from_nothing():
    day = dt.date(2027, 1, 22)
    assert copying.proposed_slug(EventKind.NEW_YEAR, day, set()) == "newyear-20270122"
    assert copying.proposed_code(EventKind.NEW_YEAR, day, {"N2701"}) == "N2701-2"


def test_the_history_gives_back_what_it_was_given():
    written = json.loads(json.dumps(plans.to_json(LAST)))
    assert plans.from_json(written) == LAST

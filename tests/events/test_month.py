"""Pure pieces of events: the grid of a month, the lines of a programme, numbers of a series."""

import datetime as dt

import pytest

from eventops.events import copying, month, programme
from eventops.events.programme import Item
from tests.events.plans import new_year

TODAY = dt.date(2027, 1, 15)


def test_a_month_begins_on_monday_and_names_its_days_off():
    grid = month.month(dt.date(2027, 1, 1), [(dt.date(2027, 1, 22), "a"), (dt.date(2027, 1, 22), "b")], today=TODAY)

    assert [len(week) for week in grid.weeks] == [7] * 5
    assert grid.weeks[0][0].date == dt.date(2026, 12, 28)
    assert grid.weeks[0][0].is_outside
    days = {day.date.day: day for week in grid.weeks for day in week if not day.is_outside}
    assert (days[1].day_off, days[11].day_off, days[16].day_off, days[22].day_off) == ("元日", "成人の日", "土曜日", "")
    assert days[15].is_today
    assert [(day.date.day, day.entries) for day in grid.busy] == [(22, ("a", "b"))]
    assert (grid.before, grid.after) == (dt.date(2026, 12, 1), dt.date(2027, 2, 1))


@pytest.mark.parametrize("text", ["", "2027-13", "2027-00", "1999-01", "soon", "2027-1"])
def test_an_address_that_names_no_month_shows_this_one(text):
    assert month.read(text, today=TODAY) == dt.date(2027, 1, 1)


def test_an_address_names_a_month():
    assert month.read("2026-11", today=TODAY) == dt.date(2026, 11, 1)


def test_a_programme_is_read_line_by_line():
    text = """
    17:00 開会挨拶 / 会長 山田太郎
    １７：１０〜１８：００　基調講演「AI/DXの次」(仮)／佐藤花子(架空大学)
    18:05〜 質疑
    27:00 夜の部
    休憩
    """

    assert programme.items(text) == (
        Item("開会挨拶", dt.time(17), None, "会長 山田太郎"),
        Item("基調講演「AI/DXの次」(仮)", dt.time(17, 10), dt.time(18), "佐藤花子(架空大学)"),
        Item("質疑", dt.time(18, 5)),
        Item("27:00 夜の部"),
        Item("休憩"),
    )


def test_the_number_follows_the_last_of_the_series_even_when_an_older_event_is_copied():
    plan = new_year(title="第7回技術連携交流会", edition=7)

    copy = copying.copied(plan, held_on=dt.date(2028, 1, 21), slugs=set(), codes=set(), last_edition=9)

    assert (copy.edition, copy.title) == (10, "第10回技術連携交流会")

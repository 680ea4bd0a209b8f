"""The arithmetic of slots and tables, on plain values."""

import datetime as dt

import pytest

from eventops.clock import tokyo
from eventops.meetings.frame.capacity import Frame, Interval, Pause, Presence, TableNeed, places, slot_times, table_need

DAY = dt.date(2027, 1, 15)


def at(clock: str) -> dt.datetime:
    return tokyo(DAY, dt.time.fromisoformat(clock))


def frame(starts: str, ends: str, *pauses: tuple[str, str], length: int = 20, changeover: int = 5) -> Frame:
    return Frame(at(starts), at(ends), length, changeover, tuple(Pause(at(one), at(two)) for one, two in pauses))


NINE = frame("13:00", "16:50", ("14:35", "14:50"))
SLOTS = [Interval(time.starts_at, time.ends_at) for time in slot_times(NINE)]


def test_an_afternoon_with_a_break_has_nine_slots_in_two_blocks() -> None:
    times = slot_times(NINE)

    assert [f"{time.starts_at:%H:%M}" for time in times] == [
        "13:00",
        "13:25",
        "13:50",
        "14:15",
        "14:50",
        "15:15",
        "15:40",
        "16:05",
        "16:30",
    ]
    assert [time.block for time in times] == ["前半"] * 4 + ["後半"] * 5
    assert [time.code for time in times] == [f"S{number}" for number in range(1, 10)]


@pytest.mark.parametrize(
    ("shape", "count"),
    [
        (frame("13:00", "16:50"), 9),
        (frame("13:00", "13:20"), 1),
        (frame("13:00", "13:19"), 0),
        (frame("13:00", "14:00", changeover=0), 3),
        (frame("10:00", "16:00", ("12:00", "13:00"), length=30), 8),
        (frame("13:00", "14:35", ("13:00", "13:15")), 3),
    ],
)
def test_slots_that_fit(shape: Frame, count: int) -> None:
    assert len(slot_times(shape)) == count


def test_one_block_has_no_name_and_three_are_numbered() -> None:
    assert {time.block for time in slot_times(frame("13:00", "14:00"))} == {""}
    three = slot_times(frame("09:00", "12:00", ("10:00", "10:10"), ("11:00", "11:10")))
    assert sorted({time.block for time in three}) == ["第1", "第2", "第3"]


def test_150_meetings_in_nine_slots_need_17_tables_and_19_or_20_are_advised() -> None:
    assert table_need(150, 9) == TableNeed(17, 19, 20)
    assert table_need(150, 0) is None
    assert table_need(0, 9) == TableNeed(0, 0, 0)


@pytest.mark.parametrize(
    ("presence", "count"),
    [
        (Presence(1), 9),
        (Presence(2), 18),
        (Presence(1, most=8), 8),
        (Presence(1, arrives=at("14:50")), 5),
        (Presence(1, leaves=at("15:35")), 6),
        (Presence(1, away=(Interval(at("14:50"), at("15:10")),)), 8),
        (Presence(1, arrives=at("14:50"), extra=((1, Interval(at("14:50"), at("16:50"))),)), 10),
        (Presence(1, leaves=at("15:35"), extra=((1, Interval(at("13:00"), at("14:35"))),)), 10),
        (Presence(1, extra=((1, None),)), 18),
    ],
)
def test_places_of_a_participant(presence: Presence, count: int) -> None:
    assert places(presence, SLOTS) == count

"""The frame of a round: usual values, slots that follow the window, tables numbered through."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from eventops.clock import tokyo
from eventops.events.models import Event, PartKind
from eventops.meetings import queries
from eventops.meetings.frame import loads, rounds
from eventops.meetings.frame.rounds import RoomRow, SlotInUse, SlotRow, SlotsOverlap, TableInUse
from eventops.meetings.models import MatchingRound
from eventops.meetings.timetable.models import Timetable, TimetableMeeting
from tests.factories import HELD_ON, NOW, make_event, make_part
from tests.meetings.sheets import load_round, make_round


def at(clock: str) -> dt.datetime:
    return tokyo(HELD_ON, dt.time.fromisoformat(clock))


def save_frame(session: Session, found: MatchingRound, frame: rounds.Frame) -> None:
    rounds.save_frame(
        session, round_id=found.id, frame=frame, sme_max_meetings=8, solve_seconds=60, actor_id=None, now=NOW
    )


def save_rooms(session: Session, found: MatchingRound, *rows: RoomRow) -> None:
    rounds.save_rooms(session, round_id=found.id, rows=rows, actor_id=None, now=NOW)


def numbers(found: MatchingRound) -> list[list[int]]:
    return [[table.number for table in room.tables] for room in found.rooms]


def test_the_first_visit_lays_out_the_usual_afternoon(session: Session) -> None:
    found = make_round(session)

    assert (found.slot_minutes, found.changeover_minutes, found.sme_max_meetings) == (20, 5, 8)
    assert [(pause.starts_at, pause.ends_at) for pause in found.breaks] == [(at("14:35"), at("14:50"))]
    assert len(found.slots) == 9
    assert rounds.ensure(session, found.event_id) is found


def test_an_event_without_meetings_has_no_round(session: Session) -> None:
    event = make_event(session)
    make_part(session, event, kind=PartKind.LECTURE)

    assert rounds.ensure(session, event.id) is None


def test_another_window_lays_the_slots_out_anew_and_keeps_their_rows(session: Session) -> None:
    found = make_round(session)
    before = [slot.id for slot in found.slots]

    save_frame(session, found, replace(rounds.frame_of(found), ends_at=at("15:40")))

    assert [slot.id for slot in found.slots] == before[:6]
    assert [slot.code for slot in found.slots] == ["S1", "S2", "S3", "S4", "S5", "S6"]


def slot_row(found: MatchingRound, index: int, starts: str, ends: str, code: str | None = None) -> SlotRow:
    slot = found.slots[index]
    return SlotRow(slot.id, code or slot.code, at(starts), at(ends), slot.block, True)


def test_overlapping_slots_are_refused_by_name(session: Session) -> None:
    found = make_round(session)
    rows = [slot_row(found, 0, "13:00", "13:20"), slot_row(found, 1, "13:10", "13:30")]

    with pytest.raises(SlotsOverlap) as refused:
        rounds.save_slots(session, round_id=found.id, rows=rows, actor_id=None, now=NOW)

    assert dict(refused.value.details) == {"later": "S2", "earlier": "S1"}


def test_two_slots_may_exchange_their_names(session: Session) -> None:
    found = make_round(session)
    rows = [slot_row(found, 0, "13:00", "13:20", "S2"), slot_row(found, 1, "13:25", "13:45", "S1")]

    rounds.save_slots(session, round_id=found.id, rows=rows, actor_id=None, now=NOW)

    assert {slot.code: slot.starts_at for slot in found.slots} == {"S2": at("13:00"), "S1": at("13:25")}


def test_tables_are_numbered_through_the_rooms_whatever_is_added_where(session: Session) -> None:
    found = make_round(session)
    save_rooms(session, found, RoomRow(None, "RA", "研修室A", 2), RoomRow(None, "RB", "研修室B", 3))
    assert numbers(found) == [[1, 2], [3, 4, 5]]
    first, second = found.rooms

    save_rooms(session, found, RoomRow(second.id, "RB", "研修室B", 3), RoomRow(first.id, "RA", "研修室A", 4))
    session.refresh(found)
    assert [room.code for room in found.rooms] == ["RB", "RA"]
    for room in found.rooms:
        session.refresh(room)
    assert numbers(found) == [[1, 2, 3], [4, 5, 6, 7]]

    save_rooms(session, found, RoomRow(first.id, "RA", "研修室A", 1))
    session.refresh(found)
    assert numbers(found) == [[1]]


def plan_a_meeting(session: Session, found: MatchingRound) -> TimetableMeeting:
    timetable = Timetable(round_id=found.id, created_at=NOW)
    meeting = TimetableMeeting(
        application_id=found.needs[0].applications[0].id,
        slot_id=found.slots[-1].id,
        table_id=found.rooms[-1].tables[-1].id,
    )
    timetable.meetings.append(meeting)
    session.add(timetable)
    session.flush()
    return meeting


def test_slots_and_tables_with_meetings_stay(session: Session) -> None:
    found = load_round(session)
    plan_a_meeting(session, found)
    first, second, third = found.rooms

    with pytest.raises(SlotInUse) as slot_refused:
        save_frame(session, found, replace(rounds.frame_of(found), ends_at=at("15:40")))
    assert slot_refused.value.details["slot"] == "S9"
    rows = [RoomRow(room.id, room.code, room.name, count) for room, count in ((first, 9), (second, 9), (third, 5))]
    with pytest.raises(TableInUse) as table_refused:
        save_rooms(session, found, *rows)
    assert table_refused.value.details["table"] == 24


def test_the_demonstration_s_arithmetic(session: Session) -> None:
    found = queries.whole_round(session, load_round(session).id)

    shown = loads.arithmetic(session, found)

    assert (shown.slots, shown.tables, shown.online_tables, shown.meetings) == (9, 24, 2, 150)
    assert (shown.host_tables, shown.short, len(shown.hosts), shown.guests_over) == (22, 0, 20, ())
    by_code = {load.organisation.code: (load.places, load.wanted) for load in shown.hosts}
    assert (by_code["O0001"], by_code["O0009"], by_code["O0011"]) == ((18, 13), (9, 7), (9, 7))


def test_without_the_extra_tables_three_meetings_are_short(session: Session) -> None:
    found = queries.whole_round(session, load_round(session).id)
    for limit in queries.limits(session, found.id):
        limit.in_use = limit.kind != "extra_tables"
    session.flush()

    shown = loads.arithmetic(session, found)

    assert {load.organisation.code: load.short for load in shown.hosts if load.short} == {"O0009": 2, "O0011": 1}


def test_fewer_slots_are_told_before_they_are_stored(session: Session) -> None:
    found = queries.whole_round(session, load_round(session).id)

    shown = loads.arithmetic(session, found, slots=loads.slots_in_use(found)[:7])

    assert (shown.slots, shown.need and shown.need.needed) == (7, 22)
    assert shown.short > 0


def test_events_are_told_apart(session: Session) -> None:
    one, two = make_round(session, slug="one"), make_round(session, slug="two")

    assert session.get(Event, one.event_id) is not session.get(Event, two.event_id)
    assert one.id != two.id

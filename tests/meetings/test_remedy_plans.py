"""What applying a remedy changes in the event's data: exactly what was tried out, and back again to the letter."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from eventops.clock import tokyo
from eventops.database import transaction
from eventops.errors import Stale
from eventops.meetings.models import CompetitorPair, LimitKind, MatchingRound, Need, PairScope, ParticipantLimit, Slot
from eventops.meetings.timetable import edits, planning
from eventops.meetings.timetable.edits import ChangedSince, Edit
from eventops.meetings.timetable.plans import Line, Plan, Rows, What
from scheduling.changes import Change, changed
from scheduling.facts import is_there
from scheduling.problem import Problem
from scheduling.solution import Remedy
from tests.factories import HELD_ON
from tests.meetings.tiny import Tiny, add_need, make_tiny, problem_of, state


def at(hour: int, minute: int) -> dt.datetime:
    return tokyo(HELD_ON, dt.time(hour, minute))


@pytest.fixture
def tiny(app: Flask) -> Tiny:
    with app.app_context(), transaction() as session:
        return make_tiny(session)


def facts(problem: Problem) -> dict[str, Any]:
    """A problem without its ids of slots and tables: those that a change adds are called otherwise in the database."""
    return {
        "slots": [(one.start, one.end, one.block) for one in problem.slots],
        "tables": sorted(tuple(sorted(one.features)) for one in problem.tables),
        "room": {
            (one.id, slot.start): one.capacity_at.get(slot.id, one.capacity) if is_there(one, slot) else 0
            for one in problem.participants
            for slot in problem.slots
        },
        "most": {one.id: (one.max_meetings, one.max_run) for one in problem.participants},
        "rules": [(one.first, one.second, one.is_hard) for one in problem.pair_rules],
    }


Case = tuple[Callable[[Session, Tiny], Any], Callable[[Problem, Tiny], Change]]


def nothing(_session: Session, _tiny: Tiny) -> None:
    """The round as it is."""


def limits(kind: LimitKind, *which: dict[str, Any], whose: str = "host") -> Callable[[Session, Tiny], None]:
    def arrange(session: Session, tiny: Tiny) -> None:
        owner = tiny.host_id if whose == "host" else tiny.guest_ids[0]
        for values in which:
            state(session, tiny, owner, kind, **values)

    return arrange


def away_and_late(session: Session, tiny: Tiny) -> None:
    state(session, tiny, tiny.host_id, LimitKind.ARRIVES_FROM, time_from=at(13, 50))
    state(session, tiny, tiny.host_id, LimitKind.UNAVAILABLE, time_from=at(13, 20), time_to=at(13, 40))


def a_maximum(session: Session, tiny: Tiny) -> None:
    session.get_one(Need, tiny.need_id).max_meetings = 2


def two_hosts(session: Session, tiny: Tiny) -> None:
    add_need(session, tiny)
    state(session, tiny, tiny.host_id, LimitKind.PARALLEL, value=2)


def a_hard_pair(session: Session, tiny: Tiny) -> None:
    first, second = tiny.guest_ids[:2]
    pair = {"first_id": first, "second_id": second, "scope": PairScope.BACK_TO_BACK, "is_hard": True}
    session.add(CompetitorPair(round_id=tiny.round_id, **pair))


def an_unused_slot(session: Session, tiny: Tiny) -> None:
    times = {"starts_at": at(14, 15), "ends_at": at(14, 35)}
    session.add(Slot(round_id=tiny.round_id, code="S9", block="前半", in_use=False, **times))


def a_short_window(session: Session, tiny: Tiny) -> None:
    session.get_one(MatchingRound, tiny.round_id).ends_at = at(14, 10)
    session.flush()


def host(tiny: Tiny) -> str:
    return f"n{tiny.need_id}"


def guest(tiny: Tiny) -> str:
    return f"o{tiny.guest_ids[0]}"


def slot_ids(problem: Problem, *places: int) -> tuple[str, ...]:
    return tuple(problem.slots[place].id for place in places)


def about(code: str, who: Callable[[Tiny], str], *places: int) -> Callable[[Problem, Tiny], Change]:
    return lambda problem, tiny: Change(code, (who(tiny),), slot_ids(problem, *places))


def other_code(code: str, *subjects: str) -> Callable[[Problem, Tiny], Change]:
    return lambda problem, tiny: Change(code, subjects)


def rule(problem: Problem, tiny: Tiny) -> Change:
    one = problem.pair_rules[0]
    return Change("relax_rule", (one.id, "pair_back_to_back", one.first, one.second))


CASES: dict[str, Case] = {
    "a second table for part of the day": (nothing, about("second_table", host, 1, 2)),
    "a second table all day": (nothing, about("second_table", host, 0, 1, 2)),
    "one more where some have one more already": (
        limits(LimitKind.EXTRA_TABLES, {"value": 2, "time_from": at(13, 25), "time_to": at(13, 45)}),
        about("second_table", host, 0, 1),
    ),
    "one more on top of the same span": (
        limits(LimitKind.EXTRA_TABLES, {"value": 1, "time_from": at(13, 25), "time_to": at(14, 10)}),
        about("second_table", host, 1, 2),
    ),
    "a second table where several at once were stated": (
        limits(LimitKind.PARALLEL, {"value": 2}),
        about("second_table", host, 0, 1, 2),
    ),
    "two teams of a guest": (nothing, about("second_table", guest, 0, 1, 2)),
    "one table more for each host": (two_hosts, lambda problem, _tiny: Change("second_table_for_all", hosts(problem))),
    "earlier, though away then": (away_and_late, about("arrive_earlier", host, 0, 1)),
    "later": (limits(LimitKind.LEAVES_BY, {"time_to": at(13, 25)}), about("leave_later", host, 1)),
    "there in the middle of an absence": (
        limits(LimitKind.UNAVAILABLE, {"time_from": at(13, 0), "time_to": at(14, 10), "note": "会議"}),
        about("be_available", host, 1),
    ),
    "there after all": (limits(LimitKind.UNAVAILABLE, {}), about("be_available", host, 0, 1, 2)),
    "there at the end of an absence": (
        limits(LimitKind.UNAVAILABLE, {"time_from": at(13, 10), "time_to": at(13, 40)}, whose="guest"),
        about("be_available", guest, 1),
    ),
    "a guest's maximum from the round": (nothing, about("higher_maximum", guest)),
    "a host's own maximum": (a_maximum, about("higher_maximum", host)),
    "a maximum that was stated": (
        limits(LimitKind.MAX_MEETINGS, {"value": 3}, whose="guest"),
        about("higher_maximum", guest),
    ),
    "longer without a rest": (limits(LimitKind.REST_AFTER, {"value": 2}), about("longer_run", host)),
    "a rule that is a wish now": (a_hard_pair, rule),
    "a table fitted out": (nothing, lambda problem, _tiny: Change("add_feature", (problem.tables[0].id, "online"))),
    "a new table": (nothing, other_code("new_table", "accessible", "online")),
    "a slot that lies there unused": (an_unused_slot, lambda problem, _tiny: last_slot(problem)),
    "a new slot": (a_short_window, lambda problem, _tiny: last_slot(problem)),
    "only another run": (nothing, other_code("solve_again")),
}


def hosts(problem: Problem) -> tuple[str, ...]:
    return tuple(one.id for one in problem.participants if one.id.startswith("n"))


def last_slot(problem: Problem) -> Change:
    return Change("one_more_slot", (), (problem.slots[-1].id,))


def planned(session: Session, tiny: Tiny, change: Change) -> Plan:
    problem = problem_of(session, tiny)
    rows = Rows(session, problem, tiny.round_id)
    found = planning.plan(rows, Remedy(change.code, change.subjects, change.slot_ids, 1))
    assert found is not None
    return found


@pytest.mark.both_databases
@pytest.mark.parametrize("case", CASES)
def test_the_facts_become_what_was_tried_out_and_go_back(app: Flask, tiny: Tiny, case: str) -> None:
    arrange, change_of = CASES[case]
    with app.test_request_context(), transaction() as session:
        arrange(session, tiny)
    with app.test_request_context(), transaction() as session:
        before = problem_of(session, tiny)
        change = change_of(before, tiny)
        done = edits.carry_out(session, planned(session, tiny, change).edits)
        kept = [one.to_json() for one in done]
    with app.app_context(), transaction() as session:
        after = problem_of(session, tiny)
        edits.take_back(session, tiny.round_id, [Edit.from_json(one) for one in kept])
        assert facts(after) == facts(changed(before, change))
        assert (facts(after) != facts(before)) == (case != "only another run")
    with app.app_context(), transaction() as session:
        assert problem_of(session, tiny) == before


def test_a_new_slot_continues_the_codes_and_the_window(app: Flask, tiny: Tiny) -> None:
    with app.test_request_context(), transaction() as session:
        a_short_window(session, tiny)
        plan = planned(session, tiny, last_slot(problem_of(session, tiny)))
        edits.carry_out(session, plan.edits)
        found = session.get_one(MatchingRound, tiny.round_id)
        assert [one.code for one in found.slots] == ["S1", "S2", "S3", "S4"]
        assert found.ends_at == found.slots[-1].ends_at == at(14, 35)
        assert plan.new_slot == (at(14, 15), at(14, 35))


def test_who_has_to_agree_and_what_will_be_read(app: Flask, tiny: Tiny) -> None:
    with app.test_request_context(), transaction() as session:
        state(session, tiny, tiny.host_id, LimitKind.ARRIVES_FROM, time_from=at(13, 25))
        problem = problem_of(session, tiny)
        earlier = planned(session, tiny, about("arrive_earlier", host, 0)(problem, tiny))
        table = planned(session, tiny, Change("new_table"))
    times = (problem.slots[1].start.isoformat(), problem.slots[0].start.isoformat())
    assert (earlier.lines, earlier.agree) == ((Line(What.ARRIVES, (host(tiny),), *times),), (host(tiny),))
    assert (table.lines, table.agree, table.wants_room) == ((Line(What.TABLES, (), 2, 3),), (), True)


def test_what_only_people_can_bring_about_has_no_plan(app: Flask, tiny: Tiny) -> None:
    remedy = Remedy("other_person", ("p1", host(tiny)), (), 1)
    with app.app_context(), transaction() as session:
        rows = Rows(session, problem_of(session, tiny), tiny.round_id)
        assert (planning.plan(rows, remedy), planning.can_be_applied(remedy)) == (None, False)


def test_what_somebody_changed_since_is_not_overwritten(app: Flask, tiny: Tiny) -> None:
    with app.test_request_context(), transaction() as session:
        plan = planned(session, tiny, about("higher_maximum", guest)(problem_of(session, tiny), tiny))
        done = edits.carry_out(session, plan.edits)
        session.get_one(ParticipantLimit, done[0].row_id).value = 20
        session.flush()
        with pytest.raises(ChangedSince):
            edits.take_back(session, tiny.round_id, done)

        tables = planned(session, tiny, about("second_table", host, 0, 1, 2)(problem_of(session, tiny), tiny))
        session.get_one(Need, tiny.need_id).tables = 5
        session.flush()
        with pytest.raises(Stale):
            edits.carry_out(session, tables.edits)
        with pytest.raises(ChangedSince):
            edits.take_back(session, tiny.round_id, tables.edits)


def test_a_row_that_is_gone_by_now_needs_no_taking_back(app: Flask, tiny: Tiny) -> None:
    with app.test_request_context(), transaction() as session:
        plan = planned(session, tiny, Change("new_table"))
        done = edits.carry_out(session, plan.edits)
        before = problem_of(session, tiny)
        edits.take_back(session, tiny.round_id, done)
        edits.take_back(session, tiny.round_id, done)
        assert len(problem_of(session, tiny).tables) == len(before.tables) - 1 == 2

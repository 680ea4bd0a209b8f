"""What is dropped of a timetable that breaks rules: the meeting at fault, or the thinner end of somebody's day."""

from dataclasses import replace

import pytest

from scheduling.check import SEAT_CODES, check
from scheduling.keeping import keep_valid
from scheduling.problem import Participant, Problem
from scheduling.solution import Violation
from tests.scheduling.builders import at, guest, host, problem, request, slots, tables


def four_hosts(one: Participant, **more: object) -> Problem:
    """A guest who meets four hosts, and two others who meet each other."""
    hosts = tuple(host(name) for name in "HIJK")
    requests = (*(request(f"to{name}", name, "A") for name in "HIJK"), request("apart", "L", "B"))
    made = problem(
        slots=slots(8), tables=tables(2), participants=(*hosts, host("L"), one, guest("B")), requests=requests
    )
    return replace(made, **more)  # type: ignore[arg-type]


def kept(of: Problem, day: str) -> set[str]:
    meetings = keep_valid(of, at(day))
    assert not check(of, meetings)
    return {one.request_id for one in meetings}


def test_who_has_too_many_meetings_loses_one_at_the_thinner_end() -> None:
    few = four_hosts(replace(guest("A"), max_meetings=3))

    assert kept(few, "toH:S1:T1 toI:S4:T1 toJ:S5:T1 toK:S6:T1 apart:S8:T1") == {"toI", "toJ", "toK", "apart"}
    assert kept(few, "toH:S1:T1 toI:S2:T1 toJ:S3:T1 toK:S6:T1 apart:S8:T1") == {"toH", "toI", "toJ", "apart"}


def test_waiting_that_is_too_unequal_is_cut_off_the_day() -> None:
    equal = four_hosts(guest("A"), max_idle_difference=1)

    assert kept(equal, "toH:S1:T1 toI:S3:T1 toJ:S5:T1 toK:S6:T1 apart:S8:T1") == {"toI", "toJ", "toK", "apart"}


def test_a_meeting_that_is_itself_at_fault_goes() -> None:
    away = four_hosts(replace(guest("A"), unavailable=frozenset({"S3"})))

    assert kept(away, "toH:S1:T1 toI:S3:T1 apart:S8:T1") == {"toH", "apart"}


def test_what_may_stay_stays() -> None:
    crowded = four_hosts(guest("A"))
    day = at("toH:S1:T1 apart:S1:T1")

    assert keep_valid(crowded, day, but=SEAT_CODES) == day
    assert len(keep_valid(crowded, day)) == 1


def test_a_fault_of_nobody_who_is_there_costs_the_last_meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "scheduling.keeping.check", lambda _, meetings: [Violation("any", ("Z",))] * (len(meetings) > 1)
    )

    meetings = keep_valid(four_hosts(guest("A")), at("toH:S1:T1 toI:S2:T1 toJ:S3:T1"))

    assert [one.request_id for one in meetings] == ["toH"]

"""The checklist: dates, order, and what is done, due and late."""

import datetime as dt
from dataclasses import replace

from eventops.clock import tokyo
from eventops.events import checklist as lists
from eventops.events.checklist import EventFacts, StepCode, StepReport, StepState
from eventops.events.models import EventState

KISTEC = EventFacts(
    state=EventState.PUBLISHED,
    held_on=dt.date(2027, 1, 15),
    opens_at=tokyo(dt.date(2026, 10, 13), dt.time(9)),
    closes_at=tokyo(dt.date(2026, 11, 13), dt.time(17)),
    has_matching=True,
)
NOW = tokyo(dt.date(2026, 11, 21), dt.time(10))


def states(facts=KISTEC, reports=None, now=NOW):
    return {step.code: step.state for step in lists.checklist(facts, reports or {}, now=now)}


def test_the_dates_of_a_matching_event():
    assert {code: due.isoformat() for code, due in lists.due_dates(KISTEC).items()} == {
        StepCode.PUBLISH: "2026-10-13",
        StepCode.DEADLINE: "2026-11-13",
        StepCode.SCREENING: "2026-11-20",
        StepCode.TIMETABLE: "2026-12-18",
        StepCode.NOTIFY: "2026-12-31",
        StepCode.BADGES: "2027-01-12",
        StepCode.DAY: "2027-01-15",
        StepCode.THANKS: "2027-01-18",
    }


def test_an_event_without_matching_has_no_matching_steps():
    facts = replace(KISTEC, has_matching=False, opens_at=None)
    assert list(lists.due_dates(facts).items())[:2] == [
        (StepCode.DEADLINE, dt.date(2026, 11, 13)),
        (StepCode.PUBLISH, dt.date(2026, 12, 4)),
    ]
    assert set(lists.MATCHING_STEPS).isdisjoint(lists.due_dates(facts))


def test_meetings_are_prepared_weeks_ahead_though_guests_apply_until_the_last_days():
    late = replace(KISTEC, closes_at=tokyo(dt.date(2027, 1, 8), dt.time(17)))
    dates = lists.due_dates(late)
    assert [dates[code].isoformat() for code in lists.MATCHING_STEPS] == ["2026-12-11", "2026-12-18", "2026-12-31"]
    assert list(dates)[1] == StepCode.SCREENING


def test_done_late_due_and_later():
    assert states(reports={StepCode.SCREENING: StepReport(False, "未選考 12")}) == {
        StepCode.PUBLISH: StepState.DONE,
        StepCode.DEADLINE: StepState.DONE,
        StepCode.SCREENING: StepState.LATE,
        StepCode.TIMETABLE: StepState.LATER,
        StepCode.NOTIFY: StepState.LATER,
        StepCode.BADGES: StepState.LATER,
        StepCode.DAY: StepState.LATER,
        StepCode.THANKS: StepState.LATER,
    }
    assert states(reports={StepCode.SCREENING: StepReport(True)})[StepCode.TIMETABLE] == StepState.DUE


def test_a_step_is_late_on_the_day_after_and_not_on_its_day():
    on_the_day = tokyo(dt.date(2026, 11, 20), dt.time(23, 59))
    assert states(now=on_the_day)[StepCode.SCREENING] == StepState.DUE
    assert states(now=on_the_day + dt.timedelta(minutes=1))[StepCode.SCREENING] == StepState.LATE


def test_a_report_carries_its_note_and_takes_the_tick_away():
    steps = lists.checklist(KISTEC, {StepCode.SCREENING: StepReport(False, "未選考 12")}, now=NOW)
    told = {step.code: (step.note, step.by_hand) for step in steps}
    assert told[StepCode.SCREENING] == ("未選考 12", False)
    assert told[StepCode.TIMETABLE] == ("", True)
    assert told[StepCode.DAY] == ("", False)


def test_staff_tick_what_no_feature_sees():
    ticked = replace(KISTEC, ticked=frozenset({"screening"}))
    assert states(ticked)[StepCode.SCREENING] == StepState.DONE


def test_the_next_step_and_none_after_all_is_done():
    assert lists.next_step(lists.checklist(KISTEC, {}, now=NOW)).code == StepCode.SCREENING
    assert lists.next_step(()) is None


def test_a_draft_past_its_day_of_announcement_is_late():
    assert states(replace(KISTEC, state=EventState.DRAFT))[StepCode.PUBLISH] == StepState.LATE


def test_the_day_is_over_on_the_next_one():
    evening = tokyo(KISTEC.held_on, dt.time(23))
    assert states(now=evening)[StepCode.DAY] != StepState.DONE
    assert states(now=evening + dt.timedelta(hours=1))[StepCode.DAY] == StepState.DONE


def test_thanks_wait_for_the_next_working_day():
    assert lists.next_working_day(dt.date(2027, 4, 28)) == dt.date(2027, 4, 30)
    assert lists.next_working_day(dt.date(2027, 4, 30)) == dt.date(2027, 5, 6)


def test_what_falls_on_a_day_off_is_due_before_it():
    assert lists.working_day_by(dt.date(2027, 1, 12)) == dt.date(2027, 1, 12)
    assert lists.working_day_by(dt.date(2027, 1, 11)) == dt.date(2027, 1, 8)


def test_a_cancelled_event_has_no_steps():
    assert lists.checklist(replace(KISTEC, state=EventState.CANCELLED), {}, now=NOW) == ()

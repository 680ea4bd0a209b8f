"""The steps from announcement to thanks: when each is due and how it stands. Facts come in, steps go out."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eventops import wareki
from eventops.events.models import EventState


class StepCode(StrEnum):
    """The steps of an event, as the secretariat names them."""

    PUBLISH = "publish"
    DEADLINE = "deadline"
    SCREENING = "screening"
    TIMETABLE = "timetable"
    NOTIFY = "notify"
    BADGES = "badges"
    DAY = "day"
    THANKS = "thanks"


class StepState(StrEnum):
    """How a step stands; `due` is the next one."""

    DONE = "done"
    DUE = "due"
    LATE = "late"
    LATER = "later"


MATCHING_STEPS = (StepCode.SCREENING, StepCode.TIMETABLE, StepCode.NOTIFY)
BY_ITSELF = frozenset({StepCode.PUBLISH, StepCode.DEADLINE, StepCode.DAY})
NEEDLESS_BY_INVITATION = frozenset({StepCode.PUBLISH, StepCode.DEADLINE})
ANNOUNCED_DAYS_BEFORE = {True: 70, False: 42}
SCREENING_DAYS = 7
SCREENED_DAYS_BEFORE = 35
TIMETABLE_DAYS_BEFORE = 28
NOTIFIED_DAYS_BEFORE = 14
BADGES_DAYS_BEFORE = 3


@dataclass(frozen=True, slots=True)
class StepReport:
    """What the feature that owns a step knows about it."""

    done: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What the checklist looks at."""

    state: EventState
    held_on: dt.date
    opens_at: dt.datetime | None
    closes_at: dt.datetime
    has_matching: bool
    ticked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the checklist; `by_hand` when only staff can say that it is done, `needless` when nobody has to."""

    code: StepCode
    state: StepState
    due_on: dt.date
    note: str = ""
    by_hand: bool = False
    needless: bool = False


def checklist(facts: EventFacts, reports: Mapping[StepCode, StepReport], *, now: dt.datetime) -> tuple[Step, ...]:
    """The steps in the order of their dates; none for a cancelled event."""
    if facts.state == EventState.CANCELLED:
        return ()
    today = wareki.japan_date(now)
    done = {code for code in StepCode if _is_done(code, facts, reports, now)}
    needless = NEEDLESS_BY_INVITATION if _is_by_invitation(facts, reports) else frozenset()
    done |= needless
    dates = due_dates(facts)
    upcoming = next((code for code in dates if code not in done), None)
    return tuple(
        Step(
            code,
            _state(due_on, today, is_done=code in done, is_next=code == upcoming),
            due_on,
            reports[code].note if code in reports else "",
            code not in BY_ITSELF and code not in reports,
            code in needless,
        )
        for code, due_on in dates.items()
    )


def _is_by_invitation(facts: EventFacts, reports: Mapping[StepCode, StepReport]) -> bool:
    """Everybody knows the timetable of an event that was never announced: nobody is waited for to apply."""
    told = reports.get(StepCode.NOTIFY)
    return facts.state == EventState.DRAFT and told is not None and told.done


def next_step(steps: Sequence[Step]) -> Step | None:
    """The first that is not done."""
    return next((step for step in steps if step.state != StepState.DONE), None)


def due_dates(facts: EventFacts) -> dict[StepCode, dt.date]:
    """When each step is due. Meetings are prepared weeks ahead, though guests may apply until the last days."""
    day, closes = facts.held_on, wareki.japan_date(facts.closes_at)
    screening = min(closes + dt.timedelta(SCREENING_DAYS), day - dt.timedelta(SCREENED_DAYS_BEFORE))
    dates = {
        StepCode.PUBLISH: _announced_on(facts),
        StepCode.DEADLINE: closes,
        StepCode.SCREENING: working_day_by(screening),
        StepCode.TIMETABLE: working_day_by(day - dt.timedelta(TIMETABLE_DAYS_BEFORE)),
        StepCode.NOTIFY: working_day_by(day - dt.timedelta(NOTIFIED_DAYS_BEFORE)),
        StepCode.BADGES: working_day_by(day - dt.timedelta(BADGES_DAYS_BEFORE)),
        StepCode.DAY: day,
        StepCode.THANKS: next_working_day(day),
    }
    shown = {code: due for code, due in dates.items() if facts.has_matching or code not in MATCHING_STEPS}
    return dict(sorted(shown.items(), key=lambda item: item[1]))


def working_day_by(day: dt.date) -> dt.date:
    """The day itself, or the last one before it on which offices are open."""
    while wareki.day_off(day):
        day -= dt.timedelta(1)
    return day


def next_working_day(day: dt.date) -> dt.date:
    """The first day after it on which offices are open."""
    day += dt.timedelta(1)
    while wareki.day_off(day):
        day += dt.timedelta(1)
    return day


def _announced_on(facts: EventFacts) -> dt.date:
    if facts.opens_at is not None:
        return wareki.japan_date(facts.opens_at)
    return working_day_by(facts.held_on - dt.timedelta(ANNOUNCED_DAYS_BEFORE[facts.has_matching]))


def _is_done(code: StepCode, facts: EventFacts, reports: Mapping[StepCode, StepReport], now: dt.datetime) -> bool:
    if code == StepCode.PUBLISH:
        return facts.state != EventState.DRAFT
    if code == StepCode.DEADLINE:
        return facts.state == EventState.CLOSED or now >= facts.closes_at
    if code == StepCode.DAY:
        return wareki.japan_date(now) > facts.held_on
    return reports[code].done if code in reports else code in facts.ticked


def _state(due_on: dt.date, today: dt.date, *, is_done: bool, is_next: bool) -> StepState:
    if is_done:
        return StepState.DONE
    if due_on < today:
        return StepState.LATE
    return StepState.DUE if is_next else StepState.LATER

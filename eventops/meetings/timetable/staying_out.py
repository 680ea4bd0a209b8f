"""Who has no place in the timetable as it lies, and who would have none in one that is supposed, each with why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from eventops.meetings.models import Application
from eventops.meetings.timetable import problems
from eventops.meetings.timetable.advice import advice_on, reason_from
from eventops.meetings.timetable.models import Timetable
from eventops.meetings.timetable.unplaced import Group, Offer, Say, Unplaced, grouped, unplaced, with_reason
from eventops.meetings.timetable.what_if import WhatIf
from scheduling.problem import Problem


@dataclass(frozen=True, slots=True)
class StayingOut:
    """Those without a place by reason, what would help several groups, and who of them the other timetable places."""

    number: int
    groups: tuple[Group, ...]
    offers: tuple[Offer, ...]
    only_here: frozenset[int]


def today(
    timetable: Timetable | None,
    problem: Problem,
    applications: Mapping[int, Application],
    other: Collection[int],
    say: Say,
) -> StayingOut:
    """Of the draft as it lies; `other` are the applications with a place in the supposed timetable."""
    meetings = problems.known(problem, problems.placed(timetable.meetings)) if timetable is not None else ()
    here = {problems.row_id(one.request_id) for one in meetings}
    wanted = (problems.row_id(one.id) for one in problem.requests)
    missing = [applications[one] for one in wanted if one not in here]
    return _staying_out(unplaced(missing, problem, meetings, advice_on(timetable, problem), say), other)


def supposed(
    found: WhatIf,
    applications: Mapping[int, Application],
    other: Collection[int],
    say: Say,
) -> StayingOut | None:
    """Each as the run said, without a why where it did not come to say one; None where nobody kept who wished to meet.

    `other` are the applications with a place today.
    """
    if found.wanted is None or found.places is None:
        return None
    reasons = {problems.row_id(one.request_id): one for one in map(reason_from, found.reasons)}
    out = [one for one in applications.values() if one.id in found.wanted and one.id not in found.places]
    listed = [with_reason(one, reasons[one.id], say) if one.id in reasons else Unplaced(one, "") for one in out]
    return _staying_out(listed, other)


def _staying_out(listed: Sequence[Unplaced], other: Collection[int]) -> StayingOut:
    groups, offers = grouped(listed)
    only_here = frozenset(one.application.id for one in listed if one.application.id in other)
    return StayingOut(len(listed), groups, offers, only_here)

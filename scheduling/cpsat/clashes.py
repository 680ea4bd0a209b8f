"""Which starts of two requests break a pair rule about time."""

from collections.abc import Callable, Iterator

from ortools.sat.python import cp_model

from scheduling.cpsat.variables import MeetingVars
from scheduling.problem import PairKind, PairRule, Request, Subjects

Span = tuple[int, int]  # first and last position of a meeting
Clash = list[tuple[cp_model.IntVar, cp_model.IntVar]]


def clashing(meetings: MeetingVars, rule: PairRule) -> Iterator[Clash]:
    """For every two requests under the rule, the pairs of starts that must not both be."""
    breaks = _BREAKS.get(rule.kind)
    if breaks is None:
        return
    for first, second in pairs_of_requests(meetings, rule):
        pairs = _starts(meetings, first, second, breaks)
        if pairs:
            yield pairs


def pairs_of_requests(meetings: MeetingVars, rule: PairRule) -> Iterator[tuple[Request, Request]]:
    """Every two requests that the rule is about, the one of its first subject in front."""
    for first in _requests(meetings, rule, rule.first):
        for second in _requests(meetings, rule, rule.second):
            if first.id != second.id and _meet_at_one_host(rule, first, second):
                yield first, second


def _requests(meetings: MeetingVars, rule: PairRule, subject: str) -> list[Request]:
    if rule.subjects is Subjects.REQUESTS:
        return [meetings.facts.ground.requests[subject]]
    return meetings.facts.requests_of[subject]


def _meet_at_one_host(rule: PairRule, first: Request, second: Request) -> bool:
    if rule.kind is not PairKind.NOT_BACK_TO_BACK or rule.subjects is Subjects.REQUESTS:
        return True
    others = set(first.participants) & set(second.participants)
    return rule.host in others if rule.host else bool(others - {rule.first, rule.second})


def _starts(
    meetings: MeetingVars,
    first: Request,
    second: Request,
    breaks: Callable[[MeetingVars, Span, Span], bool],
) -> Clash:
    return [
        (one, other)
        for start, one in meetings.start[first.id].items()
        for begin, other in meetings.start[second.id].items()
        if breaks(meetings, (start, start + first.length - 1), (begin, begin + second.length - 1))
    ]


def overlap(meetings: MeetingVars, first: Span, second: Span) -> bool:
    """Whether two spans share a position."""
    return first[0] <= second[1] and second[0] <= first[1]


def _touch(meetings: MeetingVars, first: Span, second: Span) -> bool:
    touch = meetings.timeline.touch
    return touch(first[1], second[0]) or touch(second[1], first[0])


def _not_in_order(meetings: MeetingVars, first: Span, second: Span) -> bool:
    return first[1] >= second[0]


_BREAKS = {
    PairKind.NOT_TOGETHER: overlap,
    PairKind.NOT_BACK_TO_BACK: _touch,
    PairKind.BEFORE: _not_in_order,
}

"""Which pairs of meetings break a pair rule; the checker and the goals read it, the solver does not."""

from collections.abc import Iterator

from scheduling.problem import PairKind, PairRule, Subjects
from scheduling.timetable import Sitting, Timetable

TABLE_KINDS = frozenset({PairKind.NOT_ADJACENT_TABLES, PairKind.NOT_SAME_ROOM})


def broken_pairs(timetable: Timetable, rule: PairRule) -> Iterator[tuple[Sitting, Sitting]]:
    """Every two meetings that break the rule, the one of `rule.first` in front."""
    for first in _sittings(timetable, rule, rule.first):
        for second in _sittings(timetable, rule, rule.second):
            if first.request.id != second.request.id and _breaks(timetable, rule, first, second):
                yield first, second


def _sittings(timetable: Timetable, rule: PairRule, subject: str) -> list[Sitting]:
    if rule.subjects is Subjects.PARTICIPANTS:
        return timetable.of.get(subject, [])
    return [sitting for sitting in timetable.sittings if sitting.request.id == subject]


def _breaks(timetable: Timetable, rule: PairRule, first: Sitting, second: Sitting) -> bool:
    if rule.kind is PairKind.NOT_TOGETHER:
        return first.overlaps(second)
    if rule.kind is PairKind.BEFORE:
        return first.last >= second.start
    if rule.kind is PairKind.NOT_BACK_TO_BACK:
        return _touch(timetable, first, second) and _at_one_host(timetable, rule, first, second)
    return _at_the_same_time(timetable, rule, first, second) and _too_near(timetable, rule, first, second)


def _touch(timetable: Timetable, first: Sitting, second: Sitting) -> bool:
    touch = timetable.ground.timeline.touch
    return touch(first.last, second.start) or touch(second.last, first.start)


def _at_one_host(timetable: Timetable, rule: PairRule, first: Sitting, second: Sitting) -> bool:
    if rule.subjects is Subjects.REQUESTS:
        return True
    shared = set(first.request.participants).intersection(second.request.participants)
    return bool(shared.intersection({rule.host} if rule.host else shared - {rule.first, rule.second}))


def _at_the_same_time(timetable: Timetable, rule: PairRule, first: Sitting, second: Sitting) -> bool:
    guests = timetable.ground.guests
    both_sit = rule.subjects is Subjects.PARTICIPANTS and not guests.intersection({rule.first, rule.second})
    return both_sit or first.overlaps(second)


def _too_near(timetable: Timetable, rule: PairRule, first: Sitting, second: Sitting) -> bool:
    tables = timetable.ground.tables
    one, other = tables[first.meeting.table_id], tables[second.meeting.table_id]
    if one.room != other.room:
        return False
    return rule.kind is PairKind.NOT_SAME_ROOM or abs(one.position - other.position) == 1

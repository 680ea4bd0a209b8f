"""Which remedies can be applied here, and what each of them changes in the rows of a round."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from eventops.meetings.timetable import plans_companies, plans_places, problems
from eventops.meetings.timetable.edits import Edit, Kind, changing
from eventops.meetings.timetable.plans import Line, Plan, Rows, What
from scheduling.solution import Remedy


def plan(rows: Rows, remedy: Remedy) -> Plan | None:
    """None for a remedy that only people can bring about: the round keeps no such fact."""
    make = _PLANS.get(remedy.code)
    if make is None:
        return None
    found = make(rows, remedy)
    return replace(found, edits=_each_row_once(found.edits))


def _each_row_once(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Two needs of one company may share the limit that gives way."""
    stored = {(one.kind, one.row_id): one for one in edits if one.row_id is not None}
    return (*stored.values(), *(one for one in edits if one.row_id is None))


def can_be_applied(remedy: Remedy) -> bool:
    return remedy.code in _PLANS


def _nothing(_rows: Rows, _remedy: Remedy) -> Plan:
    return Plan()


def _second_table_for_all(rows: Rows, remedy: Remedy) -> Plan:
    everywhere = [slot.id for slot in rows.problem.slots]
    parts = [plans_companies.roomier(rows, rows.participants[one], everywhere) for one in remedy.subjects]
    return sum([*parts, plans_places.more_tables(rows, len(parts), rows.problem.tables[-1].features)], Plan())


def _relax_rule(rows: Rows, remedy: Remedy) -> Plan:
    """The pair as staff entered it, with all the needs of both companies."""
    pair = rows.pairs[problems.row_id(remedy.subjects[0].partition("-")[0])]
    line = Line(What.KEPT_APART, remedy.subjects[2:], pair.scope, pair.scope)
    return Plan((line,), (changing(Kind.PAIR, pair, is_hard=False),))


def _release_lock(_rows: Rows, remedy: Remedy) -> Plan:
    line = Line(What.LOCK, remedy.subjects, 1, 0)
    return Plan((line,), unlock=problems.row_id(remedy.subjects[0]))


_PLANS: Mapping[str, Callable[[Rows, Remedy], Plan]] = {
    "solve_again": _nothing,
    "release_lock": _release_lock,
    "arrive_earlier": plans_companies.there,
    "leave_later": plans_companies.there,
    "be_available": plans_companies.there,
    "higher_maximum": plans_companies.higher_maximum,
    "longer_run": plans_companies.longer_run,
    "relax_rule": _relax_rule,
    "add_feature": plans_places.add_feature,
    "new_table": plans_places.new_table,
    "second_table": plans_companies.second_table,
    "second_table_for_all": _second_table_for_all,
    "one_more_slot": plans_places.one_more_slot,
}

"""What the scheduler's references are called on the screen."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventops import wareki
from eventops.meetings.models import MatchingRound
from eventops.meetings.timetable import kept, problems
from scheduling.faults import Fault
from scheduling.problem import Problem

Naming = Callable[[str], str]
_PLACE = re.compile(r"(\w+)\[(\d+)\]")


def names(session: Session, matching_round: MatchingRound) -> Naming:
    """A function from a reference (`o12`, `s3` …) to words; an unknown one is given back as it is."""
    return named(kept.known(session, matching_round.id))


def named(known: kept.Known) -> Naming:
    """The same for who has the facts at hand."""
    features = {problems.ONLINE: str(_("オンライン")), problems.ACCESSIBLE: str(_("車いす"))}
    words = known.once(_words)
    return lambda reference: words.get(reference) or features.get(reference, reference)


def _words(found: kept.Known) -> Mapping[str, str]:
    facts = found.facts
    known = {problems.slot_ref(slot.id): wareki.clock(slot.starts_at) for slot in facts.slots}
    for room in facts.rooms:
        known[f"r{room.id}"] = room.name
        known.update({problems.table_ref(table.id): f"卓{table.number}" for table in room.tables})
    for need in facts.needs.values():
        known[f"n{need.id}"] = f"{need.organisation.name}（{need.code}）"
        known[f"o{need.organisation_id}"] = need.organisation.name
    for one in facts.applications.values():
        known[f"o{one.organisation_id}"] = one.organisation.name
        known[problems.application_ref(one.id)] = f"{one.organisation.name} → {one.need.code}"
    return known


def fault_named(fault: Fault, problem: Problem, name: Naming) -> Fault:
    """The fault with names instead of a path: `participants[3].min_meetings` says nothing to an organiser."""
    found = _PLACE.match(fault.path)
    things = getattr(problem, found[1], ()) if found else ()
    if not found or int(found[2]) >= len(things):
        return replace(fault, value=name(fault.value))
    return replace(fault, path=name(things[int(found[2])].id), value=name(fault.value))

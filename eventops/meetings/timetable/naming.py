"""What the scheduler's references are called on the screen."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from eventops import wareki
from eventops.directory.models import Organisation
from eventops.meetings.models import Application, MatchingRound, Need
from eventops.meetings.timetable import problems
from scheduling.faults import Fault
from scheduling.problem import Problem

Naming = Callable[[str], str]
_PLACE = re.compile(r"(\w+)\[(\d+)\]")


def names(session: Session, matching_round: MatchingRound) -> Naming:
    """A function from a reference (`o12`, `s3` …) to words; an unknown one is given back as it is."""
    known = {problems.ONLINE: str(_("オンライン")), problems.ACCESSIBLE: str(_("車いす"))}
    for slot in matching_round.slots:
        known[problems.slot_ref(slot.id)] = wareki.clock(slot.starts_at)
    for room in matching_round.rooms:
        known[f"r{room.id}"] = room.name
        known.update({problems.table_ref(table.id): f"卓{table.number}" for table in room.tables})
    known.update(_organisations(session, matching_round.id))
    return lambda reference: known.get(reference, reference)


def _organisations(session: Session, round_id: int) -> Mapping[str, str]:
    known: dict[str, str] = {}
    needs = select(Need).where(Need.round_id == round_id).options(joinedload(Need.organisation))
    for need in session.scalars(needs):
        known[f"n{need.id}"] = f"{need.organisation.name}（{need.code}）"
        known[f"o{need.organisation_id}"] = need.organisation.name
    guests = select(Application.id, Organisation.id, Organisation.name, Need.code).join(Application.organisation)
    rows = session.execute(guests.join(Application.need).where(Application.round_id == round_id))
    for application_id, organisation_id, name, need_code in rows:
        known[f"o{organisation_id}"] = name
        known[problems.application_ref(application_id)] = f"{name} → {need_code}"
    return known


def fault_named(fault: Fault, problem: Problem, name: Naming) -> Fault:
    """The fault with names instead of a path: `participants[3].min_meetings` says nothing to an organiser."""
    found = _PLACE.match(fault.path)
    things = getattr(problem, found[1], ()) if found else ()
    if not found or int(found[2]) >= len(things):
        return replace(fault, value=name(fault.value))
    return replace(fault, path=name(things[int(found[2])].id), value=name(fault.value))

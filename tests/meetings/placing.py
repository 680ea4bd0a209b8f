"""Meetings put onto the board by hand, for tests that need no solver."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from eventops.meetings import queries as round_queries
from eventops.meetings.timetable import drafts, problems
from eventops.meetings.timetable.drafts import Layout, Spot
from eventops.meetings.wishes import requests
from scheduling.problem import Problem
from tests.factories import NOW


def place_by_hand(session: Session, round_id: int, number: int) -> list[int]:
    """The first `number` requests that find a cell, each table in turn, placed on the draft; their ids in order."""
    frame = round_queries.whole_round(session, round_id)
    tables = [table.id for room in frame.rooms for table in room.tables if table.in_use]
    cells = [Spot(slot.id, table) for slot in frame.slots if slot.in_use for table in tables]
    draft = drafts.draft_for_round(session, round_id=round_id, now=NOW)
    problem = problems.build(session, round_id)
    layout = drafts.layout_of(draft)
    for application in requests.requests_of(session, round_id):
        if len(layout) >= number:
            break
        spot = None if application.id in layout else _allowed(problem, layout, application.id, cells)
        if spot is None:
            continue
        drafts.put(
            session,
            round_id=round_id,
            application_id=application.id,
            slot_id=spot.slot_id,
            table_id=spot.table_id,
            revision=draft.revision,
            actor_id=None,
            now=NOW,
        )
        layout[application.id] = spot
    return list(layout)


def _allowed(problem: Problem, layout: Layout, application_id: int, cells: Iterable[Spot]) -> Spot | None:
    """Looked for on values: asking the service cell by cell would read the whole round each time."""
    taken = {(spot.slot_id, spot.table_id) for spot in layout.values()}
    free = [one for one in cells if (one.slot_id, one.table_id) not in taken][:12]
    wanted = ((one, {**layout, application_id: one}) for one in free)
    return next((one for one, after in wanted if not drafts.new_violations(problem, layout, after)), None)

"""Meetings put onto the board by hand, for tests that need no solver."""

from sqlalchemy.orm import Session

from eventops.meetings import queries as round_queries
from eventops.meetings import requests
from eventops.meetings.timetable import drafts
from tests.factories import NOW


def place_by_hand(session: Session, round_id: int, number: int) -> list[int]:
    """The first `number` requests that find a cell, each table in turn, placed on the draft; their ids in order."""
    frame = round_queries.whole_round(session, round_id)
    tables = [table.id for room in frame.rooms for table in room.tables if table.in_use]
    cells = [(slot.id, table) for slot in frame.slots if slot.in_use for table in tables]
    draft = drafts.draft_for_round(session, round_id=round_id, now=NOW)
    taken = {(one.slot_id, one.table_id) for one in draft.meetings}
    done = [one.application_id for one in draft.meetings]
    for application in requests.requests_of(session, round_id):
        if len(done) >= number:
            break
        if application.id in done:
            continue
        for cell in [one for one in cells if one not in taken][:12]:
            try:
                drafts.put(
                    session,
                    round_id=round_id,
                    application_id=application.id,
                    slot_id=cell[0],
                    table_id=cell[1],
                    revision=draft.revision,
                    actor_id=None,
                    now=NOW,
                )
            except drafts.Forbidden:
                continue
            taken.add(cell)
            done.append(application.id)
            break
    return done

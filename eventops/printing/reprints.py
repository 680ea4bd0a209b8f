"""Only the sheets that a version made old, as they read now."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from eventops.errors import NotFound
from eventops.meetings import queries as round_queries
from eventops.meetings.day import sheets
from eventops.meetings.day.sheets import Sheets
from eventops.meetings.models import Need
from eventops.meetings.timetable import queries as timetable_queries
from eventops.printing import meetings
from eventops.printing.boards import rooms_pdf
from eventops.printing.schedules import large_pdf, sme_pdf
from eventops.printing.timetable import PrintedTimetable


def reprinted(session: Session, *, event_id: int, kind: str, version: int, now: dt.datetime) -> bytes:
    """The changed sheets of one kind, with what is published now; raises `NotFound` where there is none."""
    found = round_queries.round_of_event(session, event_id)
    published = timetable_queries.published(session, found.id) if found is not None else None
    if found is None or published is None or kind not in _KINDS:
        raise NotFound
    changed = sheets.changed(session, round_id=found.id, version=version)
    return _KINDS[kind](session, meetings.printed(session, published, now=now), changed)


def _large(session: Session, whole: PrintedTimetable, changed: Sheets) -> bytes:
    codes = {session.get_one(Need, need_id).code for need_id in changed.needs}
    kept = tuple(one for one in whole.meetings if one.large.key in codes)
    return large_pdf(replace(whole, meetings=kept))


def _sme(_session: Session, whole: PrintedTimetable, changed: Sheets) -> bytes:
    keys = {f"o{organisation_id}" for organisation_id in changed.guests}
    kept = tuple(one for one in whole.meetings if one.sme.key in keys)
    return sme_pdf(replace(whole, meetings=kept))


def _rooms(_session: Session, whole: PrintedTimetable, changed: Sheets) -> bytes:
    names = set(changed.rooms.values())
    tables = tuple(one for one in whole.tables if one.room in names)
    kept = tuple(one for one in whole.meetings if one.table.room in names)
    return rooms_pdf(replace(whole, meetings=kept, tables=tables))


_KINDS: Final[dict[str, Callable[[Session, PrintedTimetable, Sheets], bytes]]] = {
    "large": _large,
    "sme": _sme,
    "rooms": _rooms,
}

"""What a badge says of somebody's meetings: at what time, at which table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from eventops import wareki
from eventops.meetings import queries as round_queries
from eventops.meetings.models import MatchingRound
from eventops.meetings.timetable import queries as timetable_queries
from eventops.meetings.timetable.models import TimetableMeeting

_SHOWN = 4


def of_organisations(session: Session, event_id: int) -> Mapping[int, str]:
    """By organisation, from the published timetable: a host sits at its table, a guest goes from one to the next."""
    found = round_queries.round_of_event(session, event_id)
    published = timetable_queries.published(session, found.id) if found is not None else None
    if found is None or published is None:
        return {}
    frame = round_queries.whole_round(session, found.id)
    meetings = timetable_queries.meetings_of(session, published.id)
    return {**_guests(frame, meetings), **_hosts(frame, meetings)}


def _hosts(frame: MatchingRound, meetings: Sequence[TimetableMeeting]) -> dict[int, str]:
    numbers = _numbers(frame)
    at: dict[int, set[int]] = defaultdict(set)
    for one in meetings:
        at[one.application.need.organisation_id].add(numbers[one.table_id])
    return {host: f"面談 {'・'.join(f'卓{number}' for number in sorted(tables))}" for host, tables in at.items()}


def _guests(frame: MatchingRound, meetings: Sequence[TimetableMeeting]) -> dict[int, str]:
    numbers, starts = _numbers(frame), {slot.id: slot.starts_at for slot in frame.slots}
    visits: dict[int, list[str]] = defaultdict(list)
    for one in sorted(meetings, key=lambda meeting: starts[meeting.slot_id]):
        words = f"{wareki.clock(starts[one.slot_id])} 卓{numbers[one.table_id]}"
        visits[one.application.organisation_id].append(words)
    return {guest: _sentence(when) for guest, when in visits.items()}


def _sentence(visits: list[str]) -> str:
    more = f" ほか{len(visits) - _SHOWN}件" if len(visits) > _SHOWN else ""
    return f"面談 {'、'.join(visits[:_SHOWN])}{more}"


def _numbers(frame: MatchingRound) -> dict[int, int]:
    return {table.id: table.number for room in frame.rooms for table in room.tables}

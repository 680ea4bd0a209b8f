"""What a badge says of somebody's meetings: at what time, at which table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from eventops import wareki
from eventops.meetings import queries as round_queries
from eventops.meetings.timetable import queries as timetable_queries
from eventops.meetings.timetable.models import TimetableMeeting

_SHOWN = 4


def of_organisations(session: Session, event_id: int) -> Mapping[int, str]:
    """By organisation, from the published timetable: a host sits at its table, a guest goes from one to the next."""
    found = round_queries.round_of_event(session, event_id)
    published = timetable_queries.published(session, found.id) if found is not None else None
    if found is None or published is None:
        return {}
    meetings = timetable_queries.meetings_of(session, published.id)
    return {**_guests(meetings), **_hosts(meetings)}


def _hosts(meetings: Sequence[TimetableMeeting]) -> dict[int, str]:
    at: dict[int, set[int]] = defaultdict(set)
    for one in meetings:
        at[one.application.need.organisation_id].add(one.table_number)
    return {host: f"面談 {'・'.join(f'卓{number}' for number in sorted(tables))}" for host, tables in at.items()}


def _guests(meetings: Sequence[TimetableMeeting]) -> dict[int, str]:
    visits: dict[int, list[str]] = defaultdict(list)
    for one in sorted(meetings, key=lambda meeting: meeting.starts_at):
        words = f"{wareki.clock(one.starts_at)} 卓{one.table_number}"
        visits[one.application.organisation_id].append(words)
    return {guest: _sentence(when) for guest, when in visits.items()}


def _sentence(visits: list[str]) -> str:
    more = f" ほか{len(visits) - _SHOWN}件" if len(visits) > _SHOWN else ""
    return f"面談 {'、'.join(visits[:_SHOWN])}{more}"

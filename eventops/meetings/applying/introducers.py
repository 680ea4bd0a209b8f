"""紹介機関: who sent how many applicants, and how many of those meet somebody."""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.meetings import rules
from eventops.meetings.models import Application
from eventops.meetings.rules import Standing
from eventops.meetings.timetable import queries as timetable_queries
from eventops.meetings.timetable.models import Timetable, TimetableMeeting
from eventops.meetings.wishes.requests import applications_of


@dataclass(frozen=True, slots=True)
class Introduced:
    """One agency with the applications it brought; `placed` are those with a meeting in the timetable."""

    name: str
    applications: Sequence[Application]
    placed: frozenset[int]

    @property
    def companies(self) -> int:
        return len({one.organisation_id for one in self.applications})

    @property
    def accepted(self) -> int:
        return sum(rules.standing(one.state, one.rating) is Standing.ACCEPTED for one in self.applications)

    @property
    def meetings(self) -> int:
        return sum(one.id in self.placed for one in self.applications)


def introducers(session: Session, round_id: int) -> Sequence[Introduced]:
    """Every agency that is named, however its name is spaced or widened; those with most applications first."""
    placed = _placed(session, round_id)
    named: defaultdict[str, list[Application]] = defaultdict(list)
    for one in applications_of(session, Application.round_id == round_id, Application.introducer != ""):
        named[folded(one.introducer)].append(one)
    found = [Introduced(group[0].introducer, group, placed) for group in named.values()]
    return sorted(found, key=lambda one: (-len(one.applications), one.name))


def folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).lower()


def published(session: Session, round_id: int) -> frozenset[int]:
    """Applications with a meeting as everybody may know it: nothing of a draft is told to an agency."""
    return _placed_in(session, timetable_queries.published(session, round_id))


def _placed(session: Session, round_id: int) -> frozenset[int]:
    timetable = timetable_queries.published(session, round_id) or timetable_queries.draft_of(session, round_id)
    return _placed_in(session, timetable)


def _placed_in(session: Session, timetable: Timetable | None) -> frozenset[int]:
    if timetable is None:
        return frozenset()
    query = select(TimetableMeeting.application_id).where(TimetableMeeting.timetable_id == timetable.id)
    return frozenset(session.scalars(query))

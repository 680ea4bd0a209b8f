"""The large companies' answers, need by need: who was answered how, and which answers are missing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventops.meetings.models import Application, ApplicationState, Need, Rating

_ORDER = {None: 0, Rating.A: 1, Rating.B: 2, Rating.C: 3, Rating.DECLINED: 4}


@dataclass(frozen=True, slots=True)
class ScreeningSheet:
    """One need with its applications: those to be answered, and those that fell out before."""

    need: Need
    received: Sequence[Application]
    out: Sequence[Application]

    @property
    def counts(self) -> Mapping[str | None, int]:
        return Counter(application.rating for application in self.received)

    @property
    def missing(self) -> int:
        return self.counts.get(None, 0)


def sheet_of(need: Need, applications: Sequence[Application]) -> ScreeningSheet:
    own = [application for application in applications if application.need_id == need.id]
    received = [one for one in own if one.state == ApplicationState.RECEIVED]
    return ScreeningSheet(need, sorted(received, key=_place), [one for one in own if one not in received])


def _place(application: Application) -> tuple[int, str]:
    rating = Rating(application.rating) if application.rating else None
    return _ORDER[rating], application.code


@dataclass(frozen=True, slots=True)
class NeedCount:
    """How many applied to a need, and how many of them wait for an answer."""

    applications: int = 0
    waiting: int = 0


def summary(session: Session, round_id: int) -> dict[int, NeedCount]:
    """By need, in one query."""
    query = (
        select(Application.need_id, Application.state, Application.rating, func.count())
        .where(Application.round_id == round_id)
        .group_by(Application.need_id, Application.state, Application.rating)
    )
    found: dict[int, NeedCount] = {}
    for need_id, state, rating, count in session.execute(query):
        known = found.get(need_id, NeedCount())
        waits = state == ApplicationState.RECEIVED and rating is None
        found[need_id] = NeedCount(known.applications + count, known.waiting + (count if waits else 0))
    return found

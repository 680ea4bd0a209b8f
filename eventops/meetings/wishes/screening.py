"""The large companies' answers, need by need: who was answered how, and which answers are missing."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.meetings import rules
from eventops.meetings.models import Application, ApplicationState, Exclusion, Need, Rating

_ORDER = {None: 0, Rating.A: 1, Rating.B: 2, Rating.C: 3, Rating.DECLINED: 4}


@dataclass(frozen=True, slots=True)
class ScreeningSheet:
    """One need with its applications: those to be answered, and those that fell out before.

    `missing` counts answers that the company has not given; it is not asked about duplicates and whom it keeps out.
    """

    need: Need
    received: Sequence[Application]
    out: Sequence[Application]
    missing: int

    @property
    def counts(self) -> Mapping[str | None, int]:
        return Counter(application.rating for application in self.received)


def sheet_of(need: Need, applications: Sequence[Application], kept_out: Collection[tuple[int, int]]) -> ScreeningSheet:
    own = [application for application in applications if application.need_id == need.id]
    received = [one for one in own if one.state == ApplicationState.RECEIVED]
    missing = sum(one.rating is None for one in rules.asked(received, kept_out))
    return ScreeningSheet(need, sorted(received, key=_place), [one for one in own if one not in received], missing)


def _place(application: Application) -> tuple[int, str]:
    rating = Rating(application.rating) if application.rating else None
    return _ORDER[rating], application.code


@dataclass(slots=True)
class Told:
    """As much of an application as counting looks at."""

    id: int
    need_id: int
    organisation_id: int
    submitted_at: dt.datetime
    state: str
    rating: str | None


_TOLD: Final = tuple(getattr(Application, one.name) for one in fields(Told))


@dataclass(frozen=True, slots=True)
class NeedCount:
    """How many applied to a need, and how many of them wait for an answer."""

    applications: int = 0
    waiting: int = 0


def summary(session: Session, round_id: int) -> dict[int, NeedCount]:
    """By need, in two queries; those wait that the need's company is asked about."""
    wishes = [Told(*row) for row in session.execute(select(*_TOLD).where(Application.round_id == round_id))]
    waiting = Counter(one.need_id for one in rules.asked(wishes, unwanted(session, round_id)) if one.rating is None)
    return {
        need_id: NeedCount(count, waiting.get(need_id, 0))
        for need_id, count in Counter(one.need_id for one in wishes).items()
    }


def unwanted(session: Session, round_id: int) -> set[tuple[int, int]]:
    """Needs with the organisations that they do not want to meet."""
    query = select(Exclusion.need_id, Exclusion.organisation_id).join(Exclusion.need).where(Need.round_id == round_id)
    return {(row.need_id, row.organisation_id) for row in session.execute(query)}

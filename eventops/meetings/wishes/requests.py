"""The list of meeting requests: which applications become one, and which are in doubt."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from eventops.meetings import rules
from eventops.meetings.models import Application, ApplicationState, Exclusion, Need
from eventops.meetings.rules import Standing


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two applications of one company to one need."""

    first: Application
    later: Application


@dataclass(frozen=True, slots=True)
class Doubt:
    """An application that the need's company does not want: by name (`exclusion`), or by what it is called."""

    application: Application
    exclusion: Exclusion | None


@dataclass(frozen=True, slots=True)
class RequestList:
    """All applications of a round, judged."""

    requests: Sequence[Application]
    standings: Mapping[Standing, int]
    duplicates: Sequence[DuplicatePair]
    exclusions: Sequence[Doubt]
    warnings: Sequence[Doubt]
    waiting: Sequence[Application]

    @property
    def total(self) -> int:
        return sum(self.standings.values())


def requests_of(session: Session, round_id: int) -> Sequence[Application]:
    """The applications that become meetings: received, rated A to C, each company once per need, not excluded.

    Need, organisations and contact come loaded with them; ordered by code.
    """
    return request_list(session, round_id).requests


def request_list(session: Session, round_id: int) -> RequestList:
    """The requests with everything that staff have to decide about them."""
    applications = applications_of(session, Application.round_id == round_id)
    by_id = {application.id: application for application in applications}
    pairs = rules.duplicates(applications)
    exclusions = _exclusions(session, round_id)
    received = [one for one in applications if one.state == ApplicationState.RECEIVED]
    named = [one for one in received if _key(one) in exclusions]
    left_out = {pair.later_id for pair in pairs} | {one.id for one in named}
    return RequestList(
        requests=[one for one in received if one.id not in left_out and one.rating in rules.ACCEPTING],
        standings=Counter(rules.standing(one.state, one.rating) for one in applications),
        duplicates=[DuplicatePair(by_id[pair.first_id], by_id[pair.later_id]) for pair in pairs],
        exclusions=[Doubt(one, exclusions[_key(one)]) for one in named],
        warnings=[Doubt(one, None) for one in received if one.id not in left_out and _may_be_trading_firm(one)],
        waiting=[one for one in received if one.rating is None and one.id not in left_out],
    )


def applications_of(session: Session, *wanted: ColumnElement[bool]) -> Sequence[Application]:
    """Applications with need, both companies and contact, in the order of their codes."""
    query = select(Application).options(
        joinedload(Application.need).joinedload(Need.organisation),
        joinedload(Application.organisation),
        joinedload(Application.person),
    )
    return session.scalars(query.where(*wanted).order_by(Application.code)).all()


def _exclusions(session: Session, round_id: int) -> dict[tuple[int, int], Exclusion]:
    rows = session.scalars(select(Exclusion).join(Exclusion.need).where(Need.round_id == round_id))
    return {(row.need_id, row.organisation_id): row for row in rows}


def _key(application: Application) -> tuple[int, int]:
    return application.need_id, application.organisation_id


def _may_be_trading_firm(application: Application) -> bool:
    return rules.looks_like_trading_firm(application.need.excluded, application.organisation.name)
